"""What a truck's own devices say: its level in litres, and when the level fell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kotacerdas.foundation.dispatch.models import Unit
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.models import Binding

LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Reading:
    """The litres in a truck's tank at a moment."""

    at: datetime
    litres: float


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
    """The datastream of a quantity of the device that is bound to a unit, by its asset number, on a day; none: []."""
    return tracks.streams_of(Binding.Kind.UNIT, unit.asset_number, day, code)


def readings(streams: Sequence[int], since: datetime, until: datetime) -> list[Reading]:
    """The level over a span, oldest first; both ends count."""
    return [Reading(at, value) for at, value, _second in tracks.readings(streams, since, until)]


def smoothed(found: Sequence[Reading]) -> list[Reading]:
    """Each reading as the median of five, so that one or two wrong ones say nothing; without the first and last two."""
    return [
        Reading(found[index].at, sorted(one.litres for one in found[index - 2 : index + 3])[2])
        for index in range(2, len(found) - 2)
    ]


def peak(found: Sequence[Reading]) -> int | None:
    """The most that a truck carried, in litres; None where nothing was measured."""
    most = max((one.litres for one in smoothed(found) or found), default=None)
    return None if most is None else max(0, round(most))


def falls(found: Sequence[Reading], *, litres: int, within: timedelta) -> list[Fall]:
    """Where the level fell by more than so many litres within so long; each fall once, from its edge to its foot.

    A quarter of the litres is noise. A fall is over when the level rises again, or stays for a third of the time.
    """
    found = smoothed(found)
    noise, calm, result = litres / 4, within / 3, list[Fall]()
    high = found[0].litres if found else 0.0
    edge = foot = 0
    for index, one in enumerate(found):
        if one.litres >= high - noise:
            high, edge, foot = max(high, one.litres), index, index
            continue
        if one.litres < found[foot].litres - noise / 5:
            foot = index
        elif one.litres > found[foot].litres + noise or one.at - found[foot].at > calm:
            result += _fall(found, edge, foot, litres, within)
            high, edge, foot = one.litres, index, index
    return result + _fall(found, edge, foot, litres, within)


def _fall(found: Sequence[Reading], edge: int, foot: int, litres: int, within: timedelta) -> list[Fall]:
    """The fall from an edge to a foot; none where no part of it is steep enough."""
    run = found[edge : foot + 1]
    if not _is_steep(run, litres, within):
        return []
    level = [one.litres for one in found[: edge + 1] if run[0].at - one.at <= within / 5]
    return [Fall(run[0].at, run[-1].at, round(max(level)), round(run[-1].litres))]


def _is_steep(run: Sequence[Reading], litres: int, within: timedelta) -> bool:
    begin = 0
    for one in run:
        while one.at - run[begin].at > within:
            begin += 1
        if run[begin].litres - one.litres > litres:
            return True
    return False
