"""Makes what a search found into a plan that keeps every rule: exact times, breaks, sites' limits, nothing left on board.

`draft_of` takes orders that need not be possible and gives a draft that is: what cannot be kept leaves its order, and all
that is left over is put in where it still fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kotacerdas.foundation.dispatch.declarations import Problem, Route, Task, Vehicle
from kotacerdas.foundation.dispatch.insertion import Draft, ended, without
from kotacerdas.foundation.dispatch.timing import Fault, Item, Items, items_of, unfit

MOST_EXCHANGED = 3


def draft_of(problem: Problem, orders: Mapping[str, Items], weights: Mapping[str, int]) -> Draft:
    """A draft from orders by vehicle. `weights`: what each task counts."""
    draft = Draft(problem)
    orders = _lightened(draft, orders, weights)
    first = sorted(
        problem.vehicles, key=lambda one: -_worth(orders.get(one.id, ()), weights)
    )  # who brings most fills the sites first
    for vehicle in first:
        _take_order(draft, vehicle, orders.get(vehicle.id, ()), weights)
    fill(draft, weights)
    return draft


def _lightened(draft: Draft, orders: Mapping[str, Items], weights: Mapping[str, int]) -> Mapping[str, Items]:
    """Orders that bring no more than all sites take together: what counts least for its litres leaves them."""
    rooms = [site.room for site in draft.problem.sites]
    emptied_ones = [one for one in draft.problem.vehicles if not one.may_end_loaded]
    if not rooms or None in rooms or not emptied_ones:
        return orders
    tasks = [
        draft.timing.tasks[item.ref]
        for one in emptied_ones
        for item in orders.get(one.id, ())
        if item.kind == "task"
    ]
    over = sum(one.volume for one in tasks) + sum(one.load for one in emptied_ones)
    over -= sum(room for room in rooms if room is not None)
    gone: set[str] = set()
    for task in sorted(tasks, key=lambda one: (weights.get(one.id, 1) / max(one.volume, 1), one.id)):
        if over <= 0:
            break
        if task.volume:
            gone.add(task.id)
            over -= task.volume
    if not gone:
        return orders
    return {
        one.id: without(draft.timing, one, orders.get(one.id, ()), gone) for one in draft.problem.vehicles
    }


def fill(draft: Draft, weights: Mapping[str, int]) -> None:
    """Put in what is in no order yet and still fits, the weightiest first, each in its cheapest way."""
    planned = draft.planned()
    left = [one for one in draft.problem.tasks if one.id not in planned]
    left.sort(key=lambda one: (-weights.get(one.id, one.weight), one.volume, one.id))
    for task in left:
        way = draft.best_way(task)
        if way is not None:
            draft.take(way)


def emptied(draft: Draft, vehicle: Vehicle, items: Items) -> Route | Fault:
    """The best timetable of an order, with an unloading last where one is needed; the first fault where there is none."""
    best: Route | None = None
    fault: Fault | None = None
    for order in ended(draft.problem, draft.timing, vehicle, items):
        found = draft.fitted(vehicle, order)
        if isinstance(found, Fault):
            fault = fault or found
        elif best is None or draft.timing.cost(found) < draft.timing.cost(best):
            best = found
    if best is not None:
        return best
    return fault or Fault("home_loaded", len(items), {"load": vehicle.load})


def _take_order(draft: Draft, vehicle: Vehicle, items: Items, weights: Mapping[str, int]) -> None:
    """Give a vehicle an order, made possible: other sites are tried, then the tasks that count least leave it."""
    items = without(draft.timing, vehicle, items, ())
    while True:
        found = emptied(draft, vehicle, items)
        if not isinstance(found, Fault):
            break
        moved = _with_other_site(draft, vehicle, items) if found.code in ("intake", "site_closed") else None
        if moved is not None:
            found = moved
            break
        tasks = [item.ref for item in items if item.kind == "task"]
        if not tasks:
            return
        items = _one_less(draft, vehicle, items, found, tasks, weights)
    order = items_of(found)
    if order:
        draft.put(vehicle, order, found)


def _with_other_site(draft: Draft, vehicle: Vehicle, items: Items) -> Route | None:
    """The same tasks with one unloading at another site, where that makes the order possible."""
    best: Route | None = None
    for order in ended(draft.problem, draft.timing, vehicle, items):
        for at, item in enumerate(order):
            if item.kind != "reload":
                continue
            for site in draft.problem.sites:
                other = (*order[:at], Item("reload", site.id), *order[at + 1 :])
                found = draft.fitted(vehicle, other) if site.id != item.ref else None
                if found is None or isinstance(found, Fault):
                    continue
                if best is None or draft.timing.cost(found) < draft.timing.cost(best):
                    best = found
    return best


def _one_less(
    draft: Draft,
    vehicle: Vehicle,
    items: Items,
    fault: Fault,
    tasks: list[str],
    weights: Mapping[str, int],
) -> Items:
    """The order without the task whose leaving makes it possible at the least loss, else brings the fault furthest."""
    best: tuple[tuple[int, int, int], Items] | None = None
    for task in tasks:
        order = without(draft.timing, vehicle, items, (task,))
        found = emptied(draft, vehicle, order)
        is_bad = isinstance(found, Fault)
        progress = -found.at if isinstance(found, Fault) else draft.timing.cost(found)
        key = (int(is_bad), weights.get(task, 1), progress)
        if best is None or key < best[0]:
            best = (key, order)
    assert best is not None
    return best[1]


def _worth(items: Iterable[Item], weights: Mapping[str, int]) -> int:
    return sum(weights.get(item.ref, 1) for item in items if item.kind == "task")


def exchanged(
    draft: Draft, task: Task, weights: Mapping[str, int], is_late: Callable[[], bool]
) -> Draft | None:
    """A draft with the task in, where up to three neighbours that count less together leave an order; None where there is none.

    is_late  whether it is time to stop trying
    """
    own = weights.get(task.id, task.weight)
    tries = []
    for vehicle in draft.problem.vehicles:
        tasks = [item.ref for item in draft.orders[vehicle.id] if item.kind == "task"]
        for size in range(1, MOST_EXCHANGED + 1):
            for first in range(len(tasks) - size + 1):
                gone = tasks[first : first + size]
                if (loss := sum(weights.get(ref, 1) for ref in gone)) < own:
                    tries.append((loss, size, vehicle, gone))
    tries.sort(key=lambda one: one[:2])  # the least loss first
    for _loss, _size, vehicle, gone in tries:
        if is_late():
            break
        if unfit(vehicle, task) is not None:
            continue
        other = _without_them(draft, vehicle, gone)
        way = other.best_way(task, [vehicle]) if other is not None else None
        if other is not None and way is not None:
            other.take(way)
            return other
    return None


def _without_them(draft: Draft, vehicle: Vehicle, gone: list[str]) -> Draft | None:
    tried = draft.copy()
    found = emptied(tried, vehicle, without(draft.timing, vehicle, draft.orders[vehicle.id], gone))
    if isinstance(found, Fault):
        return None
    tried.put(vehicle, items_of(found), found)
    return tried
