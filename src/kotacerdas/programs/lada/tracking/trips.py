"""Trips and stops of a track, pure. Whatever a device says, what cannot be is left out and counted.

A spot is left out where it is no position on earth, where another has the same moment, or where nothing could have come
there in that time. What is said from such a place for PROOF on end is believed: it was brought there, or it lied before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite
from statistics import median
from typing import Literal

from kotacerdas.foundation.telemetry.tracks import GAP, Spot
from kotacerdas.foundation.territory.geometry import distance_m

FASTEST = 45.0  # metres a second (162 km/h); a fix may besides be off by SLACK_M
SLACK_M = 100.0
PROOF = timedelta(minutes=10)
STANDING_M = 100.0  # who stays within it stands: a fix that jitters goes nowhere
STANDING = timedelta(minutes=5)
CREEPING_M = 30.0  # whose first half lies so far from its second does not stand, it creeps
STEP_M = 30.0  # a way is measured in steps of this length at least, or its jitter would be counted
SHORTEST_M = 200.0  # a move that never went farther from where it stood is jitter
_SAMPLE = 99  # so many of its spots tell where a stop was
Kind = Literal["stop", "trip", "gap"]


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of a track: it stood, it went, or nobody knows. Of a gap the metres are the straight line, the least there was."""

    kind: Kind
    spots: tuple[Spot, ...]
    metres: float = 0.0

    @property
    def since(self) -> datetime:
        return self.spots[0].at

    @property
    def until(self) -> datetime:
        return self.spots[-1].at

    @property
    def lasted(self) -> timedelta:
        return self.until - self.since

    @property
    def place(self) -> tuple[float, float]:
        """The middle of a stop; of others where it ended."""
        if self.kind == "stop":
            return _middle(self.spots)
        return self.spots[-1].lat, self.spots[-1].lng


@dataclass(frozen=True, slots=True)
class Travel:
    """A track told: its legs in order, the spots that were believed, and how many were not."""

    legs: tuple[Leg, ...]
    spots: tuple[Spot, ...]
    left_out: int

    @property
    def trips(self) -> list[Leg]:
        return [one for one in self.legs if one.kind == "trip"]

    @property
    def stops(self) -> list[Leg]:
        return [one for one in self.legs if one.kind == "stop"]

    @property
    def metres(self) -> float:
        """Metres of all trips, and of gaps the least that there was."""
        return sum(one.metres for one in self.legs)


def told(spots: Iterable[Spot]) -> Travel:
    """The trips and stops of a track, in whatever order it came."""
    given = list(spots)
    kept = believed(given)
    legs = _reaching(_joined(_legs(kept)))
    return Travel(tuple(legs), tuple(kept), len(given) - len(kept))


def believed(spots: Iterable[Spot]) -> list[Spot]:
    """The spots of a track that can be, in the order of their times."""
    kept: list[Spot] = []
    doubted: list[Spot] = []
    for one in _in_order(spots):
        if not kept or _reaches(kept[-1], one):
            kept.append(one)
            doubted = []
        elif len(kept) > 1 and not doubted and _reaches(kept[-2], one):
            kept[-1] = one  # the one before was the jump
        else:
            doubted = [*doubted, one] if doubted and _reaches(doubted[-1], one) else [one]
            if one.at - doubted[0].at >= PROOF:
                kept = [*kept[: _lasting(kept)], *doubted]
                doubted = []
    return _without_spikes(kept)


def _without_spikes(kept: Sequence[Spot]) -> list[Spot]:
    """One spot away from two that are at one place and follow one another closely is a jump, however fast it could be."""
    return [
        one
        for index, one in enumerate(kept)
        if not 0 < index < len(kept) - 1
        or kept[index + 1].at - kept[index - 1].at > STANDING
        or _apart(kept[index - 1], kept[index + 1]) > STANDING_M
        or _apart(kept[index - 1], one) <= SHORTEST_M
    ]


def _in_order(spots: Iterable[Spot]) -> list[Spot]:
    """Positions on earth by their time, the first of each moment. 0, 0 is what a device without a fix says."""
    found: dict[datetime, Spot] = {}
    for one in spots:
        is_real = isfinite(one.lat) and isfinite(one.lng) and abs(one.lat) <= 90 and abs(one.lng) <= 180
        if is_real and (abs(one.lat) > 1e-6 or abs(one.lng) > 1e-6):
            found.setdefault(one.at, one)
    return sorted(found.values(), key=lambda one: one.at)


def _lasting(kept: Sequence[Spot]) -> int:
    """How many of the spots stay when a far place is proven: what is shorter than the proof at the very beginning goes."""
    return 0 if kept[-1].at - kept[0].at < PROOF else len(kept)


def _reaches(a: Spot, b: Spot) -> bool:
    return _apart(a, b) <= SLACK_M + FASTEST * (b.at - a.at).total_seconds()


