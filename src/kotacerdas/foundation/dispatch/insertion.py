"""A plan in the making: orders of vehicles with their exact timetables, and the best place for one more task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kotacerdas.foundation.dispatch.declarations import Problem, Route, Task, Vehicle
from kotacerdas.foundation.dispatch.timing import Fault, Item, Items, Timing, unfit


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do a task: what it adds to the cost, whose order it goes into, and that order's timetable."""

    added: int
    vehicle: str
    items: Items
    route: Route


class Draft:
    """Orders by vehicle that can all be driven, and litres brought to each site. A vehicle without an order stays at home."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.timing = Timing(problem)
        self.orders: dict[str, Items] = {one.id: () for one in problem.vehicles}
        self.routes: dict[str, Route] = {}
        self.costs: dict[str, int] = dict.fromkeys(self.orders, 0)
        self.brought: dict[str, int] = {one.id: 0 for one in problem.sites}

    def copy(self) -> Draft:
        """The same plan, which may be changed apart from this one."""
        other = Draft.__new__(Draft)
        other.problem, other.timing = self.problem, self.timing
        other.orders, other.routes, other.costs, other.brought = (
            dict(self.orders),
            dict(self.routes),
            dict(self.costs),
            dict(self.brought),
        )
        return other

    def fitted(
        self, vehicle: Vehicle, items: Items, *, ignore: frozenset[str] = frozenset()
    ) -> Route | Fault:
        """The timetable of an order in place of the vehicle's present one, within what the sites still take; or why not."""
        fault = self.overfull(vehicle, items)
        if fault is not None and "intake" not in ignore:
            return fault
        return self.timing.lay_out(vehicle, items, ignore=ignore)

    def overfull(self, vehicle: Vehicle, items: Items) -> Fault | None:
        """The site that would get more than it takes, if the vehicle had this order."""
        present = self.timing.intake(vehicle, self.orders[vehicle.id])
        for site, litres in self.timing.intake(vehicle, items).items():
            room = self.timing.sites[site].room
            if room is None:
                continue
            left = room - self.brought[site] + present.get(site, 0)
            if litres > left and litres > present.get(site, 0):
                return Fault("intake", len(items), {"site": site, "left": left, "litres": litres})
        return None

    def put(self, vehicle: Vehicle, items: Items, route: Route) -> None:
        """Give a vehicle another order."""
        for site, litres in self.timing.intake(vehicle, self.orders[vehicle.id]).items():
            self.brought[site] -= litres
        for site, litres in self.timing.intake(vehicle, items).items():
            self.brought[site] += litres
        self.orders[vehicle.id], self.routes[vehicle.id] = items, route
        self.costs[vehicle.id] = self.timing.cost(route)
        if not items:
            del self.routes[vehicle.id]

    def take(self, way: Way) -> None:
        """Do a task in the way that was found."""
        self.put(self.timing.vehicles[way.vehicle], way.items, way.route)

    def planned(self) -> set[str]:
        """Ids of the tasks that are in an order."""
        return {item.ref for items in self.orders.values() for item in items if item.kind == "task"}

    def cost(self) -> int:
        """What all routes cost together."""
        return sum(self.costs.values())

    def best_way(self, task: Task, vehicles: Iterable[Vehicle] | None = None) -> Way | None:
        """The cheapest way to do one more task, or none."""
        best: Way | None = None
        for vehicle in self.problem.vehicles if vehicles is None else vehicles:
            for items in self.ways(vehicle, task):
                route = self.fitted(vehicle, items)
                if isinstance(route, Fault):
                    continue
                added = self.timing.cost(route) - self.costs[vehicle.id]
                if best is None or added < best.added:
                    best = Way(added, vehicle.id, items, route)
        return best

    def ways(self, vehicle: Vehicle, task: Task, *, all_of_them: bool = False) -> Iterator[Items]:
        """Orders of a vehicle with a task put in at each place, without those that are surely too long (unless all)."""
        if unfit(vehicle, task) is not None:
            return
        items = self.orders[vehicle.id]
        free = None if all_of_them else self._free_seconds(vehicle, items)
        own = Item("task", task.id)
        for at in range(len(items) + 1):
            before = items[at - 1] if at else None
            after = items[at] if at < len(items) else None
            if free is not None and self._detour(vehicle, before, own, after) > free:
                continue
            yield from self._mended(vehicle, items, at, own)

    def _mended(self, vehicle: Vehicle, items: Items, at: int, own: Item) -> Iterator[Items]:
        """The task at that place, with an unloading before or after it where the trip would be too full."""
        plain = (*items[:at], own, *items[at:])
        if not self._too_full(vehicle, plain):
            yield from ended(self.problem, self.timing, vehicle, plain)
            if at or not vehicle.load:  # what is on board from the start may have to go first
                return
        for site in self.problem.sites:
            reload = Item("reload", site.id)
            for order in ((reload, own), (own, reload)):
                mended = (*items[:at], *order, *items[at:])
                if not self._too_full(vehicle, mended):
                    yield from ended(self.problem, self.timing, vehicle, mended)

    def _too_full(self, vehicle: Vehicle, items: Items) -> bool:
        load = vehicle.load
        for kind, ref in items:
            load = load + self.timing.tasks[ref].volume if kind == "task" else 0
            if load > vehicle.capacity:
                return True
        return False

    def _free_seconds(self, vehicle: Vehicle, items: Items) -> int:
        """Seconds of the shift that the present order neither drives nor works nor rests: no detour is longer."""
        route = self.routes.get(vehicle.id)
        if route is None:
            return vehicle.shift.end - vehicle.sets_out
        busy = sum(one.leave - one.begin for one in route.stops if one.kind in ("task", "reload", "break"))
        ends = zip((None, *items), (*items, None), strict=True)
        busy += sum(self.timing.seconds(one, other, vehicle) for one, other in ends)
        return vehicle.shift.end - vehicle.sets_out - busy

    def _detour(self, vehicle: Vehicle, before: Item | None, own: Item, after: Item | None) -> int:
        timing = self.timing
        there, on = timing.seconds(before, own, vehicle), timing.seconds(own, after, vehicle)
        direct = timing.seconds(before, after, vehicle)
        return there + timing.tasks[own.ref].seconds + on - direct


def ended(problem: Problem, timing: Timing, vehicle: Vehicle, items: Items) -> Iterator[Items]:
    """An order that may end: as it is, or with an unloading last (at each of the sites) where a load would be left."""
    load = vehicle.load
    for kind, ref in items:
        load = load + timing.tasks[ref].volume if kind == "task" else 0
    if not load or vehicle.may_end_loaded:
        yield items
        return
    for site in problem.sites:
        yield (*items, Item("reload", site.id))


def without(timing: Timing, vehicle: Vehicle, items: Items, tasks: Iterable[str]) -> Items:
    """An order without some tasks, and without the unloadings that then have nothing to unload."""
    gone, kept, load = set(tasks), [], vehicle.load
    for item in items:
        if item.kind == "task":
            if item.ref not in gone:
                kept.append(item)
                load += max(timing.tasks[item.ref].volume, 0)
        elif load:
            kept.append(item)
            load = 0
    return tuple(kept)
