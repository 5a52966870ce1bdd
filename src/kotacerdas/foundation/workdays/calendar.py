"""The working calendar, pure: no store, no settings, no "now".

Rules (docs/rules.md, "Clocks"): a budget of n working days is due at 23:59:59 local time of the nth
working day, the day of receipt not counted; working days are Monday to Friday without public holidays and
collective leave, the pack's override table wins; office hours speak in badges and measures, and never move
a due time.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple

from kotacerdas.kernel import clock
from kotacerdas.kernel.canonical import canonical_bytes

DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)
_SATURDAY = 5
_FARTHEST = 3650  # days to look ahead for a working day: a calendar without any is a mistake


class Name(NamedTuple):
    """What a day is called, in Indonesian and English."""

    id: str
    en: str


class Span(NamedTuple):
    """Opening and closing time of an office, local."""

    opens: time
    closes: time


class Left(NamedTuple):
    """Working time: whole working days, and office minutes of the day that is running."""

    days: int
    minutes: int


@dataclass(frozen=True)
class Hours:
    """Office hours of a weekday (0 Monday to 6 Sunday) from a day on; `season` "" is all year."""

    weekday: int
    span: Span
    season: str = ""
    valid_from: date = date.min


@dataclass(frozen=True)
class Stretch:
    """A season of other office hours; both ends count."""

    season: str
    first: date
    last: date


@dataclass(frozen=True)
class Calendar:
    """Working days and office hours of one place.

    holidays         days on which nobody works, weekends aside, with their names
    working          days on which people work although a weekend or a holiday would say no
    decreed_through  last year whose collective leave has been decreed
    """

    version: str
    holidays: Mapping[date, Name]
    working: frozenset[date] = frozenset()
    hours: tuple[Hours, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    decreed_through: int = 9998
    zone: tzinfo = field(default_factory=clock.local_zone)

    def is_workday(self, day: date) -> bool:
        """Whether the local day counts as a working day."""
        if day in self.working:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    @cached_property
    def _exceptions(self) -> tuple[list[date], list[date]]:
        """Weekdays on which nobody works, and weekend days on which people do, in order."""
        off = (day for day in self.holidays if day.weekday() < _SATURDAY and day not in self.working)
        return sorted(off), sorted(day for day in self.working if day.weekday() >= _SATURDAY)

    def next_workday(self, day: date) -> date:
        """The first working day after the given day."""
        for ahead in range(1, _FARTHEST):
            if self.is_workday(later := day + ahead * DAY):
                return later
        raise ValueError(f"the calendar has no working day after {day}")

    def due_at(self, received: datetime, days: int) -> datetime:
        """When a budget of `days` working days ends that starts at an aware instant. ValueError under 1."""
        if days < 1:
            raise ValueError("a budget is at least one working day")
        return self._end_of(self._nth_after(self.local_day(received), days))

    def remaining_workdays(self, day: date, due_day: date) -> int:
        """Working days in (day, due_day]; 0 when the due day is not later than the day."""
        if due_day <= day:
            return 0
        weeks, over = divmod((due_day - day).days, 7)
        weekdays = 5 * weeks + sum((day + ahead * DAY).weekday() < _SATURDAY for ahead in range(1, over + 1))
        off, extra = self._exceptions
        return weekdays - _between(off, day, due_day) + _between(extra, day, due_day)

    def resume_due(self, resumed: datetime, remaining: int) -> datetime:
        """The new due time of a clock that resumes with `remaining` working days (as of its pause).

        With none left it is due at the end of the day of resuming, or of the next working day when that
        day is none. An overdue clock is not to be asked: a broken promise is not mended by a pause.
        """
        day = self.local_day(resumed)
        if remaining > 0:
            return self._end_of(self._nth_after(day, remaining))
        return self._end_of(day if self.is_workday(day) else self.next_workday(day))

    def office_hours(self, day: date) -> Span | None:
        """Opening and closing time on a local day; None when the offices are closed."""
        if not self.is_workday(day):
            return None
        seasons = {one.season for one in self.stretches if one.first <= day <= one.last}
        weekday = min(day.weekday(), _SATURDAY - 1)  # a working weekend keeps Friday's hours
        for season in (*sorted(seasons), ""):
            known = [one for one in self._hours.get((season, weekday), ()) if one.valid_from <= day]
            if known:
                return known[-1].span
        return None

    def working_time_left(self, now: datetime, due: datetime) -> Left:
        """What a badge says: whole working days after today up to the due day, and today's minutes left.

        On the last day that is (0, office minutes left), (0, 0) after closing though not yet overdue.
        """
        if now >= due:
            return Left(0, 0)
        day = self.local_day(now)
        return Left(self.remaining_workdays(day, self.local_day(due)), self._minutes(now, self._end_of(day)))

    def working_time_over(self, now: datetime, due: datetime) -> Left:
        """How far a due time has passed: whole working days since the due day, and today's minutes so far."""
        if now <= due:
            return Left(0, 0)
        day = self.local_day(now)
        since = self.remaining_workdays(self.local_day(due), day - DAY)
        return Left(since, self._minutes(max(due, self._start_of(day)), now))

    def workhours_between(self, start: datetime, end: datetime) -> timedelta:
        """Office time in [start, end]; zero when the end is not later."""
        total = timedelta()
        day, last = self.local_day(start), self.local_day(end)
        while day <= last:
            if span := self.office_hours(day):
                opens, closes = (datetime.combine(day, at, self.zone) for at in span)
                total += max(timedelta(), min(end, closes) - max(start, opens))
            day += DAY
        return total

    def beyond_decreed(self, day: date) -> bool:
        """Whether a day lies past the last year whose collective leave is decreed, so that it may move."""
        return day.year > self.decreed_through

    def name_of(self, day: date) -> Name | None:
        """The name of a day off; None on working days and plain weekends."""
        return None if day in self.working else self.holidays.get(day)

    def local_day(self, at: datetime) -> date:
        """The local day of an aware instant, in the calendar's own zone."""
        return at.astimezone(self.zone).date()

    @cached_property
    def _hours(self) -> dict[tuple[str, int], list[Hours]]:
        found: dict[tuple[str, int], list[Hours]] = {}
        for one in sorted(self.hours, key=lambda hours: hours.valid_from):
            found.setdefault((one.season, one.weekday), []).append(one)
        return found

    def _nth_after(self, day: date, count: int) -> date:
        for _ in range(count):
            day = self.next_workday(day)
        return day

    def _minutes(self, start: datetime, end: datetime) -> int:
        return int(self.workhours_between(start, end).total_seconds() // 60)

    def _start_of(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, END_OF_DAY, self.zone)


def _between(days: list[date], after: date, last: date) -> int:
    """How many of these days lie in (after, last]."""
    return bisect_right(days, last) - bisect_right(days, after)


def version_of(
    holidays: Mapping[date, Name],
    working: Iterable[date],
    hours: Iterable[Hours],
    stretches: Iterable[Stretch],
    decreed_through: int,
) -> str:
    """Twelve hexadecimal digits that name a calendar's content: kept with every promise it was used for."""
    value = {
        "holidays": sorted([day.isoformat(), *name] for day, name in holidays.items()),
        "working": sorted(day.isoformat() for day in working),
        "hours": sorted(
            [one.season, one.weekday, *(at.isoformat() for at in one.span), one.valid_from.isoformat()]
            for one in hours
        ),
        "stretches": sorted([one.season, one.first.isoformat(), one.last.isoformat()] for one in stretches),
        "decreed_through": decreed_through,
    }
    return hashlib.sha256(canonical_bytes(value)).hexdigest()[:12]
