"""What strangers wrote about labelled things, those that wait first, and what came of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel.errors import Invalid, KotaError, Missing
from kotacerdas.programs.lada import queries
from kotacerdas.programs.lada.actions.notices import notice_close
from kotacerdas.programs.lada.permissions import VIEW

SHOWN = 100


@require_safe
@desk(VIEW)
def notices(request: HttpRequest) -> HttpResponse:
    """The notices of one's agencies."""
    rows = queries.notices_for(grants_for(request)).select_related("asset", "agency", "read_by")
    context = {
        "rows": rows.order_by(F("read_at").asc(nulls_first=True), "-came_at")[:SHOWN],
        "waiting": rows.filter(read_at=None).count(),
        "crumbs": (
            Crumb(text=_("Register of goods"), url=queries.register_url()),
            Crumb(text=_("Notices")),
        ),
    }
    return page(request, "lada/register/notices.html", context)


@require_POST
@desk(VIEW)
def close_notice(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Say what came of a notice; what is wrong is said above the list."""
    found = queries.notices_for(grants_for(request)).filter(id=notice).first()
    if found is None:
        raise Missing(_("There is no such notice here."), remedy=_("Go back to the list."))
    try:
        actor = acting(request, VIEW, agencies=[found.agency_id])
        notice_close(actor=actor, notice=found, outcome=request.POST.get("outcome", ""))
    except KotaError as error:
        words = next(iter(error.fields.values()), str(error)) if isinstance(error, Invalid) else str(error)
        messages.error(request, str(words))
    else:
        messages.success(request, _("It is written down."))
    return HttpResponseRedirect(reverse("lada:notices"))
