"""Where the discs of overdue cases stand on the wall's map: beside their figure, on no name and no other figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kotacerdas.foundation.pieces.shapes import Choropleth, Region

Box = tuple[float, float, float, float]  # left, top, right, bottom
_LETTER = 0.6  # of the size of the type, a generous mean
_BESIDE = (  # right and down of the figure's base, in sizes of the type: the first choices lie nearest
    *((1.0, -1.0), (-1.0, -1.0), (1.35, -0.35), (-1.35, -0.35), (0.0, -1.7)),
    *((1.2, 0.6), (-1.2, 0.6), (0.0, 1.1), (1.8, -1.2), (-1.8, -1.2)),
)


@dataclass(frozen=True, kw_only=True)
class Disc:
    """A count at a point of the map."""

    at: tuple[float, float]
    count: int


def discs(shape: Choropleth) -> list[Disc]:
    """A disc for each region that counts something, where it covers least of what is written."""
    taken = [box for region in shape.regions for box in _written(region, shape)]
    found = []
    for region in shape.regions:
        if region.at and region.count:
            at = _freest(region.at, shape, taken)
            taken.append(_around(at, shape.count_size))
            found.append(Disc(at=at, count=region.count))
    return found


def _freest(words_at: tuple[float, float], shape: Choropleth, taken: Sequence[Box]) -> tuple[float, float]:
    size = shape.label_size
    places = [(words_at[0] + right * size, words_at[1] + down * size) for right, down in _BESIDE]
    return min(places, key=lambda at: sum(_shared(_around(at, shape.count_size), box) for box in taken))


def _written(region: Region, shape: Choropleth) -> Iterator[Box]:
    """The boxes of a region's figure and of the name under it."""
    if region.at is None:
        return
    across, base = region.at
    yield _line(across, base, str(region.label), shape.label_size)
    if region.small:
        yield _line(across, base + 1.2 * shape.small_size, str(region.small), shape.small_size)


def _line(middle: float, base: float, words: str, size: float) -> Box:
    half = len(words) * _LETTER * size / 2
    return middle - half, base - 0.8 * size, middle + half, base + 0.25 * size


def _around(at: tuple[float, float], radius: float) -> Box:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def _shared(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)
