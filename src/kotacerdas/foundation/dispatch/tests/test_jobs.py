"""Jobs that programs open: what is refused, changed, pinned."""

from __future__ import annotations

import pytest

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.problems import open_jobs
from kotacerdas.foundation.dispatch.queries import earlier_jobs, route_of, stop_of_job
from kotacerdas.foundation.dispatch.running import solve_run
from kotacerdas.foundation.dispatch.tests.conftest import DAY, at, day_after
from kotacerdas.foundation.dispatch.tests.planning import Quick, in_force, jobs_in
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def test_a_subject_has_one_open_job(fleet):
    job = fleet.job(1)
    with pytest.raises(Conflict):
        fleet.job(2, subject=(job.subject_kind, job.subject_id))
    actions.job_cancel(actor=fleet.planner, job=job)
    fleet.job(2, subject=(job.subject_kind, job.subject_id))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lat": 91.0}, "lat"),
        ({"volume_l": -1}, "volume_l"),
        ({"service_seconds": -1}, "service_seconds"),
        ({"weight": 0}, "weight"),
        ({"windows": [("12:00", "08:00")]}, "windows"),
        ({"windows": [("noon", "13:00")]}, "windows"),
        ({"skills": ["Long Hose"]}, "skills"),
    ],
)
def test_a_job_that_cannot_be_is_refused_by_field(fleet, wrong, field):
    with pytest.raises(Invalid) as caught:
        fleet.job(1, **wrong)
    assert field in caught.value.fields


def test_a_promise_lies_on_the_jobs_day(fleet):
    for given in ({"day": None}, {"day": day_after(1)}):
        with pytest.raises(Invalid):
            fleet.job(1, promised=(at(9), at(11)), **given)


def test_a_job_changes_and_keeps_its_promise_unless_told(fleet):
    job = fleet.job(1, promised=(at(9), at(11)))
    job = actions.job_change(actor=fleet.planner, job=job, volume_l=2000)
    assert (job.volume_l, job.promised_from) == (2000, at(9))
    job = actions.job_change(actor=fleet.planner, job=job, promised=None)
    assert job.promised_from is None
    with pytest.raises(TypeError):
        actions.job_change(actor=fleet.planner, job=job, agency=None)


def test_a_unit_of_another_agency_is_no_pin(fleet):
    with pytest.raises(Refused):
        actions.job_pin(actor=fleet.driver, job=fleet.job(1), unit=fleet.units[0])
    unit = fleet.units[0]
    unit.agency = Agency.objects.get(code="KOMINFO")
    with pytest.raises(Invalid):
        actions.job_pin(actor=fleet.planner, job=fleet.job(2), unit=unit)


def test_a_route_is_read_with_its_stops(fleet):
    fleet.job(1)
    plan = in_force(fleet)
    route = plan.routes.get()
    found = route_of(route.unit, DAY)
    assert [row.kind for row in found.stops.all() if row.kind != "break"] == [
        "start",
        "task",
        "reload",
        "end",
    ]
    assert route_of(route.unit, day_after(1)) is None


def test_a_job_that_got_another_day_is_free_for_the_plan_of_that_day(fleet):
    job = fleet.job(1)
    in_force(fleet)
    actions.job_change(actor=fleet.planner, job=job, day=day_after(2))
    assert [one.id for one in open_jobs(fleet.agency, day_after(2))] == [job.id]
    assert stop_of_job(job) is None
    fleet.shift(fleet.units[0], day_after(2))
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=day_after(2))
    solve_run(str(run.id), Quick())
    run.refresh_from_db()
    plan = actions.plan_publish(actor=fleet.planner, plan=run.plan)
    assert jobs_in(plan) == {job.id}
    assert stop_of_job(job).route.day == day_after(2)


def test_a_job_of_any_day_that_nobody_did_is_planned_again_once_that_day_is_past(fleet):
    job = fleet.job(1, day=None)
    in_force(fleet)
    assert open_jobs(fleet.agency, day_after(1)) == []
    with clock.frozen(at(6, 0, day_after(1))):
        assert [one.id for one in open_jobs(fleet.agency, day_after(1))] == [job.id]


def test_a_job_that_nobody_did_on_its_day_may_be_put_off_afterwards(fleet):
    job = fleet.job(1)
    in_force(fleet)
    with pytest.raises(Conflict):
        actions.job_postpone(actor=fleet.planner, job=job, day=day_after(1))
    with clock.frozen(at(6, 0, day_after(1))):
        assert list(earlier_jobs(fleet.agency)) == [job]
        actions.job_postpone(actor=fleet.planner, job=job, day=day_after(1))
        assert [one.id for one in open_jobs(fleet.agency, day_after(1))] == [job.id]
        assert not earlier_jobs(fleet.agency)
