"""The ledger of goods: the only writer of events, and of the register that is their projection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import row_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, Person
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.lada import codes, events
from kotacerdas.programs.lada.actions.checking import content_check, free_numbers_check, reversals_check
from kotacerdas.programs.lada.models import Asset, Change, Event, Period, Room, WorkUnit
from kotacerdas.programs.lada.words import illegal_words

SUBJECT = "lada.asset"
BATCH = 1000
PERIODS = "lada:periods"  # who writes events shares this lock, who locks a semester has it alone
KEPT = frozenset({"id", "nibar", "made_at", "has_photo", "has_label"})  # not the ledger's


@dataclass(frozen=True, kw_only=True)
class Line:
    """An event that is to be written: of which good (a new id for one that it begins), what, when."""

    asset: UUID
    kind: events.Kind
    on: date
    data: dict[str, Any] = field(default_factory=dict)
    amount: int = 0
    accumulated: int = 0
    reverses: int | None = None


class Places:
    """Rooms and people by their ids, each read once."""

    def __init__(self, rooms: Iterable[Room] = (), people: Iterable[Person] = ()) -> None:
        self.rooms: dict[str, Room | None] = {str(one.id): one for one in rooms}
        self.people: dict[str, Person | None] = {str(one.id): one for one in people}

    def room(self, wanted: str) -> Room | None:
        """The room of an id; None for none."""
        if wanted and wanted not in self.rooms:
            self.rooms[wanted] = Room.objects.filter(id=wanted).first()
        return self.rooms[wanted] if wanted else None

    def holder(self, wanted: str) -> Person | None:
        """The person of an id; None for none."""
        if wanted and wanted not in self.people:
            self.people[wanted] = Person.objects.filter(id=wanted).first()
        return self.people[wanted] if wanted else None


def events_append(*, actor: Actor, lines: Sequence[Line], change: Change | None = None) -> list[Event]:
    """Write events, and the register after them, in the caller's transaction: all or none.

    The caller has checked the right, and that a maker and an approver are two. Goods are locked in the order of their
    ids. NIBAR and register numbers are given here. Raises Invalid with the number of the line as its field (`line_3`)
    for an event that cannot follow, Conflict for a day in a locked semester, Refused where a good is not of the
    change's agency any more.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("events_append() runs inside the action's transaction")
    _not_locked(lines)
    _not_in_the_future(lines)
    agencies = {one.code: one for one in Agency.objects.all()}
    wanted = sorted({one.asset for one in lines})
    assets = {one.id: one for one in Asset.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    if change is not None and any(one.agency_id != change.agency_id for one in assets.values()):
        raise of_another_agency()
    content_check(lines, {one.id: one.goods_code for one in assets.values()})
    reversals_check(lines)
    stacks, numbers, places = _stacks(assets), Numbers(lines), _places(lines, assets.values())
    before = states_of(stacks)
    written: list[Event] = []
    journal: list[Row] = []
    for position, line in enumerate(lines, 1):
        stack, state = stacks.setdefault(line.asset, ([], None))
        event = _numbered(line, state, agencies, numbers)
        undone = stack[-1][0].kind if event.kind == "reverse" and stack else ""
        try:
            after = events.step(stack, state, event)
        except events.Illegal as error:
            words = illegal_words(error)
            raise Invalid(words, fields={f"line_{position}": words}, code=error.code) from error
        stacks[line.asset] = (stack, after)
        asset = assets.get(line.asset)
        if asset is None:
            asset = assets[line.asset] = Asset(
                id=line.asset, nibar=codes.nibar(_region(), numbers.next("nibar"))
            )
        if after is None:  # the beginning itself was taken back
            asset.is_active, asset.value, asset.accumulated = False, 0, 0
            asset.disposed_on, asset.last_number, asset.last_on = event.on, event.number, event.on
        else:
            project(asset, after, agencies, places)
        row = _journal_row(asset, event, actor, undone, _certified(state, after))
        journal.append(row)
        written.append(_event_row(asset, event, change, row))
    free_numbers_check(lines, before, states_of(stacks))
    numbers.keep()
    _stored(list(assets.values()))
    Row.objects.bulk_create(journal, batch_size=BATCH)
    Event.objects.bulk_create(written, batch_size=BATCH)
    return written


def events_check(lines: Sequence[Line]) -> None:
    """Raise what `events_append` would raise for these lines now; nothing is written, no number is used."""
    _not_locked(lines)
    _not_in_the_future(lines)
    assets = {one.id: one for one in Asset.objects.filter(id__in={one.asset for one in lines})}
    content_check(lines, {one.id: one.goods_code for one in assets.values()})
    reversals_check(lines)
    stacks = _stacks(assets)
    before = states_of(stacks)
    known = set(Agency.objects.values_list("code", flat=True))
    for position, line in enumerate(lines, 1):
        stack, state = stacks.setdefault(line.asset, ([], None))
        if (agency := line.data.get("agency")) and agency not in known:
            words = _("There is no agency with the code %(code)s.") % {"code": agency}
            raise Invalid(words, fields={f"line_{position}": words})
        try:
            stacks[line.asset] = (stack, events.step(stack, state, _event(line, state)))
        except events.Illegal as error:
            words = illegal_words(error)
            raise Invalid(words, fields={f"line_{position}": words}, code=error.code) from error
    free_numbers_check(lines, before, states_of(stacks))


def of_another_agency() -> Refused:
    """What is said of a good that is another agency's than whose change it is."""
    return Refused(_("This good is of another agency."), remedy=_("Ask that agency to propose the change."))


def locked_until() -> date | None:
    """The last day of the newest semester whose books are locked; None before the first."""
    last = Period.objects.order_by("-year", "-half").first()
    if last is None:
        return None
    return date(last.year, 6, 30) if last.half == 1 else date(last.year, 12, 31)


def state_on(asset: Asset, day: date | None = None) -> events.State | None:
    """A good's state on a day, by replay of its ledger; today's where no day is said."""
    return events.fold(events_of(asset.events.all()), day)


def ledger_of(asset: Asset) -> list[events.Event]:
    """A good's events in their order."""
    return events_of(asset.events.all())


def project(
    asset: Asset, state: events.State, agencies: dict[str, Agency], places: Places | None = None
) -> None:
    """Write a state into the register's row; it is not saved here. `places`: rooms and people that are known already."""
    places = places or Places()
    facts = dict(state.facts)
    asset.agency = agencies[state.agency]
    asset.goods_code, asset.card = state.goods_code, codes.card_of(state.goods_code)
    asset.register_no, asset.name, asset.origin = state.register_no, state.name, state.origin
    assert state.acquired_on is not None
    assert state.last_on is not None
    asset.acquired_on, asset.owner, asset.is_intra = state.acquired_on, state.owner, state.is_intra
    asset.value, asset.accumulated, asset.opened_on = state.value, state.accumulated, state.opened_on
    asset.condition, asset.use, asset.area_code = state.condition, state.use, state.area_code
    asset.lat, asset.lng, asset.facts = state.lat, state.lng, facts
    asset.outline = [list(one) for one in state.outline] if state.outline else None
    asset.room, asset.holder = places.room(state.room), places.holder(state.holder)
    asset.certificate, asset.certified_on = state.certificate, state.certified_on
    asset.tax_until, asset.plate_until = _day(facts.get("tax_until")), _day(facts.get("plate_until"))
    asset.insured_until = _day(facts.get("insured_until"))
    asset.is_active, asset.disposed_on = state.is_active, state.disposed_on
    asset.last_number, asset.last_on = state.last, state.last_on
    asset.search = search_words(asset)


def search_words(asset: Asset) -> str:
    """The words that a good is found by, in lower case."""
    facts = (str(value) for value in asset.facts.values() if isinstance(value, str))
    room = asset.room.name if asset.room is not None else ""
    names = (asset.nibar, asset.name, asset.goods_code, asset.agency.short_name, room, asset.certificate)
    return " ".join(filter(None, (*names, *facts))).lower()


def register_of(asset: Asset) -> codes.Register:
    """The 45 digits at the present holder, made from what the register says now."""
    unit = WorkUnit.objects.filter(agency=asset.agency_id).values_list("digits", flat=True).first() or ""
    return codes.Register(
        owner=asset.owner,
        intra="01" if asset.is_intra else "02",
        region=_region(),
        unit=unit.rjust(codes.UNIT_DIGITS, "0"),
        year=f"{asset.acquired_on.year:04d}",
        goods=asset.goods_code.replace(".", ""),
        number=f"{asset.register_no:07d}",
    )


def next_number(series: str) -> int:
    """The next number of a series; without gaps, so others wait for one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lada_counter AS c (series, last) VALUES (%s, 1) "
            "ON CONFLICT (series) DO UPDATE SET last = c.last + 1 RETURNING last",
            [series],
        )
        return int(cursor.fetchone()[0])


class Numbers:
    """Numbers of series for many lines: each series is locked once, in the order of their names, and written back once.

    A register number that a line brings along is passed over from then on.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.last: dict[str, int] = {}
        first = [one for one in lines if one.kind in events.FIRST]
        known = {_series(one.data.get("agency", ""), one.data.get("goods_code", "")) for one in first}
        self._lock(sorted(known | ({"nibar"} if first else set())))
        for one in first:
            if given := int(one.data.get("register_no") or 0):
                series = _series(one.data.get("agency", ""), one.data.get("goods_code", ""))
                self.last[series] = max(self.last[series], given)

    def next(self, series: str) -> int:
        """The next number of a series."""
        if series not in self.last:
            self._lock([series])
        self.last[series] += 1
        return self.last[series]

    def keep(self) -> None:
        """Write down how far each series is."""
        self._write(list(self.last), list(self.last.values()))

    def _lock(self, series: list[str]) -> None:
        self.last |= self._write(series, [0] * len(series))

    def _write(self, series: list[str], last: list[int]) -> dict[str, int]:
        if not series:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO lada_counter AS c (series, last) SELECT * FROM unnest(%s::text[], %s::bigint[]) "
                "ON CONFLICT (series) DO UPDATE SET last = greatest(c.last, excluded.last) RETURNING series, last",
                [series, last],
            )
            return dict(cursor.fetchall())


