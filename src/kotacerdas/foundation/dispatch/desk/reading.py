"""What the pages show of a day, read in a handful of queries whatever its size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kotacerdas.foundation.dispatch.models import (
    Job,
    Plan,
    PlannedRoute,
    PlannedStop,
    Shift,
    Station,
    Unit,
    UnitState,
)
from kotacerdas.foundation.dispatch.problems import open_jobs
from kotacerdas.foundation.dispatch.queries import earlier_jobs, states_of
from kotacerdas.foundation.dispatch.words import names_of, reason_words
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.parties.subjects import seen
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock

TONES = 5
_LETTERS = 26


@dataclass(frozen=True, kw_only=True)
class Work:
    """A job as the pages tell of it: what it is about in words, with its page, and the village where it is."""

    job: Job
    words: str
    url: str
    village: str

    @property
    def m3(self) -> str:
        return cubic(self.job.volume_l)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A stop of a route; a job with its number within the route, from 1."""

    stop: PlannedStop
    work: Work | None = None
    number: int = 0

    @property
    def m3(self) -> str:
        return cubic(self.stop.volume_l)

    @property
    def is_shown(self) -> bool:
        """Whether it is a block of the timetable: beginning and end of a route are none."""
        return self.stop.kind not in (PlannedStop.Kind.START, PlannedStop.Kind.END)

    @property
    def is_begun(self) -> bool:
        return bool(self.stop.state != PlannedStop.State.PLANNED)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A unit on its shift, and what it does by the plan. tone: which of the five colours; short: its name as a badge."""

    unit: Unit
    shift: Shift
    tone: int
    short: str
    state: str
    lines: tuple[Line, ...] = ()
    metres: int = 0

    @property
    def tasks(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.work is not None)

    @property
    def litres(self) -> int:
        return sum(line.stop.volume_l for line in self.tasks)

    @property
    def state_words(self) -> str:
        return str(UnitState.State(self.state).label)

    @property
    def begun(self) -> int:
        """How many of its jobs are done or under way."""
        return sum(line.is_begun for line in self.tasks)


@dataclass(frozen=True, kw_only=True)
class Left:
    """A job in no route: its letter, and why, in words."""

    work: Work
    letter: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A day as its page shows it.

    plan     the version that is looked at; None: there is none yet
    earlier  on today's page: open jobs of days before, which nobody did
    """

    agency: Agency
    day: date
    plan: Plan | None
    lanes: tuple[Lane, ...]
    left: tuple[Left, ...]
    stations: tuple[Station, ...]
    earlier: tuple[Work, ...] = ()

    @property
    def sites(self) -> tuple[Station, ...]:
        """Where units are emptied."""
        return tuple(one for one in self.stations if one.is_reload_site)

    @property
    def planned(self) -> int:
        return sum(len(lane.tasks) for lane in self.lanes)

    def intake(self, site: Station) -> int:
        """Litres that the plan brings to a site."""
        stops = (line.stop for lane in self.lanes for line in lane.lines)
        return sum(one.volume_l for one in stops if one.kind == "reload" and one.station_id == site.id)

    def lane_of(self, job: UUID) -> tuple[Lane, Line] | None:
        """Where a job stands."""
        found = ((lane, line) for lane in self.lanes for line in lane.tasks if line.stop.job_id == job)
        return next(found, None)


def sheet_of(grants: Grants, agency: Agency, day: date, plan: Plan | None) -> Sheet:
    """A day of an agency by one of its plans; without one its shifts and the jobs that wait."""
    routes = _routes(plan)
    in_routes = [stop.job for route in routes for stop in route.stops.all() if stop.job is not None]
    reasons = {UUID(one["job"]): one for one in plan.unplanned} if plan is not None else {}
    left = _left_jobs(agency, day, plan, {job.id for job in in_routes}, reasons)
    earlier = list(earlier_jobs(agency)) if day == clock.today() else []
    works = works_of(grants, [*in_routes, *left, *earlier])
    names = names_of(agency)
    return Sheet(
        agency=agency,
        day=day,
        plan=plan,
        lanes=_lanes(agency, day, routes, works),
        left=tuple(
            Left(work=works[job.id], letter=_letter(turn), why=_why(plan, reasons.get(job.id), names))
            for turn, job in enumerate(left)
        ),
        stations=tuple(Station.objects.filter(agency=agency, is_active=True).prefetch_related("hours")),
        earlier=tuple(works[job.id] for job in earlier),
    )


