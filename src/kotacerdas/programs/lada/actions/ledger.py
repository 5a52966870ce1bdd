"""The ledger of goods: the only writer of events, and of the register that is their projection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, Person
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.regency import regency
from kotacerdas.programs.lada import codes, events
from kotacerdas.programs.lada.models import Asset, Change, Event, Period, Room
from kotacerdas.programs.lada.words import illegal_words

SUBJECT = "lada.asset"


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


def events_append(*, actor: Actor, lines: Sequence[Line], change: Change | None = None) -> list[Event]:
    """Write events, and the register after them, in the caller's transaction: all or none.

    The caller has checked the right, and that a maker and an approver are two. Goods are locked in the order of their
    ids. NIBAR and register numbers are given here. Raises Invalid with the number of the line as its field (`line_3`)
    for an event that cannot follow, Conflict for a day in a locked semester.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("events_append() runs inside the action's transaction")
    _not_locked(lines)
    agencies = {one.code: one for one in Agency.objects.all()}
    wanted = sorted({one.asset for one in lines})
    assets = {one.id: one for one in Asset.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    stacks = _stacks(assets)
    written: list[Event] = []
    for position, line in enumerate(lines, 1):
        stack, state = stacks.setdefault(line.asset, ([], None))
        event = _numbered(line, state, agencies)
        try:
            after = events.step(stack, state, event)
        except events.Illegal as error:
            words = illegal_words(error)
            raise Invalid(words, fields={f"line_{position}": words}, code=error.code) from error
        stacks[line.asset] = (stack, after)
        asset = assets.get(line.asset)
        if asset is None:
            asset = assets[line.asset] = Asset(id=line.asset, nibar=_next_nibar())
        if after is None:  # the beginning itself was taken back
            asset.is_active, asset.value, asset.accumulated = False, 0, 0
            asset.disposed_on, asset.last_number, asset.last_on = event.on, event.number, event.on
        else:
            project(asset, after, agencies)
        asset.save()
        written.append(_written(asset, event, change, actor))
    return written


def events_check(lines: Sequence[Line]) -> None:
    """Raise what `events_append` would raise for these lines now; nothing is written, no number is used."""
    _not_locked(lines)
    stacks = _stacks({one.id: one for one in Asset.objects.filter(id__in={one.asset for one in lines})})
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


def state_on(asset: Asset, day: date | None = None) -> events.State | None:
    """A good's state on a day, by replay of its ledger; today's where no day is said."""
    return events.fold(_events(asset.events.all()), day)


def project(asset: Asset, state: events.State, agencies: dict[str, Agency]) -> None:
    """Write a state into the register's row; it is not saved here."""
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
    asset.room = Room.objects.filter(id=state.room).first() if state.room else None
    asset.holder = Person.objects.filter(id=state.holder).first() if state.holder else None
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
    unit = "".join(letter for letter in asset.agency.code if letter.isdigit())
    return codes.Register(
        owner=asset.owner,
        intra="01" if asset.is_intra else "02",
        region=_region(),
        unit=unit[:14].rjust(14, "0"),
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


def _region() -> str:
    return regency().instance.area.replace(".", "")[:4]


def _next_nibar() -> str:
    return codes.nibar(_region(), next_number("nibar"))


def _numbered(line: Line, state: events.State | None, agencies: dict[str, Agency]) -> events.Event:
    """The event with its number, and a register number where its good gets a new holder or code."""
    data = dict(line.data)
    if line.kind in (*events.FIRST, "transfer", "reclassify") and not data.get("register_no"):
        agency = data.get("agency") or (state.agency if state else "")
        code = data.get("goods_code") or (state.goods_code if state else "")
        if agency in agencies and codes.is_whole(code):
            data["register_no"] = next_number(f"{agency}:{code}")
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


def _written(asset: Asset, event: events.Event, change: Change | None, actor: Actor) -> Event:
    row = append(
        verb=f"{SUBJECT}.{event.kind}",
        subject=(SUBJECT, asset.id),
        actor=actor.code,
        codes={
            "agency": asset.agency.code,
            "area": asset.area_code,
            "goods": asset.goods_code,
            "card": asset.card,
            "day": event.on.isoformat(),
            "certified": "yes" if asset.certified_on else "no",
        },
        measures={"rupiah": event.amount, "value": asset.value, "number": event.number},
    )
    return Event.objects.create(
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


def _stacks(assets: dict[UUID, Asset]) -> dict[UUID, tuple[list[Any], events.State | None]]:
    """What each good's ledger says so far: the events that count, and the state after them."""
    found: dict[UUID, tuple[list[Any], events.State | None]] = {}
    rows = Event.objects.filter(asset__in=assets).order_by("asset", "number")
    for row in rows:
        stack, state = found.get(row.asset_id, ([], None))
        [event] = _events([row])
        found[row.asset_id] = (stack, events.step(stack, state, event))
    return found


def _events(rows: Iterable[Event]) -> list[events.Event]:
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
    """Raise Conflict for an event in a semester that is locked. Held until the transaction ends."""
    last = Period.objects.select_for_update().order_by("-year", "-half").first()
    if last is None:
        return
    until = date(last.year, 6, 30) if last.half == 1 else date(last.year, 12, 31)
    if any(one.on <= until for one in lines):
        given = {"half": last.half, "year": last.year}
        raise Conflict(
            _("The books of semester %(half)d of %(year)d are locked.") % given,
            remedy=_("Use a day after it."),
            code="locked",
        )


def _day(text: Any) -> date | None:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text) if text else None
    except ValueError:
        return None
