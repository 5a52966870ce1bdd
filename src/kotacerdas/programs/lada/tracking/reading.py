"""Where a good was by its device, as far as that was bound to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from kotacerdas.foundation.parties.grants import Scope
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.models import Binding
from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.kernel import clock
from kotacerdas.programs.lada import events
from kotacerdas.programs.lada.actions.ledger import ledger_of
from kotacerdas.programs.lada.models import Asset

KIND = Binding.Kind.ASSET


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first and the last moment of a local day."""
    begin = datetime.combine(day, time.min, clock.local_zone())
    return begin, begin + timedelta(days=1) - timedelta(microseconds=1)


def days_read(asset: Asset, days: Iterable[date], scope: Scope) -> frozenset[date]:
    """Those of the days on which the good was with an agency within the scope: where it drove before a transfer
    only the agency that had it reads."""
    wanted, ledger = set(days), ledger_of(asset)
    had = {day: state.agency for day in wanted if (state := events.fold(ledger, day)) is not None}
    ids = dict(Agency.objects.filter(code__in=had.values()).values_list("code", "id"))
    return frozenset(day for day in wanted if day not in had or scope.covers([ids.get(had[day])]))


def positions(asset: Asset, since: datetime, until: datetime) -> list[Spot]:
    """The positions over a span, of each local day by the device that was bound then."""
    found: list[Spot] = []
    day, last = clock.local_day(since), clock.local_day(until)
    while day <= last:
        begin, end = bounds(day)
        streams = tracks.streams_of(KIND, asset.nibar, day)
        found += tracks.track(streams, max(begin, since), min(end, until))
        day += timedelta(days=1)
    return found
