"""Actions of the working agency: accept, hand on, support, note, reply, ask, return, resolve."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import StepResult
from kotacerdas.foundation.cases.kinds import INSIDE, LEAD, OTHER
from kotacerdas.foundation.cases.models import Assignment, Case, Note
from kotacerdas.foundation.casework.messages import notify_post
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.following.messages import notify_parties
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.parties.posts import post_name
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta.actions.shared import (
    add_inside,
    add_support,
    checked_body,
)
from kotacerdas.programs.iceta.lifecycles.kinds import AFTER, QUESTION, REPLY, RESOLUTION, VERIFIER
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.queries import unanswered_supports
from kotacerdas.programs.iceta.rules import reception_agency


def report_accept(*, actor: Actor, case: Case, seen_version: int | None = None) -> StepResult:
    """Accept the work for the agency; the actor becomes its holder."""
    with transaction.atomic():
        result = cases.take(case, "accept", actor=actor, seen_version=seen_version)
        cases.hold_lead(case, actor)
        return result


def report_on_scene(*, actor: Actor, case: Case) -> StepResult:
    """Note that responders arrived; it ends the arrival clock. By hand until dispatch exists."""
    with transaction.atomic():
        result = cases.take(case, "on_scene", actor=actor)
        cases.hold_lead(case, actor)
        return result


def report_hand(*, actor: Actor, case: Case, position: Position, body: str = "") -> StepResult:
    """Hand the lead's part to a post within the same agency; what is to be done stays as an inside note."""
    with transaction.atomic():
        lead = cases.lead_of(case)
        if position.agency_id != lead.agency_id:
            raise Invalid(
                _("This post belongs to another agency."), fields={"position": _("Choose a post of yours.")}
            )
        result = cases.take(
            case, "hand", actor=actor, position=position, payload={"position": post_name(position)}
        )
        cases.hold(lead, holder=None, position=position, at=result.row.occurred_at)
        add_inside(case, actor, body, result)
        notify_post(case, result.row, position.agency, "iceta.assigned", position=position)
        return result


def report_support(*, actor: Actor, case: Case, agency: Agency, body: str = "") -> StepResult:
    """Ask another agency for support; it gets a clock of its own, and reads what is asked as an inside note."""
    with transaction.atomic():
        result = add_support(case, actor, agency, step="support")
        add_inside(case, actor, body, result)
        return result


def report_note(*, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = ()) -> Note:
    """An inside note. The first one of a supporting agency ends that agency's clock."""
    with transaction.atomic():
        support = _own_support(case, actor)
        if support is not None:
            result = cases.take(case, "support_note", actor=actor, assignment=support, body=body.strip())
            cases.hold(support, holder=actor.user, position=actor.position, at=result.row.occurred_at)
        else:
            result = cases.take(case, "note", actor=actor, body=body.strip())
        note = cases.add_note(case, kind=INSIDE.name, body=checked_body(body), actor=actor, row=result.row)
        cases.add_files(case, photos, moment=OTHER.name, note=note, is_inside=True)
        return note


def report_reply(*, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = ()) -> Note:
    """A reply the reporters read; the first one keeps the promise to answer."""
    with transaction.atomic():
        result = cases.take(case, "reply", actor=actor, body=body.strip())
        cases.hold_lead(case, actor, if_free=True)
        note = cases.add_note(case, kind=REPLY, body=checked_body(body), actor=actor, row=result.row)
        cases.add_files(case, photos, moment=OTHER.name, note=note)
        notify_parties(case, result.row, "iceta.reply")
        return note


def report_ask(*, actor: Actor, case: Case, body: str) -> Note:
    """A question to the reporter: our resolve clock stops until they answer or their time runs out."""
    with transaction.atomic():
        result = cases.take(case, "ask", actor=actor, body=body.strip())
        cases.hold_lead(case, actor, if_free=True)
        note = cases.add_note(case, kind=QUESTION, body=checked_body(body), actor=actor, row=result.row)
        notify_parties(case, result.row, "iceta.question")
        return note


def report_carry_on(*, actor: Actor, case: Case) -> StepResult:
    """Continue without the reporter's answer; the clock runs again."""
    with transaction.atomic():
        return cases.take(case, "carry_on", actor=actor)


def report_return(*, actor: Actor, case: Case, reason: str) -> StepResult:
    """Return a report to the verifier with a reason; clocks in time end as void, the verifier's clock starts."""
    with transaction.atomic():
        reception = reception_agency()
        result = cases.take(case, "return", actor=actor, reason=reason.strip(), reception=reception)
        cases.add_note(case, kind=INSIDE.name, body=checked_body(reason), actor=actor, row=result.row)
        return result


def report_resolve(
    *, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = (), seen_version: int | None = None
) -> StepResult:
    """Resolve with words and photos for the reporter, who may rate or reopen until their time runs out."""
    with transaction.atomic():
        result = cases.take(case, "resolve", actor=actor, seen_version=seen_version, body=body.strip())
        note = cases.add_note(case, kind=RESOLUTION, body=checked_body(body), actor=actor, row=result.row)
        cases.add_files(case, photos, moment=AFTER.name, note=note)
        until = case.clocks.filter(name="reply", state="running").values_list("due_at", flat=True).first()
        Report.objects.filter(case=case).update(reopen_until=until)
        cases.hold_lead(case, actor, if_free=True)
        notify_parties(case, result.row, "iceta.resolved")
        return result


def _own_support(case: Case, actor: Actor) -> Assignment | None:
    """The supporting assignment of the actor's agency, if it does not lead as well and has not answered yet."""
    own_agencies = actor.grants.agency_ids
    if case.assignments.filter(
        is_open=True, role__in=(LEAD.name, VERIFIER.name), agency__in=own_agencies
    ).exists():
        return None
    return unanswered_supports(case).filter(agency__in=own_agencies).first()
