"""Proves a plan against its problem, rule by rule, from the declarations alone.

Independent: own code, and nothing of the solver, of its timing or of its repairs is imported. An empty list is the proof.

Codes of a route: unknown_vehicle, vehicle_twice, shape (no start or end, or one in between), unknown_task, unknown_site, clock
(a stop ends before it begins), shift_start, not_ready, shift_end, travel, service, window, promise, skill, pin, released,
capacity, load (the litres written are not those on board), home_loaded, hours, unload_time, break_missing, break_window,
break_short, break_at_work, break_unknown. Of a plan: task_twice, task_lost, task_both, unplanned_unknown, unplanned_twice,
no_reason, intake, left_loaded, cost. Of several: two_plans, frozen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kotacerdas.foundation.dispatch.declarations import (
    Break,
    Figures,
    Place,
    Problem,
    ReloadSite,
    Route,
    Solution,
    Stop,
    Task,
    Vehicle,
    Window,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A rule that a plan breaks: its code, where (vehicle, number of the stop, task, site), and the figures."""

    code: str
    where: Figures
    figures: Figures


@dataclass(frozen=True, slots=True)
class _Facts:
    """A problem, looked up by id."""

    problem: Problem
    tasks: dict[str, Task]
    vehicles: dict[str, Vehicle]
    sites: dict[str, ReloadSite]
    rows: dict[Place, int] = field(default_factory=dict)

    def travel(self, start: Place, end: Place) -> tuple[int, int]:
        """Seconds and metres."""
        one, other = self.rows[start], self.rows[end]
        return self.problem.travel.seconds[one][other], self.problem.travel.metres[one][other]


def check(problem: Problem, solution: Solution) -> list[Violation]:
    """Every violation of every rule in a plan; none when it can be driven as it stands."""
    facts = _Facts(
        problem,
        {one.id: one for one in problem.tasks},
        {one.id: one for one in problem.vehicles},
        {one.id: one for one in problem.sites},
        {place: row for row, place in enumerate(problem.travel.places)},
    )
    found = list(_complete(facts, solution))
    sound: list[Route] = []
    for route in solution.routes:
        broken = list(_shape(facts, route))
        found += broken
        if not broken:
            sound.append(route)
            found += _driven(facts, route)
    if len(sound) == len(solution.routes):
        found += _intake(facts, sound)
        found += _cost(facts, sound, solution.cost)
    found += _left_loaded(facts, solution)
    return found


def check_together(plans: Iterable[tuple[str, Sequence[Route]]]) -> list[Violation]:
    """Vehicles that stand in two plans of one day. Each plan comes with its name."""
    seen: dict[str, str] = {}
    found = []
    for name, routes in plans:
        for route in routes:
            other = seen.setdefault(route.vehicle, name)
            if other != name:
                where: Figures = {"vehicle": route.vehicle}
                found.append(Violation(code="two_plans", where=where, figures={"one": other, "other": name}))
    return found


def check_frozen(before: Sequence[Route], after: Sequence[Route], frozen: dict[str, int]) -> list[Violation]:
    """Stops that were done or under way, so many of each vehicle, and are other ones in the plan after."""
    kept = {route.vehicle: route.stops for route in after}
    found = []
    for route in before:
        count = frozen.get(route.vehicle, 0)
        now = kept.get(route.vehicle, ())
        for number, stop in enumerate(route.stops[:count]):
            other = now[number] if number < len(now) else None
            if other is None or (other.kind, other.ref) != (stop.kind, stop.ref):
                where: Figures = {"vehicle": route.vehicle, "stop": number}
                figures: Figures = {
                    "was": stop.ref or stop.kind,
                    "is": (other.ref or other.kind) if other else "",
                }
                found.append(Violation(code="frozen", where=where, figures=figures))
    return found


# --- a plan as a whole -----------------------------------------------------------------------


