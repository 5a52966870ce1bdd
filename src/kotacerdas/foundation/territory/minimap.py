"""A still map round one position: cells, names, pin, accuracy and a scale bar."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from kotacerdas.foundation.territory.cells import Frame, Shape, cells
from kotacerdas.foundation.territory.geometry import land
from kotacerdas.foundation.territory.index import Index, index
from kotacerdas.foundation.territory.models import Area

if TYPE_CHECKING:
    import shapely

WIDTH, HEIGHT = 328, 220
ROUGH_M = 1_000  # villages lie closer than what a worse position can tell apart
_SPAN_M = 6_000.0  # what the width shows when accuracy is unknown or good
_WIDEST_M = 60_000.0
_NAMES_APART = 30.0  # units between two labels, so that they do not lie on one another
_STEPS_M = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


@dataclass(frozen=True, kw_only=True)
class Label:
    """A village's name at its reference point."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class MiniMap:
    """Everything the template draws, in units of a WIDTH × HEIGHT frame."""

    width: int
    height: int
    cells: tuple[Shape, ...]
    borders: tuple[str, ...]
    labels: tuple[Label, ...]
    chosen: str
    x: float
    y: float
    accuracy: float
    bar: float
    bar_text: str


def is_rough(accuracy_m: float | None) -> bool:
    """Whether a position is too rough to tell a village; one of unknown accuracy was pointed at by somebody."""
    return accuracy_m is not None and accuracy_m > ROUGH_M


def mini_map(lat: float, lng: float, accuracy_m: float | None = None, chosen: str = "") -> MiniMap | None:
    """The map round a position; its width grows with the accuracy. None where villages have no points.

    chosen  code of the village that somebody chose: its cell is coloured and its name always stands
    """
    import shapely

    known = index()
    if not known.is_mapped:
        return None
    span = min(_WIDEST_M, max(_SPAN_M, 4.0 * (accuracy_m or 0.0)))
    x, y = known.plane.flat(lat, lng)
    tall = span * HEIGHT / WIDTH
    window = shapely.box(x - span / 2, y - tall / 2, x + span / 2, y + tall / 2)
    frame = Frame.fitting(known.plane, window, WIDTH, HEIGHT, margin=0)
    across, down = frame.place(x, y)
    step = next((one for one in _STEPS_M if one * frame.scale >= WIDTH / 6), _STEPS_M[-1])
    return MiniMap(
        width=WIDTH,
        height=HEIGHT,
        cells=tuple(_cells(known, window, frame)),
        borders=tuple(_borders(known, window, frame)),
        labels=tuple(_labels(known, frame, chosen)),
        chosen=chosen,
        x=across,
        y=down,
        accuracy=round((accuracy_m or 0.0) * frame.scale, 1),
        bar=round(step * frame.scale, 1),
        bar_text=f"{step} m" if step < 1_000 else f"{step // 1_000} km",
    )


def _cells(known: Index, window: shapely.Polygon, frame: Frame) -> list[Shape]:
    import shapely

    found = []
    for code, cell in cells(known).villages.items():
        seen = land(shapely.intersection(cell, window))
        if not seen.is_empty and (path := frame.path(seen)):
            area = known.by_code[code]
            if area.point is not None:
                found.append(Shape(code, area.name, path, *frame.project(*area.point)))
    return found


def _borders(known: Index, window: shapely.Polygon, frame: Frame) -> list[str]:
    import shapely

    seen = (land(shapely.intersection(shape, window)) for shape in cells(known).districts.values())
    return [path for shape in seen if not shape.is_empty and (path := frame.path(shape))]


def _labels(known: Index, frame: Frame, chosen: str) -> list[Label]:
    middle = (WIDTH / 2, HEIGHT / 2)
    spots = [(area, *frame.project(lat, lng)) for area, lat, lng in known.points if area.code != chosen]
    placed = _label_of_chosen(known.by_code.get(chosen), frame)
    inside = [spot for spot in spots if 24 < spot[1] < WIDTH - 24 and 14 < spot[2] < HEIGHT - 24]
    for area, x, y in sorted(inside, key=lambda spot: abs(spot[1] - middle[0]) + abs(spot[2] - middle[1])):
        half = ceil(len(area.name) * 3.2)
        if half > x or x + half > WIDTH or _covered(x, y, half):
            continue
        if all(abs(x - other.x) > _NAMES_APART + half or abs(y - other.y) > 14 for other in placed):
            placed.append(Label(name=area.name, x=x, y=y))
    return placed


def _label_of_chosen(area: Area | None, frame: Frame) -> list[Label]:
    """At its reference point where that is free and on the map, else under the pin."""
    if area is None or area.point is None:
        return []
    x, y = frame.project(*area.point)
    half = ceil(len(area.name) * 3.2)
    free = half < x < WIDTH - half and 14 < y < HEIGHT - 24 and not _covered(x, y, half)
    return [
        Label(name=area.name, x=x, y=y) if free else Label(name=area.name, x=WIDTH / 2, y=HEIGHT / 2 + 18)
    ]


def _covered(x: float, y: float, half: int) -> bool:
    """Whether a label would lie under the pin or on the scale bar."""
    on_pin = abs(x - WIDTH / 2) < half + 10 and -30 < y - HEIGHT / 2 < 12
    on_bar = x - half < WIDTH / 3 and y > HEIGHT - 40
    return on_pin or on_bar
