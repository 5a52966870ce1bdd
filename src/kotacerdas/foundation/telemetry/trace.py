"""A track on a map of the villages it went through, drawn to its extent: points of an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kotacerdas.foundation.telemetry.tracks import GAP, Spot, parts
from kotacerdas.foundation.territory.cells import Frame, cells
from kotacerdas.foundation.territory.geometry import land
from kotacerdas.foundation.territory.index import Index, index
from kotacerdas.foundation.territory.models import Area

if TYPE_CHECKING:
    import shapely

WIDTH, HEIGHT = 360, 320
_LEAST_M, _MOST_POINTS, _NAMES = 2_000.0, 500, 8
_WIDE_M = 30_000.0  # a wider map shows districts: its villages would be too small
_ROOM = 1.25


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign on the map: a few words at a place, and its look."""

    x: float
    y: float
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class TraceMap:
    """Everything the template draws, in units of the frame. ways: the parts of the track between its gaps; rings: polygons."""

    villages: tuple[str, ...]
    names: tuple[tuple[float, float, str], ...]
    ways: tuple[str, ...]
    rings: tuple[str, ...]
    signs: tuple[Sign, ...]
    count: int
    width: int = WIDTH
    height: int = HEIGHT


def trace_map(
    spots: Sequence[Spot],
    signs: Sequence[tuple[float, float, str, str]] = (),
    *,
    rings: Sequence[Sequence[tuple[float, float]]] = (),
    gap: timedelta = GAP,
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> TraceMap | None:
    """The map of a way, its signs (latitude, longitude, words, look) and polygons; None before a pack is loaded or without any."""
    known, (width, height) = index(), size
    places = [(one.lat, one.lng) for one in spots] + [(lat, lng) for lat, lng, _words, _look in signs]
    places += [place for ring in rings for place in ring]
    if not known.villages or not places:
        return None
    window, across = _window([known.plane.flat(lat, lng) for lat, lng in places], width, height)
    frame = Frame.fitting(known.plane, window, width, height, margin=0)
    is_wide = across > _WIDE_M
    drawn = tuple(Sign(*frame.project(lat, lng), words, look) for lat, lng, words, look in signs)
    step = max(1, len(spots) // _MOST_POINTS)
    return TraceMap(
        villages=tuple(_areas(known, window, frame, is_wide)),
        names=tuple(_names(known.districts if is_wide else known.villages, frame, drawn, size)),
        ways=tuple(_points(frame, [*one[::step], one[-1]]) for one in parts(spots, gap)),
        rings=tuple(" ".join("{},{}".format(*frame.project(*place)) for place in ring) for ring in rings),
        signs=drawn,
        count=len(spots),
        width=width,
        height=height,
    )


def _window(flat: Sequence[tuple[float, float]], width: int, height: int) -> tuple[shapely.Polygon, float]:
    """What the map shows, on the plane in metres, in the shape of the frame; and how wide that is."""
    import shapely

    west, east = min(x for x, _y in flat), max(x for x, _y in flat)
    south, north = min(y for _x, y in flat), max(y for _x, y in flat)
    across = max(east - west, (north - south) * width / height, _LEAST_M) * _ROOM
    x, y, up = (west + east) / 2, (south + north) / 2, across * height / width
    return shapely.box(x - across / 2, y - up / 2, x + across / 2, y + up / 2), across


def _points(frame: Frame, spots: Sequence[Spot]) -> str:
    """The points of a polyline."""
    return " ".join("{},{}".format(*frame.project(one.lat, one.lng)) for one in spots)


def _areas(known: Index, window: shapely.Polygon, frame: Frame, is_wide: bool) -> list[str]:
    import shapely

    shapes = cells(known).districts if is_wide else cells(known).villages
    seen = (land(shapely.intersection(cell, window)) for cell in shapes.values())
    return [path for shape in seen if not shape.is_empty and (path := frame.path(shape))]


def _names(
    areas: Sequence[Area], frame: Frame, signs: Sequence[Sign], size: tuple[int, int]
) -> list[tuple[float, float, str]]:
    """Names of some areas, where they lie on nothing."""
    width, height = size
    placed = [(one.x, one.y, 14.0) for one in signs]
    found: list[tuple[float, float, str]] = []
    for area in areas:
        if area.point is None:
            continue
        x, y = frame.project(*area.point)
        half = len(area.name) * 3.3
        if not (half < x < width - half and 14 < y < height - 10) or len(found) >= _NAMES * width // WIDTH:
            continue
        if all(abs(x - other) > half + wide + 6 or abs(y - down) > 18 for other, down, wide in placed):
            placed.append((x, y, half))
            found.append((x, y, area.name))
    return found
