"""When a vehicle is where, for a given order of stops: the earliest timetable that keeps every rule, or the first fault.

An exact reckoning for the solver's repairs, for reasons and for stops that are moved by hand. Earlier is never worse, as
waiting is allowed, so one pass with a choice of the gap for each break finds a timetable wherever there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from kotacerdas.foundation.dispatch.declarations import (
    Break,
    Figures,
    Place,
    Problem,
    ReloadSite,
    Route,
    Stop,
    Task,
    Vehicle,
    Window,
)


class Item(NamedTuple):
    """A stop of an order: a task, or an unloading at a site."""

    kind: str  # "task" | "reload"
    ref: str


Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an order cannot be driven: a code, the number of the item (as many as there are items: the end), the figures.

    codes  skill | pin | capacity | home_loaded | window | promise | site_closed | break | shift_end
    """

    code: str
    at: int
    figures: Figures


@dataclass(slots=True)
class _State:
    """The earliest way to have left some item with so many breaks taken."""

    arrive: int
    begin: int
    leave: int
    breaks: tuple[int, ...]  # beginnings of the breaks in the gap before
    before: _State | None


class Timing:
    """Reckons timetables for one problem. `lay_out` is the whole of it; the rest answers what it stands on."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.tasks = {one.id: one for one in problem.tasks}
        self.sites = {one.id: one for one in problem.sites}
        self.vehicles = {one.id: one for one in problem.vehicles}
        self._at = problem.travel.index()
        self._begins = {one.id: begin_windows(one) for one in problem.tasks}
        self._opens = {one.id: unload_windows(one) for one in problem.sites}

    def lay_out(
        self, vehicle: Vehicle, items: Sequence[Item], *, ignore: frozenset[str] = frozenset()
    ) -> Route | Fault:
        """The earliest timetable of an order, or why there is none. Faults in `ignore` are let pass."""
        loads = self._loads(vehicle, items, ignore)
        if isinstance(loads, Fault):
            return loads
        states: list[_State | None] = self._first(vehicle, items)
        place = self._at[vehicle.start]
        for number, item in enumerate(items):
            there = self._at[self._place_of(item)]
            travel = self.problem.travel.seconds[place][there]
            reached = _arrivals(states, travel, vehicle.breaks)
            states, fault = self._serve(item, number, items, reached, ignore)
            if fault is not None:
                return fault
            place = there
        travel = self.problem.travel.seconds[place][self._at[vehicle.end]]
        return self._ended(vehicle, items, loads, _arrivals(states, travel, vehicle.breaks), ignore)

    def seconds(self, start: Item | None, end: Item | None, vehicle: Vehicle) -> int:
        """Travel between two items of a vehicle's route; None is its start, or its end."""
        one = vehicle.start if start is None else self._place_of(start)
        other = vehicle.end if end is None else self._place_of(end)
        return self.problem.travel.seconds[self._at[one]][self._at[other]]

    def metres(self, vehicle: Vehicle, items: Sequence[Item]) -> int:
        """Metres of a whole route."""
        places = [vehicle.start, *(self._place_of(item) for item in items), vehicle.end]
        rows = [self._at[place] for place in places]
        return sum(self.problem.travel.metres[i][j] for i, j in pairwise(rows))

    def cost(self, route: Route) -> int:
        """What a route costs by the problem's costs; a route of nothing costs nothing."""
        items = items_of(route)
        if not items:
            return 0
        costs, vehicle = self.problem.costs, self.vehicles[route.vehicle]
        spent = route.stops[-1].arrive - route.stops[0].leave
        return costs.metre * self.metres(vehicle, items) + costs.second * spent + costs.vehicle

    def intake(self, vehicle: Vehicle, items: Sequence[Item]) -> dict[str, int]:
        """Litres that an order brings to each site."""
        brought: dict[str, int] = {}
        load = vehicle.load
        for item in items:
            if item.kind == "task":
                load += self.tasks[item.ref].volume
            else:
                brought[item.ref] = brought.get(item.ref, 0) + load
                load = 0
        return brought

    def _place_of(self, item: Item) -> Place:
        return self.tasks[item.ref].place if item.kind == "task" else self.sites[item.ref].place

    def _loads(self, vehicle: Vehicle, items: Sequence[Item], ignore: frozenset[str]) -> list[int] | Fault:
        load, loads = vehicle.load, []
        for number, item in enumerate(items):
            if item.kind == "task":
                task = self.tasks[item.ref]
                fault = unfit(vehicle, task)
                if fault is not None and fault[0] not in ignore:
                    return Fault(fault[0], number, fault[1])
                load += task.volume
                if load > vehicle.capacity and "capacity" not in ignore:
                    return Fault("capacity", number, {"load": load, "capacity": vehicle.capacity})
            else:
                load = 0
            loads.append(load)
        if load and not vehicle.may_end_loaded and "home_loaded" not in ignore:
            return Fault("home_loaded", len(items), {"load": load})
        return loads

    def _first(self, vehicle: Vehicle, items: Sequence[Item]) -> list[_State | None]:
        """At the start: no break taken; it leaves when it may, and when what the first trip is for is released."""
        at = vehicle.sets_out
        leave = max(at, self._released(items, 0))
        first = _State(at, at, leave, (), None)
        return [first, *(None for _one in vehicle.breaks)]

    def _released(self, items: Sequence[Item], since: int) -> int:
        """From when on the trip that begins with an item may leave."""
        latest = 0
        for item in items[since:]:
            if item.kind == "reload":
                break
            latest = max(latest, self.tasks[item.ref].released)
        return latest

    def _serve(
        self,
        item: Item,
        number: int,
        items: Sequence[Item],
        reached: list[_State | None],
        ignore: frozenset[str],
    ) -> tuple[list[_State | None], Fault | None]:
        """Do the work of an item from each state that reached it."""
        if item.kind == "task":
            task = self.tasks[item.ref]
            windows, spent, released = self._begins[item.ref], task.seconds, 0
            code = "promise" if task.promised else "window"
        else:
            windows, spent = self._opens[item.ref], self.sites[item.ref].seconds
            released, code = self._released(items, number + 1), "site_closed"
        earliest, found = None, False
        for state in reached:
            if state is None:
                continue
            earliest = state.arrive if earliest is None else min(earliest, state.arrive)
            begin = state.arrive if code in ignore else first_begin(windows, state.arrive)
            if begin is not None:
                state.begin, state.leave = begin, max(begin + spent, released)
                found = True
        states = [state if state is not None and state.leave >= 0 else None for state in reached]
        if earliest is None:
            return states, Fault("break", number, {})
        if not found:
            closes = windows[-1].end if windows else -1
            return states, Fault(code, number, {"arrive": earliest, "latest": closes})
        return states, None

    def _ended(
        self,
        vehicle: Vehicle,
        items: Sequence[Item],
        loads: list[int],
        reached: list[_State | None],
        ignore: frozenset[str],
    ) -> Route | Fault:
        best: _State | None = None
        for taken, state in enumerate(reached):
            if state is None or any(is_due(one, vehicle, state.arrive) for one in vehicle.breaks[taken:]):
                continue
            if best is None or state.arrive < best.arrive:
                best = state
        if best is None:
            return Fault("break", len(items), {})
        if best.arrive > vehicle.shift.end and "shift_end" not in ignore:
            return Fault("shift_end", len(items), {"end": best.arrive, "shift_end": vehicle.shift.end})
        best.begin = best.leave = best.arrive
        return self._written(vehicle, items, loads, best)

    def _written(self, vehicle: Vehicle, items: Sequence[Item], loads: list[int], last: _State) -> Route:
        chain: list[_State] = []
        state: _State | None = last
        while state is not None:
            chain.append(state)
            state = state.before
        chain.reverse()
        first = chain[0]
        if len(chain) > 1 and not chain[1].breaks:  # set out as late as the first stop allows
            travel = self.seconds(None, items[0] if items else None, vehicle)
            first.leave = max(first.leave, chain[1].begin - travel)
            chain[1].arrive = first.leave + travel
        stops = [_stop("start", "", first, vehicle.load)]
        taken = 0
        for state, (kind, ref), load in zip(
            chain[1:], (*items, ("end", "")), (*loads, loads[-1] if loads else vehicle.load), strict=True
        ):
            for begin in state.breaks:
                spent = vehicle.breaks[taken].seconds
                stops.append(
                    Stop(
                        kind="break",
                        arrive=begin,
                        begin=begin,
                        leave=begin + spent,
                        load_after=stops[-1].load_after,
                    )
                )
                taken += 1
            stops.append(_stop(kind, ref, state, load))
        return Route(vehicle=vehicle.id, stops=tuple(stops))


