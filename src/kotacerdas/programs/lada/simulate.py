"""An invented night of a car: it stands at the office, leaves at 01:10 for a house, stays, and comes back. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

Place = tuple[float, float]
JITTER = 0.00012  # degrees, some 13 m


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the night: so many minutes, from where it was to a place."""

    minutes: int
    to: Place


def night(office: Place, house: Place) -> tuple[Part, ...]:
    """From half past midnight: 40 minutes at the office, 12 on the way, 45 at the house, 12 back, 30 at the office."""
    return (Part(40, office), Part(12, house), Part(45, house), Part(12, office), Part(30, office))


def reported(
    start: Place, parts: tuple[Part, ...], *, every_s: int = 60, seed: int = 1
) -> Iterator[tuple[int, float, float]]:
    """Seconds since the beginning, latitude and longitude, every so many seconds, with the jitter of a device."""
    random, at, seconds = Random(seed), start, 0
    for part in parts:
        steps = max(1, part.minutes * 60 // every_s)
        for step in range(steps):
            lat, lng = (a + (b - a) * step / steps for a, b in zip(at, part.to, strict=True))
            yield seconds, round(lat + random.gauss(0, JITTER), 6), round(lng + random.gauss(0, JITTER), 6)
            seconds += every_s
        at = part.to
    yield seconds, *at
