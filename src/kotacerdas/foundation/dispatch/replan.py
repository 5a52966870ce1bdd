"""Plans the rest of a day anew: what is done or under way stays, and so does what was promised.

What is on board counts, a break that was taken is not given again, what a site received is gone from its limit, and a unit that
broke down drops out. A promise stays a hard window: one that nobody can keep any more is named, with the earliest moment at
which somebody could come, and is never moved silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kotacerdas.foundation.dispatch.declarations import (
    Place,
    Problem,
    Reason,
    Route,
    Solution,
    Stop,
    Task,
    Vehicle,
    Window,
)
from kotacerdas.foundation.dispatch.insertion import Draft
from kotacerdas.foundation.dispatch.timing import Fault, items_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How far a vehicle is with its route.

    frozen  its stops that are done or under way, as they were or (the last one's `leave`) presumably will be
    place   where it is then, when that is not the place of the last of them
    is_out  whether it can go on; no: it broke down
    """

    vehicle: str
    frozen: tuple[Stop, ...] = ()
    place: Place | None = None
    is_out: bool = True

    @property
    def load(self) -> int:
        """Litres on board after the frozen stops."""
        return self.frozen[-1].load_after if self.frozen else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenPromise:
    """A promise that cannot be kept: what was promised, why not, and who could begin when instead (none: nobody today)."""

    task: str
    promised: Window
    reason: Reason
    unit: str | None
    begin: int | None


def rest_of(problem: Problem, standings: Iterable[Standing], now: int) -> Problem:
    """What is left of a day at a moment, as a problem of its own. The matrix must know the places of the standings."""
    by_vehicle = {one.vehicle: one for one in standings}
    done = {stop.ref for one in by_vehicle.values() for stop in one.frozen if stop.kind == "task"}
    received = _received(problem, by_vehicle)
    return replace(
        problem,
        tasks=tuple(one for one in problem.tasks if one.id not in done),
        vehicles=tuple(
            _going_on(problem, one, by_vehicle.get(one.id, Standing(vehicle=one.id)), now)
            for one in problem.vehicles
            if by_vehicle.get(one.id, Standing(vehicle=one.id)).is_out
        ),
        sites=tuple(replace(one, received=one.received + received.get(one.id, 0)) for one in problem.sites),
    )


def rest_of_routes(routes: Sequence[Route], standings: Iterable[Standing]) -> tuple[Route, ...]:
    """What is left of published routes: for the solver to go on from."""
    frozen = {one.vehicle: len(one.frozen) for one in standings}
    return tuple(replace(route, stops=route.stops[frozen.get(route.vehicle, 0) :]) for route in routes)


def whole_day(rest: Problem, standings: Iterable[Standing], solution: Solution) -> tuple[Route, ...]:
    """The frozen stops and those of the plan of the rest as one route a vehicle.

    Who has nothing more to do goes home; who broke down keeps what was done, without an end.
    """
    vehicles = {one.id: one for one in rest.vehicles}
    routes = {route.vehicle: route for route in solution.routes}
    whole = []
    for one in standings:
        new = routes.pop(one.vehicle, None)
        if not one.frozen:
            stops = new.stops if new is not None else ()
        elif new is not None:
            stops = (*one.frozen, *new.stops[1:])
        else:
            stops = (*one.frozen, *_way_home(rest, one, vehicles.get(one.vehicle)))
        if stops:
            whole.append(Route(vehicle=one.vehicle, stops=stops))
    return (*whole, *routes.values())


def _way_home(rest: Problem, standing: Standing, vehicle: Vehicle | None) -> tuple[Stop, ...]:
    if vehicle is None or standing.frozen[-1].kind == "end":
        return ()
    rows = rest.travel.index()
    home = vehicle.sets_out + rest.travel.seconds[rows[vehicle.start]][rows[vehicle.end]]
    return (Stop(kind="end", arrive=home, begin=home, leave=home, load_after=standing.load),)


def stranded(standings: Iterable[Standing]) -> dict[str, int]:
    """Litres on board of vehicles that broke down, by vehicle."""
    return {one.vehicle: one.load for one in standings if not one.is_out and one.load}


def broken_promises(problem: Problem, solution: Solution) -> tuple[BrokenPromise, ...]:
    """The promises that a plan does not keep; empty when it keeps all."""
    tasks = {one.id: one for one in problem.tasks}
    draft = _draft(problem, solution)
    found = []
    for one in solution.unplanned:
        task = tasks[one.task]
        if task.promised is None:
            continue
        unit, begin = _soonest(draft, task)
        found.append(
            BrokenPromise(task=task.id, promised=task.promised, reason=one.reason, unit=unit, begin=begin)
        )
    return tuple(found)


def _going_on(problem: Problem, vehicle: Vehicle, standing: Standing, now: int) -> Vehicle:
    if not standing.frozen:
        start = standing.place or vehicle.start
        return _rested(replace(vehicle, start=start, ready_at=max(vehicle.ready_at, now)), 0)
    last = standing.frozen[-1]
    taken = sum(stop.kind == "break" for stop in standing.frozen)
    moved = replace(
        vehicle,
        start=standing.place or _last_place(problem, vehicle, standing.frozen),
        ready_at=max(now, last.leave),
        load=last.load_after,
    )
    return _rested(moved, taken)


def _rested(vehicle: Vehicle, taken: int) -> Vehicle:
    """The breaks that are still to be taken; one that is late is due at once."""
    left = vehicle.breaks[taken:]
    return replace(
        vehicle, breaks=tuple(one._replace(latest=max(one.latest, vehicle.sets_out)) for one in left)
    )


def _last_place(problem: Problem, vehicle: Vehicle, stops: Sequence[Stop]) -> Place:
    for stop in reversed(stops):
        if stop.kind == "task":
            return next(one.place for one in problem.tasks if one.id == stop.ref)
        if stop.kind == "reload":
            return next(one.place for one in problem.sites if one.id == stop.ref)
        if stop.kind == "end":
            return vehicle.end
    return vehicle.start


def _received(problem: Problem, standings: Mapping[str, Standing]) -> dict[str, int]:
    """Litres that frozen unloadings brought or are bringing to each site."""
    loads = {one.id: one.load for one in problem.vehicles}
    brought: dict[str, int] = {}
    for name, standing in standings.items():
        load = loads.get(name, 0)
        for stop in standing.frozen:
            if stop.kind == "reload":
                brought[stop.ref] = brought.get(stop.ref, 0) + load - stop.load_after
            load = stop.load_after
    return brought


def _draft(problem: Problem, solution: Solution) -> Draft:
    draft = Draft(problem)
    for route in solution.routes:
        draft.put(draft.timing.vehicles[route.vehicle], items_of(route), route)
    return draft


def _soonest(draft: Draft, task: Task) -> tuple[str | None, int | None]:
    """Who could begin a task first, and when, if it were not for what was promised."""
    free = replace(task, promised=None)
    problem: Problem = replace(
        draft.problem, tasks=tuple(free if one.id == task.id else one for one in draft.problem.tasks)
    )
    other = Draft(problem)
    for name, route in draft.routes.items():
        other.put(other.timing.vehicles[name], draft.orders[name], route)
    best: tuple[str | None, int | None] = (None, None)
    for vehicle in problem.vehicles:
        for items in other.ways(vehicle, free):
            laid = other.fitted(vehicle, items)
            if isinstance(laid, Fault):
                continue
            begin = next(stop.begin for stop in laid.stops if stop.ref == task.id and stop.kind == "task")
            if best[1] is None or begin < best[1]:
                best = (vehicle.id, begin)
    return best
