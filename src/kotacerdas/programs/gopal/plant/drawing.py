"""What the page of a manifest draws, as coordinates: bars on one scale, the level over the trip. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kotacerdas.foundation.ui.tags.words import clock_time, number
from kotacerdas.programs.gopal.balance import Balance
from kotacerdas.programs.gopal.levels import Fall, Reading

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 52, 10, 34, 24
_MOST_POINTS = 400
_HOURS = (0.25, 0.5, 1, 2, 4, 8, 12, 24)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar: from and width in percent of the scale, its words, and its look."""

    x: float
    width: float
    words: str
    look: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Scale:
    """The three bars of a mass balance on one scale; all in percent of it."""

    pumped: tuple[Bar, ...]
    carried: tuple[Bar, ...]
    received: tuple[Bar, ...]
    line: float
    zone: Bar


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on the chart: a number at a moment."""

    x: float
    words: str
    is_plant: bool = False


@dataclass(frozen=True, slots=True)
class LevelChart:
    """The level over a trip; a fall outside a plant is drawn once more in red, with its words."""

    points: str
    area: str
    fall: str
    fall_x: float
    fall_width: float
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    times: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = HEIGHT - BOTTOM

    @property
    def words_x(self) -> float:
        """Where the words of the fall begin, so that they end within the chart."""
        return min(max(self.left, self.fall_x - 110), self.right - 190)


def scale_of(found: Balance, loads: Sequence[int], fell: int | None) -> Scale:
    """The bars of a balance. `fell` are litres that the level lost outside a plant."""
    litres = {one.name: one.litres for one in found.sides}
    whole = max([found.pumped, *litres.values(), 1]) * 1.1

    def bar(since: float, until: float, words: str, look: str) -> Bar:
        return Bar(round(since * 100 / whole, 2), round(max(0, until - since) * 100 / whole, 2), words, look)

    pumped, at = [], 0
    for index, each in enumerate(loads):
        pumped.append(bar(at, at + each, number(each), f"load-{index % 2}"))
        at += each
    carried = litres.get("carried")
    lost = min(fell or 0, carried or 0)
    carried_bars = []
    if carried is not None:
        carried_bars.append(bar(0, carried - lost, number(carried - lost), "carried"))
        if lost:
            carried_bars.append(bar(carried - lost, carried, number(lost), "lost"))
    received_bars, received = [], litres.get("received")
    if received is not None:
        received_bars.append(bar(0, received, number(received), "received"))
        missing = found.pumped - received
        if missing > found.tolerance_l and not lost:
            received_bars.append(bar(received, found.pumped, number(missing), "lost"))
    tolerance = found.tolerance_l
    return Scale(
        pumped=tuple(pumped),
        carried=tuple(carried_bars),
        received=tuple(received_bars),
        line=round(found.pumped * 100 / whole, 2),
        zone=bar(found.pumped - tolerance, found.pumped + tolerance, "", "zone"),
    )


def level_chart(
    readings: Sequence[Reading], marks: Sequence[tuple[datetime, str, bool]], fall: Fall | None
) -> LevelChart | None:
    """The level of a trip; None where fewer than two readings tell of it."""
    if len(readings) < 2:
        return None
    first, last = readings[0].at, readings[-1].at
    span = max(last - first, timedelta(minutes=1))
    top = max(one.litres for one in readings)
    step = next(one for one in (100, 250, 500, 1000, 2000, 5000, 10**9) if top / one <= 5)
    high = step * (int(top // step) + 1)

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, max(0.0, (at - first) / span)), 1)

    def y(litres: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - max(0.0, litres) / high), 1)

    points = " ".join(f"{x(one.at)},{y(one.litres)}" for one in _thinned(readings))
    fallen = [one for one in readings if fall is not None and fall.since <= one.at <= fall.until]
    return LevelChart(
        points=points,
        area=f"{x(first)},{y(0)} {points} {x(last)},{y(0)}",
        fall=" ".join(f"{x(one.at)},{y(one.litres)}" for one in fallen),
        fall_x=x(fall.since) if fall is not None else 0,
        fall_width=round(x(fall.until) - x(fall.since), 1) if fall is not None else 0,
        marks=tuple(_apart([Mark(x(at), words, is_plant) for at, words, is_plant in marks])),
        ticks=tuple((y(level), number(level)) for level in range(0, high + 1, step)),
        times=tuple(_times(first, last, x)),
    )


def _thinned(readings: Sequence[Reading]) -> list[Reading]:
    """At most so many readings, of each stretch the last; the very first stays."""
    step = max(1, len(readings) // _MOST_POINTS)
    return [readings[0], *readings[step::step], readings[-1]]


def _apart(marks: list[Mark]) -> list[Mark]:
    """Signs do not lie on one another: a later one is moved to the right, the last ones back to the left."""
    placed: list[Mark] = []
    for one in sorted(marks, key=lambda mark: mark.x):
        least = placed[-1].x + (34 if one.is_plant or placed[-1].is_plant else 20) if placed else 0
        placed.append(Mark(max(one.x, least), one.words, one.is_plant))
    over = max((one.x for one in placed), default=0) - (WIDTH - RIGHT - 16)
    return [Mark(one.x - over, one.words, one.is_plant) for one in placed] if over > 0 else placed


def _times(first: datetime, last: datetime, x: Callable[[datetime], float]) -> list[tuple[float, str]]:
    hours = (last - first).total_seconds() / 3600
    step = timedelta(hours=next((one for one in _HOURS if hours / one <= 6), 24))
    since = datetime.min.replace(tzinfo=first.tzinfo)
    at, found = since + ((first - since) // step + 1) * step, []
    while at <= last:
        found.append((x(at), clock_time(at)))
        at += step
    return found
