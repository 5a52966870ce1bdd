"""The act of a change as a paper, from the change's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from kotacerdas.foundation.casework.queries import case_for
from kotacerdas.foundation.documents.responses import document_response
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.programs.lada.actions.acts import act_issue
from kotacerdas.programs.lada.desks import CHANGE_DESK
from kotacerdas.programs.lada.models import Change
from kotacerdas.programs.lada.permissions import VIEW


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
