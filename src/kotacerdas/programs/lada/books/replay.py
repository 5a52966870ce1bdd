"""Goods as they were on a day, and what moved in a span of days, by replay of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from uuid import UUID

from kotacerdas.programs.lada import codes, events
from kotacerdas.programs.lada.actions.ledger import events_of
from kotacerdas.programs.lada.models import Event

CHUNK = 2000
NEW, RECEIVED, ADDED, OTHER_IN = "new", "received", "added", "other_in"
GIVEN, DISPOSED, OTHER_OUT = "given", "disposed", "other_out"
INS, OUTS = (NEW, RECEIVED, ADDED, OTHER_IN), (GIVEN, DISPOSED, OTHER_OUT)


@dataclass(frozen=True, kw_only=True)
class Good:
    """A good as it was."""

    asset: UUID
    nibar: str
    state: events.State

    @property
    def card(self) -> str:
        return codes.card_of(self.state.goods_code)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What one event moved at an agency and on a card. n: goods; value: rupiah, both less than 0 for what went out."""

    good: Good
    agency: str
    card: str
    event: events.Event
    what: str
    n: int
    value: int


@dataclass(kw_only=True)
class Balance:
    """Goods and rupiah of one card at one agency, over a span: opening + in - out = closing."""

    opening_n: int = 0
    opening: int = 0
    moved: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*INS, *OUTS), 0))
    moved_n: int = 0
    closing_n: int = 0
    closing: int = 0

    @property
    def is_even(self) -> bool:
        """Whether the sum agrees with the closing, which was counted for itself."""
        return (
            self.opening + sum(self.moved.values()) == self.closing
            and self.opening_n + self.moved_n == self.closing_n
        )


def goods_on(day: date, agencies: Collection[str] | None = None) -> Iterator[Good]:
    """All goods in the books on a day, extra-comptable ones too. agencies: codes; None: of all."""
    for asset, nibar, ledger in _ledgers(day, agencies):
        state = events.fold(ledger, day)
        if state is not None and state.is_active and (agencies is None or state.agency in agencies):
            yield Good(asset=asset, nibar=nibar, state=state)


def moved(first: date, last: date, agencies: Collection[str] | None = None) -> Iterator[Moved]:
    """What events of a span moved, in and out, a line for each side."""
    for asset, nibar, ledger in _ledgers(last, agencies):
        stack: list[tuple[events.Event, events.State | None]] = []
        state: events.State | None = None
        for event in ledger:
            before, state = state, events.step(stack, state, event)
            if event.on >= first:
                for one in _sides(asset, nibar, event, before, state):
                    if agencies is None or one.agency in agencies:
                        yield one


def balances(
    first: date, last: date, agencies: Collection[str] | None = None
) -> dict[tuple[str, str], Balance]:
    """Per agency and card: opening the day before, what came in and went out, and the closing counted for itself."""
    found: dict[tuple[str, str], Balance] = {}
    for good in goods_on(date.fromordinal(first.toordinal() - 1), agencies):
        one = found.setdefault((good.state.agency, good.card), Balance())
        one.opening_n, one.opening = one.opening_n + 1, one.opening + good.state.value
    for step in moved(first, last, agencies):
        one = found.setdefault((step.agency, step.card), Balance())
        one.moved[step.what] += step.value
        one.moved_n += step.n
    for good in goods_on(last, agencies):
        one = found.setdefault((good.state.agency, good.card), Balance())
        one.closing_n, one.closing = one.closing_n + 1, one.closing + good.state.value
    return dict(sorted(found.items()))


def _sides(
    asset: UUID, nibar: str, event: events.Event, before: events.State | None, after: events.State | None
) -> Iterator[Moved]:
    old = before if before is not None and before.is_active else None
    new = after if after is not None and after.is_active else None
    had, has = _bucket(old), _bucket(new)
    if old is not None and new is not None and had == has:
        value = new.value - old.value
        if value:
            yield _moved(asset, nibar, new, event, _what(event, value, False), 0, value)
        return
    if old is not None:
        yield _moved(asset, nibar, old, event, _what(event, -1, True), -1, -old.value)
    if new is not None:
        yield _moved(asset, nibar, new, event, _what(event, 1, True), 1, new.value)


def _what(event: events.Event, sign: int, is_whole: bool) -> str:
    """Which column of the mutation an event belongs to."""
    if sign > 0:
        if event.kind in events.FIRST:
            return NEW
        if event.kind == "transfer":
            return RECEIVED
        return ADDED if event.kind == "capitalise" else OTHER_IN
    if event.kind == "transfer" and is_whole:
        return GIVEN
    return DISPOSED if event.kind == "dispose" else OTHER_OUT


def _moved(
    asset: UUID, nibar: str, state: events.State, event: events.Event, what: str, n: int, value: int
) -> Moved:
    good = Good(asset=asset, nibar=nibar, state=state)
    return Moved(good=good, agency=state.agency, card=good.card, event=event, what=what, n=n, value=value)


def _bucket(state: events.State | None) -> tuple[str, str]:
    return ("", "") if state is None else (state.agency, codes.card_of(state.goods_code))


def _ledgers(until: date, agencies: Collection[str] | None) -> Iterator[tuple[UUID, str, list[events.Event]]]:
    """The ledgers of goods that these agencies have or had, up to a day."""
    rows = Event.objects.filter(on__lte=until).select_related("asset").order_by("asset", "number")
    if agencies is not None:
        here = Event.objects.filter(agency__code__in=agencies, on__lte=until).values("asset")
        rows = rows.filter(asset__in=here)
    names = ("asset__nibar", "number", "kind", "on", "data", "amount", "accumulated", "reverses")
    plain = rows.only(*names).iterator(chunk_size=CHUNK)
    for asset, of_one in groupby(plain, key=lambda row: row.asset_id):
        ledger = list(of_one)
        yield asset, ledger[0].asset.nibar, events_of(ledger)