def begin_windows(task: Task) -> tuple[Window, ...]:
    """The stretches in which a task's work may begin, in order: within a window to its end, and as promised."""
    stretches = [Window(one.start, one.end - task.seconds) for one in task.windows]
    if not task.windows:
        stretches = [Window(0, _NEVER)]
    if task.promised is not None:
        low, high = task.promised
        stretches = [Window(max(one.start, low), min(one.end, high)) for one in stretches]
    return tuple(sorted(one for one in stretches if one.end >= one.start))


def unload_windows(site: ReloadSite) -> tuple[Window, ...]:
    """The stretches in which an unloading at a site may begin, in order."""
    stretches = (Window(one.start, one.end - site.seconds) for one in site.hours)
    return tuple(sorted(one for one in stretches if one.end >= one.start))


def first_begin(windows: Sequence[Window], arrive: int) -> int | None:
    """The earliest beginning at or after an arrival; None when it is too late for all."""
    for window in windows:
        if arrive <= window.end:
            return max(arrive, window.start)
    return None


def unfit(vehicle: Vehicle, task: Task) -> tuple[str, Figures] | None:
    """Why a vehicle may never do a task, however empty its day is: a code and the figures."""
    if task.pinned_unit is not None and task.pinned_unit != vehicle.id:
        return "pin", {"unit": task.pinned_unit}
    if lacking := task.skills - vehicle.skills:
        return "skill", {"skill": ", ".join(sorted(lacking))}
    if task.volume > vehicle.capacity:
        return "capacity", {"volume": task.volume, "capacity": vehicle.capacity}
    return None