def _complete(facts: _Facts, solution: Solution) -> Iterator[Violation]:
    """Each vehicle once, each task once: in a route, or unplanned with a reason."""
    for vehicle, times in Counter(route.vehicle for route in solution.routes).items():
        if vehicle not in facts.vehicles:
            yield Violation(code="unknown_vehicle", where={"vehicle": vehicle}, figures={})
        if times > 1:
            yield Violation(code="vehicle_twice", where={"vehicle": vehicle}, figures={"times": times})
    planned = Counter(stop.ref for route in solution.routes for stop in route.stops if stop.kind == "task")
    unplanned = Counter(one.task for one in solution.unplanned)
    for task in sorted({*facts.tasks, *planned, *unplanned}):
        where: Figures = {"task": task}
        if planned[task] > 1:
            yield Violation(code="task_twice", where=where, figures={"times": planned[task]})
        if unplanned[task] > 1:
            yield Violation(code="unplanned_twice", where=where, figures={"times": unplanned[task]})
        if planned[task] and unplanned[task]:
            yield Violation(code="task_both", where=where, figures={})
        if task in facts.tasks and not planned[task] and not unplanned[task]:
            yield Violation(code="task_lost", where=where, figures={})
        if unplanned[task] and task not in facts.tasks:
            yield Violation(code="unplanned_unknown", where=where, figures={})
    for one in solution.unplanned:
        if not one.reason.code:
            yield Violation(code="no_reason", where={"task": one.task}, figures={})


def _intake(facts: _Facts, routes: Sequence[Route]) -> Iterator[Violation]:
    """No site gets more than it still takes today."""
    brought: Counter[str] = Counter()
    for route in routes:
        load = facts.vehicles[route.vehicle].load
        for stop in route.stops:
            if stop.kind == "task":
                load += facts.tasks[stop.ref].volume
            elif stop.kind == "reload":
                brought[stop.ref] += load
                load = 0
    for site in facts.problem.sites:
        if site.daily_limit is None:
            continue
        whole = brought[site.id] + site.received
        if brought[site.id] and whole > site.daily_limit:
            figures: Figures = {"litres": whole, "limit": site.daily_limit}
            yield Violation(code="intake", where={"site": site.id}, figures=figures)


def _cost(facts: _Facts, routes: Sequence[Route], stated: int) -> Iterator[Violation]:
    """The cost is what the routes cost."""
    costs, whole = facts.problem.costs, 0
    for route in routes:
        vehicle = facts.vehicles[route.vehicle]
        stops = [stop for stop in route.stops if stop.kind != "break"]
        places = [_place(facts, vehicle, stop) for stop in stops]
        metres = sum(facts.travel(places[n], places[n + 1])[1] for n in range(len(places) - 1))
        whole += costs.metre * metres + costs.second * (stops[-1].arrive - stops[0].leave) + costs.vehicle
    if whole != stated:
        yield Violation(code="cost", where={}, figures={"stated": stated, "is": whole})


def _left_loaded(facts: _Facts, solution: Solution) -> Iterator[Violation]:
    """A loaded vehicle has a route that empties it, or is named."""
    out = {route.vehicle for route in solution.routes}
    for vehicle in facts.problem.vehicles:
        stays = vehicle.load > 0 and not vehicle.may_end_loaded and vehicle.id not in out
        if stays != (vehicle.id in solution.left_loaded):
            where: Figures = {"vehicle": vehicle.id}
            yield Violation(code="left_loaded", where=where, figures={"load": vehicle.load})


# --- one route -------------------------------------------------------------------------------


