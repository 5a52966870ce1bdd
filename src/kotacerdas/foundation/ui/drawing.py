"""Geometry of the charts: shapes in, plain coordinates out, for the SVG templates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .shapes import BarChart, BarGroup, LineChart, Sparkline

# The bar chart's frame in px: axis words at left, values above, labels and notes below.
_LEFT, _TOP, _BAR, _GAP, _HEIGHT = 44, 22, 34, 6, 150
_GROUP, _LINE = 120, 15


@dataclass(frozen=True)
class Rect:
    """A placed bar."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    shown: object
    kind: str


@dataclass(frozen=True)
class Placed:
    """A placed group: its bars, the frame of what is missing, and its target line, if any."""

    group: BarGroup
    middle: float
    rects: tuple[Rect, ...]
    frame: Rect | None
    target: tuple[float, float, float] | None


def polyline(
    values: Sequence[float | None], width: float, height: float, low: float, high: float
) -> list[str]:
    """Runs of `x,y` points over equal steps; a None ends a run, so that gaps stay gaps."""
    step = width / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{index * step:.1f},{_down(value, low, high, height):.1f}")
    return [" ".join(run) for run in runs if run]


def spark(shape: Sparkline, width: int = 104, height: int = 34) -> dict[str, object]:
    """Context of the sparkline: runs, the area under the last run, the last dot, the goal's height."""
    known = [value for value in shape.values if value is not None]
    scale = [*known, *([shape.goal] if shape.goal is not None else [])] or [0.0]
    low, high, pad = min(scale), max(scale), 4
    inner_w, inner_h = width - 2 * pad, height - 2 * pad
    runs = polyline(shape.values, inner_w, inner_h, low, high)
    last = runs[-1].split()[-1].split(",") if runs else None
    area = f"{runs[-1].split()[0].split(',')[0]},{inner_h} {runs[-1]} {last[0]},{inner_h}" if last else ""
    goal = None if shape.goal is None else round(_down(shape.goal, low, high, inner_h), 1)
    return {
        "s": shape,
        "runs": runs,
        "area": area,
        "last": last,
        "goal": goal,
        "width": width,
        "height": height,
        "pad": pad,
        "inner_w": inner_w,
    }


def bars(chart: BarChart) -> dict[str, object]:
    """Context of the bar chart: axis lines, placed groups, and the size of the whole drawing."""
    top = max(chart.ticks)
    width = _LEFT + _GROUP * len(chart.groups) + 8
    lines = 1 + max((len(group.notes) for group in chart.groups), default=0)
    has_target = any(group.target_text for group in chart.groups)
    base = _TOP + _HEIGHT
    return {
        "c": chart,
        "ticks": [(tick, base - tick / top * _HEIGHT) for tick in chart.ticks],
        "groups": [_place(group, index, top) for index, group in enumerate(chart.groups)],
        "width": width,
        "height": base + 8 + _LINE * (lines + has_target) + 4,
        "base": base,
        "left": _LEFT,
        "right": width - 8,
        "label_y": base + 18,
        "note_y": [base + 18 + _LINE * (n + 1) for n in range(lines)],
        "target_y": base + 18 + _LINE * lines,
    }


def line(chart: LineChart, width: int = 480, height: int = 150) -> dict[str, object]:
    """Context of the line chart, on an axis from the lowest to the highest tick."""
    low, high = min(chart.ticks), max(chart.ticks)
    step = width / max(len(chart.points) - 1, 1)
    values = [point.value for point in chart.points]
    return {
        "c": chart,
        "runs": polyline(values, width, height, low, high),
        "dots": [
            (point, round(index * step, 1), round(_down(point.value, low, high, height), 1))
            for index, point in enumerate(chart.points)
            if point.value is not None
        ],
        "labels": [(point.label, round(index * step, 1)) for index, point in enumerate(chart.points)],
        "ticks": [(tick, _down(tick, low, high, height)) for tick in chart.ticks],
        "target": None if chart.target is None else _down(chart.target, low, high, height),
        "width": width,
        "height": height,
    }


def wrapped(words: str, letters: int = 16) -> list[str]:
    """Lines of at most so many letters, broken at spaces: SVG does not wrap by itself."""
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + len(word) < letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _place(group: BarGroup, index: int, top: float) -> Placed:
    middle = _LEFT + _GROUP * (index + 0.5)
    total = len(group.bars) * (_BAR + _GAP) - _GAP
    start = middle - total / 2
    rects = tuple(
        _rect(start + place * (_BAR + _GAP), bar.value / top, bar.shown, bar.kind)
        for place, bar in enumerate(group.bars)
    )
    frame = None
    if not group.bars:
        frame = Rect(middle - 44, _TOP, 88, _HEIGHT, middle, wrapped(str(group.missing), 13), "missing")
    target = None
    if group.target is not None:
        target = (middle - _GROUP * 0.42, middle + _GROUP * 0.42, _TOP + _HEIGHT * (1 - group.target / top))
    return Placed(group, middle, rects, frame, target)


def _rect(x: float, share: float, shown: object, kind: str) -> Rect:
    height = max(0.0, min(share, 1.1)) * _HEIGHT
    return Rect(x, _TOP + _HEIGHT - height, _BAR, height, x + _BAR / 2, shown, kind)


def _down(value: float, low: float, high: float, height: float) -> float:
    """Height from the top of a value on the scale; a flat scale lies in the middle."""
    return height / 2 if high == low else height * (1 - (value - low) / (high - low))


def days(filled: float, cells: int) -> Iterable[float]:
    """Part filled (0 to 1) of each of so many cells."""
    return [max(0.0, min(1.0, filled * cells - index)) for index in range(cells)]
