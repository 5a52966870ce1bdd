"""Plans: published, copied, changed by hand; and stops that the crew begins and finishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.actions.fleet import note, require_report
from kotacerdas.foundation.dispatch.actions.jobs import require_plan, stops_release
from kotacerdas.foundation.dispatch.declarations import Reason, Solution, Task, Unplanned, Vehicle
from kotacerdas.foundation.dispatch.insertion import Draft, Way, without
from kotacerdas.foundation.dispatch.models import Job, Plan, PlannedRoute, PlannedStop, Unit
from kotacerdas.foundation.dispatch.permissions import PLAN
from kotacerdas.foundation.dispatch.problems import Day, day_of, ref_of
from kotacerdas.foundation.dispatch.queries import holding_stops, is_of_crew
from kotacerdas.foundation.dispatch.reasons import reason_for_unit
from kotacerdas.foundation.dispatch.repairs import emptied
from kotacerdas.foundation.dispatch.storing import plan_fill, plan_store, proof
from kotacerdas.foundation.dispatch.timing import Fault, Item, Items, items_of
from kotacerdas.foundation.dispatch.words import reason_words
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

_State = PlannedStop.State
_Change = Callable[[Draft, dict[str, Reason]], None]


@transaction.atomic
def plan_publish(*, actor: Actor, plan: Plan) -> Plan:
    """Put a draft in force in place of the day's plan so far. What was done meanwhile is taken over.

    Raises Refused, Conflict when it is no draft, when the world has moved on since it was made (a stop begun that it has
    elsewhere, a job called off, done or planned on another day), or when a unit stands in another agency's plan of the day.
    """
    require_plan(actor, plan.agency)
    Agency.objects.select_for_update(no_key=True).get(id=plan.agency_id)  # one publishing at a time
    plan = _locked_draft(plan)
    _jobs_are_open(plan)
    before = Plan.objects.select_for_update().filter(
        agency=plan.agency, day=plan.day, state=Plan.State.PUBLISHED
    )
    for old in before:
        _take_over(old, plan)
        old.routes.update(is_published=False)
        old.state = Plan.State.REPLACED
        old.save(update_fields=["state"])
    try:
        with transaction.atomic():
            plan.routes.update(is_published=True)
    except IntegrityError as error:
        raise Conflict(
            _("A unit stands in another plan of this day."), remedy=_("Take it out of one of the two plans.")
        ) from error
    plan.state, plan.published_at, plan.published_by = Plan.State.PUBLISHED, clock.now(), actor.user
    plan.save(update_fields=["state", "published_at", "published_by"])
    note("plan.publish", plan, actor, plan.agency, {"day": plan.day.isoformat(), "version": plan.version})
    return plan


@transaction.atomic
def plan_copy(*, actor: Actor, plan: Plan) -> Plan:
    """A draft that begins as the given plan, to be changed by hand. Raises Refused, Conflict when it cannot be driven now."""
    require_plan(actor, plan.agency)
    day = day_of(plan.agency, plan.day, plan=plan, now=clock.now())
    draft, reasons = _drafted(plan, day)
    made = plan_store(
        agency=plan.agency,
        day=day,
        solution=_proved(day, draft, reasons),
        made_by=actor.user,
        based_on=plan,
    )
    note("plan.copy", made, actor, plan.agency, {"day": plan.day.isoformat(), "version": made.version})
    return made


@transaction.atomic
def stop_move(*, actor: Actor, plan: Plan, job: Job, unit: Unit, position: int | None = None) -> Plan:
    """Give a job of a draft to a unit, from wherever it stands: there, after so many of its jobs to come, or where it fits best.

    Raises Refused, Conflict with the reason in words when it cannot be done there; nothing is changed then.
    """
    vehicle_id = str(unit.id)

    def change(draft: Draft, reasons: dict[str, Reason]) -> None:
        task = draft.timing.tasks.get(str(job.id))
        vehicle = draft.timing.vehicles.get(vehicle_id)
        if task is None or vehicle is None:
            raise Conflict(
                _("This unit, or this job, is not part of this plan any more."),
                remedy=_("Ask for a new plan."),
            )
        _take_out(draft, task.id)
        way = _way_there(draft, task, vehicle, position)
        if way is None:
            why = reason_for_unit(draft, task, vehicle)
            raise Conflict(
                reason_words(why.code, why.figures),
                remedy=_("Choose another unit, or another place in its order."),
            )
        draft.take(way)
        reasons.pop(task.id, None)

    return _changed(actor, plan, "stop.move", job, {"asset": unit.asset_number}, change)


@transaction.atomic
def stop_remove(*, actor: Actor, plan: Plan, job: Job) -> Plan:
    """Take a job out of a draft; it stays open, for another plan. Raises Refused, Conflict."""

    def change(draft: Draft, reasons: dict[str, Reason]) -> None:
        _take_out(draft, str(job.id))
        reasons[str(job.id)] = Reason(code="removed")

    return _changed(actor, plan, "stop.remove", job, {}, change)


@transaction.atomic
def stop_begin(*, actor: Actor, stop: PlannedStop) -> PlannedStop:
    """The crew begins a stop of the plan in force. Raises Refused, Conflict when another one is under way, or it was begun."""
    stop = _locked_stop(actor, stop)
    if stop.state != _State.PLANNED:
        raise Conflict(_("This stop was begun already."), remedy=_("Look at the route again."))
    _none_other_is_under_way(stop)
    if stop.job is not None and stop.job.state == Job.State.CANCELLED:
        raise Conflict(_("This job was called off."), remedy=_("Go on to the next stop."))
    stop.state, stop.began_at = _State.UNDER_WAY, actor.happened_at or clock.now()
    stop.save(update_fields=["state", "began_at"])
    _note_stop("stop.begin", stop, actor)
    return stop


@transaction.atomic
def stop_finish(
    *, actor: Actor, stop: PlannedStop, taken_l: int | None = None, on_board_l: int | None = None
) -> PlannedStop:
    """The crew has finished a stop; of a job with the litres that it took on board, its job is done.

    on_board_l  what was on board before, where the program knows better than the plan

    Raises Refused, Conflict for one that was finished, Invalid for litres that the unit cannot hold.
    """
    stop = _locked_stop(actor, stop)
    if stop.state == _State.DONE:
        raise Conflict(_("This stop was finished already."), remedy=_("Look at the route again."))
    _none_other_is_under_way(stop)
    if stop.kind == PlannedStop.Kind.TASK:
        _check_litres(stop, taken_l, on_board_l)
        stop.taken_l = taken_l
    at = actor.happened_at or clock.now()
    stop.began_at = min(stop.began_at or at, at)
    stop.state, stop.done_at = _State.DONE, at
    stop.save(update_fields=["state", "began_at", "done_at", "taken_l"])
    if stop.job is not None:
        Job.objects.filter(id=stop.job.id, state=Job.State.OPEN).update(state=Job.State.DONE, ended_at=at)
        stops_release(stop.job)
    _note_stop("stop.finish", stop, actor)
    return stop


@transaction.atomic
def stop_put_back(*, actor: Actor, stop: PlannedStop) -> PlannedStop:
    """The crew leaves a stop that it had begun; its job is to be done as before. Raises Refused, Conflict."""
    stop = _locked_stop(actor, stop)
    if stop.state != _State.UNDER_WAY:
        raise Conflict(_("This stop is not under way."), remedy=_("Look at the route again."))
    stop.state, stop.began_at = _State.PLANNED, None
    stop.save(update_fields=["state", "began_at"])
    note("stop.put_back", stop, actor, stop.route.unit.agency, {"job": stop.job_id or ""})
    return stop


# --- publishing ------------------------------------------------------------------------------


def _locked_draft(plan: Plan) -> Plan:
    plan = Plan.objects.select_for_update(of=("self",)).select_related("agency", "based_on").get(id=plan.id)
    if plan.state != Plan.State.DRAFT:
        raise Conflict(_("This plan is no draft any more."), remedy=_("Make a copy of it, or a new one."))
    return plan


def _jobs_are_open(plan: Plan) -> None:
    """Every job that is still to be done is open, and in no other plan in force."""
    planned = PlannedStop.objects.filter(route__plan=plan, state=_State.PLANNED, job__isnull=False)
    gone = planned.exclude(job__state=Job.State.OPEN).count()
    elsewhere = (
        holding_stops()
        .filter(job__in=planned.values("job"))
        .exclude(route__day=plan.day, route__plan__agency=plan.agency)
    )
    done = PlannedStop.objects.filter(
        job__in=planned.values("job"), route__is_published=True, route__plan__day=plan.day
    ).exclude(state=_State.PLANNED)
    if gone or elsewhere.exists() or done.exists():
        raise Conflict(
            _("Some of its jobs were called off, begun or planned otherwise meanwhile."),
            remedy=_("Ask for a new plan."),
        )


def _take_over(old: Plan, new: Plan) -> None:
    """What was done of the old plan is done in the new one as well: it must be there, first and in the same order."""
    list(
        PlannedRoute.objects.select_for_update().filter(plan=old).order_by("id")
    )  # no stop is begun meanwhile
    for route in old.routes.prefetch_related("stops"):
        done = [
            row for row in route.stops.all() if row.state != _State.PLANNED and row.kind in ("task", "reload")
        ]
        kept = list(
            PlannedStop.objects.filter(
                route__plan=new, route__unit_id=route.unit_id, kind__in=("task", "reload")
            ).order_by("position")
        )[: len(done)]
        if [(row.kind, ref_of(row)) for row in done] != [(row.kind, ref_of(row)) for row in kept]:
            raise Conflict(
                _("%(unit)s has gone on since this plan was made.") % {"unit": route.unit.name},
                remedy=_("Ask for a new plan."),
            )
        for row, before in zip(kept, done, strict=True):
            row.state, row.began_at = before.state, before.began_at
            row.done_at, row.taken_l = before.done_at, before.taken_l
            row.save(update_fields=["state", "began_at", "done_at", "taken_l"])


# --- changing by hand ------------------------------------------------------------------------


def _changed(actor: Actor, plan: Plan, step: str, job: Job, codes: dict[str, str], change: _Change) -> Plan:
    require_plan(actor, plan.agency)
    plan = _locked_draft(plan)
    day = _day_of_draft(plan)
    draft, reasons = _drafted(plan, day)
    change(draft, reasons)
    plan_fill(plan=plan, day=day, solution=_proved(day, draft, reasons), by_hand=True)
    given = {"day": plan.day.isoformat(), "version": plan.version, "job": job.id, **codes}
    note(step, plan, actor, plan.agency, given)
    return plan


def _day_of_draft(plan: Plan) -> Day:
    if plan.based_on is None:
        return day_of(plan.agency, plan.day)
    return day_of(plan.agency, plan.day, plan=plan.based_on, now=clock.now())


def _drafted(plan: Plan, day: Day) -> tuple[Draft, dict[str, Reason]]:
    """What of a plan is still to come, as orders that can be driven now; and why its other jobs are in none."""
    draft = Draft(day.problem)
    tasks = draft.timing.tasks
    for route in plan.routes.prefetch_related("stops"):
        vehicle = draft.timing.vehicles.get(str(route.unit_id))
        rows = [row for row in route.stops.all() if row.kind in ("task", "reload")]
        items = tuple(Item(row.kind, ref_of(row)) for row in _to_come(rows, str(route.unit_id), day))
        if vehicle is None:
            if items:
                raise _out_of_date()
            continue
        known = tuple(item for item in items if item.kind == "reload" or item.ref in tasks)
        known = without(draft.timing, vehicle, known, ())
        found = draft.fitted(vehicle, known) if known else None
        if isinstance(found, Fault):
            raise _out_of_date()
        if found is not None:
            draft.put(vehicle, known, found)
    reasons = {
        one["job"]: Reason(code=one["code"], figures=one["figures"])
        for one in plan.unplanned
        if one["job"] in tasks
    }
    return draft, reasons


def _to_come(rows: list[PlannedStop], vehicle: str, day: Day) -> list[PlannedStop]:
    """The stops of a route after those that were done, as the standings of the day have it."""
    standing = next((one for one in day.standings if one.vehicle == vehicle), None)
    done = [stop for stop in standing.frozen if stop.kind in ("task", "reload")] if standing else []
    first = [(row.kind, ref_of(row)) for row in rows[: len(done)]]
    if first != [(stop.kind, stop.ref) for stop in done]:
        raise _out_of_date()
    return rows[len(done) :]


def _out_of_date() -> Conflict:
    return Conflict(_("The day has moved on since this plan was made."), remedy=_("Ask for a new plan."))


def _take_out(draft: Draft, task: str) -> None:
    for vehicle in draft.problem.vehicles:
        items = draft.orders[vehicle.id]
        if Item("task", task) not in items:
            continue
        found = emptied(draft, vehicle, without(draft.timing, vehicle, items, (task,)))
        if isinstance(found, Fault):
            raise _out_of_date()
        draft.put(vehicle, items_of(found), found)


def _way_there(draft: Draft, task: Task, vehicle: Vehicle, position: int | None) -> Way | None:
    if position is None:
        return draft.best_way(task, [vehicle])
    items = draft.orders[vehicle.id]
    best: Way | None = None
    for order in draft.ways(vehicle, task):
        if _turn(order, task.id) != min(position, sum(one.kind == "task" for one in items)):
            continue
        found = draft.fitted(vehicle, order)
        if isinstance(found, Fault):
            continue
        added = draft.timing.cost(found) - draft.costs[vehicle.id]
        if best is None or added < best.added:
            best = Way(added, vehicle.id, order, found)
    return best


def _turn(items: Items, task: str) -> int:
    """How many tasks come before one."""
    return [item.ref for item in items if item.kind == "task"].index(task)


def _proved(day: Day, draft: Draft, reasons: dict[str, Reason]) -> Solution:
    """The draft as a plan; every job that is in no route keeps its reason. Raises Conflict should the checker reject it."""
    planned = draft.planned()
    solution = Solution(
        routes=tuple(draft.routes[one.id] for one in draft.problem.vehicles if one.id in draft.routes),
        unplanned=tuple(
            Unplanned(task=one.id, reason=reasons.get(one.id, Reason(code="not_asked")))
            for one in draft.problem.tasks
            if one.id not in planned
        ),
        cost=draft.cost(),
        left_loaded=tuple(
            one.id
            for one in draft.problem.vehicles
            if one.load and not one.may_end_loaded and one.id not in draft.routes
        ),
    )
    if found := proof(day, solution):
        codes = ", ".join(sorted({one.code for one in found}))
        raise Conflict(_("The plan would break rules: %(codes)s.") % {"codes": codes}, code="violations")
    return solution


# --- stops -----------------------------------------------------------------------------------


def _locked_stop(actor: Actor, stop: PlannedStop) -> PlannedStop:
    held = PlannedRoute.objects.select_for_update(of=("self",)).select_related("unit", "shift")
    route = held.get(id=stop.route_id)
    require_report(actor, route.unit)
    if not route.is_published:
        raise Conflict(_("This plan is not in force any more."), remedy=_("Look at the route again."))
    if not _is_of_the_crew(actor, route):
        raise Refused(
            _("This is another crew's route."), remedy=_("Ask the dispatcher to put you into the crew.")
        )
    if stop.job_id is not None:
        Job.objects.select_for_update().get(id=stop.job_id)  # it is not called off meanwhile
    return PlannedStop.objects.select_related("route__unit__agency", "job").get(id=stop.id)


def _none_other_is_under_way(stop: PlannedStop) -> None:
    if stop.route.stops.filter(state=_State.UNDER_WAY).exclude(id=stop.id).exists():
        raise Conflict(_("Another stop is under way."), remedy=_("Finish that one first."))


def _is_of_the_crew(actor: Actor, route: PlannedRoute) -> bool:
    """Whoever makes plans may report for everybody; others for the crew that they are in that day."""
    if actor.kind == "system" or actor.grants.may(PLAN, agencies=[route.unit.agency_id]):
        return True
    return is_of_crew(route.shift, actor.user)


def _check_litres(stop: PlannedStop, taken_l: int | None, on_board_l: int | None) -> None:
    if taken_l is None or taken_l < 0:
        raise Invalid(
            _("The stop cannot be finished like this."),
            fields={"taken_l": _("Say how many litres, at least 0.")},
        )
    load = _load_before(stop) if on_board_l is None else on_board_l
    capacity = stop.route.unit.capacity_l
    if load + taken_l > capacity:
        given = {"left": max(0, capacity - load), "capacity": capacity}
        raise Invalid(
            _("The unit cannot hold so much."),
            fields={"taken_l": _("At most %(left)s l fit on board now, of %(capacity)s l.") % given},
        )


def _load_before(stop: PlannedStop) -> int:
    """Litres on board before a stop, by what was finished of the plan."""
    load = 0
    for row in stop.route.stops.filter(position__lt=stop.position).exclude(state=_State.PLANNED):
        load = 0 if row.kind == "reload" else load + (row.taken_l or 0)
    return load


def _note_stop(step: str, stop: PlannedStop, actor: Actor) -> None:
    at: datetime | None = stop.done_at or stop.began_at
    given = {"asset": stop.route.unit.asset_number, "kind": stop.kind, "job": stop.job_id or ""}
    note(step, stop, actor, stop.route.unit.agency, {**given, "at": at.isoformat() if at else ""})
