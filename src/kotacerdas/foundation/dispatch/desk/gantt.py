"""The day's timetable as an SVG: a row for each unit on its shift, and one for each place where units are emptied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.desk.reading import Lane, Line, Sheet, cubic
from kotacerdas.foundation.dispatch.models import Station
from kotacerdas.foundation.dispatch.moments import midnight, moment_of, seconds_at
from kotacerdas.foundation.ui.tags.words import clock_time, number

WIDTH, LEFT, RIGHT = 1120, 150, 56
TOP, ROW, SITE = 26, 52, 62
_LETTER = 5.7  # about the width of a letter of 10 px
_HOUR = timedelta(hours=1)
_MOST_HOURS = 30


class Tick(NamedTuple):
    """An hour of the scale."""

    x: float
    text: str


class Dash(NamedTuple):
    """A piece of a line along a row: kind drive, wait or load (the bar under the row, with its share of the capacity)."""

    kind: str
    x: float
    to: float
    share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Block:
    """A stop as a box. kind: task, reload or break; head and foot: its two lines of words; job: whose it is."""

    kind: str
    x: float
    width: float
    head: str
    foot: str = ""
    title: str = ""
    job: str = ""
    number: int = 0
    state: str = "planned"

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A unit's row: its blocks, the lines between them, and the bar of what is on board."""

    lane: Lane
    y: int
    first: str
    second: str
    blocks: tuple[Block, ...]
    dashes: tuple[Dash, ...]


@dataclass(frozen=True, kw_only=True)
class SiteRow:
    """A place's row: its opening hours, and what has come by when as steps, against its daily limit."""

    y: int
    title: str
    name: str  # as much of the title as fits before the hours
    hours: str
    spans: tuple[tuple[float, float], ...]
    steps: str
    area: str
    limit_y: float | None
    limit: str
    total: str
    total_y: float
    end_x: float


@dataclass(frozen=True, kw_only=True)
class Gantt:
    """Everything that the template draws, in units of a WIDTH × height frame. now_x: where the present is, today."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    sites: tuple[SiteRow, ...]
    now_x: float | None


class _Scale(NamedTuple):
    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Where a moment stands; those outside at the edge."""
        share = (at - self.start) / (self.end - self.start)
        return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - RIGHT), 1)


def gantt_of(sheet: Sheet, now: datetime | None) -> Gantt | None:
    """The timetable of a day; `now` draws the present. None where no unit has a shift."""
    if not sheet.lanes:
        return None
    scale = _scale(sheet)
    rows = tuple(_row(lane, TOP + number * ROW, scale) for number, lane in enumerate(sheet.lanes))
    below = TOP + len(rows) * ROW
    sites = tuple(
        _site_row(sheet, site, below + number * SITE, scale) for number, site in enumerate(sheet.sites)
    )
    bottom = below + len(sites) * SITE
    return Gantt(
        width=WIDTH,
        height=bottom + 6,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=bottom,
        ticks=tuple(_ticks(scale)),
        rows=rows,
        sites=sites,
        now_x=scale.x(now) if now is not None and scale.start <= now <= scale.end else None,
    )


