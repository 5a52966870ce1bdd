"""The balances of goods as a table shows them: price and depreciation so far on the last day of one and the same semester."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from kotacerdas.kernel import clock
from kotacerdas.programs.lada import events
from kotacerdas.programs.lada.actions.ledger import events_of
from kotacerdas.programs.lada.actions.periods import reckoned_in
from kotacerdas.programs.lada.depreciation import at, semester
from kotacerdas.programs.lada.models import Asset, Event


@dataclass(frozen=True, kw_only=True)
class Balance:
    """A good's value and its depreciation so far, in whole rupiah, at the end of a semester's last day."""

    day: date
    price: int
    accumulated: int


def balances_of(
    goods: Sequence[Asset], locked: Mapping[UUID, int] | None = None, until: date | None = None
) -> dict[UUID, Balance]:
    """The balance of each good: as it was locked, else as it was opened, else as the last semester that is over reckons it.

    A good of the semester that runs has the balance of that semester's end: it can be read in once that is over.

    locked, until   accumulated depreciation by good in the newest locked semester, and its last day
    """
    had = locked or {}
    changed = _ledgers([one.id for one in goods if one.last_number > 1])
    found: dict[UUID, Balance] = {}
    for one in goods:
        day = until if one.id in had else _day(one.opened_on)
        if day is None or (until is not None and day < until):
            continue
        ledger = changed.get(one.id, [])
        state = events.fold(ledger, day) or events.fold(ledger[:1])
        price, brought = (one.value, one.accumulated) if state is None else (state.value, state.accumulated)
        found[one.id] = Balance(day=day, price=price, accumulated=had.get(one.id, brought))
    return found | _reckoned([one for one in goods if one.id not in found])


def _day(opened_on: date | None) -> date | None:
    """The day of the balance with which a good was opened, a semester's last; None where it was opened within one.

    What was read in after the books were locked entered them the day after (`importing.booked_on`).
    """
    if opened_on is None:
        return None
    day = opened_on - timedelta(days=1) if opened_on == semester(opened_on).first else opened_on
    return day if day == semester(day).last else None


def _reckoned(goods: Sequence[Asset]) -> dict[UUID, Balance]:
    running = semester(clock.today())
    found: dict[UUID, Balance] = {}
    for one in (at(running.place - 1), running):
        if missing := [good.id for good in goods if good.id not in found]:
            for reckoned in reckoned_in(one, missing):
                figure = reckoned.figure
                found[reckoned.asset] = Balance(
                    day=one.last, price=figure.value, accumulated=figure.accumulated
                )
    return found


def _ledgers(goods: Sequence[UUID]) -> dict[UUID, list[events.Event]]:
    if not goods:
        return {}
    rows = Event.objects.filter(asset__in=goods).order_by("asset_id", "number")
    return {asset: events_of(list(own)) for asset, own in groupby(rows, key=lambda row: row.asset_id)}
