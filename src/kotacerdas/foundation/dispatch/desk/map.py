"""The day's map as an SVG: boundaries, routes in their units' colours, stations, jobs in no route, and who was seen where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.desk.reading import Lane, Sheet
from kotacerdas.foundation.dispatch.models import UnitPosition
from kotacerdas.foundation.dispatch.problems import FRESH_POSITION
from kotacerdas.foundation.dispatch.queries import Seen
from kotacerdas.foundation.territory.cells import Frame, cells
from kotacerdas.foundation.territory.geometry import land
from kotacerdas.foundation.territory.index import Index, index
from kotacerdas.foundation.ui.tags.words import ago, clock_time

if TYPE_CHECKING:
    import shapely

WIDTH, HEIGHT = 640, 470
_LEAST_M, _ROOM = (
    3_000.0,
    0.1,
)  # what the map shows at least, and how much it leaves round the outermost place
_BEND = 0.08  # a way is drawn as an arc, so that there and back do not lie on one another
_STEPS_M = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_HALF_LETTER = 3.6


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A mark on the map: a job's number, a letter, a station's or a unit's name. job: which block it is the same as."""

    x: float
    y: float
    text: str
    title: str
    tone: int = 0
    job: str = ""
    is_begun: bool = False
    is_stale: bool = False
    width: int = 0


@dataclass(frozen=True, kw_only=True)
class Way:
    """A unit's route as one path."""

    d: str
    tone: int


@dataclass(frozen=True, kw_only=True)
class DayMap:
    """Everything that the template draws, in units of a WIDTH × HEIGHT frame."""

    width: int
    height: int
    areas: tuple[str, ...]
    labels: tuple[Spot, ...]
    ways: tuple[Way, ...]
    stops: tuple[Spot, ...]
    left: tuple[Spot, ...]
    stations: tuple[Spot, ...]
    units: tuple[Spot, ...]
    bar: float
    bar_text: str


def map_of(sheet: Sheet, seen: Mapping[UUID, Seen]) -> DayMap | None:
    """The map round all that the day has to do with. None before a pack is loaded, or where there is nothing to show."""
    known, places = index(), list(_places(sheet, seen))
    if not known.villages or not places:
        return None
    window, frame = _window(known, places)
    step = next((one for one in _STEPS_M if one * frame.scale >= WIDTH / 9), _STEPS_M[-1])
    return DayMap(
        width=WIDTH,
        height=HEIGHT,
        **_ground(known, window, frame),
        ways=tuple(Way(d=_path(lane, frame), tone=lane.tone) for lane in sheet.lanes if lane.lines),
        stops=tuple(one for lane in sheet.lanes for one in _stops(lane, frame)),
        left=tuple(
            _spot(
                frame,
                one.work.job,
                text=one.letter,
                title=f"{one.letter}: {one.why}",
                job=str(one.work.job.id),
            )
            for one in sheet.left
        ),
        stations=tuple(
            _spot(frame, one, text=one.name, title=one.name, width=round(len(one.name) * 7) + 14)
            for one in sheet.stations
        ),
        units=tuple(_units(sheet, seen, frame)),
        bar=round(step * frame.scale, 1),
        bar_text=f"{step} m" if step < 1_000 else f"{step // 1_000} km",
    )


def is_stale(seen: Seen) -> bool:
    """Whether a position is too old to say where a unit is."""
    return seen.age > FRESH_POSITION


def seen_words(seen: Seen) -> str:
    """`tracker, 14:05, 3 minutes ago`: by whom, when, how long ago."""
    source = UnitPosition.Source(seen.source).label
    return f"{source}, {clock_time(seen.measured_at)}, {ago(seen.measured_at)}"


def _places(sheet: Sheet, seen: Mapping[UUID, Seen]) -> Iterable[tuple[float, float]]:
    for lane in sheet.lanes:
        for line in lane.lines:
            if line.stop.lat is not None and line.stop.lng is not None:
                yield line.stop.lat, line.stop.lng
        yield from ((one.lat, one.lng) for key, one in seen.items() if key == lane.unit.id)
    yield from ((one.work.job.lat, one.work.job.lng) for one in sheet.left)
    yield from ((one.lat, one.lng) for one in sheet.stations)


def _window(known: Index, places: list[tuple[float, float]]) -> tuple[shapely.Polygon, Frame]:
    """What the map shows, on the plane in metres, in the shape of the frame."""
    import shapely

    flat = [known.plane.flat(lat, lng) for lat, lng in places]
    west, east = min(x for x, _y in flat), max(x for x, _y in flat)
    south, north = min(y for _x, y in flat), max(y for _x, y in flat)
    wide = max(east - west, (north - south) * WIDTH / HEIGHT, _LEAST_M) * (1 + 2 * _ROOM)
    tall = wide * HEIGHT / WIDTH
    x, y = (west + east) / 2, (south + north) / 2
    window = shapely.box(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
    return window, Frame.fitting(known.plane, window, WIDTH, HEIGHT, margin=0)


def _ground(known: Index, window: shapely.Polygon, frame: Frame) -> dict[str, tuple]:
    """The districts within the window, and their names where there is room."""
    import shapely

    areas, labels = [], []
    for code, shape in cells(known).districts.items():
        part = land(shapely.intersection(shape, window))
        if part.is_empty or not (path := frame.path(part)):
            continue
        areas.append(path)
        x, y = frame.place(*shapely.maximum_inscribed_circle(part, tolerance=200).coords[0])
        name = known.by_code[code].name
        half = len(name) * _HALF_LETTER
        if half < x < WIDTH - half and 12 < y < HEIGHT - 12:
            labels.append(Spot(x=x, y=y, text=name, title=""))
    return {"areas": tuple(areas), "labels": tuple(labels)}


def _path(lane: Lane, frame: Frame) -> str:
    places = [
        frame.project(line.stop.lat, line.stop.lng)
        for line in lane.lines
        if line.stop.lat is not None and line.stop.lng is not None
    ]
    if not places:
        return ""
    parts = [f"M{places[0][0]} {places[0][1]}"]
    for (x, y), (to_x, to_y) in pairwise(places):
        bend_x, bend_y = (x + to_x) / 2 - (to_y - y) * _BEND, (y + to_y) / 2 + (to_x - x) * _BEND
        parts.append(f"Q{bend_x:.1f} {bend_y:.1f} {to_x} {to_y}")
    return "".join(parts)


def _stops(lane: Lane, frame: Frame) -> Iterable[Spot]:
    for line in lane.tasks:
        title = f"{lane.unit.name} {line.number}, {clock_time(line.stop.begin_at)}"
        village = line.work.village if line.work is not None else ""
        yield _spot(
            frame,
            line.stop,
            text=str(line.number),
            title=f"{title}, {village}" if village else title,
            tone=lane.tone,
            job=str(line.stop.job_id),
            is_begun=line.is_begun,
        )


def _units(sheet: Sheet, seen: Mapping[UUID, Seen], frame: Frame) -> Iterable[Spot]:
    for lane in sheet.lanes:
        if (one := seen.get(lane.unit.id)) is not None:
            yield _spot(
                frame,
                one,
                text=lane.short,
                title=f"{lane.unit.name}: {seen_words(one)}{_(' (old)') if is_stale(one) else ''}",
                tone=lane.tone,
                is_stale=is_stale(one),
            )


def _spot(frame: Frame, place: object, **given: object) -> Spot:
    x, y = frame.project(place.lat, place.lng)  # type: ignore[attr-defined]
    return Spot(x=x, y=y, **given)  # type: ignore[arg-type]