def _scale(sheet: Sheet) -> _Scale:
    """Whole hours round all shifts and stops."""
    moments = [at for lane in sheet.lanes for at in (lane.shift.starts_at, lane.shift.ends_at)]
    stops = [line.stop for lane in sheet.lanes for line in lane.lines]
    moments += [at for stop in stops for at in (stop.arrive_at, stop.leave_at)]
    zero = midnight(sheet.day)
    first = (min(moments) - zero) // _HOUR
    last = min(-((zero - max(moments)) // _HOUR), first + _MOST_HOURS)
    return _Scale(zero + first * _HOUR, zero + max(last, first + 1) * _HOUR)


def _ticks(scale: _Scale) -> Iterable[Tick]:
    at = scale.start
    while at <= scale.end:
        yield Tick(scale.x(at), clock_time(at))
        at += _HOUR


def _row(lane: Lane, y: int, scale: _Scale) -> Row:
    return Row(
        lane=lane,
        y=y,
        first=_("%(capacity)s m³, %(litres)s planned")
        % {"capacity": cubic(lane.unit.capacity_l), "litres": cubic(lane.litres)},
        second=_("%(km)s km, %(n)s jobs") % {"km": number(round(lane.metres / 1000)), "n": len(lane.tasks)},
        blocks=tuple(_block(line, scale) for line in sorted(lane.lines, key=_behind) if line.is_shown),
        dashes=tuple(_dashes(lane, scale)),
    )


def _behind(line: Line) -> bool:
    """Breaks are drawn first: what was done may have come to lie over a planned one."""
    return bool(line.stop.kind != "break")


def _block(line: Line, scale: _Scale) -> Block:
    stop, begun_at = line.stop, line.stop.began_at or line.stop.begin_at
    x = scale.x(begun_at)
    until = max(stop.done_at or stop.leave_at, begun_at)
    width = round(max(scale.x(until) - x, 4.0), 1)
    times = f"{clock_time(begun_at)}-{clock_time(until)}"
    litres = stop.taken_l if stop.taken_l is not None else stop.volume_l
    given: dict[str, Any] = {"x": x, "width": width, "kind": stop.kind, "state": stop.state}
    if stop.kind == "break":
        return Block(**given, head=_fitted(_("Break"), width), title=f"{_('Break')}, {times}")
    if line.work is None:
        place = stop.station.name if stop.station is not None else ""
        return Block(
            **given, head=_fitted(cubic(litres), width), title=f"{place}, {times}, {cubic(litres)} m³"
        )
    words = " · ".join(one for one in (line.work.words, line.work.village) if one)
    return Block(
        **given,
        head=f"{line.number} {_fitted(cubic(litres), width - 14)}".strip(),
        foot=_fitted(line.work.village or line.work.words, width - 6),
        title=f"{line.number}: {words}, {times}, {cubic(litres)} m³",
        job=str(stop.job_id),
        number=line.number,
    )


def _fitted(text: str, width: float) -> str:
    """So much of a text as fits, with its end marked where it was cut; nothing where nothing fits."""
    room = int(width / _LETTER)
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rstrip()}…" if room > 2 else ""


def _dashes(lane: Lane, scale: _Scale) -> Iterable[Dash]:
    for one, other in pairwise(lane.lines):
        yield Dash("drive", scale.x(one.stop.leave_at), scale.x(other.stop.arrive_at))
        if other.stop.kind != "break" and other.stop.begin_at > other.stop.arrive_at:
            yield Dash("wait", scale.x(other.stop.arrive_at), scale.x(other.stop.begin_at))
        if load := one.stop.load_after_l:
            share = load / lane.unit.capacity_l if lane.unit.capacity_l else 1.0
            yield Dash(
                "load", scale.x(one.stop.leave_at), scale.x(other.stop.leave_at), round(min(share, 1.0), 2)
            )


def _site_row(sheet: Sheet, site: Station, y: int, scale: _Scale) -> SiteRow:
    spans = [
        (moment_of(sheet.day, seconds_at(row.opens)), moment_of(sheet.day, seconds_at(row.closes)))
        for row in site.hours.all()
        if row.weekday == sheet.day.weekday()
    ]
    came = sorted(
        (line.stop.leave_at, line.stop.volume_l)
        for lane in sheet.lanes
        for line in lane.lines
        if line.stop.kind == "reload" and line.stop.station_id == site.id
    )
    total = sum(litres for _at, litres in came)
    most = max(site.daily_limit_l or 0, total, 1)
    floor, tall = y + SITE - 10, SITE - 22

    def height(litres: int) -> float:
        return round(floor - tall * litres / most, 1)

    points, load, end = [(float(LEFT), float(floor))], 0, scale.x(spans[-1][1] if spans else scale.end)
    for at, litres in came:
        points.append((scale.x(at), height(load)))
        load += litres
        points.append((scale.x(at), height(load)))
    points.append((max(end, points[-1][0]), height(load)))
    steps = " ".join(f"{x},{at}" for x, at in points)
    limit = site.daily_limit_l
    return SiteRow(
        y=y,
        title=site.name,
        name=_fitted(site.name, (LEFT - 8) * 10 / 12),  # in a larger type than the blocks
        hours=" · ".join(f"{clock_time(opens)}-{clock_time(closes)}" for opens, closes in spans)
        or _("closed that day"),
        spans=tuple((scale.x(opens), round(scale.x(closes) - scale.x(opens), 1)) for opens, closes in spans),
        steps=steps,
        area=f"{steps} {points[-1][0]},{floor} {LEFT},{floor}",
        limit_y=height(limit) if limit is not None else None,
        limit=_("limit %(limit)s m³") % {"limit": cubic(limit)} if limit is not None else "",
        total=f"{cubic(total)} m³",
        total_y=height(total),
        end_x=points[-1][0],
    )
