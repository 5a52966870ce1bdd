"""Numbered papers of a case: issued at the desk, and handed out again as they were."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from kotacerdas.foundation.casework import papers
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.pages import case_context
from kotacerdas.foundation.casework.queries import case_for, reads_words
from kotacerdas.foundation.documents.responses import document_response
from kotacerdas.foundation.parties.access import acting, grants_for
from kotacerdas.kernel.errors import Conflict, Missing


def issue(request: HttpRequest, desk: Desk, number: str, kind: str) -> HttpResponse:
    """Issue the sheet (`lembar`) or the evidence (`bukti`) of a case, and show it."""
    context = case_context(request, desk, number)
    if not context["reads"]:
        raise _no_paper()
    seen, history, actor = context["seen"], context["history"], acting(request)
    if kind == "lembar":
        made = papers.sheet_issue(actor=actor, desk=desk, seen=seen, history=history, words=True)
    elif kind == "bukti":
        try:
            made = papers.evidence_issue(actor=actor, desk=desk, seen=seen, history=history)
        except Conflict as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(f"{desk.url('case', seen.number)}?tab=jurnal")
    else:
        raise _no_paper()
    return HttpResponseRedirect(desk.url("paper", seen.number, made.id))


def paper(request: HttpRequest, desk: Desk, number: str, paper: UUID) -> HttpResponse:
    """An issued paper of a case the reader may see, the same bytes every time."""
    grants = grants_for(request)
    case = case_for(desk, grants, number)
    found = next((one for one in papers.papers_of(case) if one.id == paper), None)
    if found is None or not reads_words(desk, grants, case):
        raise _no_paper()
    return document_response(found)


def _no_paper() -> Missing:
    """The error for those who read only codes, since papers contain words."""
    return Missing(_("There is no such paper."), remedy=_("Choose one on the case's page."))
