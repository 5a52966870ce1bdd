"""Travel times and distances between places, behind a port: by great circle, by a road network (`osrm`), as recorded."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Protocol

from kotacerdas.foundation.dispatch.declarations import Matrix, Place

EARTH_METRES = 6_371_008.8  # mean radius (IUGG)


class Travel(Protocol):
    """Answers how far places are from one another. That a place lies in the area is the caller's to check."""

    def matrix(self, places: Sequence[Place]) -> Matrix:
        """Seconds and metres from each place to each; each place stands once."""
        ...


class GreatCircle:
    """The great circle, made longer by a detour, driven at one speed. Needs nobody.

    detour_percent  a road's length of the great circle's; speed_kmh: with halts at crossings
    """

    def __init__(self, *, detour_percent: int = 130, speed_kmh: int = 30) -> None:
        if detour_percent < 100 or speed_kmh < 1:
            raise ValueError("a road is not shorter than the great circle, and a speed is positive")
        self.detour_percent, self.speed_kmh = detour_percent, speed_kmh

    def matrix(self, places: Sequence[Place]) -> Matrix:
        """Both rounded up, so that a plan is never a second too early."""
        known = tuple(dict.fromkeys(places))
        metres = tuple(tuple(self.metres(start, end) for end in known) for start in known)
        seconds = tuple(tuple(self.seconds(length) for length in row) for row in metres)
        return Matrix(places=known, seconds=seconds, metres=metres, source="great_circle")

    def metres(self, start: Place, end: Place) -> int:
        """Metres by road between two places, by estimate."""
        return ceil(great_circle_metres(start, end) * self.detour_percent / 100)

    def seconds(self, metres: int) -> int:
        """Seconds for so many metres by road."""
        return ceil(metres * 3.6 / self.speed_kmh)


class Recorded:
    """A matrix that somebody made before, for tests and benchmarks. Keeps what it was asked. KeyError for a strange place."""

    def __init__(self, matrix: Matrix) -> None:
        self.recorded = matrix
        self.asked: list[tuple[Place, ...]] = []

    def matrix(self, places: Sequence[Place]) -> Matrix:
        known = tuple(dict.fromkeys(places))
        self.asked.append(known)
        index = self.recorded.index()
        rows = [index[place] for place in known]
        return Matrix(
            places=known,
            seconds=tuple(tuple(self.recorded.seconds[i][j] for j in rows) for i in rows),
            metres=tuple(tuple(self.recorded.metres[i][j] for j in rows) for i in rows),
            source="recorded",
        )


def great_circle_metres(start: Place, end: Place) -> float:
    """Metres along the great circle (haversine)."""
    if start == end:
        return 0.0
    lat1, lat2 = radians(start.lat), radians(end.lat)
    half_lat, half_lng = (lat2 - lat1) / 2, radians(end.lng - start.lng) / 2
    chord = sin(half_lat) ** 2 + cos(lat1) * cos(lat2) * sin(half_lng) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(chord)))
