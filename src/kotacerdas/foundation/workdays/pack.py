"""What the pack says of the calendar: days by decree, office hours, seasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.workdays import almanac
from kotacerdas.foundation.workdays.models import CalendarDay, OfficeHours, Season
from kotacerdas.foundation.workdays.queries import forget_calendar
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert

RAMADAN = "ramadan"  # computed where no row states it
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One line of calendar.csv, which wins over the library: a holiday, collective leave or a working day."""

    date: date
    kind: Literal["holiday", "leave", "working"]
    name_id: str
    name_en: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class HoursRow:
    """One [[office_hours]] of hours.toml, for several weekdays; `season` "" is all year."""

    weekdays: tuple[Weekday, ...]
    opens: time
    closes: time
    season: str = ""
    valid_from: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class SeasonRow:
    """One [[season]] of hours.toml; both ends count. Ramadan is computed where none is stated."""

    name: str
    first: date
    last: date
    basis: str


def check_hours(rows: Sequence[HoursRow], pack: Pack) -> Iterator[tuple[HoursRow, str]]:
    """Opening before closing, each weekday of a season once, and no season that never comes."""
    seen: set[tuple[Any, ...]] = set()
    seasons = {"", RAMADAN, *(one.name for one in pack.of("season"))}
    for row in rows:
        if row.season not in seasons:
            yield row, _("season: no [[season]] is called %(name)s") % {"name": row.season}
        if row.closes <= row.opens:
            yield (
                row,
                _("closes: %(closes)s is not after %(opens)s")
                % {
                    "closes": f"{row.closes:%H:%M}",
                    "opens": f"{row.opens:%H:%M}",
                },
            )
        for weekday in row.weekdays:
            if (key := (weekday, row.season, row.valid_from)) in seen:
                yield row, _("weekdays: %(day)s stands twice for this season") % {"day": weekday}
            seen.add(key)


def check_seasons(rows: Sequence[SeasonRow], pack: Pack) -> Iterator[tuple[SeasonRow, str]]:
    """A season ends after it begins."""
    for row in rows:
        if row.last < row.first:
            yield row, _("last: %(last)s is before %(first)s") % {"last": row.last, "first": row.first}


def load_days(rows: Sequence[DayRow], pack: Pack) -> Counts:
    """Days by date. A day gone from the pack goes: promises keep the calendar's version, not its rows."""
    wanted = [
        {
            "date": row.date,
            "working": row.kind == "working",
            "leave": row.kind == "leave",
            "name_id": row.name_id,
            "name_en": row.name_en,
            "basis": row.basis,
        }
        for row in rows
    ]
    almanac.keep()
    removed, _models = CalendarDay.objects.exclude(date__in=[row.date for row in rows]).delete()
    forget_calendar()
    return upsert(CalendarDay, ("date",), wanted) + Counts(closed=removed)


def load_hours(rows: Sequence[HoursRow], pack: Pack) -> Counts:
    """Office hours by weekday, season and first day; hours gone from the pack go."""
    wanted = [
        {
            "weekday": _WEEKDAYS.index(weekday),
            "season": row.season,
            "valid_from": row.valid_from,
            "opens": row.opens,
            "closes": row.closes,
            "basis": row.basis,
        }
        for row in rows
        for weekday in row.weekdays
    ]
    key = ("weekday", "season", "valid_from")
    removed = _remove_others(OfficeHours, key, wanted)
    forget_calendar()
    return upsert(OfficeHours, key, wanted) + Counts(closed=removed)


def load_seasons(rows: Sequence[SeasonRow], pack: Pack) -> Counts:
    """Seasons by name and first day; seasons gone from the pack go."""
    wanted = [{"name": row.name, "first": row.first, "last": row.last, "basis": row.basis} for row in rows]
    removed = _remove_others(Season, ("name", "first"), wanted)
    forget_calendar()
    return upsert(Season, ("name", "first"), wanted) + Counts(closed=removed)


def _remove_others(
    model: type[OfficeHours] | type[Season], key: tuple[str, ...], wanted: Sequence[dict[str, Any]]
) -> int:
    wanted_keys = {tuple(values[name] for name in key) for values in wanted}
    gone = [
        row.pk
        for row in model._default_manager.all()
        if tuple(getattr(row, name) for name in key) not in wanted_keys
    ]
    removed, _models = model._default_manager.filter(pk__in=gone).delete()
    return removed


SECTIONS = (
    Section(
        name="days",
        file="calendar.csv",
        row=DayRow,
        stored=CalendarDay,
        key=("date",),
        load=load_days,
        optional=True,
    ),
    Section(
        name="office_hours",
        file="hours.toml",
        row=HoursRow,
        stored=OfficeHours,
        key=("weekdays", "season", "valid_from"),
        load=load_hours,
        check=check_hours,
    ),
    Section(
        name="season",
        file="hours.toml",
        row=SeasonRow,
        stored=Season,
        key=("name", "first"),
        load=load_seasons,
        check=check_seasons,
    ),
)
