"""Where names and the discs of overdue cases stand on the wall's map: by their figure, and on no other one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kotacerdas.foundation.ui.shapes import Choropleth

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
_LETTER = 0.6  # of the size of the type, a generous mean
_BOLD = 0.72  # the same of the widest bold type, for what must not be cut
_BESIDE = (  # right and down of the figure's base, in sizes of the type: the first choices lie nearest
    *((1.0, -1.0), (-1.0, -1.0), (1.35, -0.35), (-1.35, -0.35), (0.0, -1.7)),
    *((1.2, 0.6), (-1.2, 0.6), (0.0, 1.1), (1.8, -1.2), (-1.8, -1.2)),
)
_BENEATH = (  # likewise for a name: under its figure, moved aside, over it, or a line lower
    *((aside, 1.0) for step in (0.0, 0.4, 0.8, 1.2, 1.6, 2.4) for aside in (step, -step)),
    *((aside, -1.1) for step in (0.0, 0.8, 1.6) for aside in (step, -step)),
    *((aside, 1.9) for step in (0.0, 1.6) for aside in (step, -step)),
)


@dataclass(frozen=True, kw_only=True)
class Name:
    """The words of a region, centred over a point of the map's base line."""

    at: Point
    words: str


@dataclass(frozen=True, kw_only=True)
class Disc:
    """A count at a point of the map."""

    at: Point
    count: int


def names(shape: Choropleth) -> list[Name]:
    """The small words of each region that has some, where they cover least of the figures and of each other."""
    room = shape.label_size / 5
    occupied = [
        (left - room, top - room, right + room, bottom) for left, top, right, bottom in _figures(shape)
    ]
    found = []
    for region in shape.regions:
        if region.at and region.small:
            words = str(region.small)
            places = [_inside(shape, at, words) for at in _places(region.at, shape.label_size, _BENEATH)]
            at, box = _freest([(at, _line(*at, words, shape.small_size)) for at in places], occupied)
            occupied.append(box)
            found.append(Name(at=at, words=words))
    return found


def discs(shape: Choropleth) -> list[Disc]:
    """A disc for each region that counts something, where it covers least of what is written."""
    occupied = [*_figures(shape), *(_line(*one.at, one.words, shape.small_size) for one in names(shape))]
    found = []
    for region in shape.regions:
        if region.at and region.count:
            places = _places(region.at, shape.label_size, _BESIDE)
            at, box = _freest([(at, _around(at, shape.count_size)) for at in places], occupied)
            occupied.append(box)
            found.append(Disc(at=at, count=region.count))
    return found


def _places(base: Point, size: float, steps: Sequence[Point]) -> list[Point]:
    return [(base[0] + right * size, base[1] + down * size) for right, down in steps]


def _inside(shape: Choropleth, at: Point, words: str) -> Point:
    """The same place, moved aside where the words would leave the map."""
    left, _top, wide, _high = shape.box
    half = len(words) * _BOLD * shape.small_size / 2
    return max(left + half, min(at[0], left + wide - half)), at[1]


def _freest(places: Sequence[tuple[Point, Box]], occupied: Sequence[Box]) -> tuple[Point, Box]:
    """The first of the places whose box shares least with those that are taken."""
    return min(places, key=lambda place: sum(_shared(place[1], box) for box in occupied))


def _figures(shape: Choropleth) -> Iterator[Box]:
    return (_line(*one.at, str(one.label), shape.label_size) for one in shape.regions if one.at)


def _line(middle: float, base: float, words: str, size: float) -> Box:
    half = len(words) * _LETTER * size / 2
    return middle - half, base - 0.8 * size, middle + half, base + 0.25 * size


def _around(at: Point, radius: float) -> Box:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def _shared(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)
