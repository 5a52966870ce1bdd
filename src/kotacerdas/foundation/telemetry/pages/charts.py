"""The chart of a datastream as plain coordinates: band, line, framed gaps, limits, axes. Pure but for the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import floor, isfinite, log10

from django.utils.translation import gettext as _

from kotacerdas.foundation.telemetry.pages.words import value
from kotacerdas.foundation.telemetry.store.series import Bucket, Series
from kotacerdas.foundation.ui import formats
from kotacerdas.foundation.ui.tags.words import language, number
from kotacerdas.kernel import clock

WIDTH, HEIGHT = 860, 250
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 14, 26
_INNER_W, _INNER_H = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
_GAP_SHOWN = 8.0  # px from which a silence gets a frame and words


@dataclass(frozen=True, slots=True)
class Limit:
    """A level that a rule watches, with its words."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    x: float
    width: float
    words: str

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws, in px."""

    title: str
    width: int
    height: int
    runs: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    gaps: tuple[Gap, ...]
    limits: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    times: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, str, str, str], ...]
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = HEIGHT - BOTTOM


def draw(title: str, found: Series, span: str, limits: Sequence[Limit] = ()) -> Chart:
    """The chart of a series. A silence longer than its `gap` is a gap in the line, never a straight one."""
    scale = _scale(found.buckets, limits)
    parts = _runs(found)

    def x(at: datetime) -> float:
        share = (at - found.since) / max(found.until - found.since, timedelta(seconds=1))
        return round(LEFT + _INNER_W * min(1.0, max(0.0, share)), 1)

    def y(value: float) -> float:
        low, high = scale[0], scale[-1]
        return round(TOP + _INNER_H * (1 - (value - low) / (high - low)), 1)

    middle = found.step / 2
    points = [[(x(one.at + middle), one) for one in part] for part in parts]
    return Chart(
        title=title,
        width=WIDTH,
        height=HEIGHT,
        runs=tuple(" ".join(f"{at},{y(one.mean)}" for at, one in part) for part in points if len(part) > 1),
        bands=tuple(_band(part, y) for part in points if len(part) > 1),
        dots=tuple((part[0][0], y(part[0][1].mean)) for part in points if len(part) == 1),
        gaps=tuple(_gaps(found, parts, x)),
        limits=tuple((y(one.value), one.words) for one in limits if scale[0] <= one.value <= scale[-1]),
        ticks=tuple((y(level), value(level)) for level in scale),
        times=tuple((x(at), words) for at, words in _times(found, span)),
        rows=tuple(_rows(found, span)),
    )


def _runs(found: Series) -> list[list[Bucket]]:
    parts: list[list[Bucket]] = []
    for one in found.buckets:
        if parts and one.at - parts[-1][-1].at <= found.gap:
            parts[-1].append(one)
        else:
            parts.append([one])
    return parts


def _band(part, y) -> str:  # type: ignore[no-untyped-def]
    upper = [f"{at},{y(one.high)}" for at, one in part]
    lower = [f"{at},{y(one.low)}" for at, one in reversed(part)]
    return " ".join((*upper, *lower))


def _gaps(found: Series, parts: list[list[Bucket]], x):  # type: ignore[no-untyped-def]
    edges = [found.since] if found.buckets else []
    edges += [at for part in parts for at in (part[0].at, part[-1].at + found.step)]
    edges += [found.until] if found.buckets else []
    for begin, end in list(pairwise(edges))[::2]:
        width = x(end) - x(begin)
        if end - begin > found.gap and width >= _GAP_SHOWN:
            yield Gap(x(begin), round(width, 1), _("no data %(span)s") % {"span": _span(end - begin)})


def _span(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    if hours >= 48:
        return _("%(n)s days") % {"n": number(round(hours / 24))}
    if hours >= 2:
        return _("%(n)s hours") % {"n": number(round(hours))}
    return _("%(n)s minutes") % {"n": number(round(hours * 60))}


def _scale(buckets: Sequence[Bucket], limits: Sequence[Limit]) -> list[float]:
    """Round values of the axis, lowest first, that hold the data; and limits that are near them."""
    low = min((one.low for one in buckets), default=0.0)
    high = max((one.high for one in buckets), default=1.0)
    room = (high - low) or abs(high) or 1.0
    for one in limits:
        if low - room <= one.value <= high + room:
            low, high = min(low, one.value), max(high, one.value)
    if high == low:
        low, high = low - abs(low) * 0.1 - 0.5, high + abs(high) * 0.1 + 0.5
    step = nice((high - low) / 4)
    first, last = floor(low / step), floor(high / step)
    count = last - first + (1 if last * step < high else 0)
    if not isfinite(step) or count > 12:
        return [low, high]
    return [round((first + index) * step, 10) for index in range(count + 1)]


def nice(step: float) -> float:
    """1, 2 or 5 times a power of ten, at least the step."""
    power = 10.0 ** floor(log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)


def _times(found: Series, span: str):  # type: ignore[no-untyped-def]
    zone, spoken = clock.local_zone(), language()
    at = found.since.astimezone(zone)
    if span == "hari":
        at = at.replace(hour=at.hour - at.hour % 3, minute=0) + timedelta(hours=3)
        while at < found.until:
            yield at, formats.clock_time(at, spoken, zone)
            at += timedelta(hours=3)
        return
    at = at.replace(hour=0, minute=0) + timedelta(days=1)
    while at < found.until:
        if span == "minggu" or (span == "bulan" and at.day % 5 == 1 and at.day < 31):
            yield at, f"{at.day} {formats.short_day(at, spoken, zone).split()[1]}"
        elif span == "tahun" and at.day == 1:
            yield at, formats.short_day(at, spoken, zone).split()[1]
        at += timedelta(days=1)


def _rows(found: Series, span: str):  # type: ignore[no-untyped-def]
    zone, spoken = clock.local_zone(), language()
    for one in found.buckets[-31:]:
        words = (
            formats.short_day(one.at, spoken, zone)
            if span == "tahun"
            else formats.short_time(one.at, clock.now(), spoken, zone)
        )
        yield words, *(value(level) for level in (one.mean, one.low, one.high))
