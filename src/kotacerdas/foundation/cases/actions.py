"""Everything that writes a case. `take` is the only writer of a state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.clocks import Ended, Turn, open_assignments
from kotacerdas.foundation.cases.event_time import checked_time, time_of, turn_at
from kotacerdas.foundation.cases.kinds import INSIDE, LEAD, OTHER
from kotacerdas.foundation.cases.lifecycle import (
    PARTY,
    SYSTEM,
    Give,
    Given,
    Lifecycle,
    Step,
    lifecycle_of,
)
from kotacerdas.foundation.cases.models import Assignment, Case, CaseParty, Feedback, Note
from kotacerdas.foundation.cases.opening import (
    Opened,
    Party,
    Place,
    add_files,
    add_parties,
    next_number,
)
from kotacerdas.foundation.cases.opening import open_case as open
from kotacerdas.foundation.cases.restoring import tell_restored
from kotacerdas.foundation.cases.writing import write_row
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Position, User
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, LostRace, Refused, WrongStep

__all__ = [
    "Opened",
    "Party",
    "Place",
    "StepResult",
    "add_feedback",
    "add_files",
    "add_note",
    "add_party",
    "hold",
    "hold_lead",
    "lead_of",
    "may_take",
    "next_number",
    "note_inside",
    "open",
    "open_roles",
    "prove_party",
    "record_reading",
    "take",
]


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """A step that was taken: the case as it is now, the journal row, the clocks it ended, the assignments it opened."""

    case: Case
    step: Step
    row: Row
    before: str
    ended: tuple[Ended, ...]
    opened: tuple[Assignment, ...] = ()


def step_take(
    *, actor: Actor, case: Case, step: str, seen_version: int | None = None, **given: Any
) -> StepResult:
    """Take a step about which a program has nothing more to say: the action where none is declared."""
    with transaction.atomic():
        return take(case, step, actor=actor, seen_version=seen_version, **given)


def take(
    case: Case,
    step_name: str,
    *,
    actor: Actor,
    seen_version: int | None = None,
    header: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    **given: Any,
) -> StepResult:
    """Take one declared step: the only writer of `Case.state`. Runs in the caller's transaction.

    given         what the step `needs`, `gives` and `ends` look at, and its clocks' policies
    header        what the step changes in the header besides: title_code, priority
    seen_version  when given, the version the actor had before their eyes
    at            when it happened, where that is not now; the actor's own time where nothing is said

    The assignments that the step ends are closed and those that it gives are opened; a given lead stands in the
    header. Raises WrongStep when the life-cycle has no such step from the present state, Refused when the actor
    may not, Invalid when something needed is missing, NotThen when it cannot have happened then, LostRace when
    another actor was faster: the state is written *where it is unchanged*, so a lost race never overwrites.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("take() runs inside the action's transaction")
    lifecycle = lifecycle_of(case)
    step = lifecycle.by_step[step_name]
    _check(case, lifecycle, step, actor, given)
    before, now = case.state, clock.now()
    at = checked_time(at or actor.happened_at, now, case)
    gives = list(step.gives(case, given)) if step.gives else []
    led_before = case.lead_agency
    leads = [one.agency for one in gives if one.role == LEAD.name]
    changed = {**(header or {}), **({"lead_agency": leads[0]} if leads else {})}
    if gives or (step.target or before) != before:
        changed["turned_at"] = Greatest(F("turned_at"), at)
    _move(case, lifecycle, step, seen_version, at, changed)
    turn = Turn(case=case, lifecycle=lifecycle, step=step.name, at=at, now=now, given=given)
    turn.open = open_assignments(case)
    turn.ending = _ended(step, case, given, turn.open, at)
    turn.opened = _opened(case, lifecycle, gives, at)
    ended = turn.run()
    if turn.ending or turn.touched:
        turn_at(case, at)
    codes_of_lead = {"agency_before": led_before.code if led_before else ""} if leads else {}
    row = write_row(
        case,
        step.name,
        actor=actor,
        at=at,
        before=before,
        ended=ended,
        codes={**codes_of_lead, **(codes or {})},
        payload=payload,
    )
    tell_restored(case, turn.restored, at=now)
    return StepResult(
        case=case, step=step, row=row, before=before, ended=tuple(ended), opened=tuple(turn.opened)
    )


