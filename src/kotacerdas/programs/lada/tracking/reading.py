"""Where a good was by its device, as far as that was bound to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from kotacerdas.foundation.parties.grants import Scope
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.models import Binding
from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.kernel import clock
from kotacerdas.programs.lada import events
from kotacerdas.programs.lada.actions.ledger import events_of
from kotacerdas.programs.lada.models import Asset, Event

KIND = Binding.Kind.ASSET


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first and the last moment of a local day."""
    begin = datetime.combine(day, time.min, clock.local_zone())
    return begin, begin + timedelta(days=1) - timedelta(microseconds=1)


def read_from(asset: Asset, scope: Scope) -> datetime | None:
    """From when on somebody reads where a good was; None: always.

    Where it drove while an agency outside their scope had it they do not read: they begin when the transfer was
    written, whatever day it names.
    """
    rows = list(asset.events.all())
    ids = dict(Agency.objects.filter(id__in={one.agency_id for one in rows}).values_list("code", "id"))
    stack: list[tuple[events.Event, events.State | None]] = []
    state, begin = None, None
    for row, event in zip(rows, events_of(rows), strict=True):
        before = state.agency if state is not None else ""
        state = events.step(stack, state, event)
        if before and (state is None or state.agency != before) and not scope.covers([ids.get(before)]):
            begin = row.recorded_at
    return begin


def read_from_of(goods: Iterable[Asset], scope: Scope) -> dict[UUID, datetime]:
    """The same of several goods; only of those of which not all is read."""
    if scope.everywhere:
        return {}
    moved = Event.objects.filter(asset__in=list(goods), kind="transfer").values("asset")
    found = {one.id: read_from(one, scope) for one in Asset.objects.filter(id__in=moved)}
    return {asset: begin for asset, begin in found.items() if begin is not None}


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
