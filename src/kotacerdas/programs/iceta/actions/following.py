"""Actions of the reporter: answer, rate, reopen; and closing after the reply time."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import StepResult
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Assignment, Case, CaseParty
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.following.messages import notify_parties
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.iceta.actions.shared import checked_body, notify_lead
from kotacerdas.programs.iceta.lifecycles.kinds import (
    ANSWER,
    BEFORE,
    MERGED,
    REOPENING,
    REPORTER,
    RESOLUTION,
)
from kotacerdas.programs.iceta.models import Report

ACTING_ROLES = (REPORTER.name, MERGED.name)  # whose own matter it is; who joined only follows
SATISFIED = 3


def report_answer(
    *, actor: Actor, party: CaseParty, body: str, photos: Iterable[StoredFile] = ()
) -> StepResult:
    """The reporter answers a question; the agency's clock runs again. Raises Refused for anybody else."""
    check_reporter(party)
    with transaction.atomic():
        case = party.case
        result = cases.take(case, "answer", actor=actor, body=body.strip())
        note = cases.add_note(
            case, kind=ANSWER, body=checked_body(body), actor=actor, row=result.row, party=party
        )
        cases.add_files(case, photos, moment=BEFORE.name, note=note)
        notify_lead(case, result, "iceta.answered")
        return result


def report_rate(*, actor: Actor, party: CaseParty, rating: int, words: str = "") -> StepResult:
    """Rate 1 to 4: 3 and 4 close immediately, 1 and 2 allow reopening. Raises Refused for a follower.

    Who reported the same matter (a merged reporter) rates under their own name, and closes nothing.
    """
    check_concerned(party)
    if rating not in (1, 2, 3, 4):
        raise Invalid(
            _("Choose one of the four faces."), fields={"rating": _("Choose one of the four faces.")}
        )
    with transaction.atomic():
        case = party.case
        closes = party.role == REPORTER.name and rating >= SATISFIED
        if not closes and _rated_since_resolution(case, party):
            raise Conflict(
                _("You have rated this result already."),
                remedy=_("You can reopen the report if it is not done."),
            )
        step = _rating_step(party, rating)
        result = cases.take(case, step, actor=actor, rating=rating, payload={"rating": rating})
        cases.add_feedback(
            case, party=party, rating=rating, words=words[: regency().limits.most_story_letters]
        )
        return result


def _rating_step(party: CaseParty, rating: int) -> str:
    if party.role != REPORTER.name:
        return "rate_along"
    return "rate" if rating >= SATISFIED else "rate_low"


def report_reopen(*, actor: Actor, party: CaseParty, body: str) -> StepResult:
    """Reopen a resolved report: the agency gets a new clock, up to the promised date. Raises Refused for others."""
    check_reporter(party)
    with transaction.atomic():
        case = party.case
        report = Report.objects.select_for_update().get(case=case)
        if report.reopen_until is None:
            raise Conflict(
                _("This report was never resolved, so there is nothing to reopen."),
                remedy=_("Follow it here; what is new you can send as a report of its own."),
            )
        if clock.now() > report.reopen_until:
            raise Conflict(
                _("The time for reopening is over."),
                remedy=_("File a new report and name this one's number."),
            )
        resolved_by_lead = case.assignments.filter(role=LEAD.name).order_by("-assigned_at").first()
        if resolved_by_lead is not None and not resolved_by_lead.is_open:
            Assignment.objects.filter(id=resolved_by_lead.id).update(is_open=True, ended_at=None, outcome="")
        resolved_on = _resolved_on(case)
        result = cases.take(
            case, "reopen", actor=actor, body=body.strip(), codes={"resolved_on": resolved_on}
        )
        cases.add_note(
            case, kind=REOPENING, body=checked_body(body), actor=actor, row=result.row, party=party
        )
        notify_lead(case, result, "iceta.reopened")
        return result


def check_reporter(party: CaseParty) -> None:
    """Raise Refused for anybody but the reporter, who alone may answer and reopen."""
    _check_role(party, (REPORTER.name,))


def check_concerned(party: CaseParty) -> None:
    """Raise Refused for those who only follow: they do not rate the result."""
    _check_role(party, ACTING_ROLES)


def _check_role(party: CaseParty, roles: tuple[str, ...]) -> None:
    if party.role not in roles:
        raise Refused(
            _("Only the reporter can answer, rate or reopen this report."),
            remedy=_(
                "You go on getting its news. What you saw yourself you can send as a report of your own."
            ),
        )


def report_expire(*, actor: Actor, case: Case) -> StepResult:
    """Close a report that nobody answered or rated in time; the system does it."""
    with transaction.atomic():
        result = cases.take(case, "expire", actor=actor)
        notify_parties(case, result.row, "iceta.expired")
        return result


def _resolved_on(case: Case) -> str:
    """The local day of the last resolution, as the journal's codes carry it."""
    last = case.notes.filter(kind=RESOLUTION).order_by("-created_at").first()
    return clock.local_day(last.created_at).isoformat() if last else clock.today().isoformat()


def _rated_since_resolution(case: Case, party: CaseParty) -> bool:
    last = case.notes.filter(kind=RESOLUTION).order_by("-created_at").first()
    return last is not None and case.feedback.filter(party=party, at__gte=last.created_at).exists()
