"""Between aware datetimes, as the store has them, and whole seconds since local midnight of a day, as problems have them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kotacerdas.foundation.dispatch.declarations import Window
from kotacerdas.kernel import clock


def midnight(day: date) -> datetime:
    """The local midnight that a day begins with."""
    return datetime.combine(day, time(), tzinfo=clock.local_zone())


def seconds_of(day: date, at: datetime) -> int:
    """Whole seconds from the day's local midnight to a moment, rounded up: nothing is planned for what is past."""
    exact = (at - midnight(day)).total_seconds()
    return -int(-exact // 1)


def moment_of(day: date, seconds: int) -> datetime:
    """The moment so many seconds after the day's local midnight."""
    return midnight(day) + timedelta(seconds=seconds)


def window_of(day: date, start: datetime, end: datetime) -> Window:
    """A window of a problem from two moments."""
    return Window(seconds_of(day, start), seconds_of(day, end))


def seconds_at(at: time) -> int:
    """Whole seconds since midnight of a time of day."""
    return at.hour * 3600 + at.minute * 60 + at.second


def clock_text(seconds: int) -> str:
    """`17:42` of whole seconds since midnight, `25:10` after the next one; for figures and logs."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
