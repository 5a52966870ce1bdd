"""Moments at which people work, for what is invented: demos and trials."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock

_OPENS, _CLOSES = time(7, 40), time(15, 50)


def within_office(random: Random, near: datetime) -> datetime:
    """Some moment of the working day at or after the given day."""
    day = clock.local_day(near)
    calendar = current_calendar()
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    start = datetime.combine(day, _OPENS, tzinfo=clock.local_zone())
    length = datetime.combine(day, _CLOSES, tzinfo=clock.local_zone()) - start
    return start + length * random.random()


def office_moment(random: Random, after: datetime, workdays: float) -> datetime:
    """A moment in office hours about so many working days later, never before `after`."""
    day = clock.local_day(after)
    calendar = current_calendar()
    whole = int(workdays)
    while whole > 0:
        day += timedelta(days=1)
        whole -= calendar.is_workday(day)
    start = datetime.combine(day, _OPENS, tzinfo=clock.local_zone())
    chosen = within_office(random, start)
    return chosen if chosen > after else after + timedelta(minutes=random.uniform(5, 90))
