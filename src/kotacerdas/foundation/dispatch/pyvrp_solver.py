"""The solver in use: PyVRP, with what it does not know (breaks, a site's daily limit) kept by exact repairs around it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyvrp
from pyvrp import IteratedLocalSearchCallbacks, IteratedLocalSearchParams, SolveParams
from pyvrp.exceptions import PenaltyBoundWarning

from kotacerdas.foundation.dispatch.declarations import (
    Problem,
    Route,
    Solution,
    Task,
    Unplanned,
    Vehicle,
    flaws,
)
from kotacerdas.foundation.dispatch.insertion import Draft
from kotacerdas.foundation.dispatch.pyvrp_model import Begun, Model, counts
from kotacerdas.foundation.dispatch.reasons import reason_of
from kotacerdas.foundation.dispatch.repairs import draft_of, emptied, exchanged, fill
from kotacerdas.foundation.dispatch.solver import Cancelled, Progress
from kotacerdas.foundation.dispatch.timing import Fault, Item, Items, items_of

_ROUNDS = 3
_SHARE_OF_FIRST = 0.6  # of the time, for the first search, where repairs may make a second one worth while
_SHARE_OF_CHOICE = 0.75  # of the time that is left then, for the choice of what is left out
_GIVES_UP = 0.25  # of a search's time: after it a plan with every task is not looked for any more
_LEAST_SECONDS = 0.1
_NOT_FEASIBLE = 1 << 62
_TELL_EVERY = 0.5  # seconds


@dataclass
class _Watch:
    """How much time there is, and whom to tell."""

    seconds: float
    on_progress: Callable[[Progress], None]
    is_cancelled: Callable[[], bool]
    began: float = 0.0
    told: float = 0.0
    unplanned: int | None = None
    cost: int | None = None

    def __post_init__(self) -> None:
        self.began = time.perf_counter()

    def left(self) -> float:
        return self.seconds - (time.perf_counter() - self.began)

    def look(self) -> None:
        """Tell how far it is, now and then. Raises Cancelled."""
        now = time.perf_counter()
        if now - self.told < _TELL_EVERY:
            return
        self.told = now
        if self.is_cancelled():
            raise Cancelled
        percent = round(100 * (now - self.began) / max(self.seconds, 0.001))
        self.on_progress(Progress(max(0, min(99, percent)), self.unplanned, self.cost))


class PyVRP:
    """Solves with PyVRP in this process: start it in one of its own where that must not stand still (see `child`).

    steps  the most iterations of each search: with these instead of the time, the same plan comes again
    """

    def __init__(self, *, steps: int | None = None) -> None:
        self.steps = steps

    def solve(
        self,
        problem: Problem,
        *,
        seconds: float,
        seed: int = 1,
        since: Sequence[Route] = (),
        on_progress: Callable[[Progress], None] = lambda _progress: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Solution:
        """As `solver.Solver` says."""
        if found := flaws(problem):
            raise ValueError("; ".join(found))
        watch = _Watch(seconds, on_progress, is_cancelled)
        weights = {one.id: counts(one) for one in problem.tasks}
        begun = {one.id: _begun(problem, one) for one in problem.vehicles}
        first = {one.vehicle: items_of(one) for one in since if one.vehicle in begun}
        draft = _searched(_Search(problem, begun, watch, self.steps), weights, seed, first)
        _empty_the_idle(draft)
        return _solution(draft, weights)


def _searched(search: _Search, weights: dict[str, int], seed: int, first: dict[str, Items]) -> Draft:
    """Search for a plan with every task, else for one with as many as count; repair it; search on with those that are in."""
    problem, watch = search.problem, search.watch
    best = draft_of(problem, _known(problem, first), weights) if first else None
    known = best.planned() if best is not None else set[str]()
    tasks = [one for one in problem.tasks if one.id in known or _may_be_done(problem, one)]
    if not tasks or not problem.vehicles:
        return best or draft_of(problem, {}, weights)
    orders = None
    if _may_all_be_done(problem, tasks):
        share = 1.0 if _is_exact(problem) else _SHARE_OF_FIRST
        whole = best if best is not None and len(best.planned()) == len(tasks) else None
        orders = search.run(tasks, watch.left() * share, seed, all_of_them=True, since=whole)
    if orders is None:
        orders = search.run(tasks, watch.left() * _SHARE_OF_CHOICE, seed, since=best) or {}
    found = _exchange(draft_of(problem, orders, weights), weights, watch)
    if best is None or _worth(found, weights) < _worth(best, weights):
        best = found
    for turn in range(1, _ROUNDS):
        planned = best.planned()
        watch.unplanned, watch.cost = len(problem.tasks) - len(planned), best.cost()
        inside = [one for one in problem.tasks if one.id in planned]
        if watch.left() < _LEAST_SECONDS or not inside:
            break
        share = 1.0 if turn == _ROUNDS - 1 else 0.5
        orders = search.run(inside, watch.left() * share, seed + turn, all_of_them=True, since=best)
        draft = draft_of(problem, orders or {}, weights)
        if _worth(draft, weights) < _worth(best, weights):
            best = draft
    return _exchange(best, weights, watch)


@dataclass
class _Search:
    """Searches of PyVRP over one problem."""

    problem: Problem
    begun: dict[str, tuple[Items, Begun]]
    watch: _Watch
    steps: int | None = None

    def run(
        self,
        tasks: Sequence[Task],
        seconds: float,
        seed: int,
        *,
        all_of_them: bool = False,
        since: Draft | None = None,
    ) -> dict[str, Items] | None:
        """What is found in so many seconds, as orders by vehicle; None where all were to be in and that seems not to be.

        since  a plan to go on from
        """
        there = {name: begun for name, (_items, begun) in self.begun.items()}
        model = Model(self.problem, tasks, there, all_of_them=all_of_them)
        if model.data is None:
            return None
        began, steps = time.perf_counter(), 0
        gives_up = _GIVES_UP if all_of_them and since is None else 1.0

        def is_over(best_cost: int) -> bool:
            nonlocal steps
            self.watch.look()
            spent = (time.perf_counter() - began) / max(seconds, 0.01)
            if self.steps is not None:
                spent = max(spent, steps / self.steps)
            steps += 1
            return spent >= 1.0 or (spent >= gives_up and best_cost >= _NOT_FEASIBLE)

        told = _Telling(self.watch, len(self.problem.tasks))
        params = SolveParams(ils=IteratedLocalSearchParams(history_length=_history(seconds), callbacks=told))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PenaltyBoundWarning)  # that a day is too full is no news
            result = pyvrp.solve(
                model.data,
                is_over,
                seed=seed,
                collect_stats=False,
                params=params,
                initial_solution=model.solution(since.routes) if since is not None else None,
            )
        if all_of_them and not result.best.is_feasible():
            return None
        orders = model.orders(result.best)
        return {name: (*self.begun[name][0], *items) for name, items in orders.items()}


def _history(seconds: float) -> int:
    """How far back PyVRP compares (300 by itself): in a short search less, so that it settles in time; measured."""
    return round(min(300, max(30, 5 * seconds)))


def _is_exact(problem: Problem) -> bool:
    """Whether PyVRP knows every rule of the problem."""
    return not any(one.breaks for one in problem.vehicles) and all(
        one.daily_limit is None for one in problem.sites
    )


def _may_all_be_done(problem: Problem, tasks: Sequence[Task]) -> bool:
    """Whether there is work for the time and room for the litres, at the first glance."""
    time_there = sum(
        max(0, one.shift.end - one.sets_out - sum(rest.seconds for rest in one.breaks))
        for one in problem.vehicles
    )
    rooms = [one.room for one in problem.sites]
    litres = sum(one.volume for one in tasks)
    has_room = not rooms or None in rooms or litres <= sum(room for room in rooms if room is not None)
    return has_room and _least_seconds(problem, tasks) <= time_there


def _least_seconds(problem: Problem, tasks: Sequence[Task]) -> int:
    """Less than what all tasks take with the drive to each from its nearest neighbour, and the unloadings of full vehicles."""
    rows = problem.travel.index()
    columns = list(zip(*problem.travel.seconds, strict=True))
    spent = 0
    for task in tasks:
        row = rows[task.place]
        near = (seconds for n, seconds in enumerate(columns[row]) if n != row)
        spent += task.seconds + min(near, default=0)
    largest = max((one.capacity for one in problem.vehicles), default=0)
    if largest and problem.sites and not any(one.may_end_loaded for one in problem.vehicles):
        visits = -(-sum(one.volume for one in tasks) // largest)
        spent += visits * min(one.seconds for one in problem.sites)
    return spent


class _Telling(IteratedLocalSearchCallbacks):
    """Remembers how good the best plan of PyVRP is."""

    def __init__(self, watch: _Watch, tasks: int) -> None:
        self.watch, self.tasks = watch, tasks

    def on_best(self, best: Any) -> None:
        self.watch.unplanned = self.tasks - best.num_clients()


def _known(problem: Problem, orders: dict[str, Items]) -> dict[str, Items]:
    """Orders without what the problem does not have."""
    tasks, sites = {one.id for one in problem.tasks}, {one.id for one in problem.sites}
    return {
        name: tuple(item for item in items if item.ref in (tasks if item.kind == "task" else sites))
        for name, items in orders.items()
    }


def _may_be_done(problem: Problem, task: Task) -> bool:
    """Whether any vehicle could do it on a day of its own."""
    return Draft(problem).best_way(task) is not None


def _begun(problem: Problem, vehicle: Vehicle) -> tuple[Items, Begun]:
    """Where a vehicle is free to be planned: one that is too full for any task is emptied before."""
    present = Begun(vehicle.start, vehicle.sets_out, vehicle.load)
    volumes = [one.volume for one in problem.tasks]
    if not vehicle.load or not volumes or vehicle.load + min(volumes) <= vehicle.capacity:
        return (), present
    draft, best = Draft(problem), None
    for site in problem.sites:
        items = (Item("reload", site.id),)
        found = draft.fitted(vehicle, items)
        if not isinstance(found, Fault):
            leave = found.stops[-2].leave
            if best is None or leave < best[1].at:
                best = (items, Begun(site.place, leave, 0))
    return best or ((), present)


def _exchange(draft: Draft, weights: dict[str, int], watch: _Watch) -> Draft:
    """Let what counts most in, where something that counts less must leave for it; for a tenth of the whole time."""
    ends = time.perf_counter() + watch.seconds / 10

    def is_late() -> bool:
        watch.look()
        return time.perf_counter() >= ends

    planned = draft.planned()
    left = [one for one in draft.problem.tasks if one.id not in planned and weights[one.id] > 1]
    for task in sorted(left, key=lambda one: -weights[one.id]):
        better = exchanged(draft, task, weights, is_late) if task.id not in draft.planned() else None
        if better is not None:
            draft = better
            fill(draft, weights)
    return draft


def _empty_the_idle(draft: Draft) -> None:
    """A vehicle without a task that has something on board is emptied all the same."""
    for vehicle in draft.problem.vehicles:
        if draft.orders[vehicle.id] or not vehicle.load or vehicle.may_end_loaded:
            continue
        found = emptied(draft, vehicle, ())
        if not isinstance(found, Fault):
            draft.put(vehicle, items_of(found), found)


def _worth(draft: Draft, weights: dict[str, int]) -> tuple[int, int]:
    planned = draft.planned()
    return sum(weight for task, weight in weights.items() if task not in planned), draft.cost()


def _solution(draft: Draft, weights: dict[str, int]) -> Solution:
    fill(draft, weights)
    planned = draft.planned()
    unplanned = [one for one in draft.problem.tasks if one.id not in planned]
    routes: list[Route] = [draft.routes[one.id] for one in draft.problem.vehicles if one.id in draft.routes]
    return Solution(
        routes=tuple(routes),
        unplanned=tuple(Unplanned(task=one.id, reason=reason_of(draft, one)) for one in unplanned),
        cost=draft.cost(),
        left_loaded=tuple(
            one.id
            for one in draft.problem.vehicles
            if one.load and not one.may_end_loaded and one.id not in draft.routes
        ),
    )