def _ended(step: Step, case: Case, given: Given, now: Iterable[Assignment], at: datetime) -> frozenset[UUID]:
    """Close the open assignments that the step ends; their ids."""
    end = step.ends(case, given) if step.ends else None
    if end is None:
        return frozenset()
    ending = frozenset(one.id for one in now if not end.roles or one.role in end.roles)
    if ending:
        ended_at = Greatest(F("assigned_at"), at)  # who was called in while the step waited in an outbox
        Assignment.objects.filter(id__in=ending).update(is_open=False, ended_at=ended_at, outcome=end.outcome)
    return ending


def _opened(case: Case, lifecycle: Lifecycle, gives: Iterable[Give], at: datetime) -> list[Assignment]:
    """Open the assignments that a step gives. LookupError for a part of the work that is not declared."""
    made = [
        Assignment(
            case=case,
            role=lifecycle.by_role[one.role].name,
            agency=one.agency,
            position=one.position,
            assigned_at=at,
        )
        for one in gives
    ]
    return Assignment.objects.bulk_create(made) if made else []


def may_take(case: Case, step: Step, actor: Actor, open_roles: Mapping[str, Iterable[UUID]]) -> bool:
    """Whether the actor may take the step on this case, given its open assignments by role."""
    if step.by == SYSTEM:
        return actor.kind == "system"
    if step.by == PARTY:
        return actor.kind == "reporter"
    agencies = [agency for role in step.roles for agency in open_roles.get(role, ())]
    return actor.grants.may(step.by, agencies=agencies, area=case.area_code)


def open_roles(case: Case) -> dict[str, list[UUID]]:
    """Agencies of the open assignments, by role."""
    found: dict[str, list[UUID]] = {}
    for role, agency in case.assignments.filter(is_open=True).values_list("role", "agency_id"):
        found.setdefault(role, []).append(agency)
    return found


def hold(
    assignment: Assignment, *, holder: User | None, position: Position | None, at: datetime | None = None
) -> None:
    """Set the post and person who hold an open assignment, or nobody. Raises LostRace when it has ended.

    at  when the step happened that does it, where that is not now
    """
    at, position = at or clock.now(), position or assignment.position
    before = (assignment.holder_id, assignment.position_id)
    if before != (holder.id if holder else None, position.id if position else None):
        turn_at(assignment.case, at)
    changed = Assignment.objects.filter(id=assignment.id, is_open=True).update(
        holder=holder, position=position, accepted_at=at
    )
    if not changed:
        raise LostRace(_("This assignment was ended a moment ago."), remedy=_("Open the case again."))


def add_party(case: Case, party: Party) -> CaseParty:
    """Add somebody whom an open case concerns. LookupError for a role that the kind does not declare."""
    return add_parties(case, lifecycle_of(case), [party])[0]


def lead_of(case: Case) -> Assignment:
    """The open assignment of the agency that leads. Raises Conflict where there is none."""
    found = case.assignments.filter(is_open=True, role=LEAD.name).select_related("agency").first()
    if found is None:
        raise Conflict(_("No agency leads this case now."), remedy=_("Open the case again."))
    return found


def hold_lead(case: Case, actor: Actor, *, if_free: bool = False, at: datetime | None = None) -> None:
    """Make the actor the holder of the leading assignment; with `if_free` only where nobody holds it yet.

    at  when the step happened that does it, where neither now nor the actor's own time is meant
    """
    lead = lead_of(case)
    if not if_free or lead.holder_id is None:
        hold(lead, holder=actor.user, position=actor.position, at=at or time_of(actor))


