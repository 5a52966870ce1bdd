"""Opening a case: header, number, parties, files, assignments, clocks and the program's own row in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Model

from kotacerdas.foundation.cases.clocks import Turn
from kotacerdas.foundation.cases.event_time import checked_time
from kotacerdas.foundation.cases.kinds import LEAD, Role
from kotacerdas.foundation.cases.lifecycle import Lifecycle
from kotacerdas.foundation.cases.links import link_hash, link_token
from kotacerdas.foundation.cases.models import Assignment, Case, CaseFile, CaseParty, Note
from kotacerdas.foundation.cases.writing import step_row
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, ContactPoint, Person
from kotacerdas.foundation.parties.people import is_own, who_asks
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.inserts import insert_together

FIRST_YEAR, LAST_YEAR = 2020, 2060  # sequences made by the first migration
Own = TypeVar("Own", bound=Model | None)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a case is: an area code, a position in degrees (WGS 84), both or none."""

    area_code: str = ""
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True)
class Party:
    """Somebody whom a new case concerns, with the contact used and the name given this time.

    `role` is one of those that the kind declares.
    """

    role: str
    person: Person | None = None
    contact: ContactPoint | None = None
    name: str = ""
    _: KW_ONLY
    channel: str = ""
    language: str = "id"
    is_anonymous: bool = False
    is_proved: bool = False
    stands_for: CaseParty | None = None
    party_id: UUID | None = None

    @classmethod
    def asking(
        cls,
        actor: Actor,
        role: Role,
        *,
        name: str = "",
        phone: str = "",
        chosen: Person | None = None,
        **more: Any,
    ) -> Party:
        """Whoever opens a case with this name and number, which are proved theirs where the actor's are the same.

        chosen  whom a desk knows them to be
        """
        contact, person = who_asks(actor, name=name, phone=phone, chosen=chosen)
        return cls(role.name, person, contact, name, is_proved=is_own(actor, contact), **more)


@dataclass(frozen=True, kw_only=True)
class Opened(Generic[Own]):
    """A case that was opened: its header, its parties in the order given, its first row, the program's own row."""

    case: Case
    parties: tuple[CaseParty, ...]
    row: Row
    own: Own


def next_number(at: datetime) -> str:
    """A fresh ticket number of the local year. Gaps are possible, doubles are not; nobody waits."""
    year = at.astimezone(clock.local_zone()).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(f"no number sequence for the year {year}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('case_number_{year:d}')")
        return ids.ticket_number(settings.INSTANCE_CODE, year, cursor.fetchone()[0])


def open_case(
    lifecycle: Lifecycle,
    *,
    actor: Actor,
    title_code: str,
    channel: str,
    own: Callable[[Case], Own],
    place: Place | None = None,
    priority: str = "normal",
    parties: Iterable[Party] = (),
    given_to: Iterable[tuple[Role, Agency]] = (),
    files: Iterable[StoredFile] = (),
    moment: str = "",
    payload: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    case_id: UUID | None = None,
    **given: Any,
) -> Opened[Own]:
    """Open a case in its initial state, in the caller's transaction.

    own       case → the program's own row, not stored yet; None for a kind without one
    given_to  who has which part of the work from the beginning; the lead (else the first) stands in the header
    files     what was sent along, made at the declared `moment`
    parties   whom it concerns; a person who is new and not stored yet is stored with them
    given     what the policies of clocks look at
    at        when it was opened, where that is not now; the actor's own time where nothing is said

    Raises LookupError for a role or moment that the kind does not declare, NotThen for a time too far off.
    """
    now, parts, where = clock.now(), list(given_to), place or Place()
    at = checked_time(at or actor.happened_at, now)
    case = Case(
        id=case_id or ids.new_id(),
        number=next_number(at),
        kind=lifecycle.kind,
        state=lifecycle.initial,
        title_code=title_code,
        priority=priority,
        channel=channel,
        area_code=where.area_code,
        lat=where.lat,
        lng=where.lng,
        lead_agency=_leading(parts),
        opened_at=at,
        turned_at=at,
    )
    row = own(case)
    assigned = [
        Assignment(case=case, role=lifecycle.by_role[role.name].name, agency=agency, assigned_at=at)
        for role, agency in parts
    ]
    turn = Turn(case=case, lifecycle=lifecycle, step="receive", at=at, now=now, given=given, opened=assigned)
    received = step_row(case, "receive", actor=actor, at=at, ended=turn.run(), payload=payload)
    concerned = _parties(case, lifecycle, parties)
    own_rows = [row] if row is not None else []
    insert_together([*_new_people(concerned), case, *own_rows, *assigned, *turn.live, *concerned, received])
    if chosen := list(files):
        add_files(case, chosen, moment=lifecycle.by_moment[moment].name)
    return Opened(case=case, parties=concerned, own=row, row=received)


def _leading(parts: list[tuple[Role, Agency]]) -> Agency | None:
    """The agency in the header: the lead's, else the first one's."""
    leads = [agency for role, agency in parts if role.name == LEAD.name]
    return next(iter([*leads, *(agency for _role, agency in parts)]), None)


def add_parties(case: Case, lifecycle: Lifecycle, parties: Iterable[Party]) -> tuple[CaseParty, ...]:
    """Add whom a case concerns, each with a secret link of their own. LookupError for an undeclared role."""
    made = _parties(case, lifecycle, parties)
    insert_together([*_new_people(made), *made])
    return made


def _new_people(parties: Iterable[CaseParty]) -> list[Person]:
    people = {party.person.id: party.person for party in parties if party.person is not None}
    return [person for person in people.values() if person._state.adding]


def _parties(case: Case, lifecycle: Lifecycle, parties: Iterable[Party]) -> tuple[CaseParty, ...]:
    """The rows of whom a case concerns, not stored yet."""
    made = []
    for one in parties:
        party = CaseParty(
            id=one.party_id or ids.new_id(),
            case=case,
            role=lifecycle.by_party[one.role].name,
            person=one.person,
            contact=one.contact,
            channel=one.channel,
            language=one.language,
            is_anonymous=one.is_anonymous,
            is_proved=one.is_proved,
            stands_for=one.stands_for,
        )
        party.set_name(one.name)
        party.link_hash = link_hash(link_token(party))
        made.append(party)
    return tuple(made)


def add_files(
    case: Case,
    files: Iterable[StoredFile],
    *,
    moment: str,
    note: Note | None = None,
    is_inside: bool = False,
) -> None:
    """Attach stored files to the case and mark them as used."""
    chosen = list(files)
    if not chosen:
        return
    CaseFile.objects.bulk_create(
        CaseFile(case=case, file=stored, moment=moment, note=note, is_inside=is_inside) for stored in chosen
    )
    StoredFile.objects.filter(id__in=[stored.id for stored in chosen]).update(claimed_at=clock.now())
