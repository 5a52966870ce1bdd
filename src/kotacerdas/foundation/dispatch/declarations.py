"""A day's transport problem and a plan for it, as plain values: no Django, no clock, no store.

Times are whole seconds since local midnight of the problem's day (more than 86,400 after the next midnight), volumes whole
litres, distances whole metres. `moments` turns aware datetimes into these seconds and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

Figures = Mapping[str, int | str]
StopKind = Literal["start", "task", "reload", "break", "end"]


class Window(NamedTuple):
    """A stretch of time; both ends belong to it."""

    start: int
    end: int


class Place(NamedTuple):
    """A position in WGS 84 degrees. Equal positions are one place."""

    lat: float
    lng: float


class Break(NamedTuple):
    """A rest of so many seconds that begins between `earliest` and `latest`, while no work is done at a stop."""

    earliest: int
    latest: int
    seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Work at one place: `seconds` of it, taking `volume` litres on board.

    windows      the whole work lies within one of them; none: at any time
    promised     the work begins within it, as somebody was told
    skills       what the unit must have; pinned_unit: the only unit that may do it
    weight       how much it counts against other tasks when not all can be done
    released     the trip that serves it leaves the home or the reload site no earlier
    """

    id: str
    place: Place
    volume: int = 0
    seconds: int = 0
    windows: tuple[Window, ...] = ()
    skills: frozenset[str] = frozenset()
    pinned_unit: str | None = None
    promised: Window | None = None
    weight: int = 1
    released: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle:
    """A unit on its shift, from where it stands to where it must be at the end.

    load            litres on board now; ready_at: from when on it can set out (never before the shift)
    may_end_loaded  whether what is on board may stay there overnight; else it is emptied before the end
    """

    id: str
    capacity: int
    shift: Window
    start: Place
    end: Place
    skills: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()
    load: int = 0
    ready_at: int = 0
    may_end_loaded: bool = False

    @property
    def sets_out(self) -> int:
        """The earliest moment at which it can leave its start."""
        return max(self.shift.start, self.ready_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReloadSite:
    """A place where units are emptied: the whole unloading lies within opening hours.

    daily_limit  litres that it takes a day (none: any); received: litres that came today before this plan
    """

    id: str
    place: Place
    hours: tuple[Window, ...]
    seconds: int = 0
    daily_limit: int | None = None
    received: int = 0

    @property
    def room(self) -> int | None:
        """Litres that it still takes today; None: any."""
        return None if self.daily_limit is None else max(0, self.daily_limit - self.received)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Travel between places, in whole seconds and metres: `seconds[i][j]` from `places[i]` to `places[j]`.

    source  what it was reckoned by: "great_circle", "osrm", "recorded"
    remark  what somebody should know of it, as a code: "" or "osrm_unreachable", "osrm_no_road"
    """

    places: tuple[Place, ...]
    seconds: tuple[tuple[int, ...], ...]
    metres: tuple[tuple[int, ...], ...]
    source: str = "great_circle"
    remark: str = ""

    def index(self) -> dict[Place, int]:
        """The row and column of each place."""
        return {place: number for number, place in enumerate(self.places)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """What a plan costs: so much a metre driven, a second between setting out and the end, a unit used."""

    metre: int = 1
    second: int = 0
    vehicle: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """All that a plan of one day must know. `flaws` says what in it cannot be right."""

    day: date
    tasks: tuple[Task, ...]
    vehicles: tuple[Vehicle, ...]
    sites: tuple[ReloadSite, ...]
    travel: Matrix
    costs: Costs = Costs()


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """One line of a route. A break is taken on the way: between leaving the stop before and arriving at the next.

    ref         the task's or site's id; empty for start, break and end
    load_after  litres on board when it is over
    """

    kind: StopKind
    ref: str = ""
    arrive: int
    begin: int
    leave: int
    load_after: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """What one vehicle does, from its start to its end."""

    vehicle: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why a task is in no route: a code of `reasons`, and the figures that show it."""

    code: str
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unplanned:
    """A task that is in no route, and why."""

    task: str
    reason: Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Solution:
    """A plan: routes of the vehicles that are used, and every task that is in none. `cost` is by `Problem.costs`.

    left_loaded  vehicles without a route that keep something on board, since no site takes it any more
    """

    routes: tuple[Route, ...]
    unplanned: tuple[Unplanned, ...]
    cost: int
    left_loaded: tuple[str, ...] = ()


def flaws(problem: Problem) -> list[str]:
    """What cannot be right in a problem, in plain English for the log; nothing when a solver may have it."""
    found: list[str] = []
    for kind, ids in (
        ("task", [one.id for one in problem.tasks]),
        ("vehicle", [one.id for one in problem.vehicles]),
        ("site", [one.id for one in problem.sites]),
    ):
        if len(set(ids)) != len(ids):
            found.append(f"a {kind} stands twice")
    size = len(problem.travel.places)
    for name, rows in (("seconds", problem.travel.seconds), ("metres", problem.travel.metres)):
        if len(rows) != size or any(len(row) != size for row in rows):
            found.append(f"the matrix of {name} is not square")
        elif any(value < 0 for row in rows for value in row):
            found.append(f"the matrix of {name} has a negative value")
    known = set(problem.travel.places)
    places = [task.place for task in problem.tasks] + [site.place for site in problem.sites]
    places += [place for one in problem.vehicles for place in (one.start, one.end)]
    found += [f"no travel is known from {place.lat}, {place.lng}" for place in places if place not in known]
    found += [f"task {one.id}: {flaw}" for one in problem.tasks for flaw in _task_flaws(one)]
    found += [f"vehicle {one.id}: {flaw}" for one in problem.vehicles for flaw in _vehicle_flaws(one)]
    found += [f"site {one.id}: {flaw}" for one in problem.sites for flaw in _site_flaws(one)]
    return found


def _task_flaws(task: Task) -> list[str]:
    found = []
    if min(task.volume, task.seconds, task.released) < 0 or task.weight < 1:
        found.append("a negative number, or no weight")
    stated = (*task.windows, *((task.promised,) if task.promised else ()))
    if any(window.end < window.start for window in stated):
        found.append("a window that ends before it begins")
    return found


def _vehicle_flaws(vehicle: Vehicle) -> list[str]:
    found = []
    if min(vehicle.capacity, vehicle.load) < 0 or vehicle.load > vehicle.capacity:
        found.append("a load beyond its capacity, or a negative number")
    if vehicle.shift.end < vehicle.shift.start:
        found.append("a shift that ends before it begins")
    if any(one.seconds < 0 or one.latest < one.earliest for one in vehicle.breaks):
        found.append("a break that cannot be")
    return found


def _site_flaws(site: ReloadSite) -> list[str]:
    found = []
    if site.seconds < 0 or site.received < 0 or (site.daily_limit is not None and site.daily_limit < 0):
        found.append("a negative number")
    if any(window.end < window.start for window in site.hours):
        found.append("hours that end before they begin")
    return found
