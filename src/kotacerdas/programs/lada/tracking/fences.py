"""What a fence says of a track, pure: when a good was where it may not be, or moved when it may not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import takewhile

from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.programs.lada.tracking.trips import Travel

EDGE_M = 50.0  # a fix on the edge of a circle may jitter by so much
CALM = timedelta(hours=1)  # who comes back for less than this is still on the same way
OUTSIDE, MOVING = "outside", "moving"
Ring = tuple[tuple[float, float], ...]
IsWorkday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A fence in numbers. hours: minutes of the local day, past midnight where the end is before the beginning."""

    circle: tuple[float, float, float] | None
    areas: tuple[Ring, ...]
    hours: tuple[tuple[int, int], ...]
    dwell: timedelta
    zone: tzinfo
    is_workday: IsWorkday

    def holds(self, lat: float, lng: float) -> bool:
        """Whether a place lies within; everywhere does where neither circle nor area is drawn."""
        if self.circle is None and not self.areas:
            return True
        if self.circle is not None:
            middle_lat, middle_lng, radius = self.circle
            if distance_m(lat, lng, middle_lat, middle_lng) <= radius + EDGE_M:
                return True
        return any(within(ring, lat, lng) for ring in self.areas)

    def is_free(self, at: datetime) -> bool:
        """Whether it may be outside and move then; a night belongs to the working day on which it begins."""
        local = at.astimezone(self.zone)
        minute, today = local.hour * 60 + local.minute, local.date()
        yesterday = today - timedelta(days=1)
        for first, last in self.hours:
            if first < last:
                if first <= minute < last and self.is_workday(today):
                    return True
            elif (minute >= first and self.is_workday(today)) or (
                minute < last and self.is_workday(yesterday)
            ):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Breach:
    """It was where it may not be, or moved when it may not: from its first such spot to the first one that is well again.

    seen  its newest spot; until  None where no later spot says that it is over
    """

    cause: str
    first: Spot
    seen: Spot
    until: datetime | None


Judged = tuple[Spot, str]


def within(ring: Ring, lat: float, lng: float) -> bool:
    """Whether a place lies in a polygon, by the crossings of a ray; a regency is small enough for degrees."""
    inside = False
    for (a_lat, a_lng), (b_lat, b_lng) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        if (a_lat > lat) != (b_lat > lat) and lng < a_lng + (lat - a_lat) / (b_lat - a_lat) * (b_lng - a_lng):
            inside = not inside
    return inside


def judged(travel: Travel, rule: Rule) -> list[Judged]:
    """Each spot with what is wrong about it; "" for nothing.

    Who moves is asked as far as the fence; of whoever left it, and comes back, only where it is.
    """

    def inside(one: Spot) -> bool:
        return rule.holds(one.lat, one.lng)

    trips = travel.trips if rule.hours else []
    moving = {one.at for trip in trips for one in takewhile(inside, trip.spots)}
    found = []
    for one in travel.spots:
        cause = ""
        if not rule.is_free(one.at):
            if not inside(one):
                cause = OUTSIDE
            elif one.at in moving:
                cause = MOVING
        found.append((one, cause))
    return found


def breaches(found: Sequence[Judged], dwell: timedelta, now: datetime) -> list[Breach]:
    """What lasted for the dwell at least; those with less than CALM between them are one."""
    result: list[Breach] = []
    for one in _runs(found):
        if (one.until or now) - one.first.at < dwell:
            continue
        last = result[-1] if result else None
        if last is not None and last.until is not None and one.first.at - last.until < CALM:
            cause = OUTSIDE if OUTSIDE in (last.cause, one.cause) else MOVING
            result[-1] = Breach(cause, last.first, one.seen, one.until)
        else:
            result.append(one)
    return result


def due(found: Sequence[Judged], dwell: timedelta) -> datetime | None:
    """When time alone makes a breach of what is known: the newest spot is wrong, and nothing came after it."""
    runs = _runs(found)
    return runs[-1].first.at + dwell if runs and runs[-1].until is None else None


def _runs(found: Sequence[Judged]) -> list[Breach]:
    runs: list[Breach] = []
    for spot, cause in found:
        going = runs[-1] if runs and runs[-1].until is None else None
        if cause and going is not None:
            wider = OUTSIDE if OUTSIDE in (cause, going.cause) else MOVING
            runs[-1] = Breach(wider, going.first, spot, None)
        elif cause:
            runs.append(Breach(cause, spot, spot, None))
        elif going is not None:
            runs[-1] = Breach(going.cause, going.first, going.seen, spot.at)
    return runs
