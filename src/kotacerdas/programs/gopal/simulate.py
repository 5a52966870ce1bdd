"""An invented day of a truck with a level sensor: three tanks, a stop at a river where 665 litres go, the plant. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: so many minutes, from one place to another, while the level changes by so many litres."""

    minutes: int
    to: Place
    litres: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What the device reports: seconds since the beginning, position in degrees, litres on board."""

    seconds: int
    lat: float
    lng: float
    level: int


def dumping(garage: Place, tanks: Sequence[Place], river: Place, plant: Place) -> tuple[Part, ...]:
    """The story: 1,500, 1,200 and 1,085 litres by the sensor; 665 go at the river in nine minutes; the rest at the plant."""
    parts = []
    for place, litres in zip(tanks, (1500, 1200, 1085), strict=True):
        parts += [Part(25, place), Part(24, place, litres)]
    parts += [
        Part(15, river),
        Part(9, river, -665),
        Part(18, plant),
        Part(12, plant, -3120),
        Part(15, garage),
    ]
    return tuple(parts)


def reported(start: Place, parts: Sequence[Part], *, every_s: int = 60, seed: int = 1) -> Iterator[Told]:
    """What the device says every so many seconds, with a little noise on the level; the first word is at the start."""
    random, at, level, seconds = Random(seed), start, 0.0, 0
    yield Told(0, *at, 0)
    for part in parts:
        steps = max(1, part.minutes * 60 // every_s)
        before, full = at, level
        for step in range(1, steps + 1):
            share = step / steps
            lat = before[0] + (part.to[0] - before[0]) * share
            lng = before[1] + (part.to[1] - before[1]) * share
            level = full + part.litres * share
            noise = random.gauss(0, 4) if 0 < level < 3785 else 0
            yield Told(
                seconds + step * every_s,
                round(lat, 6),
                round(lng, 6),
                max(0, min(3785, round(level + noise))),
            )
        at, seconds = part.to, seconds + steps * every_s
