"""Why a task is in no route: found by trying to put it into the plan that was found, with the figures of the best try.

Codes, and their figures (moments are seconds since midnight, volumes litres):

no_unit              no unit works that day
pinned_unit_away     unit: the only one that may do it does not work, or broke down
skill                skill: what no unit has; units: how many work
volume               volume, largest: more than the largest unit takes
window_too_short     seconds: the work; longest: the longest window
promise_in_no_window  what was promised lies in no window
outside_shifts       earliest, latest: when it may begin; start, end: of the shifts of the units that could
no_site              nowhere to unload
intake               site, left, limit, volume: what the site still takes that day
too_far              unit, end, shift_end: even alone, the best unit would end too late
no_time              unit, end, shift_end: with its other stops, the best unit would end too late
site_closed          unit, site, arrive, closes: the best unit would come to the site too late
window, promise      unit, arrive, latest: the best unit would come too late for its window, or for what was promised
displaces            unit, task, arrive, latest: another one would be reached too late
break                unit: no place is left for its break

Of a unit that a planner chose also pin (unit: the only one that may do it) and capacity (volume, capacity); of plans that were
changed by hand removed, and not_asked: a job that came after the plan was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kotacerdas.foundation.dispatch.declarations import Figures, Problem, Reason, Task, Vehicle
from kotacerdas.foundation.dispatch.insertion import Draft
from kotacerdas.foundation.dispatch.timing import Fault, Item, Items, begin_windows, unfit

_PAST_THE_SHIFT = frozenset({"shift_end"})
_FAR = 1 << 40


def reason_of(draft: Draft, task: Task) -> Reason:
    """Why a task is not in a draft into which it cannot be put."""
    problem = draft.problem
    plain = _plain_reason(problem, task)
    if plain is not None:
        return plain
    able = [one for one in problem.vehicles if unfit(one, task) is None]
    if task.promised is None and (shifts := _outside_shifts(task, able)) is not None:
        return Reason(code="outside_shifts", figures=shifts)
    if task.volume and not all(one.may_end_loaded for one in able):
        if not problem.sites:
            return Reason(code="no_site")
        if (short := _intake(draft, task)) is not None:
            return Reason(code="intake", figures=short)
    alone = Draft(problem)
    if not _can(alone, task, able):
        return _best_try(alone, task, able, late="too_far")
    return _best_try(draft, task, able, late="no_time")


def reason_for_unit(draft: Draft, task: Task, vehicle: Vehicle) -> Reason:
    """Why one unit cannot do a task beside what it has to do."""
    unable = unfit(vehicle, task)
    if unable is not None:
        return Reason(code=unable[0], figures=unable[1])
    if task.volume and not vehicle.may_end_loaded:
        if not draft.problem.sites:
            return Reason(code="no_site")
        if (short := _intake(draft, task)) is not None:
            return Reason(code="intake", figures=short)
    return _best_try(draft, task, [vehicle], late="no_time")


def _plain_reason(problem: Problem, task: Task) -> Reason | None:
    """What no plan can change: units, skills, volume, windows."""
    vehicles = problem.vehicles
    if not vehicles:
        return Reason(code="no_unit")
    if task.pinned_unit is not None and task.pinned_unit not in {one.id for one in vehicles}:
        return Reason(code="pinned_unit_away", figures={"unit": task.pinned_unit})
    if task.pinned_unit is not None:
        vehicles = tuple(one for one in vehicles if one.id == task.pinned_unit)
    skilled = [one for one in vehicles if task.skills <= one.skills]
    if not skilled:
        nearest = min((task.skills - one.skills for one in vehicles), key=len)
        return Reason(code="skill", figures={"skill": ", ".join(sorted(nearest)), "units": len(vehicles)})
    largest = max(one.capacity for one in skilled)
    if task.volume > largest:
        return Reason(code="volume", figures={"volume": task.volume, "largest": largest})
    if begin_windows(task):
        return None
    longest = max(one.end - one.start for one in task.windows) if task.windows else _FAR
    if longest < task.seconds:
        return Reason(code="window_too_short", figures={"seconds": task.seconds, "longest": longest})
    return Reason(code="promise_in_no_window")


def _outside_shifts(task: Task, able: Sequence[Vehicle]) -> Figures | None:
    windows = begin_windows(task)
    if any(
        window.start <= one.shift.end and window.end >= one.sets_out for window in windows for one in able
    ):
        return None
    return {
        "earliest": windows[0].start,
        "latest": windows[-1].end,
        "start": min(one.sets_out for one in able),
        "end": max(one.shift.end for one in able),
    }


def _intake(draft: Draft, task: Task) -> Figures | None:
    """The site that takes most, where none takes the task's litres any more."""
    lefts = []
    for site in draft.problem.sites:
        if site.room is None or site.daily_limit is None:
            return None
        lefts.append((site.room - draft.brought[site.id], site))
    left, site = max(lefts, key=lambda pair: pair[0])
    if left >= task.volume or site.daily_limit is None:
        return None
    return {"site": site.id, "left": max(left, 0), "limit": site.daily_limit, "volume": task.volume}


