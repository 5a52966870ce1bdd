"""Everything that writes a case. `take` is the only writer of a state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import clocks
from kotacerdas.foundation.cases.clocks import Ended, Turn
from kotacerdas.foundation.cases.lifecycle import REPORTER, SYSTEM, Lifecycle, Step, lifecycle_of, lifecycles
from kotacerdas.foundation.cases.links import link_hash, link_token
from kotacerdas.foundation.cases.models import Assignment, Case, CaseFile, CaseParty, Feedback, Note
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, Person, Position, User
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Invalid, LostRace, Refused, WrongStep

FIRST_YEAR, LAST_YEAR = 2020, 2060  # sequences made by the first migration


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A step that was taken: the case as it is now, the journal row, and the clocks it ended."""

    case: Case
    step: Step
    row: Row
    before: str
    ended: tuple[Ended, ...]


def next_number(at: datetime) -> str:
    """A fresh ticket number of the local year. Gaps are possible, doubles are not; nobody waits."""
    year = at.astimezone(clock.local_zone()).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(f"no number sequence for the year {year}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('case_number_{year:d}')")
        return ids.ticket_number(settings.INSTANCE_CODE, year, cursor.fetchone()[0])


def open_case(
    *,
    actor: Actor,
    kind: str,
    title_code: str,
    channel: str,
    priority: str = "normal",
    area_code: str = "",
    lat: float | None = None,
    lng: float | None = None,
    lead_agency: Agency | None = None,
    at: datetime | None = None,
    case_id: UUID | None = None,
) -> Case:
    """The header of a new case in its initial state, not written yet: `receive` writes it with its due time.

    Must run in the caller's transaction; the program then adds its own row, parties and files (foreign keys
    are checked at the commit), and calls `receive`.
    """
    lifecycle = lifecycles()[kind]
    at = at or clock.now()
    return Case(
        id=case_id or ids.new_id(),
        number=next_number(at),
        kind=kind,
        state=lifecycle.initial,
        title_code=title_code,
        priority=priority,
        channel=channel,
        area_code=area_code,
        lat=lat,
        lng=lng,
        lead_agency=lead_agency,
        opened_at=at,
    )


def receive(
    case: Case,
    *,
    actor: Actor,
    given_to: Iterable[tuple[str, Agency]],
    payload: Mapping[str, Any] | None = None,
    **given: Any,
) -> Row:
    """Write a new case: its header, who has it, the clocks that begin, and its first journal row.

    given_to  role and agency of those who have it from the beginning
    """
    lifecycle, at = lifecycle_of(case), case.opened_at
    parts = [Assignment(case=case, role=role, agency=agency, assigned_at=at) for role, agency in given_to]
    turn = Turn(case=case, lifecycle=lifecycle, step="receive", at=at, given=given, open=parts)
    ended = turn.run()
    case.save(force_insert=True)
    Assignment.objects.bulk_create(parts)
    return _write(case, lifecycle, "receive", "", actor, ended, {}, payload or {}, case.opened_at)


def take(
    case: Case,
    step_name: str,
    *,
    actor: Actor,
    seen_version: int | None = None,
    payload: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
    **given: Any,
) -> Taken:
    """Take one declared step: the only writer of `Case.state`. Runs in the caller's transaction.

    given         what the step `needs`, and what its clocks' policies look at (`assignment`, …)
    seen_version  when given, the version the actor had before their eyes

    Raises WrongStep when the life-cycle has no such step from the present state, Refused when the
    actor may not, Invalid when something needed is missing, LostRace when another actor was faster:
    the state is written *where it is unchanged*, so a lost race never overwrites.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("take() runs inside the action's transaction")
    lifecycle = lifecycle_of(case)
    step = lifecycle.by_step[step_name]
    _check(case, lifecycle, step, actor, given)
    before, at = case.state, clock.now()
    _move(case, lifecycle, step, before, seen_version, at)
    ended = Turn(case=case, lifecycle=lifecycle, step=step.name, at=at, given=given).run()
    row = _write(case, lifecycle, step.name, before, actor, ended, codes or {}, payload or {}, at)
    return Taken(case=case, step=step, row=row, before=before, ended=tuple(ended))


def may_take(case: Case, step: Step, actor: Actor, open_roles: Mapping[str, Iterable[UUID]]) -> bool:
    """Whether the actor may take the step on this case, given its open assignments by role."""
    if step.by == SYSTEM:
        return actor.kind == "system"
    if step.by == REPORTER:
        return actor.kind == "reporter"
    agencies = [agency for role in step.roles for agency in open_roles.get(role, ())]
    return actor.grants.may(step.by, agencies=agencies, area=case.area_code)


def open_roles(case: Case) -> dict[str, list[UUID]]:
    """Agencies of the open assignments, by role."""
    found: dict[str, list[UUID]] = {}
    for role, agency in case.assignments.filter(is_open=True).values_list("role", "agency_id"):
        found.setdefault(role, []).append(agency)
    return found


def assign(
    case: Case, *, role: str, agency: Agency, position: Position | None = None, at: datetime | None = None
) -> Assignment:
    """Give a part of the work to an agency; to a post within it when named. No clock, no row: see `take`."""
    return Assignment.objects.create(
        case=case, role=role, agency=agency, position=position, assigned_at=at or clock.now()
    )


def end_assignments(case: Case, *, roles: Iterable[str], outcome: str) -> None:
    """Close the open assignments of these roles."""
    case.assignments.filter(role__in=list(roles), is_open=True).update(
        is_open=False, ended_at=clock.now(), outcome=outcome
    )


def hold(assignment: Assignment, *, holder: User | None, position: Position | None) -> None:
    """Put a person and post on an open assignment, or nobody; raises LostRace when it was ended."""
    changed = Assignment.objects.filter(id=assignment.id, is_open=True).update(
        holder=holder, position=position or assignment.position, accepted_at=clock.now()
    )
    if not changed:
        raise LostRace(_("This assignment was ended a moment ago."), remedy=_("Open the case again."))


def add_party(
    case: Case,
    *,
    role: str,
    person: Person | None,
    channel: str,
    language: str = "id",
    is_anonymous: bool = False,
    is_proved: bool = False,
    stands_for: CaseParty | None = None,
) -> CaseParty:
    """Add somebody the case concerns, with a secret link of their own."""
    party = CaseParty(
        case=case,
        role=role,
        person=person,
        channel=channel,
        language=language,
        is_anonymous=is_anonymous,
        is_proved=is_proved,
        stands_for=stands_for,
    )
    party.link_hash = link_hash(link_token(party))
    party.save(force_insert=True)
    return party


def prove_party(party: CaseParty) -> None:
    """Note that a party's number is theirs: the link that was sent to it was opened. Also for what stands for it."""
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
        kind=kind,
        body=body.strip(),
        author=actor.user if actor.kind == "staff" else None,
        position=actor.position,
        party=party,
        journal_id=row.id,
        created_at=row.occurred_at,
    )


