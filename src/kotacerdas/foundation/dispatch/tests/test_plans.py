"""Plans in the store: worked out, published, changed by hand."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.models import Plan, PlannedRoute, PlannedStop
from kotacerdas.foundation.dispatch.problems import day_of
from kotacerdas.foundation.dispatch.queries import (
    plans_for,
    published,
    stop_of_job,
)
from kotacerdas.foundation.dispatch.tests.conftest import DAY, at, day_after, member
from kotacerdas.foundation.dispatch.tests.planning import in_force, jobs_in, planned, stops
from kotacerdas.foundation.dispatch.words import reason_words
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Refused

pytestmark = pytest.mark.django_db


def test_a_plan_has_every_job_in_a_route_or_with_its_reason(fleet):
    jobs = [fleet.job(number) for number in range(6)]
    strange = fleet.job(7, skills=["boat"])
    plan = planned(fleet)
    assert jobs_in(plan) == {job.id for job in jobs}
    (told,) = plan.unplanned
    assert (told["job"], told["code"]) == (str(strange.id), "skill")
    assert (
        reason_words(told["code"], told["figures"])
        == "Tidak ada unit dengan kemampuan yang diperlukan: boat."
    )
    assert plan.figures["violations"] == 0
    assert plan.figures["litres"] == 6 * 1500
    assert (plan.state, plan.version) == ("draft", 1)


def test_a_plan_keeps_shift_lunch_hours_and_pins(fleet):
    pinned = actions.job_pin(actor=fleet.planner, job=fleet.job(1), unit=fleet.units[1])
    promised = fleet.job(2, promised=(at(9), at(10)))
    for number in range(3, 9):
        fleet.job(number)
    plan = planned(fleet)
    assert PlannedStop.objects.get(route__plan=plan, job=pinned).route.unit == fleet.units[1]
    assert at(9) <= PlannedStop.objects.get(route__plan=plan, job=promised).begin_at <= at(10)
    for route in plan.routes.all():
        first, *_between, last = route.stops.all()
        assert (first.kind, last.kind) == ("start", "end")
        assert first.leave_at >= at(7, 30)
        assert last.arrive_at <= at(16)
        if last.arrive_at > at(13):
            assert route.stops.filter(kind="break").count() == 1


def test_units_that_cannot_go_out_and_jobs_of_other_days_are_left_out(fleet):
    fleet.job(1)
    fleet.job(2, day=day_after(1))
    open_day = fleet.job(3, day=None)
    actions.unit_state_set(actor=fleet.planner, unit=fleet.units[0], state="broken", why="Rem")
    plan = planned(fleet)
    assert [route.unit for route in plan.routes.all()] == [fleet.units[1]]
    assert open_day.id in jobs_in(plan)
    assert len(jobs_in(plan)) == 2


def test_a_job_in_the_plan_of_one_day_is_not_planned_on_another(fleet):
    job = fleet.job(1, day=None)
    in_force(fleet)
    assert str(job.id) not in {one.id for one in day_of(fleet.agency, day_after(1)).problem.tasks}


def test_a_published_plan_is_in_force_and_the_next_one_replaces_it(fleet):
    job = fleet.job(1)
    first = in_force(fleet)
    assert published(fleet.agency, DAY) == first
    assert stop_of_job(job).route.plan == first
    fleet.job(2)
    second = in_force(fleet)
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("replaced", "published", 2)
    assert stop_of_job(job).route.plan == second
    assert Row.objects.filter(verb="dispatch.plan.publish").count() == 2
    with pytest.raises(Conflict):
        actions.plan_publish(actor=fleet.planner, plan=second)


def test_a_unit_stands_in_one_published_plan_a_day(fleet):
    fleet.job(1)
    plan = in_force(fleet)
    route = plan.routes.first()
    other = Plan.objects.create(agency=Agency.objects.get(code="KOMINFO"), day=DAY, version=1)
    PlannedRoute.objects.create(plan=other, unit=route.unit, shift=route.shift, day=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.routes.update(is_published=True)
    everywhere = staff(member("kominfo-planner", "KOMINFO", "dispatcher"))
    with pytest.raises(Conflict):
        actions.plan_publish(actor=everywhere, plan=other)
    other.refresh_from_db()
    assert other.state == "draft"


def test_only_the_agencys_dispatcher_publishes_and_only_its_people_see(fleet):
    fleet.job(1)
    plan = planned(fleet)
    elsewhere = staff(member("elsewhere", "KOMINFO", "dispatcher"))
    for actor in (fleet.driver, elsewhere):
        with pytest.raises(Refused):
            actions.plan_publish(actor=actor, plan=plan)
    assert plan in plans_for(fleet.driver.grants)
    assert plan not in plans_for(elsewhere.grants)


def test_a_plan_with_a_job_that_was_called_off_is_not_published(fleet):
    job = fleet.job(1)
    plan = planned(fleet)
    actions.job_cancel(actor=fleet.planner, job=job)
    with pytest.raises(Conflict):
        actions.plan_publish(actor=fleet.planner, plan=plan)


def test_what_was_begun_since_a_draft_was_made_must_be_in_it(fleet):
    for number in range(5):
        fleet.job(number)
    plan = in_force(fleet)
    older = planned(fleet)
    with clock.frozen(at(8)):
        last = PlannedStop.objects.filter(route__plan=plan, kind="task").last()
        actions.stop_begin(actor=fleet.planner, stop=last)
        with pytest.raises(Conflict):
            actions.plan_publish(actor=fleet.planner, plan=older)


def test_a_job_is_moved_to_another_unit_and_the_plan_stays_sound(fleet):
    for number in range(4):
        fleet.job(number)
    plan = planned(fleet)
    stop = PlannedStop.objects.filter(route__plan=plan, kind="task").first()
    other = next(unit for unit in fleet.units if unit != stop.route.unit)
    actions.stop_move(actor=fleet.planner, plan=plan, job=stop.job, unit=other, position=0)
    moved = PlannedStop.objects.get(route__plan=plan, job=stop.job)
    assert moved.route.unit == other
    assert next(row.job for row in stops(plan, other) if row.kind == "task") == stop.job
    assert len(jobs_in(plan)) == 4
    plan.refresh_from_db()
    assert plan.figures["violations"] == 0


def test_a_job_that_does_not_fit_stays_where_it_is_and_the_reason_is_told(fleet):
    small = fleet.unit("Truk 03", capacity_l=1000)
    fleet.shift(small)
    job = fleet.job(1)
    plan = planned(fleet)
    before = PlannedStop.objects.get(route__plan=plan, job=job).route.unit
    with pytest.raises(Conflict) as caught:
        actions.stop_move(actor=fleet.planner, plan=plan, job=job, unit=small)
    assert "1.500" in str(caught.value.message)
    assert "1.000" in str(caught.value.message)
    assert PlannedStop.objects.get(route__plan=plan, job=job).route.unit == before


def test_a_job_is_taken_out_and_forced_in_again(fleet):
    job = fleet.job(1)
    fleet.job(2)
    plan = planned(fleet)
    plan = actions.stop_remove(actor=fleet.planner, plan=plan, job=job)
    assert job.id not in jobs_in(plan)
    assert [one["code"] for one in plan.unplanned] == ["removed"]
    plan = actions.stop_move(actor=fleet.planner, plan=plan, job=job, unit=fleet.units[1])
    assert job.id in jobs_in(plan)
    assert plan.unplanned == []


def test_a_published_plan_is_changed_by_a_copy(fleet):
    job = fleet.job(1)
    fleet.job(2)
    plan = in_force(fleet)
    with pytest.raises(Conflict):
        actions.stop_remove(actor=fleet.planner, plan=plan, job=job)
    copy = actions.plan_copy(actor=fleet.planner, plan=plan)
    assert jobs_in(copy) == jobs_in(plan)
    actions.stop_remove(actor=fleet.planner, plan=copy, job=job)
    actions.plan_publish(actor=fleet.planner, plan=copy)
    assert stop_of_job(job) is None
