"""Turns spread evenly over weeks, none later than its due day: pure, without the store.

The number of turns up to each week is the tightest level line above what is due by then (the least concave majorant),
rounded up: where due days leave room, the fullest and the emptiest week differ by at most one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A tank that needs a turn by a day. One that is late already may stand in any week."""

    tank: UUID
    due_on: date
    is_late: bool = False


def spread(turns: Sequence[Turn], first: date, weeks: int) -> Iterator[tuple[Turn, int]]:
    """Each turn with the number of its week from 0, in order of weeks; those due later than the last week are left out.

    first  the Monday of the first week. A turn's week has its Friday no later than the due day.
    """
    dated = sorted((one for one in turns if not one.is_late), key=lambda one: one.due_on)
    dated = [one for one in dated if _week(one, first) < weeks]
    late = sorted((one for one in turns if one.is_late), key=lambda one: one.due_on)
    due = [0] * weeks
    for one in dated:
        due[_last_week(one, first)] += 1
    for number in range(1, weeks):
        due[number] += due[number - 1]
    reached = _level(due, len(dated) + len(late))
    yield from _filled(dated, late, due, reached)


def _week(turn: Turn, first: date) -> int:
    return (turn.due_on - first).days // 7


def _last_week(turn: Turn, first: date) -> int:
    """The last week that ends, with its Friday, by the due day; the first week for one that is due at once."""
    friday = turn.due_on - timedelta(days=4)
    return max(0, (friday - first).days // 7)


def _level(due: Sequence[int], total: int) -> list[int]:
    """Turns up to each week: the least concave line over (0, 0), the due ones, and all at the end, rounded up."""
    points = [(0, 0), *((number + 1, count) for number, count in enumerate(due))]
    points[-1] = (len(due), total)
    hull: list[tuple[int, int]] = []
    for x, y in points:
        while len(hull) > 1 and _is_below(hull[-2], hull[-1], (x, y)):
            hull.pop()
        hull.append((x, y))
    reached = []
    for (x0, y0), (x1, y1) in pairwise(hull):
        reached += [y0 - (-(y1 - y0) * (x - x0) // (x1 - x0)) for x in range(x0 + 1, x1 + 1)]
    return reached


def _is_below(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    """Whether b lies on or below the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])


def _filled(
    dated: Sequence[Turn], late: Sequence[Turn], due: Sequence[int], reached: Sequence[int]
) -> Iterator[tuple[Turn, int]]:
    """Fill the weeks: late ones as early as the due days of others allow, the oldest first."""
    room = list(reached)  # of late ones up to each week, so that later due days are still kept
    for number in range(len(reached) - 1, -1, -1):
        room[number] = reached[number] - due[number]
        if number + 1 < len(reached):
            room[number] = min(room[number], room[number + 1])
    placed_late = placed_dated = 0
    for number, upto in enumerate(reached):
        left = upto - placed_late - placed_dated
        of_late = min(left, len(late) - placed_late, max(0, room[number] - placed_late))
        of_dated = min(left - of_late, len(dated) - placed_dated)
        of_late = min(left - of_dated, len(late) - placed_late)
        for turn in (
            *late[placed_late : placed_late + of_late],
            *dated[placed_dated : placed_dated + of_dated],
        ):
            yield turn, number
        placed_late, placed_dated = placed_late + of_late, placed_dated + of_dated