def add_files(
    case: Case,
    files: Iterable[StoredFile],
    *,
    moment: str,
    note: Note | None = None,
    is_inside: bool = False,
) -> None:
    """Hang stored files on the case and mark them claimed."""
    chosen = list(files)
    CaseFile.objects.bulk_create(
        CaseFile(case=case, file=stored, moment=moment, note=note, is_inside=is_inside) for stored in chosen
    )
    StoredFile.objects.filter(id__in=[stored.id for stored in chosen]).update(claimed_at=clock.now())


def add_feedback(case: Case, *, party: CaseParty | None, rating: int, words: str) -> Feedback:
    """A rating from 1 to 4."""
    return Feedback.objects.create(case=case, party=party, rating=rating, words=words.strip(), at=clock.now())


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
    missing = {name: _("This is needed.") for name in step.needs if not given.get(name)}
    if missing:
        raise Invalid(_("Something is missing for “%(step)s”.") % {"step": step.label}, fields=missing)


def _move(case: Case, lifecycle: Lifecycle, step: Step, before: str, seen: int | None, at: datetime) -> None:
    target = step.target or before
    unchanged = Case.objects.filter(id=case.id, state=before)
    if seen is not None:
        unchanged = unchanged.filter(version=seen)
    closed = at if lifecycle.by_state[target].is_closed else None
    if not unchanged.update(state=target, version=F("version") + 1, closed_at=closed):
        raise LostRace(
            _("Somebody else was faster: the case changed a moment ago. Nothing of yours was written."),
            remedy=_("Open the case again, look at what happened, and decide anew."),
        )
    case.refresh_from_db(fields=["state", "version", "closed_at"])


def _write(
    case: Case,
    lifecycle: Lifecycle,
    step: str,
    before: str,
    actor: Actor,
    ended: list[Ended],
    codes: Mapping[str, Any],
    payload: Mapping[str, Any],
    at: datetime,
) -> Row:
    lead = case.lead_agency
    shared = {
        "kind": case.kind,
        "before": before,
        "state": case.state,
        "agency": lead.code if lead else "",
        "area": case.area_code,
        "channel": case.channel,
        "priority": case.priority,
        "received_on": clock.local_day(case.opened_at).isoformat(),
        "actor_agency": actor.position.agency.code if actor.position else "",
        **({"actor_acting": actor.acting} if actor.acting else {}),
        **lifecycle.codes(case),
        **codes,
    }
    clocks = {"clocks": [one.as_code() for one in ended]} if ended else {}
    return append(
        verb=f"{case.kind}.{step}",
        subject=(case.kind, case.id),
        actor=actor.code,
        codes=shared,
        payload={**clocks, **payload},
        occurred_at=at,
    )


def renew_due(case: Case) -> None:
    """Renew the cached due times after assignments changed outside a step."""
    clocks.renew_due(case)


@transaction.atomic
def record_reading(*, case: Case, actor: Actor, what: str, purpose: str) -> Row:
    """Journal that a personal field was opened, with its purpose code; call before showing it."""
    lifecycle = lifecycle_of(case)
    return _write(
        case, lifecycle, "read", case.state, actor, [], {"field": what, "purpose": purpose}, {}, clock.now()
    )