def _series(agency: str, code: str) -> str:
    return f"{agency}:{code}"


def _region() -> str:
    return regency().instance.area.replace(".", "")[:4]


def _numbered(
    line: Line, state: events.State | None, agencies: dict[str, Agency], numbers: Numbers
) -> events.Event:
    """The event with its number, and a register number where its good gets a new holder or code."""
    data = dict(line.data)
    if line.kind in (*events.FIRST, "transfer", "reclassify") and not data.get("register_no"):
        agency = data.get("agency") or (state.agency if state else "")
        code = data.get("goods_code") or (state.goods_code if state else "")
        if agency in agencies and codes.is_whole(code):
            data["register_no"] = numbers.next(_series(agency, code))
    return _event(line, state, data)


def _event(line: Line, state: events.State | None, data: dict[str, Any] | None = None) -> events.Event:
    return events.Event(
        number=(state.last if state else 0) + 1,
        kind=line.kind,
        on=line.on,
        data=line.data if data is None else data,
        amount=line.amount,
        accumulated=line.accumulated,
        reverses=line.reverses,
    )


def _journal_row(
    asset: Asset, event: events.Event, actor: Actor, undone: str, certified: list[list[Any]]
) -> Row:
    return row_of(
        verb=f"{SUBJECT}.{event.kind}",
        subject=(SUBJECT, asset.id),
        actor=actor.code,
        codes={
            "agency": asset.agency.code,
            "area": asset.area_code,
            "goods": asset.goods_code,
            "card": asset.card,
            "day": event.on.isoformat(),
            "certified": "yes" if asset.certificate else "no",
            **({"undone": undone} if undone else {}),
        },
        measures={"rupiah": event.amount, "value": asset.value, "number": event.number},
        payload={"certified": certified} if certified else {},
    )


