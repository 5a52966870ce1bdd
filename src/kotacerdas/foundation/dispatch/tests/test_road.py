"""The day itself: stops begun and finished, breakdowns, the rest planned anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.models import Job, PlannedStop
from kotacerdas.foundation.dispatch.problems import day_of
from kotacerdas.foundation.dispatch.tests.conftest import DAY, at
from kotacerdas.foundation.dispatch.tests.planning import first_task, in_force, jobs_in, planned, stops
from kotacerdas.foundation.journal.models import Row
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def test_a_crew_begins_and_finishes_its_stops_and_the_job_is_done(fleet):
    actions.job_pin(actor=fleet.planner, job=fleet.job(0), unit=fleet.units[0])
    for number in range(1, 4):
        fleet.job(number)
    plan = in_force(fleet)
    stop = first_task(plan, fleet.units[0])
    with clock.frozen(stop.begin_at):
        actions.stop_begin(actor=fleet.driver, stop=stop)
    with clock.frozen(stop.leave_at):
        done = actions.stop_finish(actor=fleet.driver, stop=stop, taken_l=1400)
        with pytest.raises(Conflict):
            actions.stop_finish(actor=fleet.driver, stop=stop, taken_l=1400)
    assert (done.state, done.taken_l, done.job.id) == ("done", 1400, stop.job_id)
    assert Job.objects.get(id=stop.job_id).state == "done"
    assert Row.objects.filter(verb="dispatch.stop.finish").count() == 1


def test_a_crew_does_not_report_for_another_one(fleet):
    actions.job_pin(actor=fleet.planner, job=fleet.job(1), unit=fleet.units[1])
    plan = in_force(fleet)
    with pytest.raises(Refused):
        actions.stop_begin(actor=fleet.driver, stop=first_task(plan, fleet.units[1]))


def test_litres_beyond_the_unit_are_refused(fleet):
    fleet.job(1)
    plan = in_force(fleet)
    stop = PlannedStop.objects.get(route__plan=plan, kind="task")
    for litres in (4001, -1, None):
        with pytest.raises(Invalid) as caught:
            actions.stop_finish(actor=fleet.planner, stop=stop, taken_l=litres)
        assert "taken_l" in caught.value.fields


def test_a_job_that_was_called_off_is_not_begun(fleet):
    job = fleet.job(1)
    plan = in_force(fleet)
    actions.job_cancel(actor=fleet.planner, job=job)
    with pytest.raises(Conflict):
        actions.stop_begin(actor=fleet.planner, stop=PlannedStop.objects.get(route__plan=plan, kind="task"))


def test_one_stop_is_under_way_at_a_time(fleet):
    for number in range(3):
        actions.job_pin(actor=fleet.planner, job=fleet.job(number), unit=fleet.units[0])
    first, second, *_more = (row for row in stops(in_force(fleet), fleet.units[0]) if row.kind == "task")
    actions.stop_begin(actor=fleet.driver, stop=first)
    for step in (
        lambda: actions.stop_begin(actor=fleet.driver, stop=second),
        lambda: actions.stop_finish(actor=fleet.driver, stop=second, taken_l=100),
    ):
        with pytest.raises(Conflict):
            step()
    actions.stop_finish(actor=fleet.driver, stop=first, taken_l=100)
    actions.stop_begin(actor=fleet.driver, stop=second)


def test_who_has_nothing_more_to_do_goes_home(fleet):
    job = fleet.job(1)
    plan = in_force(fleet)
    rows = [row for row in PlannedStop.objects.filter(route__plan=plan) if row.kind in ("task", "reload")]
    for row in rows:
        with clock.frozen(row.leave_at):
            actions.stop_finish(actor=fleet.planner, stop=row, taken_l=1500 if row.job_id else None)
    with clock.frozen(rows[-1].leave_at):
        again = planned(fleet, rest_of=plan)
    assert [row.kind for row in PlannedStop.objects.filter(route__plan=again) if row.kind != "break"] == [
        "start",
        "task",
        "reload",
        "end",
    ]
    assert Job.objects.get(id=job.id).state == "done"
    assert again.unplanned == []


def test_a_stop_of_a_plan_that_was_replaced_is_not_begun(fleet):
    fleet.job(1)
    plan = in_force(fleet)
    stop = PlannedStop.objects.get(route__plan=plan, kind="task")
    in_force(fleet)
    with pytest.raises(Conflict):
        actions.stop_begin(actor=fleet.planner, stop=stop)


def test_a_job_at_which_the_crew_is_cannot_be_called_off(fleet):
    job = fleet.job(1)
    plan = in_force(fleet)
    actions.stop_begin(actor=fleet.planner, stop=PlannedStop.objects.get(route__plan=plan, kind="task"))
    with pytest.raises(Conflict):
        actions.job_cancel(actor=fleet.planner, job=job)


def test_after_a_breakdown_the_rest_is_planned_anew_and_what_was_done_stays(fleet):
    jobs = [fleet.job(number) for number in range(8)]
    one, other = fleet.units
    actions.job_pin(actor=fleet.planner, job=jobs[0], unit=one)
    planned(fleet)  # a draft that nobody publishes
    plan = in_force(fleet)
    done = first_task(plan, one)
    with clock.frozen(done.leave_at):
        actions.stop_begin(actor=fleet.driver, stop=done)
        actions.stop_finish(actor=fleet.driver, stop=done, taken_l=1000)
        actions.unit_state_set(actor=fleet.driver, unit=one, state="broken", why="Pompa macet")
        again = planned(fleet, rest_of=plan)
        rows = stops(again, one)
        assert [(row.kind, row.job_id) for row in rows if row.kind == "task"] == [("task", done.job_id)]
        assert rows[-1].taken_l == 1000
        assert rows[-1].state == "done"
        assert again.figures["stranded"] == {str(one.id): 1000}
        new = actions.plan_publish(actor=fleet.planner, plan=again)
    left = jobs_in(new) | {ids.UUID(told["job"]) for told in new.unplanned}
    assert left == {job.id for job in jobs}
    for row in stops(new, other):
        if row.kind == "task":
            assert row.begin_at >= done.leave_at


def test_a_promise_that_a_breakdown_makes_impossible_is_named(fleet):
    job = fleet.job(1, promised=(at(8), at(9)))
    plan = in_force(fleet)
    with clock.frozen(at(9, 30)):
        again = planned(fleet, rest_of=plan)
    (named,) = again.figures["broken_promises"]
    assert named["task"] == str(job.id)
    assert named["begin"] > 9.5 * 3600
    assert named["reason"]["code"] == "promise"


def test_a_fresh_position_says_where_a_unit_goes_on_from(fleet):
    actions.job_pin(actor=fleet.planner, job=fleet.job(0), unit=fleet.units[0])
    for number in range(1, 4):
        fleet.job(number)
    plan = in_force(fleet)
    done = first_task(plan, fleet.units[0])
    with clock.frozen(done.leave_at):
        actions.stop_finish(actor=fleet.driver, stop=done, taken_l=1500)
    later = done.leave_at + timedelta(minutes=5)
    with clock.frozen(later):
        actions.position_report(
            actor=fleet.driver, unit=fleet.units[0], lat=-6.5, lng=108.1, source="phone", measured_at=later
        )
        day = day_of(fleet.agency, DAY, plan=plan, now=later)
        truck = next(one for one in day.problem.vehicles if one.id == str(fleet.units[0].id))
        assert (truck.start.lat, truck.start.lng, truck.load) == (-6.5, 108.1, 1500)
    with clock.frozen(later + timedelta(minutes=11)):
        day = day_of(fleet.agency, DAY, plan=plan, now=clock.now())
        truck = next(one for one in day.problem.vehicles if one.id == str(fleet.units[0].id))
        assert truck.start.lat == pytest.approx(done.job.lat)


def finish_all(fleet, rows) -> None:
    for row in rows:
        with clock.frozen(row.leave_at):
            actions.stop_finish(actor=fleet.planner, stop=row, taken_l=1500 if row.job_id else None)


def test_a_break_that_was_reported_is_not_given_again(fleet):
    for number in range(8):
        actions.job_pin(actor=fleet.planner, job=fleet.job(number), unit=fleet.units[0])
    plan = in_force(fleet)
    rows = stops(plan, fleet.units[0])
    rest = next(n for n, row in enumerate(rows) if row.kind == "break")
    finish_all(fleet, rows[: rest + 1])
    with clock.frozen(rows[rest].leave_at):
        again = actions.plan_publish(actor=fleet.planner, plan=planned(fleet, rest_of=plan))
    new = stops(again, fleet.units[0])
    assert [row.kind for row in new].count("break") == 1
    assert [row.state for row in new[: rest + 1]] == ["planned"] + ["done"] * rest


def test_nobody_who_is_home_is_sent_out_again(fleet):
    fleet.job(1)
    plan = in_force(fleet)
    route = plan.routes.get()
    rows = [row for row in stops(plan, route.unit) if row.kind != "start"]
    finish_all(fleet, rows)
    late = fleet.job(2)
    with clock.frozen(rows[-1].leave_at):
        again = planned(fleet, rest_of=plan)
    found = PlannedStop.objects.get(route__plan=again, job=late)
    assert found.route.unit != route.unit
    assert stops(again, route.unit)[-1].kind == "end"


def test_a_stop_that_was_left_again_is_to_be_done_as_before(fleet):
    actions.job_pin(actor=fleet.planner, job=fleet.job(1), unit=fleet.units[0])
    stop = first_task(in_force(fleet), fleet.units[0])
    with pytest.raises(Conflict):
        actions.stop_put_back(actor=fleet.driver, stop=stop)
    with clock.frozen(stop.begin_at):
        actions.stop_begin(actor=fleet.driver, stop=stop)
        back = actions.stop_put_back(actor=fleet.driver, stop=stop)
    assert (back.state, back.began_at, back.job.state) == ("planned", None, "open")
    assert Row.objects.filter(verb="dispatch.stop.put_back").count() == 1


def test_a_job_done_outside_the_plan_in_force_is_done_once(fleet):
    job = fleet.job(1)
    in_force(fleet)
    assert actions.job_finish(actor=fleet.driver, job=job).state == "done"
    with pytest.raises(Conflict):
        actions.job_finish(actor=fleet.driver, job=job)


def test_what_a_program_knows_to_be_on_board_counts_for_what_fits(fleet):
    fleet.job(1)
    stop = PlannedStop.objects.get(route__plan=in_force(fleet), kind="task")
    with pytest.raises(Invalid) as caught:
        actions.stop_finish(actor=fleet.planner, stop=stop, taken_l=1500, on_board_l=3000)
    assert "1000" in caught.value.fields["taken_l"].replace(".", "")
    assert actions.stop_finish(actor=fleet.planner, stop=stop, taken_l=1000, on_board_l=3000).taken_l == 1000