def _apart(a: Spot, b: Spot) -> float:
    return distance_m(a.lat, a.lng, b.lat, b.lng)


def _legs(spots: Sequence[Spot]) -> list[Leg]:
    """Stops wherever it stayed near for long enough; between them trips, broken by silences."""
    legs: list[Leg] = []
    way: list[Spot] = []
    index = 0
    while index < len(spots):
        end = _stays(spots, index)
        run = spots[index : end + 1]
        is_short = run[-1].at - run[0].at < STANDING
        if is_short or _creeps(run):
            step = 1 if is_short else len(run) // 2
            way += run[:step]
            index += step
            continue
        legs += _ways([*way, run[0]])
        legs.append(Leg("stop", tuple(run)))
        way, index = [run[-1]], end + 1
        if index == len(spots):
            return legs
    return legs + _ways(way)


def _creeps(run: Sequence[Spot]) -> bool:
    """Whether it goes on slowly: where it stood, jitter leaves the middle where it is."""
    half = (len(run) + 1) // 2
    return distance_m(*_middle(run[:half]), *_middle(run[half:])) > CREEPING_M


def _middle(spots: Sequence[Spot]) -> tuple[float, float]:
    some = spots[:: max(1, len(spots) // _SAMPLE)]
    return median(one.lat for one in some), median(one.lng for one in some)


def _stays(spots: Sequence[Spot], index: int) -> int:
    """The last spot of those after this one that lie near it without a break."""
    end = index
    while end + 1 < len(spots) and _apart(spots[index], spots[end + 1]) <= STANDING_M:
        end += 1
    return end


def _ways(way: Sequence[Spot]) -> list[Leg]:
    """A way as trips, and the silences between as gaps."""
    legs: list[Leg] = []
    run: list[Spot] = list(way[:1])
    for one in way[1:]:
        if one.at - run[-1].at > GAP or not _reaches(run[-1], one):
            legs += _trip(run)
            legs.append(Leg("gap", (run[-1], one), _apart(run[-1], one) if _reaches(run[-1], one) else 0.0))
            run = [one]
        else:
            run.append(one)
    return legs + _trip(run)


def _trip(run: Sequence[Spot]) -> list[Leg]:
    return [Leg("trip", tuple(run), _length_m(run))] if len(run) > 1 else []


def _length_m(run: Sequence[Spot]) -> float:
    """The metres of a way, in steps of STEP_M at least."""
    metres, last = 0.0, run[0]
    for one in run:
        step = _apart(last, one)
        if step >= STEP_M:
            metres, last = metres + step, one
    return metres + _apart(last, run[-1])


def _joined(legs: Sequence[Leg]) -> list[Leg]:
    """Stops at one place with nothing but jitter between them are one; a trip that goes nowhere is none."""
    found: list[Leg] = []
    grown: dict[int, list[Spot]] = {}  # a stop by its index, with all its spots
    for one in legs:
        index = _same_stop(found, one) if one.kind == "stop" else None
        if index is not None:
            grown[index] += [spot for leg in found[index + 1 :] for spot in leg.spots[1:-1]] + [*one.spots]
            del found[index + 1 :]
            continue
        if one.kind == "stop":
            grown[len(found)] = list(one.spots)
        found.append(one)
    whole = [replace(one, spots=tuple(grown.get(n, one.spots))) for n, one in enumerate(found)]
    return [one for one in whole if one.kind != "trip" or _farthest(one) > STANDING_M]


def _same_stop(found: Sequence[Leg], one: Leg) -> int | None:
    """The index of the stop that another goes on: what lies between never went far from it."""
    index = len(found) - (2 if found and found[-1].kind == "trip" else 1)
    if index < 0 or found[index].kind != "stop":
        return None
    place = found[index].place
    spots = (spot for leg in (*found[index + 1 :], one) for spot in leg.spots)
    return index if all(distance_m(*place, spot.lat, spot.lng) <= SHORTEST_M for spot in spots) else None


def _reaching(legs: Sequence[Leg]) -> list[Leg]:
    """Trips counted from the middle of the stop before to the middle of the stop after: their first metres lie within it.

    A stop that follows another without a trip between, as of what creeps from place to place, has the metres between.
    """
    found = []
    for before, one, after in zip((None, *legs), legs, (*legs[1:], None), strict=False):
        more = 0.0
        if before is not None and before.kind == "stop" and one.kind != "gap":
            to = one.place if one.kind == "stop" else (one.spots[0].lat, one.spots[0].lng)
            more += distance_m(*before.place, *to)
        if one.kind == "trip" and after is not None and after.kind == "stop":
            more += distance_m(*one.place, *after.place)
        found.append(replace(one, metres=one.metres + more))
    return found


def _farthest(leg: Leg) -> float:
    return max(_apart(leg.spots[0], one) for one in leg.spots)