def _can(draft: Draft, task: Task, able: Sequence[Vehicle]) -> bool:
    return draft.best_way(task, able) is not None


def _best_try(draft: Draft, task: Task, able: Sequence[Vehicle], *, late: str) -> Reason:
    """The try that fails by the fewest seconds."""
    best = (_FAR + 1, Reason(code="no_site"))  # no way at all: it would have to be emptied first
    for vehicle in able:
        for items in draft.ways(vehicle, task, all_of_them=True):
            short, made = _tried(draft, vehicle, items, task, late)
            if short < best[0]:
                best = (short, made())
    return best[1]


def _tried(
    draft: Draft, vehicle: Vehicle, items: Items, task: Task, late: str
) -> tuple[int, Callable[[], Reason]]:
    """By how many seconds an order fails, and the reason that this makes."""
    tried = draft.timing.lay_out(vehicle, items, ignore=_PAST_THE_SHIFT)
    if not isinstance(tried, Fault):
        end, limit = tried.stops[-1].arrive, vehicle.shift.end
        full = draft.overfull(vehicle, items)
        if full is not None:
            return _FAR, lambda: _overfull(draft, full, task)
        figures: Figures = {"unit": vehicle.id, "end": end, "shift_end": limit}
        return end - limit, lambda: Reason(code=late, figures=figures)
    if tried.code not in ("window", "promise", "site_closed"):
        return _FAR, lambda: Reason(code="break", figures={"unit": vehicle.id})
    arrive, latest = int(tried.figures["arrive"]), int(tried.figures["latest"])
    item = items[tried.at]
    return arrive - latest, lambda: _too_late(draft, vehicle, item, task, arrive, latest, tried.code)


def _overfull(draft: Draft, full: Fault, task: Task) -> Reason:
    site = draft.timing.sites[str(full.figures["site"])]
    figures: Figures = {
        "site": site.id,
        "left": max(0, (site.room or 0) - draft.brought[site.id]),
        "limit": site.daily_limit or 0,
        "volume": task.volume,
    }
    return Reason(code="intake", figures=figures)


def _too_late(
    draft: Draft, vehicle: Vehicle, item: Item, task: Task, arrive: int, latest: int, code: str
) -> Reason:
    figures: dict[str, int | str] = {"unit": vehicle.id, "arrive": arrive}
    if item.kind == "reload":
        closes = max((one.end for one in draft.timing.sites[item.ref].hours), default=0)
        return Reason(code="site_closed", figures={**figures, "site": item.ref, "closes": closes})
    if item.ref == task.id:
        return Reason(code=code, figures={**figures, "latest": latest})
    return Reason(code="displaces", figures={**figures, "task": item.ref, "latest": latest})
