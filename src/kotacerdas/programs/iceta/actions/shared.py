"""What the actions on reports share."""

from __future__ import annotations

from datetime import datetime
from unicodedata import category

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import StepResult
from kotacerdas.foundation.cases.kinds import INSIDE, LEAD
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.messages import notify_post
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.iceta.lifecycles.kinds import SUPPORT
from kotacerdas.programs.iceta.models import Report


def checked_body(text: str) -> str:
    """What somebody wrote, without the space around it. Raises Invalid where it is too long, or nothing is to be seen."""
    body = text.strip()
    if body and all(category(letter)[0] in "CZ" for letter in body):
        raise Invalid(_("Nothing can be read in this text."), fields={"body": _("Write it in words.")})
    if len(body) > regency().limits.most_story_letters:
        raise Invalid(
            _("This text is too long."),
            fields={
                "body": _("At most %(most)d characters fit.") % {"most": regency().limits.most_story_letters}
            },
        )
    return body


def verified(report: Report, at: datetime) -> None:
    """Note when a report was verified first."""
    report.verified_at = report.verified_at or at
    report.save()


def add_support(case: Case, actor: Actor, agency: Agency, *, step: str, to_ask: int = 0) -> StepResult:
    """Ask an agency for support; `to_ask`: how many are still to be asked at a desk."""
    if case.assignments.filter(is_open=True, agency=agency, role__in=(LEAD.name, SUPPORT.name)).exists():
        raise Conflict(_("This agency already works on the case."), remedy=_("Choose another agency."))
    result = cases.take(
        case, step, actor=actor, agency=agency, to_ask=to_ask, payload={"support": agency.code}
    )
    notify_post(case, result.row, agency, "iceta.support_asked")
    return result


def add_inside(case: Case, actor: Actor, body: str, result: StepResult) -> None:
    """Add the step's inside note for those who continue with the case, if there is one."""
    if body.strip():
        cases.add_note(case, kind=INSIDE.name, body=checked_body(body), actor=actor, row=result.row)


def notify_lead(case: Case, result: StepResult, template: str) -> None:
    lead = case.assignments.filter(is_open=True, role=LEAD.name).select_related("agency").first()
    if lead is not None:
        notify_post(case, result.row, lead.agency, template, position=lead.position)
