"""The calendar in force, built once from library and pack and kept until either changes."""

from __future__ import annotations

import time
from threading import Lock

from kotacerdas.foundation.workdays import almanac
from kotacerdas.foundation.workdays.almanac import Almanac
from kotacerdas.foundation.workdays.calendar import Calendar, Hours, Name, Span, Stretch, version_of
from kotacerdas.foundation.workdays.models import CalendarDay, OfficeHours, Season
from kotacerdas.kernel import clock
from kotacerdas.kernel.memory import forgets

_LOOK_AGAIN = 5.0  # seconds: how late a process may learn that the pack was loaded anew
_lock = Lock()
_cached: tuple[float, Calendar] | None = None


def current_calendar() -> Calendar:
    """The working calendar in force. Its `version` goes with every promise that was reckoned by it."""
    global _cached
    cached = _cached
    if cached is not None and time.monotonic() < cached[0]:
        return cached[1]
    with _lock:
        built = _build()
        if cached is not None and cached[1].version == built.version and cached[1].zone == built.zone:
            built = cached[1]
        _cached = (time.monotonic() + _LOOK_AGAIN, built)
    return built


@forgets
def forget_calendar() -> None:
    """Read the store at the next call; for the pack's loader and for tests."""
    global _cached
    _cached = None


def _build() -> Calendar:
    known = almanac.known()
    stated = list(CalendarDay.objects.all())
    off = dict(known.days_off)
    for day in stated:
        off.pop(day.date, None)
        if not day.working:
            off[day.date] = Name(day.name_id, day.name_en)
    working = frozenset(day.date for day in stated if day.working)
    hours = tuple(
        Hours(one.weekday, Span(one.opens, one.closes), one.season, one.valid_from)
        for one in OfficeHours.objects.all()
    )
    stretches = _stretches(known, [Stretch(one.name, one.first, one.last) for one in Season.objects.all()])
    decreed = max([known.decreed_through, *(day.date.year for day in stated if day.leave)])
    return Calendar(
        version=version_of(off, working, hours, stretches, decreed),
        holidays=off,
        working=working,
        hours=hours,
        stretches=stretches,
        decreed_through=decreed,
        zone=clock.local_zone(),
    )


def _stretches(known: Almanac, stated: list[Stretch]) -> tuple[Stretch, ...]:
    """The pack's seasons, and the computed Ramadans that no stated one touches."""
    computed = [
        one
        for one in known.ramadans
        if not any(
            other.season == one.season and other.first <= one.last and one.first <= other.last
            for other in stated
        )
    ]
    return tuple(sorted([*stated, *computed], key=lambda one: one.first))
