"""Maps without boundaries: cells round the villages' reference points, drawn as SVG paths.

A cell holds what is nearer to its village's point than to any other; the outline is a buffered hull of all
points. Both are indicative and are never used to state in which village a position lies. Districts are
unions of their villages' cells. Everything is kept until an area changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, sin, sqrt
from typing import NamedTuple

import structlog

from kotacerdas.foundation.territory.geometry import Land, Plane, land
from kotacerdas.foundation.territory.index import Index, index
from kotacerdas.foundation.territory.models import Area

_GRID_M, _STEP_M, _NUDGE_M, _LEAST_M = 0.1, 5.0, 3.0, 100.0
_TILE_GAP, _TILE_HIGH = 6.0, 0.5  # between tiles; their height, as part of their width
_GOLDEN_ANGLE = 2.39996323
log = structlog.get_logger(__name__)


class Shape(NamedTuple):
    """One area as a path of an SVG: `d` for <path>, `x`,`y` for its label, all in the frame's units."""

    code: str
    name: str
    d: str
    x: float
    y: float


@dataclass(frozen=True)
class Frame:
    """Fits a part of the plane into width × height with a margin, north up."""

    plane: Plane
    left: float
    top: float
    scale: float  # units per metre
    shift_x: float
    shift_y: float

    @classmethod
    def fitting(cls, plane: Plane, shape: Land, width: float, height: float, margin: float) -> Frame:
        """The largest scale at which the whole shape shows, in the middle."""
        west, south, east, north = shape.bounds
        across, up = max(east - west, _LEAST_M), max(north - south, _LEAST_M)
        scale = min((width - 2 * margin) / across, (height - 2 * margin) / up)
        shift_x = (width - (east - west) * scale) / 2
        shift_y = (height - (north - south) * scale) / 2
        return cls(plane, west, north, scale, shift_x, shift_y)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """From metres on the plane to the frame, rounded to a tenth."""
        across = (x - self.left) * self.scale + self.shift_x
        down = (self.top - y) * self.scale + self.shift_y
        return round(across, 1), round(down, 1)

    def project(self, lat: float, lng: float) -> tuple[float, float]:
        """From WGS 84 degrees to the frame."""
        return self.place(*self.plane.flat(lat, lng))

    def path(self, shape: Land) -> str:
        """The `d` of a polygon or several, relative moves to keep it short; "" for an empty one."""
        parts = getattr(shape, "geoms", [shape])
        rings = [ring for part in parts if not part.is_empty for ring in (part.exterior, *part.interiors)]
        return "".join(self._ring(ring.coords) for ring in rings)

    def _ring(self, coordinates: Iterable[Sequence[float]]) -> str:
        points = [self.place(point[0], point[1]) for point in coordinates]
        corners = [points[0]] + [b for a, b in pairwise(points) if a != b]
        steps = [f"{_short(b[0] - a[0])} {_short(b[1] - a[1])}" for a, b in pairwise(corners[:-1])]
        return (
            f"M{_short(corners[0][0])} {_short(corners[0][1])}l{' '.join(steps)}z" if len(corners) > 3 else ""
        )


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of all villages and the outlines of all districts, on the plane, by code."""

    plane: Plane
    outline: Land
    villages: dict[str, Land]
    districts: dict[str, Land]


def project(lat: float, lng: float, width: float, height: float) -> tuple[float, float] | None:
    """Where a position lies on the map of `district_shapes(width, height)`; None where there is no such map."""
    known = index()
    return _regency_frame(known, width, height).project(lat, lng) if known.is_mapped else None


def district_shapes(width: float, height: float) -> list[Shape]:
    """All districts on one map, by code; the labels stand inside. Empty before a pack is loaded.

    Tiles of one size, in the order of the codes, where villages have no point: they say nothing of where a district is.
    """
    known = index()
    if not known.is_mapped:
        return _tiles(known.districts, width, height)
    return list(_district_shapes(known, width, height))


def village_shapes(district_code: str, width: float, height: float) -> list[Shape]:
    """The villages of one district on a map of their own, or as tiles; empty for an unknown district."""
    known = index()
    if not known.is_mapped:
        return _tiles(known.villages_of(district_code), width, height)
    if district_code not in cells(known).districts:
        return []
    return list(_village_shapes(known, district_code, width, height))


@lru_cache(maxsize=2)
def cells(known: Index) -> Cells:
    """Voronoi cells of the villages' reference points within the outline."""
    import shapely

    if not known.is_mapped:
        return Cells(known.plane, shapely.Polygon(), {}, {})
    villages = _voronoi(known)
    grouped: dict[str, list[Land]] = {}
    for code, cell in villages.items():
        grouped.setdefault(code.rpartition(".")[0], []).append(cell)
    districts = {code: land(shapely.union_all(parts, grid_size=_GRID_M)) for code, parts in grouped.items()}
    return Cells(known.plane, known.outline, villages, districts)