def _certified(before: events.State | None, after: events.State | None) -> list[list[Any]]:
    """What an event does to the certified land: `[agency, area, parcels, rupiah]`, less than 0 for what is taken away.

    Land is certified where its certificate has a number, as in the register, on the wall and on the public map.
    """
    sums: dict[tuple[str, str], list[int]] = {}
    for state, sign in ((before, -1), (after, 1)):
        if state is None or not state.is_active or not state.certificate:
            continue
        if codes.card_of(state.goods_code) == "A":
            found = sums.setdefault((state.agency, state.area_code), [0, 0])
            found[0], found[1] = found[0] + sign, found[1] + sign * state.value
    return [[agency, area, *found] for (agency, area), found in sums.items() if any(found)]


def _event_row(asset: Asset, event: events.Event, change: Change | None, row: Row) -> Event:
    return Event(
        asset=asset,
        number=event.number,
        kind=event.kind,
        on=event.on,
        data=dict(event.data),
        amount=event.amount,
        accumulated=event.accumulated,
        reverses=event.reverses,
        agency=asset.agency,
        goods_code=asset.goods_code,
        is_intra=asset.is_intra,
        change=change,
        journal_id=row.id,
    )


def _stored(assets: list[Asset]) -> None:
    """Keep the rows of the register, new ones and changed ones, by one statement a batch."""
    names = [one.name for one in Asset._meta.local_concrete_fields if one.name not in KEPT]
    Asset.objects.bulk_create(
        assets, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=names
    )


