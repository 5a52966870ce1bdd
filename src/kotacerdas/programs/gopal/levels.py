"""What a truck's own devices say: its level in litres, where it was, and when the level fell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q

from kotacerdas.foundation.dispatch.models import Unit
from kotacerdas.foundation.telemetry.models import Binding, Datastream

LEVEL, POSITION = "level", "position"
_READ = "SELECT at, value, value2 FROM telemetry_observation WHERE stream = ANY(%s) AND at >= %s AND at <= %s ORDER BY at"


@dataclass(frozen=True, slots=True)
class Reading:
    """The litres in a truck's tank at a moment."""

    at: datetime
    litres: float


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a truck was at a moment, in degrees."""

    at: datetime
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Fall:
    """The level fell: from when to when, and from how many litres to how many."""

    since: datetime
    until: datetime
    before: int
    after: int

    @property
    def litres(self) -> int:
        return self.before - self.after

    @property
    def minutes(self) -> int:
        return max(1, round((self.until - self.since).total_seconds() / 60))


def streams_of(unit: Unit, day: date, code: str) -> list[int]:
    """The datastreams of a quantity of the devices that are bound to a unit, by its asset number, on a day."""
    bound = Binding.objects.filter(
        Q(until=None) | Q(until__gte=day), kind=Binding.Kind.UNIT, subject=unit.asset_number, since__lte=day
    )
    found = Datastream.objects.filter(device__bindings__in=bound, device__is_active=True, code=code)
    return list(found.distinct().values_list("id", flat=True))


def readings(streams: Sequence[int], since: datetime, until: datetime) -> list[Reading]:
    """The level over a span, oldest first; both ends count."""
    return [Reading(at, value) for at, value, _second in _rows(streams, since, until)]


def track(streams: Sequence[int], since: datetime, until: datetime) -> list[Spot]:
    """The positions over a span, oldest first."""
    return [Spot(at, lat, lng) for at, lat, lng in _rows(streams, since, until) if lng is not None]


def peak(found: Iterable[Reading]) -> int | None:
    """The most that a truck carried, in litres; None where nothing was measured."""
    most = max((one.litres for one in found), default=None)
    return None if most is None else max(0, round(most))


def falls(found: Sequence[Reading], *, litres: int, within: timedelta) -> list[Fall]:
    """Where the level fell by more than so many litres within so long; each fall once, from its edge to its foot.

    A reading lies in a fall where so much more was in the tank within that time before it.
    """
    result, group, begin = [], list[int](), 0
    for index, one in enumerate(found):
        while one.at - found[begin].at > within:
            begin += 1
        if max(each.litres for each in found[begin : index + 1]) - one.litres <= litres:
            continue
        if group and one.at - found[group[-1]].at > within:
            result.append(_fall(found, group, litres, within))
            group = []
        group.append(index)
    return [*result, _fall(found, group, litres, within)] if group else result


def _fall(found: Sequence[Reading], group: Sequence[int], litres: int, within: timedelta) -> Fall:
    """The fall round the readings that lie in it: its edge is the last reading near the top, its foot the first near the bottom."""
    first, noise = group[0], litres / 10
    while first > 0 and found[group[0]].at - found[first - 1].at <= within:
        first -= 1
    span = found[first : group[-1] + 1]
    foot_l = min(found[index].litres for index in group)
    foot = next(n for n in range(group[0] - first, len(span)) if span[n].litres <= foot_l + noise)
    top = max(one.litres for one in span[: foot + 1])
    edge = next(n for n in range(foot, -1, -1) if span[n].litres >= top - noise)
    return Fall(span[edge].at, span[foot].at, round(span[edge].litres), round(span[foot].litres))


def _rows(
    streams: Sequence[int], since: datetime, until: datetime
) -> list[tuple[datetime, float, float | None]]:
    if not streams:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(streams), since, until])
        return list(cursor.fetchall())
