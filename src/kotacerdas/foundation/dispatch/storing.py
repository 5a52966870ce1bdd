"""Writes a plan as rows: a new version of the day's plan, with its routes, stops and reasons."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import Any

from django.db.models import Max, Q

from kotacerdas.foundation.dispatch.checker import Violation, check, check_frozen
from kotacerdas.foundation.dispatch.declarations import Place, Problem, Route, Solution, Stop
from kotacerdas.foundation.dispatch.models import Plan, PlannedRoute, PlannedStop, Shift
from kotacerdas.foundation.dispatch.moments import moment_of
from kotacerdas.foundation.dispatch.problems import Day, ref_of
from kotacerdas.foundation.dispatch.replan import broken_promises, stranded, whole_day
from kotacerdas.foundation.parties.models import Agency, User

_KEPT = ("state", "began_at", "done_at", "taken_l")


def proof(day: Day, solution: Solution) -> list[Violation]:
    """Every violation of a plan of the day, or of its rest together with what was done before."""
    found = check(day.problem, solution)
    if day.standings:
        frozen = {one.vehicle: len(one.frozen) for one in day.standings}
        before = [Route(vehicle=one.vehicle, stops=one.frozen) for one in day.standings if one.frozen]
        found += check_frozen(before, whole_day(day.problem, day.standings, solution), frozen)
    return found


def plan_store(
    *,
    agency: Agency,
    day: Day,
    solution: Solution,
    made_by: User | None,
    based_on: Plan | None,
    **figures: Any,
) -> Plan:
    """A draft of a plan, the next version of its day. The caller holds a transaction, and has proved the plan.

    figures  what more is known of how it was made: seed, seconds
    """
    Agency.objects.select_for_update(no_key=True).get(id=agency.id)  # versions are counted one by one
    newest = Plan.objects.filter(agency=agency, day=day.problem.day).aggregate(last=Max("version"))
    plan = Plan.objects.create(
        agency=agency,
        day=day.problem.day,
        version=(newest["last"] or 0) + 1,
        based_on=based_on,
        made_by=made_by,
    )
    plan_fill(plan=plan, day=day, solution=solution, **figures)
    return plan


def plan_fill(*, plan: Plan, day: Day, solution: Solution, **figures: Any) -> None:
    """Write the routes and the reasons of a draft, in place of those that it has."""
    plan.routes.all().delete()
    shifts = {str(one.unit_id): one for one in Shift.objects.filter(unit__agency=plan.agency, day=plan.day)}
    before = _done_before(plan)
    for route in whole_day(day.problem, day.standings, solution):
        _store_route(plan, day.whole, route, shifts[route.vehicle], before)
    plan.unplanned = [
        {"job": one.task, "code": one.reason.code, "figures": dict(one.reason.figures)}
        for one in solution.unplanned
    ]
    plan.figures = {**plan.figures, **figures_of(day, solution), **figures}
    plan.save(update_fields=["unplanned", "figures"])


def figures_of(day: Day, solution: Solution) -> dict[str, Any]:
    """What is told of a plan beside its routes."""
    volumes = {one.id: one.volume for one in day.whole.tasks}
    routes = whole_day(day.problem, day.standings, solution)
    planned = [stop.ref for route in routes for stop in route.stops if stop.kind == "task"]
    return {
        "cost": solution.cost,
        "jobs": len(planned),
        "unplanned": len(solution.unplanned),
        "litres": sum(volumes[ref] for ref in planned),
        "unloadings": sum(stop.kind == "reload" for route in routes for stop in route.stops),
        "metres": sum(_metres(day.whole, route) for route in routes),
        "last_end": max((route.stops[-1].arrive for route in routes), default=None),
        "travel": day.problem.travel.source,
        "travel_remark": day.problem.travel.remark,
        "left_loaded": list(solution.left_loaded),
        "stranded": stranded(day.standings),
        "broken_promises": [asdict(one) for one in broken_promises(day.problem, solution)],
        "violations": 0,
    }


def _done_before(plan: Plan) -> dict[str, list[PlannedStop]]:
    """What was done of the plan that this one goes on from, by unit and in order."""
    if plan.based_on is None:
        return {}
    rows = PlannedStop.objects.filter(route__plan=plan.based_on).exclude(
        Q(state=PlannedStop.State.PLANNED) | Q(kind=PlannedStop.Kind.START)
    )
    found: dict[str, list[PlannedStop]] = {}
    for row in rows.select_related("route").order_by("route", "position"):
        found.setdefault(str(row.route.unit_id), []).append(row)
    return found


def _store_route(
    plan: Plan, whole: Problem, route: Route, shift: Shift, before: dict[str, list[PlannedStop]]
) -> None:
    row = PlannedRoute.objects.create(
        plan=plan, unit_id=shift.unit_id, shift=shift, day=plan.day, metres=_metres(whole, route)
    )
    places = _places(whole)
    volumes = {one.id: one.volume for one in whole.tasks}
    done = iter(before.get(route.vehicle, ()))
    later: PlannedStop | None = next(done, None)
    load, rows = 0, []
    for number, stop in enumerate(route.stops):
        made = _stop_row(plan, row, number, stop, places.get(stop.ref))
        made.volume_l = volumes[stop.ref] if stop.kind == "task" else load if stop.kind == "reload" else 0
        if later is not None and (stop.kind, stop.ref) == (later.kind, ref_of(later)):
            for name in _KEPT:
                setattr(made, name, getattr(later, name))
            later = next(done, None)
        load = stop.load_after
        rows.append(made)
    PlannedStop.objects.bulk_create(rows)


def _stop_row(plan: Plan, route: PlannedRoute, number: int, stop: Stop, place: Place | None) -> PlannedStop:
    home = route.unit.home
    if place is None and stop.kind in ("start", "end"):
        place = Place(home.lat, home.lng)
    return PlannedStop(
        route=route,
        position=number,
        kind=stop.kind,
        job_id=stop.ref if stop.kind == "task" else None,
        station_id=stop.ref
        if stop.kind == "reload"
        else (home.id if stop.kind in ("start", "end") else None),
        lat=place.lat if place is not None else None,
        lng=place.lng if place is not None else None,
        arrive_at=moment_of(plan.day, stop.arrive),
        begin_at=moment_of(plan.day, stop.begin),
        leave_at=moment_of(plan.day, stop.leave),
        load_after_l=stop.load_after,
    )


def _places(whole: Problem) -> dict[str, Place]:
    return {one.id: one.place for one in whole.tasks} | {one.id: one.place for one in whole.sites}


def _metres(whole: Problem, route: Route) -> int:
    """Metres of a route by the day's matrix; the way between what was done and what is planned as from stop to stop."""
    rows = whole.travel.index()
    places = _places(whole)
    vehicle = next(one for one in whole.vehicles if one.id == route.vehicle)
    at = [
        rows[places.get(stop.ref) or (vehicle.end if stop.kind == "end" else vehicle.start)]
        for stop in route.stops
        if stop.kind != "break"
    ]
    return sum(whole.travel.metres[one][other] for one, other in pairwise(at))
