"""Shortest ways to a plan in the store, for the tests."""

from __future__ import annotations

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.models import Plan, PlannedStop
from kotacerdas.foundation.dispatch.pyvrp_solver import PyVRP
from kotacerdas.foundation.dispatch.running import solve_run
from kotacerdas.foundation.dispatch.tests.conftest import DAY


class Quick:
    """The real solver, with few steps and its own seconds: the same plan each time."""

    def solve(self, problem, **given):
        given.pop("seconds")
        return PyVRP(steps=20).solve(problem, seconds=60, **given)


def planned(fleet, **given) -> Plan:
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY, **given)
    solve_run(str(run.id), Quick())
    run.refresh_from_db()
    assert (run.state, run.error) == ("done", "")
    return run.plan


def in_force(fleet, **given) -> Plan:
    return actions.plan_publish(actor=fleet.planner, plan=planned(fleet, **given))


def stops(plan: Plan, unit) -> list[PlannedStop]:
    return list(PlannedStop.objects.filter(route__plan=plan, route__unit=unit))


def jobs_in(plan: Plan) -> set:
    return set(PlannedStop.objects.filter(route__plan=plan, job__isnull=False).values_list("job", flat=True))


def first_task(plan: Plan, unit) -> PlannedStop:
    return next(row for row in stops(plan, unit) if row.kind == "task")