def works_of(grants: Grants, jobs: Iterable[Job]) -> dict[UUID, Work]:
    """Jobs with the words and the address of what they are about, by id; one query for each kind of subject."""
    wanted = list(jobs)
    known = seen(grants, {(job.subject_kind, job.subject_id) for job in wanted})
    found = {}
    for job in wanted:
        area = area_by_code(job.area_code) if job.area_code else None
        subject = known.get(job.subject_id)
        found[job.id] = Work(
            job=job,
            words=subject.words if subject is not None else "",
            url=subject.url if subject is not None else "",
            village=area.name if area is not None else "",
        )
    return found


def cubic(litres: int) -> str:
    """`1,5` of 1,500 litres: m³ with one figure behind the comma."""
    return number(litres / 1000, 1)


def short_of(name: str, turn: int) -> str:
    """A unit's name as a badge: the figures that it ends with, else its place in the list."""
    ends = re.search(r"\d{1,3}$", name.strip())
    return ends.group() if ends else f"{turn:02d}"


def _routes(plan: Plan | None) -> list[PlannedRoute]:
    if plan is None:
        return []
    routes = plan.routes.select_related("unit__home", "shift__crew", "shift__unit__home")
    return list(routes.prefetch_related("stops__job__pinned_unit", "stops__station"))


def _lanes(
    agency: Agency, day: date, routes: Sequence[PlannedRoute], works: dict[UUID, Work]
) -> tuple[Lane, ...]:
    """A lane for each unit with a shift or a route, in the order of their names."""
    shifts = Shift.objects.filter(unit__agency=agency, day=day).select_related("unit__home", "crew")
    by_unit = {one.unit_id: one for one in shifts} | {one.unit_id: one.shift for one in routes}
    given = {one.unit_id: one for one in routes}
    states = states_of(by_unit)
    lanes = []
    for turn, shift in enumerate(sorted(by_unit.values(), key=lambda one: one.unit.name), 1):
        route = given.get(shift.unit_id)
        lanes.append(
            Lane(
                unit=shift.unit,
                shift=shift,
                tone=(turn - 1) % TONES + 1,
                short=short_of(shift.unit.name, turn),
                state=states[shift.unit_id],
                lines=_lines(route, works) if route is not None else (),
                metres=route.metres if route is not None else 0,
            )
        )
    return tuple(lanes)


def _lines(route: PlannedRoute, works: dict[UUID, Work]) -> tuple[Line, ...]:
    lines, turn = [], 0
    for stop in route.stops.all():
        work = works[stop.job_id] if stop.job_id is not None else None
        turn += work is not None
        lines.append(Line(stop=stop, work=work, number=turn if work is not None else 0))
    return tuple(lines)


def _left_jobs(
    agency: Agency, day: date, plan: Plan | None, in_routes: set[UUID], reasons: dict[UUID, dict]
) -> list[Job]:
    """Open jobs of the day that are in no route: those that the plan gives a reason for, and those that came since."""
    jobs = {
        job.id: job
        for job in open_jobs(agency, day, plan)
        if job.id not in in_routes and job.state == Job.State.OPEN
    }
    listed = [job for key in reasons if (job := jobs.get(key)) is not None]
    return listed + [job for key, job in jobs.items() if key not in reasons]


def _why(plan: Plan | None, reason: dict | None, names: dict[str, str]) -> str:
    if plan is None:
        return ""
    given = reason or {"code": "not_asked", "figures": {}}
    return reason_words(given["code"], given["figures"], names)


def _letter(turn: int) -> str:
    """A to Z, then AA, AB …"""
    first, last = divmod(turn, _LETTERS)
    return (chr(64 + first) if first else "") + chr(65 + last)
