"""Links from a case page to the queue, and to the cases before and after in it."""

from __future__ import annotations

from dataclasses import dataclass

from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.filters import Moments, chosen, filters
from kotacerdas.foundation.casework.origin import FILTER, OPEN, PAGE, WHOLE_QUEUE, Origin
from kotacerdas.foundation.casework.queries import PAGE_SIZE, queue_numbers
from kotacerdas.foundation.parties.grants import Grants


@dataclass(frozen=True, kw_only=True)
class Way:
    """The place of a case in the queue it was opened from; addresses are "" at the ends.

    place  counted from one; 0 for a case that left the queue, whose next one is the first of what remains
    """

    place: int
    total: int
    before: str
    after: str
    back: str


def way_of(grants: Grants, origin: Origin, number: str) -> Way | None:
    """The way through the queue and filter a case was opened from; None when it came from elsewhere."""
    desk = origin.desk
    if not origin.queue or not grants.may(desk.work):
        return None
    wanted = chosen(filters(desk, grants, Moments.current()), origin.queue)
    rows = queue_numbers(desk, grants, wanted)
    numbers = list(dict.fromkeys(rows))
    place = numbers.index(number) + 1 if number in numbers else 0
    return Way(
        place=place,
        total=len(numbers),
        before=origin.case(numbers[place - 2]).url if place > 1 else "",
        after=origin.case(numbers[place]).url if place < len(numbers) else "",
        back=_back(desk, wanted.name, number if place else "", rows.index(number) if place else 0),
    )


def _back(desk: Desk, wanted: str, number: str, row: int) -> str:
    """The queue with its filter, at the page of the case's row, the case open beside it."""
    page = row // PAGE_SIZE + 1
    queue = Origin(desk, desk.url("queue"), ())
    for name, value in (
        (FILTER, wanted if wanted != WHOLE_QUEUE else ""),
        (PAGE, str(page) if page > 1 else ""),
        (OPEN, number),
    ):
        queue = queue.with_value(name, value)
    return queue.url