def _places(lines: Sequence[Line], assets: Iterable[Asset]) -> Places:
    """The rooms and people that these lines and goods speak of."""
    rooms = {str(one.data["room"]) for one in lines if one.data.get("room")}
    people = {str(one.data["holder"]) for one in lines if one.data.get("holder")}
    for one in assets:
        rooms |= {str(one.room_id)} if one.room_id else set()
        people |= {str(one.holder_id)} if one.holder_id else set()
    return Places(Room.objects.filter(id__in=rooms), Person.objects.filter(id__in=people))


def _stacks(assets: dict[UUID, Asset]) -> dict[UUID, tuple[list[Any], events.State | None]]:
    """What each good's ledger says so far: the events that count, and the state after them."""
    found: dict[UUID, tuple[list[Any], events.State | None]] = {}
    rows = Event.objects.filter(asset__in=assets).order_by("asset", "number")
    for row in rows:
        stack, state = found.get(row.asset_id, ([], None))
        [event] = events_of([row])
        found[row.asset_id] = (stack, events.step(stack, state, event))
    return found


def states_of(stacks: dict[UUID, tuple[list[Any], events.State | None]]) -> dict[UUID, events.State | None]:
    """The state of each good after what was applied to it so far."""
    return {asset: state for asset, (_stack, state) in stacks.items()}


def events_of(rows: Iterable[Event]) -> list[events.Event]:
    """Rows of the ledger as pure events."""
    return [
        events.Event(
            number=row.number,
            kind=row.kind,  # type: ignore[arg-type]
            on=row.on,
            data=row.data,
            amount=row.amount,
            accumulated=row.accumulated,
            reverses=row.reverses,
        )
        for row in rows
    ]


def _not_locked(lines: Sequence[Line]) -> None:
    """Raise Conflict for an event in a semester that is locked; no semester is locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [PERIODS])
    until = locked_until()
    if until is not None and any(one.on <= until for one in lines):
        given = {"half": 1 if until.month <= 6 else 2, "year": until.year}
        raise Conflict(
            _("The books of semester %(half)d of %(year)d are locked.") % given,
            remedy=_("Use a day after it."),
            code="locked",
        )


def _not_in_the_future(lines: Sequence[Line]) -> None:
    """Raise Invalid for an event of a day that has not come: until then its good could not get another one."""
    today = clock.today()
    for position, line in enumerate(lines, 1):
        if line.on > today:
            words = _("This day has not come yet: use today, or a day before it.")
            raise Invalid(words, fields={f"line_{position}": words}, code="future")


def _day(text: Any) -> date | None:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text) if text else None
    except ValueError:
        return None