def _shape(facts: _Facts, route: Route) -> Iterator[Violation]:
    """What must hold before a route can be followed at all."""
    kinds = [stop.kind for stop in route.stops]
    inner = kinds[1:-1]
    is_whole = len(kinds) > 2 and (kinds[0], kinds[-1]) == ("start", "end")
    if not is_whole or "start" in inner or "end" in inner or not {"task", "reload"} & set(inner):
        yield _at(route, 0, "shape", {"stops": ", ".join(kinds)})
    if route.vehicle not in facts.vehicles:
        yield _at(route, 0, "unknown_vehicle", {})
    for number, stop in enumerate(route.stops):
        if stop.kind == "task" and stop.ref not in facts.tasks:
            yield _at(route, number, "unknown_task", {"task": stop.ref})
        if stop.kind == "reload" and stop.ref not in facts.sites:
            yield _at(route, number, "unknown_site", {"site": stop.ref})


def _driven(facts: _Facts, route: Route) -> Iterator[Violation]:
    """Follow a route stop by stop."""
    vehicle = facts.vehicles[route.vehicle]
    yield from _clock(route, vehicle)
    yield from _travel(facts, route, vehicle)
    yield from _breaks(route, vehicle)
    yield from _loads(facts, route, vehicle)
    yield from _released(facts, route)
    for number, stop in enumerate(route.stops):
        if stop.kind == "task":
            yield from _work(route, number, stop, facts.tasks[stop.ref], vehicle)
        elif stop.kind == "reload":
            yield from _unloading(route, number, stop, facts.sites[stop.ref])


def _clock(route: Route, vehicle: Vehicle) -> Iterator[Violation]:
    for number, stop in enumerate(route.stops):
        if not stop.arrive <= stop.begin <= stop.leave:
            figures: Figures = {"arrive": stop.arrive, "begin": stop.begin, "leave": stop.leave}
            yield _at(route, number, "clock", figures)
    first, last = route.stops[0], route.stops[-1]
    if first.leave < vehicle.shift.start:
        yield _at(route, 0, "shift_start", {"leave": first.leave, "shift_start": vehicle.shift.start})
    if first.leave < vehicle.ready_at:
        yield _at(route, 0, "not_ready", {"leave": first.leave, "ready_at": vehicle.ready_at})
    if max(last.arrive, last.leave) > vehicle.shift.end:
        figures = {"end": max(last.arrive, last.leave), "shift_end": vehicle.shift.end}
        yield _at(route, len(route.stops) - 1, "shift_end", figures)


def _travel(facts: _Facts, route: Route, vehicle: Vehicle) -> Iterator[Violation]:
    """From each place to the next there is the time to drive, beside the breaks in between."""
    before: Stop | None = None
    rested = 0
    for number, stop in enumerate(route.stops):
        if stop.kind == "break":
            rested += stop.leave - stop.begin
            continue
        if before is not None:
            needed, _metres = facts.travel(_place(facts, vehicle, before), _place(facts, vehicle, stop))
            had = stop.arrive - before.leave - rested
            if had < needed:
                yield _at(route, number, "travel", {"seconds": had, "needed": needed})
        before, rested = stop, 0


def _breaks(route: Route, vehicle: Vehicle) -> Iterator[Violation]:
    """Each break that falls into the working time is taken: long enough, when it may begin, and not at work."""
    taken = [(number, stop) for number, stop in enumerate(route.stops) if stop.kind == "break"]
    for (number, stop), due in zip(taken, vehicle.breaks, strict=False):
        if stop.leave - stop.begin < due.seconds:
            yield _at(route, number, "break_short", {"seconds": stop.leave - stop.begin, "due": due.seconds})
        if not due.earliest <= stop.begin <= due.latest:
            yield _at(
                route,
                number,
                "break_window",
                {"begin": stop.begin, "earliest": due.earliest, "latest": due.latest},
            )
        free_from, free_until = route.stops[number - 1].leave, route.stops[number + 1].arrive
        if stop.begin < free_from or stop.leave > free_until:
            yield _at(
                route, number, "break_at_work", {"begin": stop.begin, "from": free_from, "until": free_until}
            )
    for number, _stop in taken[len(vehicle.breaks) :]:
        yield _at(route, number, "break_unknown", {})
    for missing in vehicle.breaks[len(taken) :]:
        if _falls_into_work(missing, route, vehicle):
            figures: Figures = {"earliest": missing.earliest, "latest": missing.latest}
            yield _at(route, len(route.stops) - 1, "break_missing", figures)


