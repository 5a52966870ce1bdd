"""What the fleet's page shows: every unit with its state, position, shift and place in its route; stations; a week's shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch import queries
from kotacerdas.foundation.dispatch.desk.map import is_stale, seen_words
from kotacerdas.foundation.dispatch.desk.reading import TONES, cubic, short_of
from kotacerdas.foundation.dispatch.models import (
    PlannedRoute,
    PlannedStop,
    Shift,
    Station,
    StationHours,
    Unit,
    UnitState,
)
from kotacerdas.foundation.dispatch.skills import skill_words
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import Tag
from kotacerdas.foundation.ui.tags.words import clock_time
from kotacerdas.kernel import clock

DAYS = 7
_TONES = {"available": ("padi", "circle-check"), "broken": ("terasi", "wrench"), "off": ("plain", "ban")}
_State = PlannedStop.State


class Hours(NamedTuple):
    """Opening hours that are the same on some weekdays, in words."""

    days: str
    times: str


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A unit as the page lists it."""

    unit: Unit
    short: str
    tone: int
    tag: Tag
    state: str
    since: datetime | None
    why: str
    seen: str
    is_stale: bool
    shift: Shift | None
    standing: str
    week: tuple[tuple[date, Shift | None], ...]

    @property
    def m3(self) -> str:
        return cubic(self.unit.capacity_l)

    @property
    def skills(self) -> str:
        return skill_words(self.unit.skills)


@dataclass(frozen=True, kw_only=True)
class StationRow:
    """A station with its hours."""

    station: Station
    hours: tuple[Hours, ...]

    @property
    def limit(self) -> str:
        """m³ a day; "" for any."""
        return cubic(self.station.daily_limit_l) if self.station.daily_limit_l else ""


def unit_rows(agency: Agency, week: date) -> list[UnitRow]:
    """An agency's units in use, with what they do today and their shifts of a week (by its Monday)."""
    units = list(Unit.objects.filter(agency=agency, is_active=True).select_related("home"))
    keys = [one.id for one in units]
    today = clock.today()
    states = {one.unit_id: one for one in _newest_states(keys)}
    seen = queries.last_seen(keys)
    shifts = _shifts(keys, today, week)
    standing = standings(keys, today)
    days = [week + timedelta(days=number) for number in range(DAYS)]
    rows = []
    for turn, unit in enumerate(units, 1):
        newest, spot = states.get(unit.id), seen.get(unit.id)
        state = newest.state if newest is not None else UnitState.State.AVAILABLE
        tone, icon = _TONES[state]
        rows.append(
            UnitRow(
                unit=unit,
                short=short_of(unit.name, turn),
                tone=(turn - 1) % TONES + 1,
                tag=Tag(text=UnitState.State(state).label, tone=tone, icon=icon),  # type: ignore[arg-type]
                state=state,
                since=newest.since if newest is not None else None,
                why=newest.why if newest is not None else "",
                seen=seen_words(spot) if spot is not None else "",
                is_stale=spot is not None and is_stale(spot),
                shift=shifts.get((unit.id, today)),
                standing=standing.get(unit.id, ""),
                week=tuple((day, shifts.get((unit.id, day))) for day in days),
            )
        )
    return rows


def station_rows(agency: Agency) -> list[StationRow]:
    """An agency's stations in use with their hours, days of the same hours together."""
    stations = Station.objects.filter(agency=agency, is_active=True).prefetch_related("hours")
    return [StationRow(station=one, hours=tuple(_hours(list(one.hours.all())))) for one in stations]


def standings(units: Sequence[UUID], day: date) -> dict[UUID, str]:
    """How far each unit is with its route in force: `3 of 6 jobs, next: Melati at 10:40`."""
    routes = PlannedRoute.objects.filter(unit__in=units, day=day, is_published=True)
    return {
        one.unit_id: _standing(list(one.stops.all()))
        for one in routes.prefetch_related("stops__station", "stops__job")
    }


def weekday_names() -> list[str]:
    """Monday to Sunday in three letters."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def _newest_states(units: Sequence[UUID]) -> list[UnitState]:
    rows = UnitState.objects.filter(unit__in=units).order_by("unit_id", "-since", "-id")
    return list(rows.distinct("unit_id"))


def _shifts(units: Sequence[UUID], today: date, week: date) -> dict[tuple[UUID, date], Shift]:
    wanted = {today, *(week + timedelta(days=number) for number in range(DAYS))}
    rows = Shift.objects.filter(unit__in=units, day__in=wanted).select_related("crew")
    return {(one.unit_id, one.day): one for one in rows}


def _standing(stops: Sequence[PlannedStop]) -> str:
    tasks = [one for one in stops if one.job_id is not None]
    done = sum(one.state == _State.DONE for one in tasks)
    words = _("%(done)s of %(every)s jobs") % {"done": done, "every": len(tasks)}
    at_work = next((one for one in stops if one.state == _State.UNDER_WAY), None)
    begun = max((one.position for one in stops if one.state != _State.PLANNED), default=-1)
    later = (one for one in stops if one.position > begun and one.kind != PlannedStop.Kind.START)
    follows = next(later, None)
    if at_work is not None:
        return f"{words}, {_('now: %(what)s') % {'what': _what(at_work)}}"
    if follows is None:
        return f"{words}, {_('home')}"
    given = {"what": _what(follows), "at": clock_time(follows.arrive_at)}
    return f"{words}, {_('next: %(what)s at %(at)s') % given}"


def _what(stop: PlannedStop) -> str:
    if stop.station is not None and stop.job_id is None:
        return stop.station.name
    area = area_by_code(stop.job.area_code) if stop.job is not None and stop.job.area_code else None
    if area is not None:
        return area.name
    return str(stop.get_kind_display())


def _hours(rows: Sequence[StationHours]) -> list[Hours]:
    names, by_day = weekday_names(), dict[int, list[str]]()
    for row in rows:
        by_day.setdefault(row.weekday, []).append(f"{_local(row.opens)}-{_local(row.closes)}")
    found: list[Hours] = []
    first = 0
    for day in range(1, DAYS + 1):
        if day < DAYS and by_day.get(day) == by_day.get(first):
            continue
        if times := by_day.get(first):
            days = names[first] if day - 1 == first else f"{names[first]}-{names[day - 1]}"
            found.append(Hours(days, ", ".join(times)))
        first = day
    return found


def _local(at: object) -> str:
    return clock_time(clock.now().astimezone(clock.local_zone()).replace(hour=at.hour, minute=at.minute))  # type: ignore[attr-defined]
