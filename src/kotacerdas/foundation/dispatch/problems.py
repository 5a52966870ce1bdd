"""The problem of an agency's day from the rows: shifts and states, stations and hours, open jobs; in mid-day what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from kotacerdas.foundation.dispatch.declarations import (
    Break,
    Costs,
    Place,
    Problem,
    ReloadSite,
    Route,
    Stop,
    Task,
    Vehicle,
    Window,
)
from kotacerdas.foundation.dispatch.models import Job, Plan, PlannedStop, Shift, Station, UnitPosition
from kotacerdas.foundation.dispatch.moments import seconds_at, seconds_of, window_of
from kotacerdas.foundation.dispatch.osrm import OSRM
from kotacerdas.foundation.dispatch.pack_tables import DispatchTable
from kotacerdas.foundation.dispatch.queries import holding_stops, states_of
from kotacerdas.foundation.dispatch.replan import Standing, rest_of
from kotacerdas.foundation.dispatch.travel import GreatCircle, Travel
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.packtables import pack_table

FRESH_POSITION = timedelta(minutes=10)  # an older one does not say where a unit sets out from
_State = PlannedStop.State


@dataclass(frozen=True, kw_only=True)
class Day:
    """A problem, and what of a published plan it goes on from (nothing for a whole day).

    whole  the problem of the whole day, before what was done left it
    """

    problem: Problem
    whole: Problem
    standings: tuple[Standing, ...] = ()
    published: tuple[Route, ...] = ()


def travel() -> Travel:
    """How travel is reckoned here: by the road network of `KOTACERDAS_OSRM_URL`, else by the pack's estimate."""
    table = pack_table(DispatchTable)
    estimate = GreatCircle(detour_percent=table.detour_percent, speed_kmh=table.speed_kmh)
    return OSRM(settings.OSRM_URL, instead=estimate) if settings.OSRM_URL else estimate


def day_of(agency: Agency, day: date, *, plan: Plan | None = None, now: datetime | None = None) -> Day:
    """The problem of an agency's day; of its rest after what was done of a published plan, where one is given."""
    vehicles = _vehicles(agency, day, plan)
    sites = _sites(agency, day)
    tasks = tuple(_task(job, day) for job in open_jobs(agency, day, plan))
    standings = _standings(plan, day, now) if plan is not None and now is not None else ()
    places = [place for one in vehicles for place in (one.start, one.end)]
    places += [one.place for one in sites] + [one.place for one in tasks]
    places += [one.place for one in standings if one.place is not None]
    table = pack_table(DispatchTable)
    whole = Problem(
        day=day,
        tasks=tasks,
        vehicles=vehicles,
        sites=sites,
        travel=travel().matrix(places),
        costs=Costs(metre=table.metre_cost, second=table.second_cost, vehicle=table.unit_cost),
    )
    if plan is None or now is None:
        return Day(problem=whole, whole=whole)
    rest = rest_of(whole, standings, seconds_of(day, now))
    return Day(problem=rest, whole=whole, standings=standings, published=routes_of(plan))


def open_jobs(agency: Agency, day: date, plan: Plan | None = None) -> list[Job]:
    """Jobs that a plan of the day may take, and those that the given plan has done: none that another day's plan holds."""
    jobs = Job.objects.filter(Q(day=day) | Q(day=None), agency=agency, state=Job.State.OPEN)
    elsewhere = holding_stops().filter(route__plan__agency=agency).exclude(route__day=day)
    found = list(jobs.exclude(id__in=elsewhere.values("job")).order_by("opened_at", "id"))
    if plan is not None:
        known = {job.id for job in found}
        begun = PlannedStop.objects.filter(route__plan=plan, job__isnull=False).exclude(state=_State.PLANNED)
        done = Job.objects.filter(id__in=begun.values("job"))
        found += [job for job in done.order_by("opened_at", "id") if job.id not in known]
    return found


def routes_of(plan: Plan) -> tuple[Route, ...]:
    """A stored plan as routes."""
    return tuple(
        Route(vehicle=str(route.unit_id), stops=tuple(stop_of(one, plan.day) for one in route.stops.all()))
        for route in plan.routes.prefetch_related("stops")
    )


def stop_of(row: PlannedStop, day: date) -> Stop:
    """A stored stop as it was planned."""
    return Stop(
        kind=row.kind,  # type: ignore[arg-type]
        ref=ref_of(row),
        arrive=seconds_of(day, row.arrive_at),
        begin=seconds_of(day, row.begin_at),
        leave=seconds_of(day, row.leave_at),
        load_after=row.load_after_l,
    )


def ref_of(row: PlannedStop) -> str:
    """What a stop is at, as a problem names it."""
    return str(row.job_id or row.station_id or "") if row.kind in ("task", "reload") else ""


def _vehicles(agency: Agency, day: date, plan: Plan | None) -> tuple[Vehicle, ...]:
    """The units of the day's shifts: those that can go out, and those that a plan has already."""
    shifts = list(
        Shift.objects.filter(unit__agency=agency, unit__is_active=True, day=day)
        .select_related("unit__home")
        .order_by("unit__name", "unit_id")
    )
    states = states_of([one.unit_id for one in shifts])
    known = {route.unit_id for route in plan.routes.all()} if plan is not None else set[UUID]()
    return tuple(
        _vehicle(one) for one in shifts if one.unit_id in known or states[one.unit_id] == "available"
    )