def _falls_into_work(due: Break, route: Route, vehicle: Vehicle) -> bool:
    """A vehicle that could set out by the latest beginning, and is at its end after it, has worked through the break."""
    return max(vehicle.shift.start, vehicle.ready_at) <= due.latest < route.stops[-1].arrive


def _loads(facts: _Facts, route: Route, vehicle: Vehicle) -> Iterator[Violation]:
    """What is picked up is on board until it is unloaded; never more than fits, and nothing at the end."""
    load = vehicle.load
    for number, stop in enumerate(route.stops):
        if stop.kind == "task":
            load += facts.tasks[stop.ref].volume
        elif stop.kind == "reload":
            load = 0
        if stop.load_after != load:
            yield _at(route, number, "load", {"written": stop.load_after, "is": load})
        if stop.kind == "task" and load > vehicle.capacity:
            yield _at(route, number, "capacity", {"load": load, "capacity": vehicle.capacity})
    if load and not vehicle.may_end_loaded:
        yield _at(route, len(route.stops) - 1, "home_loaded", {"load": load})


def _released(facts: _Facts, route: Route) -> Iterator[Violation]:
    """No trip leaves before all that it is for is released."""
    left = route.stops[0].leave
    for number, stop in enumerate(route.stops):
        if stop.kind == "reload":
            left = stop.leave
        elif stop.kind == "task" and left < facts.tasks[stop.ref].released:
            yield _at(route, number, "released", {"left": left, "released": facts.tasks[stop.ref].released})


def _work(route: Route, number: int, stop: Stop, task: Task, vehicle: Vehicle) -> Iterator[Violation]:
    if stop.leave - stop.begin < task.seconds:
        yield _at(route, number, "service", {"seconds": stop.leave - stop.begin, "needed": task.seconds})
    if task.windows and not _within(stop.begin, task.seconds, task.windows):
        yield _at(route, number, "window", {"begin": stop.begin, "latest": max(w.end for w in task.windows)})
    if task.promised is not None and not task.promised.start <= stop.begin <= task.promised.end:
        figures: Figures = {"begin": stop.begin, "from": task.promised.start, "until": task.promised.end}
        yield _at(route, number, "promise", figures)
    if task.pinned_unit not in (None, vehicle.id):
        yield _at(route, number, "pin", {"unit": str(task.pinned_unit)})
    if lacking := sorted(task.skills - vehicle.skills):
        yield _at(route, number, "skill", {"skill": ", ".join(lacking)})


def _unloading(route: Route, number: int, stop: Stop, site: ReloadSite) -> Iterator[Violation]:
    if stop.leave - stop.begin < site.seconds:
        yield _at(route, number, "unload_time", {"seconds": stop.leave - stop.begin, "needed": site.seconds})
    if not _within(stop.begin, site.seconds, site.hours):
        closes = max((one.end for one in site.hours), default=0)
        yield _at(route, number, "hours", {"begin": stop.begin, "closes": closes})


def _within(begin: int, seconds: int, windows: Sequence[Window]) -> bool:
    return any(one.start <= begin and begin + seconds <= one.end for one in windows)


def _place(facts: _Facts, vehicle: Vehicle, stop: Stop) -> Place:
    if stop.kind == "task":
        return facts.tasks[stop.ref].place
    if stop.kind == "reload":
        return facts.sites[stop.ref].place
    return vehicle.start if stop.kind == "start" else vehicle.end


def _at(route: Route, number: int, code: str, figures: Figures) -> Violation:
    where: dict[str, int | str] = {"vehicle": route.vehicle, "stop": number}
    if number < len(route.stops) and route.stops[number].ref:
        where[route.stops[number].kind] = route.stops[number].ref
    return Violation(code=code, where=where, figures=figures)
