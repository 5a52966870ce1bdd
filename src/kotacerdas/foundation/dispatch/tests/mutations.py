"""Ways to spoil a sound plan, or the problem under it; each names the one code that must be found, and what may follow.

A mutation is given a random source, a problem and a sound plan of it; it returns both, spoilt, or None where there is
nothing of its kind to spoil.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from kotacerdas.foundation.dispatch.declarations import (
    Problem,
    Reason,
    Route,
    Solution,
    Stop,
    Unplanned,
    Window,
)

Spoilt = tuple[Problem, Solution] | None
MUTATIONS: list[Mutation] = []


@dataclass(frozen=True)
class Mutation:
    """How to spoil a plan: the code that must be found, and codes that may be found as a consequence."""

    name: str
    code: str
    also: frozenset[str]
    spoil: Callable[[Random, Problem, Solution], Spoilt]


def _finds(code: str, *also: str):
    def keep(spoil):
        MUTATIONS.append(Mutation(spoil.__name__, code, frozenset(also), spoil))
        return spoil

    return keep


def _pick(random: Random, solution: Solution, *kinds: str) -> tuple[int, int, Stop] | None:
    """Some stop of these kinds: the number of its route, its own, and the stop."""
    found = [
        (r, s, stop)
        for r, route in enumerate(solution.routes)
        for s, stop in enumerate(route.stops)
        if stop.kind in kinds
    ]
    return random.choice(found) if found else None


def _with_stops(solution: Solution, number: int, stops: list[Stop]) -> Solution:
    routes = list(solution.routes)
    routes[number] = replace(routes[number], stops=tuple(stops))
    return replace(solution, routes=tuple(routes))


def _changed(solution: Solution, number: int, at: int, **given: object) -> Solution:
    stops = list(solution.routes[number].stops)
    stops[at] = replace(stops[at], **given)
    return _with_stops(solution, number, stops)


def _task(problem: Problem, ref: str, **given: object) -> Problem:
    return replace(
        problem, tasks=tuple(replace(one, **given) if one.id == ref else one for one in problem.tasks)
    )


def _vehicle(problem: Problem, ref: str, **given: object) -> Problem:
    return replace(
        problem, vehicles=tuple(replace(one, **given) if one.id == ref else one for one in problem.vehicles)
    )


def _site(problem: Problem, ref: str, **given: object) -> Problem:
    return replace(
        problem, sites=tuple(replace(one, **given) if one.id == ref else one for one in problem.sites)
    )


def _of(problem: Problem, route: Route):
    return next(one for one in problem.vehicles if one.id == route.vehicle)


@_finds("task_lost", "load", "cost", "shape")
def a_task_is_left_out(random, problem, solution):
    r, s, _stop = _pick(random, solution, "task")
    stops = list(solution.routes[r].stops)
    del stops[s]
    return problem, _with_stops(solution, r, stops)


@_finds("task_lost")
def an_unplanned_task_is_forgotten(random, problem, solution):
    if not solution.unplanned:
        return None
    return problem, replace(solution, unplanned=solution.unplanned[1:])


@_finds("task_twice", "load", "capacity", "service", "window", "promise", "home_loaded", "intake")
def a_task_is_done_twice(random, problem, solution):
    r, s, stop = _pick(random, solution, "task")
    stops = list(solution.routes[r].stops)
    stops.insert(s + 1, replace(stop, arrive=stop.leave, begin=stop.leave, leave=stop.leave))
    return problem, _with_stops(solution, r, stops)


@_finds("task_both")
def a_planned_task_is_unplanned_too(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "task")
    more = Unplanned(task=stop.ref, reason=Reason(code="no_time"))
    return problem, replace(solution, unplanned=(*solution.unplanned, more))


@_finds("unplanned_unknown")
def a_strange_task_is_unplanned(random, problem, solution):
    more = Unplanned(task="ghost", reason=Reason(code="no_time"))
    return problem, replace(solution, unplanned=(*solution.unplanned, more))


@_finds("unplanned_twice")
def a_task_is_unplanned_twice(random, problem, solution):
    if not solution.unplanned:
        return None
    return problem, replace(solution, unplanned=(*solution.unplanned, random.choice(solution.unplanned)))


@_finds("no_reason")
def a_reason_is_missing(random, problem, solution):
    if not solution.unplanned:
        return None
    first, *rest = solution.unplanned
    return problem, replace(solution, unplanned=(replace(first, reason=Reason(code="")), *rest))


@_finds("vehicle_twice", "task_twice", "cost", "intake")
def a_vehicle_drives_twice(random, problem, solution):
    return problem, replace(solution, routes=(*solution.routes, random.choice(solution.routes)))


@_finds("unknown_vehicle")
def a_strange_vehicle_drives(random, problem, solution):
    r = random.randrange(len(solution.routes))
    routes = list(solution.routes)
    routes[r] = replace(routes[r], vehicle="ghost")
    return problem, replace(solution, routes=tuple(routes))


@_finds("shape")
def a_route_has_no_end(random, problem, solution):
    r = random.randrange(len(solution.routes))
    return problem, _with_stops(solution, r, list(solution.routes[r].stops[:-1]))


@_finds("shape")
def a_route_starts_again(random, problem, solution):
    r, s, _stop = _pick(random, solution, "task")
    stops = list(solution.routes[r].stops)
    stops.insert(s, stops[0])
    return problem, _with_stops(solution, r, stops)


@_finds("unknown_task", "task_lost")
def a_strange_task_is_done(random, problem, solution):
    r, s, _stop = _pick(random, solution, "task")
    return problem, _changed(solution, r, s, ref="ghost")


@_finds("unknown_site")
def a_strange_site_is_visited(random, problem, solution):
    r, s, _stop = _pick(random, solution, "reload")
    return problem, _changed(solution, r, s, ref="ghost")


@_finds("clock", "service")
def work_ends_before_it_begins(random, problem, solution):
    r, s, stop = _pick(random, solution, "task")
    return problem, _changed(solution, r, s, leave=stop.begin - 1)


@_finds("clock")
def work_begins_before_the_arrival(random, problem, solution):
    found = _pick(random, solution, "reload")
    r, s, stop = found
    return problem, _changed(solution, r, s, arrive=stop.begin + 1)


@_finds("shift_start", "cost")
def a_vehicle_sets_out_too_early(random, problem, solution):
    r = random.randrange(len(solution.routes))
    early = _of(problem, solution.routes[r]).shift.start - random.randint(1, 3600)
    return problem, _changed(solution, r, 0, arrive=early, begin=early, leave=early)


@_finds("not_ready")
def a_vehicle_is_not_ready_yet(random, problem, solution):
    route = random.choice(solution.routes)
    return _vehicle(problem, route.vehicle, ready_at=route.stops[0].leave + random.randint(1, 60)), solution


@_finds("shift_end")
def a_vehicle_comes_home_too_late(random, problem, solution):
    route = random.choice(solution.routes)
    shift = _of(problem, route).shift
    late = Window(shift.start, route.stops[-1].arrive - random.randint(1, 600))
    return _vehicle(problem, route.vehicle, shift=late), solution


@_finds("travel", "cost")
def a_drive_is_too_short(random, problem, solution):
    rows = {place: n for n, place in enumerate(problem.travel.places)}
    tasks, sites = {t.id: t.place for t in problem.tasks}, {s.id: s.place for s in problem.sites}
    found = []
    for r, route in enumerate(solution.routes):
        vehicle = _of(problem, route)
        for s, (one, other) in enumerate(zip(route.stops, route.stops[1:], strict=False)):
            if "break" in (one.kind, other.kind):
                continue
            ends = [
                tasks.get(stop.ref)
                or sites.get(stop.ref)
                or (vehicle.start if stop.kind == "start" else vehicle.end)
                for stop in (one, other)
            ]
            needed = problem.travel.seconds[rows[ends[0]]][rows[ends[1]]]
            if needed:
                found.append((r, s + 1, one.leave + needed - random.randint(1, needed)))
    r, s, arrive = random.choice(found)
    stop = solution.routes[r].stops[s]
    if stop.kind == "end":
        return problem, _changed(solution, r, s, arrive=arrive, begin=arrive, leave=arrive)
    return problem, _changed(solution, r, s, arrive=arrive)


@_finds("service")
def work_is_cut_short(random, problem, solution):
    r, s, stop = _pick(random, solution, "task")
    return problem, _changed(solution, r, s, leave=stop.leave - random.randint(1, 600))


@_finds("window")
def work_ends_after_its_window(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "task")
    return _task(problem, stop.ref, windows=(Window(0, stop.leave - random.randint(1, 60)),)), solution


@_finds("window")
def work_lies_across_two_windows(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "task")
    middle = stop.begin + (stop.leave - stop.begin) // 2
    return _task(problem, stop.ref, windows=(Window(0, middle), Window(middle + 1, 1 << 20))), solution


@_finds("promise")
def a_promise_is_missed(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "task")
    promised = random.choice((Window(0, stop.begin - 1), Window(stop.begin + 1, stop.begin + 7200)))
    return _task(problem, stop.ref, promised=promised), solution


@_finds("skill")
def a_skill_is_lacking(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "task")
    return _task(problem, stop.ref, skills=frozenset({"crane"})), solution


@_finds("pin")
def another_unit_was_asked_for(random, problem, solution):
    r, _s, stop = _pick(random, solution, "task")
    others = [one.id for one in problem.vehicles if one.id != solution.routes[r].vehicle]
    return _task(problem, stop.ref, pinned_unit=random.choice(others)), solution


@_finds("released")
def a_trip_leaves_before_its_goods_are_there(random, problem, solution):
    r, s, stop = _pick(random, solution, "task")
    left = next(
        one.leave for one in reversed(solution.routes[r].stops[:s]) if one.kind in ("start", "reload")
    )
    return _task(problem, stop.ref, released=left + random.randint(1, 600)), solution


@_finds("capacity")
def a_tank_runs_over(random, problem, solution):
    route = random.choice(solution.routes)
    most = max(stop.load_after for stop in route.stops)
    return _vehicle(problem, route.vehicle, capacity=most - random.randint(1, 500)), solution


@_finds("load")
def litres_are_written_that_are_not_there(random, problem, solution):
    r, s, stop = _pick(random, solution, "task", "reload", "end", "break")
    return problem, _changed(solution, r, s, load_after=stop.load_after + random.randint(1, 900))


@_finds("load", "capacity", "intake")
def more_is_picked_up_than_written(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "task")
    task = next(one for one in problem.tasks if one.id == stop.ref)
    return _task(problem, stop.ref, volume=task.volume + random.randint(1, 500)), solution


@_finds("home_loaded", "load", "cost")
def a_loaded_vehicle_goes_home(random, problem, solution):
    r = random.randrange(len(solution.routes))
    stops = list(solution.routes[r].stops)
    last = max(n for n, stop in enumerate(stops) if stop.kind == "reload")
    del stops[last]
    return problem, _with_stops(solution, r, stops)


@_finds("hours")
def a_site_has_closed(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "reload")
    early = stop.leave - random.randint(1, 600)
    return _site(problem, stop.ref, hours=(Window(0, early),)), solution


@_finds("hours")
def a_site_is_not_open_yet(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "reload")
    return _site(problem, stop.ref, hours=(Window(stop.begin + 1, 1 << 20),)), solution


@_finds("unload_time")
def an_unloading_is_cut_short(random, problem, solution):
    r, s, stop = _pick(random, solution, "reload")
    return problem, _changed(solution, r, s, leave=stop.leave - random.randint(1, 600))


@_finds("break_missing")
def a_break_is_left_out(random, problem, solution):
    found = _pick(random, solution, "break")
    if found is None:
        return None
    r, s, _stop = found
    stops = list(solution.routes[r].stops)
    del stops[s]
    return problem, _with_stops(solution, r, stops)


@_finds("break_window")
def a_break_comes_too_late(random, problem, solution):
    found = _pick(random, solution, "break")
    if found is None:
        return None
    r, _s, stop = found
    vehicle = solution.routes[r].vehicle
    due = _of(problem, solution.routes[r]).breaks[0]
    moved = due._replace(earliest=stop.begin - 3600, latest=stop.begin - random.randint(1, 1800))
    return _vehicle(problem, vehicle, breaks=(moved,)), solution


@_finds("break_short")
def a_break_is_cut_short(random, problem, solution):
    found = _pick(random, solution, "break")
    if found is None:
        return None
    r, s, stop = found
    return problem, _changed(solution, r, s, leave=stop.leave - random.randint(1, 1800))


@_finds("break_at_work", "travel")
def a_break_is_taken_at_work(random, problem, solution):
    found = _pick(random, solution, "break")
    if found is None:
        return None
    r, s, stop = found
    before = solution.routes[r].stops[s - 1]
    if before.kind not in ("task", "reload"):
        return None
    return problem, _changed(solution, r, s - 1, leave=stop.begin + random.randint(1, 600))


@_finds("break_unknown")
def a_break_is_taken_that_nobody_gave(random, problem, solution):
    r = random.randrange(len(solution.routes))
    stops = list(solution.routes[r].stops)
    end = stops[-1]
    stops.insert(-1, Stop(kind="break", arrive=end.arrive, begin=end.arrive, leave=end.arrive, load_after=0))
    if any(stop.kind == "break" for stop in solution.routes[r].stops):
        return problem, _with_stops(solution, r, stops)
    return _vehicle(problem, solution.routes[r].vehicle, breaks=()), _with_stops(solution, r, stops)


@_finds("intake")
def a_site_gets_more_than_it_takes(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "reload")
    volumes = {one.id: one.volume for one in problem.tasks}
    brought = 0
    for route in solution.routes:
        load = 0
        for one in route.stops:
            if one.kind == "task":
                load += volumes[one.ref]
            elif one.kind == "reload":
                brought += load if one.ref == stop.ref else 0
                load = 0
    return _site(problem, stop.ref, daily_limit=brought - random.randint(1, 900), received=0), solution


@_finds("intake")
def a_site_had_received_much_before(random, problem, solution):
    _r, _s, stop = _pick(random, solution, "reload")
    return _site(problem, stop.ref, daily_limit=50_000, received=50_000), solution


@_finds("left_loaded")
def a_loaded_vehicle_is_named_that_is_not(random, problem, solution):
    return problem, replace(solution, left_loaded=(random.choice(solution.routes).vehicle,))


@_finds("left_loaded")
def a_loaded_vehicle_is_forgotten(random, problem, solution):
    first = problem.vehicles[0]
    more = replace(first, id="parked", load=first.capacity)
    return replace(problem, vehicles=(*problem.vehicles, more)), solution


@_finds("cost")
def the_cost_is_another(random, problem, solution):
    return problem, replace(solution, cost=solution.cost + random.choice((-1, 1)) * random.randint(1, 999))