def _vehicle(shift: Shift) -> Vehicle:
    home = Place(shift.unit.home.lat, shift.unit.home.lng)
    return Vehicle(
        id=str(shift.unit_id),
        capacity=shift.unit.capacity_l,
        shift=window_of(shift.day, shift.starts_at, shift.ends_at),
        start=home,
        end=home,
        skills=frozenset(shift.unit.skills),
        breaks=_breaks(shift),
        may_end_loaded=shift.unit.may_end_loaded,
    )


def _breaks(shift: Shift) -> tuple[Break, ...]:
    if not shift.break_minutes or shift.break_earliest is None or shift.break_latest is None:
        return ()
    window = window_of(shift.day, shift.break_earliest, shift.break_latest)
    return (Break(window.start, window.end, shift.break_minutes * 60),)


def _sites(agency: Agency, day: date) -> tuple[ReloadSite, ...]:
    stations = Station.objects.filter(agency=agency, is_reload_site=True, is_active=True)
    return tuple(
        ReloadSite(
            id=str(one.id),
            place=Place(one.lat, one.lng),
            hours=tuple(
                Window(seconds_at(row.opens), seconds_at(row.closes))
                for row in one.hours.all()
                if row.weekday == day.weekday()
            ),
            seconds=one.unload_seconds,
            daily_limit=one.daily_limit_l,
        )
        for one in stations.prefetch_related("hours")
    )


def _task(job: Job, day: date) -> Task:
    promised = None
    if job.promised_from is not None and job.promised_until is not None:
        promised = window_of(day, job.promised_from, job.promised_until)
    return Task(
        id=str(job.id),
        place=Place(job.lat, job.lng),
        volume=job.volume_l,
        seconds=job.service_seconds,
        windows=tuple(windows_of(job.windows)),
        skills=frozenset(job.skills),
        pinned_unit=str(job.pinned_unit_id) if job.pinned_unit_id else None,
        promised=promised,
        weight=job.weight,
    )


def windows_of(given: Iterable[Sequence[str]]) -> Iterable[Window]:
    """Windows as a job has them: pairs of local times."""
    for start, end in given:
        yield Window(seconds_at(time.fromisoformat(start)), seconds_at(time.fromisoformat(end)))


def _standings(plan: Plan, day: date, now: datetime) -> tuple[Standing, ...]:
    """How far each unit of a published plan is."""
    routes = list(plan.routes.prefetch_related("stops").order_by("unit__name", "unit_id"))
    states = states_of([one.unit_id for one in routes])
    positions = {
        one.unit_id: one
        for one in UnitPosition.objects.filter(
            unit__in=[one.unit_id for one in routes], measured_at__gt=now - FRESH_POSITION
        ).order_by("measured_at")
    }
    return tuple(
        _standing(
            str(route.unit_id),
            list(route.stops.all()),
            positions.get(route.unit_id),
            day,
            now,
            is_out=states[route.unit_id] == "available",
        )
        for route in routes
    )


def _standing(
    vehicle: str,
    rows: list[PlannedStop],
    position: UnitPosition | None,
    day: date,
    now: datetime,
    *,
    is_out: bool,
) -> Standing:
    begun = [n for n, row in enumerate(rows) if row.state != _State.PLANNED and row.kind != "start"]
    if not begun:
        return Standing(vehicle=vehicle, place=_fresh(position, rows, now), is_out=is_out)
    last = rows[begun[-1]]
    frozen, load = [], rows[0].load_after_l
    for number, row in enumerate(rows[: begun[-1] + 1]):
        is_passed = row.kind in ("start", "break") or number in begun
        if is_passed:
            load = _load_after(row, load)
            frozen.append(_as_it_was(row, day, now, load))
    place = None
    if last.state == _State.DONE and position is not None and last.done_at is not None:
        place = Place(position.lat, position.lng) if position.measured_at > last.done_at else None
    is_home = last.kind == "end"  # nobody is sent out again who is home
    return Standing(vehicle=vehicle, frozen=tuple(frozen), place=place, is_out=is_out and not is_home)


def _fresh(position: UnitPosition | None, rows: list[PlannedStop], now: datetime) -> Place | None:
    """Where a unit is that should be on its way to its first stop."""
    if position is None or not rows or rows[0].leave_at > now:
        return None
    return Place(position.lat, position.lng)


def _load_after(row: PlannedStop, load: int) -> int:
    if row.kind == "task":
        return load + (row.taken_l if row.taken_l is not None else row.volume_l)
    return 0 if row.kind == "reload" else load


def _as_it_was(row: PlannedStop, day: date, now: datetime, load: int) -> Stop:
    """A stop as it was done; one that is under way ends after its planned length, and not before now."""
    planned = stop_of(row, day)
    if row.state == _State.PLANNED or row.began_at is None:
        return Stop(
            kind=planned.kind,
            ref=planned.ref,
            arrive=planned.arrive,
            begin=planned.begin,
            leave=planned.leave,
            load_after=load,
        )
    begin = seconds_of(day, row.began_at)
    leave = seconds_of(day, row.done_at) if row.done_at else begin + planned.leave - planned.begin
    if row.state == _State.UNDER_WAY:
        leave = max(leave, seconds_of(day, now))
    return Stop(
        kind=planned.kind,
        ref=planned.ref,
        arrive=begin,
        begin=begin,
        leave=max(leave, begin),
        load_after=load,
    )