def _tiles(areas: Sequence[Area], width: float, height: float) -> list[Shape]:
    """A tile for each area, row by row, the last row filled from the left."""
    if not areas:
        return []
    columns = min(len(areas), max(1, round(sqrt(len(areas) * width / height * _TILE_HIGH))))
    rows = ceil(len(areas) / columns)
    across, down = width / columns, height / rows
    wide, high = _short(across - _TILE_GAP), _short(down - _TILE_GAP)
    found = []
    for number, area in enumerate(areas):
        x, y = number % columns * across, number // columns * down
        corner = f"M{_short(x + _TILE_GAP / 2)} {_short(y + _TILE_GAP / 2)}"
        path = f"{corner}h{wide}v{high}h-{wide}z"
        found.append(Shape(area.code, area.name, path, round(x + across / 2, 1), round(y + down / 2, 1)))
    return found


def _voronoi(known: Index) -> dict[str, Land]:
    """The cell of each village within the outline, by code; one that cannot be drawn is left out."""
    import shapely

    villages = known.villages
    if len(villages) == 1:
        return {villages[0].code: known.outline}
    places = [known.plane.flat(lat, lng) for _area, lat, lng in known.points]
    for moved in (_apart(places, 0.0), _apart(places, _NUDGE_M)):
        try:
            found = shapely.voronoi_polygons(shapely.MultiPoint(moved), extend_to=known.outline, ordered=True)
            cut = [
                land(shapely.intersection(land(cell), known.outline, grid_size=_GRID_M))
                for cell in found.geoms
            ]
            return {area.code: cell for area, cell in zip(villages, cut, strict=True) if not cell.is_empty}
        except (shapely.GEOSException, ValueError) as error:
            log.warning("cells_not_drawn", villages=len(villages), reason=str(error)[:200])
    return {}


def _apart(places: Sequence[tuple[float, float]], nudge: float) -> list[tuple[float, float]]:
    """Points on a grid of `_GRID_M`, none twice: an equal one steps aside, all by up to `nudge` metres more.

    Points in regular rows, or several in one place, are more than the library's arithmetic holds.
    """
    used: set[tuple[float, float]] = set()
    found = []
    for number, (x, y) in enumerate(places):
        turn = number * _GOLDEN_ANGLE
        x, y = x + nudge * cos(turn), y + nudge * sin(turn)
        place = (round(x, 1), round(y, 1))
        while place in used:
            place = (round(place[0] + _STEP_M, 1), place[1])
        used.add(place)
        found.append(place)
    return found


@lru_cache(maxsize=16)
def _regency_frame(known: Index, width: float, height: float) -> Frame:
    return Frame.fitting(known.plane, known.outline, width, height, margin=4)


@lru_cache(maxsize=16)
def _district_shapes(known: Index, width: float, height: float) -> tuple[Shape, ...]:
    frame = _regency_frame(known, width, height)
    return tuple(_shapes(known, cells(known).districts, frame))


@lru_cache(maxsize=64)
def _village_shapes(known: Index, district_code: str, width: float, height: float) -> tuple[Shape, ...]:
    drawn = cells(known)
    codes = [area.code for area in known.villages_of(district_code)]
    inside = {code: drawn.villages[code] for code in codes if code in drawn.villages}
    frame = Frame.fitting(known.plane, drawn.districts[district_code], width, height, margin=4)
    return tuple(_shapes(known, inside, frame))


def _shapes(known: Index, drawn: dict[str, Land], frame: Frame) -> Iterable[Shape]:
    import shapely

    for code, shape in drawn.items():
        drawing = "" if shape.is_empty else frame.path(shape)
        if not drawing:  # too small to be seen at this scale
            continue
        label = shapely.maximum_inscribed_circle(shape, tolerance=200).coords[0]
        yield Shape(code, known.by_code[code].name, drawing, *frame.place(*label))


def _short(number: float) -> str:
    text = f"{number:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def plan(width: float, height: float) -> Callable[[float, float], tuple[float, float]] | None:
    """What puts many positions on the map of `district_shapes(width, height)`; None where there is no such map."""
    known = index()
    return _regency_frame(known, width, height).project if known.is_mapped else None
