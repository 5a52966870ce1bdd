"""Public holidays and collective leave as the `holidays` library knows them, and Ramadan's dates.

The yearly joint decree of three ministers is law; the library follows it for the years already decreed
and computes the rest. The pack's own days win over both.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from holidays.calendars.islamic import _IslamicLunar
from holidays.constants import GOVERNMENT, PUBLIC
from holidays.countries.indonesia import Indonesia

from kotacerdas.foundation.workdays.calendar import Name, Stretch

FIRST_YEAR, LAST_YEAR = 2019, 2040
RAMADAN = "ramadan"
_EID = "Hari Raya Idul Fitri"
_LONGEST_MONTH = 31


@lru_cache(maxsize=1)
def days_off() -> dict[date, Name]:
    """Days off of Indonesia, 2019 to 2040, with their Indonesian and English names."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    known = {
        language: Indonesia(years=years, categories=(PUBLIC, GOVERNMENT), language=language)
        for language in ("id", "en_US")
    }
    return {day: Name(known["id"][day], known["en_US"][day]) for day in sorted(known["id"])}


@lru_cache(maxsize=1)
def decreed_through() -> int:
    """The last year for which the library knows collective leave, which exists by decree only."""
    leave = Indonesia(years=range(FIRST_YEAR, LAST_YEAR + 1), categories=(GOVERNMENT,))
    return max(day.year for day in leave)


@lru_cache(maxsize=1)
def ramadans() -> tuple[Stretch, ...]:
    """Ramadan of each year as a season of office hours, up to the day before Eid al-Fitr.

    Computed: the government fixes both ends by sighting (*sidang isbat*), a day's difference is possible;
    the pack states a season itself where that happened.
    """
    found = []
    for first in _beginnings():
        eid = _eid_after(first)
        if eid is not None:
            found.append(Stretch(RAMADAN, first, eid - timedelta(days=1)))
    return tuple(found)


def _beginnings() -> list[date]:
    calendar = _IslamicLunar()
    starts = (calendar.ramadan_beginning_dates(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))
    return sorted({day for dates in starts for day, _estimated in dates})


def _eid_after(first: date) -> date | None:
    for ahead in range(28, _LONGEST_MONTH):
        name = days_off().get(day := first + timedelta(days=ahead))
        if name is not None and name.id.startswith(_EID):
            return day
    return None
