"""A call at a phone desk may become a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.declarations import Becomes
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.pages import frame
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.programs.iceta.actions.calling import report_by_call, report_join_by_call
from kotacerdas.programs.iceta.desk.shown import place as place_line
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.lifecycles import AT_WORK, KIND, UNDECIDED
from kotacerdas.programs.iceta.phone.forms import ReportCallForm
from kotacerdas.programs.iceta.phone.views import call_context
from kotacerdas.programs.iceta.queries import report_of


def _run(*, actor: Actor, desk: Agency, form: ReportCallForm, language: str) -> Case:
    is_typed = form.spot is not None and form.spot.is_typed
    draft = form.draft(language)
    if form.joined is not None:
        return report_join_by_call(actor=actor, desk=desk, case=form.joined, draft=draft)
    return report_by_call(actor=actor, desk=desk, draft=draft, remember_place=is_typed).case


def _place(case: Case) -> str:
    case.report = report_of(case)
    return place_line(case)


def _frame(topics: Iterable[str]) -> dict[str, Any]:
    return frame(topics, placeholder=REPORT_DESK.texts.search)


BECOMES = (
    Becomes(
        kind=KIND,
        words=_("Report"),
        open_words=_("Open the report"),
        form=ReportCallForm,
        template="iceta/phone/phone.html",
        run=_run,
        place=_place,
        at_work=UNDECIDED | AT_WORK,
        context=call_context,
        frame=_frame,
    ),
)