def prove_party(party: CaseParty) -> None:
    """Mark a party's contact as proved, because the link sent to it was opened; also for merged parties."""
    while party.stands_for is not None:
        party = party.stands_for
    found = [party.id]
    while found:
        CaseParty.objects.filter(id__in=found, is_proved=False).update(is_proved=True)
        found = list(CaseParty.objects.filter(stands_for__in=found).values_list("id", flat=True))


def add_note(
    case: Case, *, kind: str, body: str, actor: Actor, row: Row, party: CaseParty | None = None
) -> Note:
    """Words on the case, tied to the journal row of the step that brought them."""
    return Note.objects.create(
        case=case,
        kind=lifecycle_of(case).by_note[kind].name,
        body=body.strip(),
        author=actor.user if actor.kind == "staff" else None,
        position=actor.position,
        party=party,
        journal_id=row.id,
        created_at=row.occurred_at,
    )


def note_inside(
    case: Case, *, actor: Actor, body: str, photos: Iterable[StoredFile] = (), moment: str = OTHER.name
) -> Note:
    """Take the step `note` and add its inside note with photos, all or nothing. The caller has checked the words."""
    with transaction.atomic():
        result = take(case, "note", actor=actor)
        note = add_note(case, kind=INSIDE.name, body=body, actor=actor, row=result.row)
        add_files(case, photos, moment=moment, note=note, is_inside=True)
        return note


def add_feedback(case: Case, *, party: CaseParty | None, rating: int, words: str) -> Feedback:
    """A rating from 1 to 4."""
    return Feedback.objects.create(case=case, party=party, rating=rating, words=words.strip(), at=clock.now())


def _is_missing(value: Any) -> bool:
    """Nothing, or empty; 0 and False are answers."""
    return value is None or (hasattr(value, "__len__") and len(value) == 0)


def _check(case: Case, lifecycle: Lifecycle, step: Step, actor: Actor, given: Mapping[str, Any]) -> None:
    if case.state not in step.sources:
        state = lifecycle.by_state[case.state].label
        raise WrongStep(
            _("“%(step)s” is not possible: the case is “%(state)s” now.")
            % {"step": step.label, "state": state},
            remedy=_("Open the case again to see what happened."),
        )
    if not may_take(case, step, actor, open_roles(case) if actor.kind == "staff" else {}):
        raise Refused(
            _("You may not take the step “%(step)s” on this case.") % {"step": step.label},
            remedy=_("It belongs to another agency or needs another role."),
        )
    missing = {name: _("This is needed.") for name in step.needs if _is_missing(given.get(name))}
    if missing:
        raise Invalid(_("Something is missing for “%(step)s”.") % {"step": step.label}, fields=missing)


def _move(
    case: Case,
    lifecycle: Lifecycle,
    step: Step,
    seen: int | None,
    at: datetime,
    changed: Mapping[str, Any],
) -> None:
    target = step.target or case.state
    unchanged = Case.objects.filter(id=case.id, state=case.state)
    if seen is not None:
        unchanged = unchanged.filter(version=seen)
    closed = (case.closed_at or at) if lifecycle.by_state[target].is_closed else None
    if not unchanged.update(state=target, version=F("version") + 1, closed_at=closed, **changed):
        raise LostRace(
            _("Somebody else was faster: the case changed a moment ago. Nothing of yours was written."),
            remedy=_("Open the case again, look at what happened, and decide anew."),
        )
    for name, value in changed.items():
        setattr(case, name, value)
    case.refresh_from_db(fields=["state", "version", "closed_at", "turned_at"])


@transaction.atomic
def record_reading(*, case: Case, actor: Actor, what: str, purpose: str) -> Row:
    """Journal that a personal field was opened, with its purpose code; call before showing it."""
    details = {"field": what, "purpose": purpose}
    return write_row(case, "read", actor=actor, at=clock.now(), before=case.state, codes=details)
