"""Shapes of figures: tiles with their age, meters, trends, bars and maps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kotacerdas.kernel.errors import Words

from .cases import Tone

BarKind = Literal["published", "live"]


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure with its age. Older than `stale_after_seconds` it is framed and says so; no `at`, no data.

    `value` is a number (written by language) or words.
    """

    label: Words
    value: float | int | Words
    unit: Words = ""
    comparison: Words = ""
    at: datetime | None = None
    stale_after_seconds: int = 300
    tone: Tone = "plain"
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A named share as a bar with its target tick. `value` None: not assessed, `shown` says so."""

    label: Words
    value: float | None
    shown: Words
    note: Words = ""
    target: float | None = None
    tone: Tone = "laut"
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Sparkline:
    """A small trend; None is a gap and stays one. `label` says the trend in words."""

    values: tuple[float | None, ...]
    label: Words
    goal: float | None = None
    tone: Tone = "laut"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: `value` on the chart's axis, `shown` as written above it."""

    value: float
    shown: Words
    kind: BarKind = "live"


@dataclass(frozen=True, kw_only=True)
class BarGroup:
    """The bars over one label. Without bars, `missing` is the reason inside a dashed frame."""

    label: Words
    bars: tuple[Bar, ...] = ()
    notes: tuple[Words, ...] = ()
    target: float | None = None
    target_text: Words = ""
    missing: Words = ""


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Bars from zero. `ticks` are values of the axis, lowest first; `unit` is written behind them."""

    title: Words
    groups: tuple[BarGroup, ...]
    ticks: tuple[float, ...] = (0, 25, 50, 75, 100)
    unit: str = "%"
    source: Words = ""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value of a line; None is a gap."""

    label: Words
    value: float | None
    shown: Words = ""


@dataclass(frozen=True, kw_only=True)
class LineChart:
    """One line over equal steps of time, with an optional target."""

    title: Words
    points: tuple[Point, ...]
    ticks: tuple[float, ...]
    unit: str = ""
    target: float | None = None
    target_text: Words = ""


@dataclass(frozen=True, kw_only=True)
class Region:
    """One shape of a choropleth: path data `d`, class 0 to 4 (None: no data), and where its words stand.

    Where a figure is the label, `name` says on pointing whose it is, and `small` stands beneath the figure.
    `brief` is what the map writes of `shown` where the whole of it is too wide.
    """

    code: str
    label: Words
    d: str
    level: int | None = None
    shown: Words = ""
    brief: Words = ""
    at: tuple[float, float] | None = None
    href: str = ""
    count: int = 0
    on: bool = False
    name: Words = ""
    small: Words = ""


@dataclass(frozen=True, kw_only=True)
class Choropleth:
    """Five classes of one hue. `legend` names the classes, lightest first; `box` is the SVG view box.

    Where the regions are tiles, `is_tiles` lets each say its name, and the page that this is no map.
    """

    title: Words
    box: tuple[float, float, float, float]
    regions: tuple[Region, ...]
    legend: tuple[Words, ...] = ()
    unit: Words = ""
    label_size: float = 12.0
    is_tiles: bool = False

    @property
    def count_size(self) -> float:
        """The radius of the disc that counts, and the height of its figure."""
        return self.label_size * 0.8

    @property
    def small_size(self) -> float:
        """The height of the small words under a figure."""
        return self.label_size * 0.8
