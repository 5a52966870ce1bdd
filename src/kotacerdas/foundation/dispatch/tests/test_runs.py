"""Asking for a plan: one at a time, with bounds, cancelled, lost, failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.expiry import fail_lost_runs, forget_drafts
from kotacerdas.foundation.dispatch.models import Job, Plan, SolveRun
from kotacerdas.foundation.dispatch.queries import (
    LOST_AFTER,
    state_of_run,
)
from kotacerdas.foundation.dispatch.running import solve_run
from kotacerdas.foundation.dispatch.tests.conftest import DAY
from kotacerdas.foundation.dispatch.tests.planning import Quick, jobs_in, planned
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def test_a_plan_is_worked_out_by_a_worker_in_a_process_of_its_own(fleet):
    fleet.job(1)
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY, seconds=1)
    solve_run(str(run.id))
    run.refresh_from_db()
    assert (run.state, run.progress, run.unplanned) == ("done", 100, 0)
    assert jobs_in(run.plan) == set(Job.objects.values_list("id", flat=True))


def test_one_plan_of_a_day_is_worked_out_at_a_time(fleet):
    actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    with pytest.raises(Conflict):
        actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        SolveRun.objects.create(agency=fleet.agency, day=DAY)


def test_only_a_dispatcher_asks_and_within_bounds(fleet):
    with pytest.raises(Refused):
        actions.solve_ask(actor=fleet.driver, agency=fleet.agency, day=DAY)
    for seconds in (0, 601):
        with pytest.raises(Invalid):
            actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY, seconds=seconds)


def test_what_waits_is_cancelled_at_once_and_never_worked_out(fleet):
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    assert actions.solve_cancel(actor=fleet.planner, run=run).state == "cancelled"
    solve_run(str(run.id), Quick())
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Plan.objects.exists()
    with pytest.raises(Conflict):
        actions.solve_cancel(actor=fleet.planner, run=run)


def test_what_is_being_worked_out_stops_when_cancelled(fleet):
    fleet.job(1)
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY, seconds=60)

    class Cancelling(Quick):
        def solve(self, problem, **given):
            actions.solve_cancel(actor=fleet.planner, run=SolveRun.objects.get(id=run.id))
            return super().solve(problem, **given)

    solve_run(str(run.id), Cancelling())
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Plan.objects.exists()


def test_a_run_whose_worker_is_gone_has_failed_and_another_may_be_asked_for(fleet):
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    SolveRun.objects.filter(id=run.id).update(state="running", seen_at=clock.now())
    with pytest.raises(Conflict):
        actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    with clock.frozen(clock.now() + LOST_AFTER + timedelta(seconds=1)):
        run.refresh_from_db()
        assert state_of_run(run) == "failed"
        actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "lost")


def test_a_job_that_comes_again_after_its_worker_died_says_that_it_failed(fleet):
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    SolveRun.objects.filter(id=run.id).update(state="running", seen_at=clock.now())
    solve_run(str(run.id), Quick())
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "lost")


def test_a_plan_that_breaks_a_rule_is_never_stored(fleet):
    fleet.job(1)
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)

    class Wrong(Quick):
        def solve(self, problem, **given):
            found = super().solve(problem, **given)
            return type(found)(routes=found.routes, unplanned=found.unplanned, cost=found.cost + 1)

    solve_run(str(run.id), Wrong())
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "violations")
    assert not Plan.objects.exists()


def test_a_solver_that_fails_leaves_a_failed_run(fleet):
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)

    class Broken:
        def solve(self, problem, **given):
            raise ZeroDivisionError

    solve_run(str(run.id), Broken())
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "crashed")
    assert SetAside.objects.get(loop="dispatch").item == "PU 2026-11-24"
    planned(fleet)
    assert not SetAside.objects.filter(loop="dispatch").exists()


def test_a_lost_run_is_written_down_as_failed_even_if_nobody_asks(fleet):
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY)
    SolveRun.objects.filter(id=run.id).update(state="running", seen_at=clock.now())
    fail_lost_runs()
    run.refresh_from_db()
    assert run.state == "running"
    with clock.frozen(clock.now() + LOST_AFTER + timedelta(seconds=1)):
        fail_lost_runs()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "lost")


def test_drafts_that_nobody_published_go_after_thirty_days(fleet):
    fleet.job(1)
    draft = planned(fleet)
    kept = actions.plan_publish(actor=fleet.planner, plan=planned(fleet))
    with clock.frozen(clock.now() + timedelta(days=30)):
        forget_drafts()
        assert set(Plan.objects.all()) == {draft, kept}
    with clock.frozen(clock.now() + timedelta(days=33)):
        forget_drafts()
        assert set(Plan.objects.all()) == {kept}
