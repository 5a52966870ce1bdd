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

if TYPE_CHECKING:
    import shapely

WIDTH, HEIGHT = 360, 320
_LEAST_M, _MOST_POINTS, _NAMES = 2_000.0, 500, 8


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign on the map: a few words at a place, and its look."""

    x: float
    y: float
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class TraceMap:
    """Everything the template draws, in units of the frame. ways: the parts of the track between its gaps."""

    villages: tuple[str, ...]
    names: tuple[tuple[float, float, str], ...]
    ways: tuple[str, ...]
    signs: tuple[Sign, ...]
    count: int
    width: int = WIDTH
    height: int = HEIGHT


def trace_map(
    spots: Sequence[Spot], signs: Sequence[tuple[float, float, str, str]], *, gap: timedelta = GAP
) -> TraceMap | None:
    """The map of a way and its signs (latitude, longitude, words, look); None before a pack is loaded or without any."""
    import shapely

    known = index()
    places = [(one.lat, one.lng) for one in spots] + [(lat, lng) for lat, lng, _words, _look in signs]
    if not known.villages or not places:
        return None
    flat = [known.plane.flat(lat, lng) for lat, lng in places]
    west, east = min(x for x, _y in flat), max(x for x, _y in flat)
    south, north = min(y for _x, y in flat), max(y for _x, y in flat)
    across = max(east - west, (north - south) * WIDTH / HEIGHT, _LEAST_M) * 1.25
    middle, up = ((west + east) / 2, (south + north) / 2), across * HEIGHT / WIDTH
    window = shapely.box(
        middle[0] - across / 2, middle[1] - up / 2, middle[0] + across / 2, middle[1] + up / 2
    )
    frame = Frame.fitting(known.plane, window, WIDTH, HEIGHT, margin=0)
    step = max(1, len(spots) // _MOST_POINTS)
    drawn = tuple(Sign(*frame.project(lat, lng), words, look) for lat, lng, words, look in signs)
    return TraceMap(
        villages=tuple(_villages(known, window, frame)),
        names=tuple(_names(known, frame, drawn)),
        ways=tuple(_points(frame, [*one[::step], one[-1]]) for one in parts(spots, gap)),
        signs=drawn,
        count=len(spots),
    )


def _points(frame: Frame, spots: Sequence[Spot]) -> str:
    """The points of a polyline."""
    return " ".join("{},{}".format(*frame.project(one.lat, one.lng)) for one in spots)


def _villages(known: Index, window: shapely.Polygon, frame: Frame) -> list[str]:
    import shapely

    seen = (land(shapely.intersection(cell, window)) for cell in cells(known).villages.values())
    return [path for shape in seen if not shape.is_empty and (path := frame.path(shape))]


def _names(known: Index, frame: Frame, signs: Sequence[Sign]) -> list[tuple[float, float, str]]:
    """Names of some villages, where they lie on nothing."""
    placed = [(one.x, one.y, 14.0) for one in signs]
    found: list[tuple[float, float, str]] = []
    for area in known.villages:
        x, y = frame.project(area.lat, area.lng)
        half = len(area.name) * 3.3
        if not (half < x < WIDTH - half and 14 < y < HEIGHT - 10) or len(found) >= _NAMES:
            continue
        if all(abs(x - other) > half + wide + 6 or abs(y - down) > 18 for other, down, wide in placed):
            placed.append((x, y, half))
            found.append((x, y, area.name))
    return found
