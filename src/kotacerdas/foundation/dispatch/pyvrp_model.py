"""A problem in PyVRP's terms, and its routes back as orders.

What PyVRP does not know is folded into what it does:
- a truck that must be empty at the end: its way home from a task leads over the nearest site, with the time to unload; the
  last visit of a site is thus no reload of PyVRP's, and no plan is lost for want of a move that adds one;
- a break: time stands still for it at the middle of the stretch in which it may begin (`_Clockface`);
- several windows of a task: one client each, of which at most one is visited;
- several openings of a site: a depot each, in one place;
- skills, pins, capacities: a profile of arcs for each set of tasks that a vehicle may do.
The exact timing afterwards is the repairs' affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from statistics import median_low
from typing import Any, NamedTuple

import numpy as np
import pyvrp

from kotacerdas.foundation.dispatch.declarations import Place, Problem, Route, Stop, Task, Vehicle
from kotacerdas.foundation.dispatch.timing import Item, Items, begin_windows, unfit, unload_windows

PROMISED_COUNTS = 20  # times the weight of a task, when somebody was promised it


class Begun(NamedTuple):
    """Where PyVRP finds a vehicle: after the stops that it makes in any case."""

    place: Place
    at: int
    load: int


@dataclass(frozen=True, slots=True)
class Kind:
    """Vehicles that are alike to PyVRP, and the tasks that they may do."""

    vehicles: tuple[Vehicle, ...]
    begun: Begun
    able: frozenset[str]


class _Clockface:
    """The day without its breaks: a moment as PyVRP has it. All vehicles share one; exactness comes later."""

    def __init__(self, vehicles: Iterable[Vehicle]) -> None:
        by_turn: dict[int, list[tuple[int, int]]] = {}
        for vehicle in vehicles:
            due = (one for one in vehicle.breaks if vehicle.sets_out <= one.latest < vehicle.shift.end)
            for turn, one in enumerate(due):
                by_turn.setdefault(turn, []).append(((one.earliest + one.latest) // 2, one.seconds))
        self.rests = sorted(
            (median_low([middle for middle, _spent in found]), max(spent for _middle, spent in found))
            for found in by_turn.values()
        )

    def __call__(self, moment: int) -> int:
        return moment - sum(min(max(moment - middle, 0), spent) for middle, spent in self.rests)


class Model:
    """A problem as PyVRP's data, for the tasks that are wanted.

    all_of_them  a plan leaves out none: PyVRP searches better where nothing is optional
    data         what PyVRP is given; nothing where no vehicle has the time to set out
    """

    def __init__(
        self,
        problem: Problem,
        tasks: Sequence[Task],
        begun: dict[str, Begun],
        *,
        all_of_them: bool = False,
    ) -> None:
        self.problem, self.tasks, self.all_of_them = problem, tuple(tasks), all_of_them
        self._clock = _Clockface(problem.vehicles)
        self._at = problem.travel.index()
        self.kinds = [one for one in _kinds(problem, self.tasks, begun) if self._has_time(one)]
        self._scale = _scale(problem, begun)
        self.client_tasks: list[str] = []
        self.depot_sites: dict[int, str] = {}
        self._rows: list[int] = []  # of each location, its row in the problem's matrix
        self.data: Any = self._build() if self.kinds else None

    def orders(self, solution: Any) -> dict[str, Items]:
        """What PyVRP plans, as orders by vehicle. The last unloading of each is not in it yet."""
        free = [list(kind.vehicles) for kind in self.kinds]
        orders: dict[str, Items] = {}
        seen: set[str] = set()
        for route in solution.routes():
            vehicle = free[route.vehicle_type()].pop(0)
            items = []
            for one in route.schedule():
                if one.is_client():
                    task = self.client_tasks[one.idx]
                    if task not in seen:  # a plan that is not feasible yet may have it twice, in two windows
                        items.append(Item("task", task))
                    seen.add(task)
                elif one.idx in self.depot_sites:
                    items.append(Item("reload", self.depot_sites[one.idx]))
            orders[vehicle.id] = tuple(items)
        return orders

    def solution(self, routes: Mapping[str, Route]) -> Any:
        """Timetables as a plan of PyVRP, to go on from: the last unloading, and one made before all else, left out."""
        made = []
        for number, kind in enumerate(self.kinds):
            for vehicle in kind.vehicles:
                if vehicle.id in routes:
                    activities = self._activities(vehicle, kind, routes[vehicle.id])
                    if any(one.is_client() for one in activities):
                        made.append(pyvrp.Route(self.data, activities, number))
        return pyvrp.Solution(self.data, made)

    def _activities(self, vehicle: Vehicle, kind: Kind, route: Route) -> list[Any]:
        stops = [one for one in route.stops if one.kind in ("task", "reload")]
        if kind.begun.place != vehicle.start and stops and stops[0].kind == "reload":
            del stops[0]
        if self._is_emptied(vehicle) and stops and stops[-1].kind == "reload":
            del stops[-1]
        return [
            pyvrp.Activity(pyvrp.ActivityType.CLIENT, self._client_at(stop))
            if stop.kind == "task"
            else pyvrp.Activity(pyvrp.ActivityType.DEPOT, self._depot_at(stop))
            for stop in stops
        ]

    def _client_at(self, stop: Stop) -> int:
        """The client of a task in the window in which its work begins."""
        first = self.client_tasks.index(stop.ref)
        windows = begin_windows(next(one for one in self.tasks if one.id == stop.ref))
        return first + next((n for n, one in enumerate(windows) if one.start <= stop.begin <= one.end), 0)

    def _depot_at(self, stop: Stop) -> int:
        numbers = [number for number, site in self.depot_sites.items() if site == stop.ref]
        windows = unload_windows(next(one for one in self.problem.sites if one.id == stop.ref))
        return numbers[next((n for n, one in enumerate(windows) if one.start <= stop.begin <= one.end), 0)]

    def _location(self, place: Place) -> int:
        self._rows.append(self._at[place])
        return len(self._rows) - 1

    def _build(self) -> Any:
        depots = self._sites()
        types = []
        homes: dict[int, Vehicle] = {}
        profiles = {able: number for number, able in enumerate(dict.fromkeys(one.able for one in self.kinds))}
        for kind in self.kinds:
            vehicle = kind.vehicles[0]
            start = self._location(kind.begun.place)
            depots.append(pyvrp.Depot(start))
            end = self._location(vehicle.end)
            homes[end] = vehicle
            depots.append(pyvrp.Depot(end, tw_late=max(0, self._clock(self._latest_home(vehicle)))))
            types.append(self._type(kind, len(depots) - 2, profiles[kind.able]))
        clients, groups = self._clients()
        distances, durations = self._matrices(homes, profiles)
        return pyvrp.ProblemData(
            [pyvrp.Location(0, 0) for _row in self._rows],
            clients,
            depots,
            types,
            distances,
            durations,
            groups,
        )

    def _has_time(self, kind: Kind) -> bool:
        """Whether a vehicle can set out at all before it must be home."""
        return self._clock(kind.begun.at) <= self._clock(self._latest_home(kind.vehicles[0]))

    def _is_emptied(self, vehicle: Vehicle) -> bool:
        """Whether a vehicle comes home over a site."""
        carries = any(one.volume for one in self.tasks) or vehicle.load > 0
        return bool(carries and self.problem.sites and not vehicle.may_end_loaded)

    def _latest_home(self, vehicle: Vehicle) -> int:
        """The end of the shift, or the way home from the last site that closes, whichever is earlier."""
        if not self._is_emptied(vehicle):
            return vehicle.shift.end
        home = self._at[vehicle.end]
        closing = (
            max((window.end for window in site.hours), default=0)
            + self.problem.travel.seconds[self._at[site.place]][home]
            for site in self.problem.sites
        )
        return min(vehicle.shift.end, max(closing))

    def _sites(self) -> list[Any]:
        depots: list[Any] = []
        for site in self.problem.sites:
            for window in unload_windows(site):
                self.depot_sites[len(depots)] = site.id
                depots.append(
                    pyvrp.Depot(
                        self._location(site.place),
                        tw_early=max(0, self._clock(window.start)),
                        tw_late=max(0, self._clock(window.end)),
                        service_duration=site.seconds,
                    )
                )
        return depots

    def _type(self, kind: Kind, start: int, profile: int) -> Any:
        vehicle, costs = kind.vehicles[0], self.problem.costs
        early, late = self._clock(kind.begun.at), self._clock(vehicle.shift.end)
        return pyvrp.VehicleType(
            num_available=len(kind.vehicles),
            capacity=[vehicle.capacity // self._scale],
            start_depot=start,
            end_depot=start + 1,
            fixed_cost=costs.vehicle,
            tw_early=max(0, early),
            tw_late=max(0, early, late),
            unit_distance_cost=costs.metre,
            unit_duration_cost=costs.second,
            profile=profile,
            initial_load=[kind.begun.load // self._scale],
            reload_depots=list(self.depot_sites),
        )

    def _clients(self) -> tuple[list[Any], list[Any]]:
        clients: list[Any] = []
        groups: list[Any] = []
        prize = prize_of(self.problem)
        for task in self.tasks:
            windows = begin_windows(task)
            group = len(groups) if len(windows) > 1 else None
            numbers = []
            for window in windows:
                numbers.append(len(clients))
                self.client_tasks.append(task.id)
                clients.append(
                    pyvrp.Client(
                        self._location(task.place),
                        pickup=[task.volume // self._scale],
                        service_duration=task.seconds,
                        tw_early=max(0, self._clock(window.start)),
                        tw_late=max(0, self._clock(window.end)),
                        release_time=max(0, self._clock(task.released)),
                        prize=0 if self.all_of_them else prize * counts(task),
                        required=self.all_of_them and group is None,
                        group=group,
                    )
                )
            if group is not None:
                groups.append(pyvrp.ClientGroup(numbers, required=self.all_of_them))
        return clients, groups

    def _matrices(
        self, homes: dict[int, Vehicle], profiles: dict[frozenset[str], int]
    ) -> tuple[list[Any], list[Any]]:
        """Distances and durations by profile: ways home over a site, and no way to what a vehicle may not do."""
        travel = self.problem.travel
        grid = np.ix_(self._rows, self._rows)
        metres, seconds = np.array(travel.metres, np.int64)[grid], np.array(travel.seconds, np.int64)[grid]
        first = len(self._rows) - len(self.client_tasks)
        for end, vehicle in homes.items():
            if not self._is_emptied(vehicle):
                continue
            sites = [self._at[site.place] for site in self.problem.sites]
            spent = np.array([site.seconds for site in self.problem.sites])
            rows, home = self._rows[first:], self._at[vehicle.end]
            by_time = np.array(travel.seconds)[np.ix_(rows, sites)] + spent
            by_time = by_time + np.array(travel.seconds)[sites, home]
            by_way = np.array(travel.metres)[np.ix_(rows, sites)] + np.array(travel.metres)[sites, home]
            nearest = by_time.argmin(axis=1)
            seconds[first:, end] = by_time[np.arange(len(rows)), nearest]
            metres[first:, end] = by_way[np.arange(len(rows)), nearest]
        barred = 4 * prize_of(self.problem) * max(map(counts, self.tasks), default=1)
        all_metres = []
        for able in profiles:
            own = metres.copy()
            for client, task in enumerate(self.client_tasks):
                if task not in able:
                    own[:, first + client] = own[first + client, :] = barred
            np.fill_diagonal(own, 0)
            all_metres.append(own)
        np.fill_diagonal(seconds, 0)
        return all_metres, [seconds] * len(all_metres)


def counts(task: Task) -> int:
    """How much a task counts in what is to be planned: its weight, far more once it was promised."""
    return task.weight * (PROMISED_COUNTS if task.promised is not None else 1)


def prize_of(problem: Problem) -> int:
    """What leaving out a task of weight 1 costs: more than any way to it and back."""
    longest = max((max(row) for row in problem.travel.metres), default=0)
    slowest = max((max(row) for row in problem.travel.seconds), default=0)
    site = max((one.seconds for one in problem.sites), default=0)
    work = max((one.seconds for one in problem.tasks), default=0)
    costs = problem.costs
    return 4 * (costs.metre * longest + costs.second * (slowest + site + work)) + costs.vehicle + 1


def _kinds(problem: Problem, tasks: Sequence[Task], begun: dict[str, Begun]) -> list[Kind]:
    alike: dict[tuple[Any, ...], list[Vehicle]] = {}
    for one in problem.vehicles:
        able = frozenset(task.id for task in tasks if unfit(one, task) is None)
        key = (begun[one.id], able, one.capacity, one.shift.end, one.end, one.may_end_loaded)
        alike.setdefault(key, []).append(one)
    return [Kind(tuple(found), key[0], key[1]) for key, found in alike.items()]


def _scale(problem: Problem, begun: dict[str, Begun]) -> int:
    """The largest unit in which all litres are whole: small numbers suit PyVRP's penalties."""
    litres = [one.volume for one in problem.tasks] + [one.load for one in begun.values()]
    return gcd(*litres) or 1