def is_due(one: Break, vehicle: Vehicle, end: int) -> bool:
    """Whether a break must be taken by a vehicle that comes to its end then: it works past the latest beginning."""
    return vehicle.sets_out <= one.latest < end


def items_of(route: Route) -> Items:
    """The order of a route: its tasks and unloadings."""
    return tuple(Item(one.kind, one.ref) for one in route.stops if one.kind in ("task", "reload"))


_NEVER = 1 << 40


def _arrivals(states: list[_State | None], travel: int, breaks: tuple[Break, ...]) -> list[_State | None]:
    """The earliest arrivals over a gap, by how many breaks have been taken then. A break interrupts the drive."""
    if len(states) == 1:
        state = states[0]
        assert state is not None
        return [_State(state.leave + travel, -1, -1, (), state)]
    reached: list[_State | None] = [None] * len(states)
    for taken, state in enumerate(states):
        if state is None:
            continue
        now, left = state.leave, travel
        begins: tuple[int, ...] = ()
        for more in range(len(breaks) - taken + 1):
            if more:
                one = breaks[taken + more - 1]
                driven = min(left, max(0, one.earliest - now))
                begin = max(now + driven, one.earliest)
                if begin > one.latest:
                    break
                now, left, begins = begin + one.seconds, left - driven, (*begins, begin)
            best = reached[taken + more]
            if best is None or now + left < best.arrive:
                reached[taken + more] = _State(now + left, -1, -1, begins, state)
    return reached


def _stop(kind: str, ref: str, state: _State, load: int) -> Stop:
    return Stop(
        kind=kind,  # type: ignore[arg-type]
        ref=ref,
        arrive=state.arrive,
        begin=state.begin,
        leave=state.leave,
        load_after=load,
    )
