"""The act of a change as a paper: issued from the change's page, read from the page of its good."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.casework.queries import case_for
from kotacerdas.foundation.documents.responses import document_response
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.lada.actions.acts import act_issue, acts_of
from kotacerdas.programs.lada.desks import CHANGE_DESK
from kotacerdas.programs.lada.models import Change
from kotacerdas.programs.lada.permissions import VIEW
from kotacerdas.programs.lada.register.asset_views import asset_of


@require_POST
@desk(VIEW)
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Issue the act of a change, or show it again. Raises Missing for a change of others, Conflict where there is none."""
    case = case_for(CHANGE_DESK, grants_for(request), number)
    rows = Change.objects.select_related("agency", "to_agency", "made_by", "received_by")
    language = "en" if (get_language() or "").startswith("en") else "id"
    return document_response(
        act_issue(actor=acting(request, VIEW), change=rows.get(case=case), language=language)
    )


@require_safe
@desk(VIEW)
def asset_act(request: HttpRequest, nibar: str, paper: UUID) -> HttpResponse:
    """An act of a good that the reader may see, of whichever agency had it then: its acts go with it. Raises Missing."""
    found = next((one for one in acts_of(asset_of(request, nibar)) if one.id == paper), None)
    if found is None:
        raise Missing(_("There is no such paper."), remedy=_("Choose one on the good's page."))
    return document_response(found)
