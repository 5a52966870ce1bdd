"""The planner's day as pages: asked for, worked out, looked at, changed by hand, sent; and who gets nothing of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.models import Job, Plan, PlannedStop, SolveRun
from kotacerdas.foundation.dispatch.queries import published
from kotacerdas.foundation.dispatch.running import solve_run
from kotacerdas.foundation.dispatch.tests.conftest import DAY, at, day_after, member
from kotacerdas.foundation.dispatch.tests.planning import (
    Quick,
    first_task,
    in_force,
    jobs_in,
    planned,
    stops,
)
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    """A client signed in as somebody whose second factor is spared."""
    user.is_demo = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(fleet) -> Client:
    return client_of(fleet.planner.user)


def page(day=DAY, version: int | None = None) -> str:
    return reverse("dispatch:day", args=[day.isoformat()]) + (f"?versi={version}" if version else "")


def press(desk: Client, address: str, act: str, **given):
    return desk.post(address, {"act": act, **{name: str(value) for name, value in given.items()}})


def test_a_planner_asks_for_a_day_sees_it_and_sends_it(fleet, desk):
    for number in range(1, 5):
        fleet.job(number)
    strange = fleet.job(6, skills=["boat"])
    before = desk.get(page()).content.decode()
    assert "Buat rencana" in before
    assert "Belum masuk rute" in before

    assert press(desk, page(), "ask").status_code == 302
    assert "menunggu giliran" in desk.get(page()).content.decode()
    run = SolveRun.objects.get()
    solve_run(str(run.id), Quick())
    run.refresh_from_db()
    asked = desk.get(reverse("dispatch:run", args=[DAY.isoformat()]), headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"] == page(version=1)

    shown = desk.get(page(version=1)).content.decode()
    for words in ("4 dari 5", "6,0 m³", "Layak, 0 pelanggaran", "6,0 dari 45,0 m³", "boat", "Kirim ke"):
        assert words in shown
    for job in jobs_in(run.plan):
        assert f'data-job="{job}"' in shown
    assert f"tugas={strange.id}" in shown

    assert press(desk, page(version=1), "publish").status_code == 302
    assert published(fleet.agency, DAY) == run.plan
    assert "berlaku" in desk.get(page()).content.decode()


def test_a_run_that_failed_says_why_and_may_be_asked_for_again(fleet, desk):
    press(desk, page(), "ask", seconds=10)
    SolveRun.objects.update(state="failed", error="crashed", ended_at=clock.now())
    shown = desk.get(page()).content.decode()
    assert "Perhitungan rencana gagal" in shown
    assert "Coba lagi" in shown
    press(desk, page(), "ask", seconds=10)
    assert SolveRun.objects.filter(state="asked", seconds=10).exists()


def test_a_second_asking_is_refused_and_the_first_may_be_cancelled(fleet, desk):
    press(desk, page(), "ask")
    assert press(desk, page(), "ask").status_code == 409
    run = SolveRun.objects.get()
    press(desk, page(), "cancel", run=run.id)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "dibatalkan" in desk.get(page()).content.decode()


def test_progress_is_told_to_the_page_that_asks(fleet, desk):
    press(desk, page(), "ask")
    SolveRun.objects.update(state="running", progress=40, unplanned=2, seen_at=clock.now())
    shown = desk.get(reverse("dispatch:run", args=[DAY.isoformat()])).content.decode()
    assert "40%" in shown
    assert "2 pekerjaan belum masuk rute" in shown
    assert "<html" not in shown


def test_a_job_is_moved_by_a_form_within_and_between_routes(fleet, desk):
    for number in range(1, 5):
        fleet.job(number)
    plan = planned(fleet)
    stop = PlannedStop.objects.filter(route__plan=plan, kind="task").first()
    other = next(unit for unit in fleet.units if unit != stop.route.unit)
    opened = desk.get(f"{page(version=1)}&tugas={stop.job_id}").content.decode()
    assert 'id="move-unit"' in opened
    answer = press(desk, page(version=1), "move", job=stop.job_id, unit=other.id, number=1)
    assert answer.status_code == 302
    assert first_task(plan, other).job_id == stop.job_id
    answer = press(desk, page(version=1), "remove", job=stop.job_id)
    assert stop.job_id not in jobs_in(plan)
    assert "Dikeluarkan dari rencana oleh perencana" in desk.get(page(version=1)).content.decode()


def test_a_move_that_breaks_something_says_what_and_changes_nothing(fleet, desk):
    small = fleet.unit("Truk 03", capacity_l=1000)
    fleet.shift(small)
    job = fleet.job(1)
    plan = planned(fleet)
    before = stops(plan, PlannedStop.objects.get(route__plan=plan, job=job).route.unit)
    answer = press(desk, page(version=1), "move", job=job.id, unit=small.id)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "1.500" in shown
    assert "1.000" in shown
    assert 'role="alert"' in shown
    assert f'value="{small.id}" selected' in shown
    assert stops(plan, before[0].route.unit) == before


@pytest.mark.parametrize(
    "given",
    [{}, {"act": "fly"}, {"act": "move"}, {"act": "move", "job": "x"}, {"act": "postpone", "on": "besok"}],
)
def test_a_form_that_makes_no_sense_is_refused_in_words(fleet, desk, given):
    fleet.job(1)
    planned(fleet)
    answer = desk.post(page(version=1), given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_plan_in_force_is_changed_by_a_draft_beside_it(fleet, desk):
    fleet.job(1)
    fleet.job(2)
    in_force(fleet)
    answer = press(desk, page(version=1), "copy")
    assert answer.headers["Location"] == page(version=2)
    shown = desk.get(page()).content.decode()
    assert "Versi 1, berlaku" in shown
    assert "Versi 2 adalah konsep yang belum dikirim" in shown
    draft = desk.get(page(version=2)).content.decode()
    assert "Versi 2, konsep" in draft
    assert f'href="{page(version=1)}"' in draft
    press(desk, page(version=2), "publish")
    assert published(fleet.agency, DAY).version == 2
    assert desk.get(page(version=1)).status_code == 200
    assert desk.get(page(version=9)).status_code == 404


def test_in_mid_day_the_rest_is_planned_again(fleet, desk):
    for number in range(1, 5):
        fleet.job(number)
    plan = in_force(fleet)
    with clock.frozen(at(9)):
        first = next(row for row in stops(plan, fleet.units[0]) if row.kind == "task")
        actions.stop_begin(actor=fleet.planner, stop=first)
        shown = desk.get(page()).content.decode()
        assert "Hitung ulang sisa hari" in shown
        assert 'class="now"' in shown
        assert "data-live-url" in shown
        assert press(desk, page(), "ask").status_code == 302
        run = SolveRun.objects.get(rest_of=plan)
        solve_run(str(run.id), Quick())
        run.refresh_from_db()
        assert run.state == "done"
        assert press(desk, page(version=2), "publish").status_code == 302
        assert PlannedStop.objects.get(route__plan=run.plan, job=first.job).state == "under_way"


def test_a_job_is_pinned_and_put_off(fleet, desk):
    job, promised = fleet.job(1), fleet.job(2, promised=(at(9), at(10)))
    press(desk, page(), "pin", job=job.id, unit=fleet.units[1].id)
    job.refresh_from_db()
    assert job.pinned_unit == fleet.units[1]
    assert press(desk, page(), "postpone", job=promised.id, on=day_after(1)).status_code == 409
    assert press(desk, page(), "postpone", job=job.id, on=day_after(-9)).status_code == 422
    assert press(desk, page(), "postpone", job=job.id, on=day_after(1)).status_code == 302
    assert set(Job.objects.filter(day=DAY)) == {promised}


def test_a_job_of_the_plan_in_force_is_not_put_off_behind_the_crews_back(fleet, desk):
    job = fleet.job(1)
    in_force(fleet)
    assert press(desk, page(), "postpone", job=job.id, on=day_after(1)).status_code == 409


def test_a_unit_in_two_plans_is_refused_in_words(fleet, desk):
    fleet.job(1)
    plan = planned(fleet)
    route = plan.routes.first()
    other = Plan.objects.create(agency=Agency.objects.get(code="KOMINFO"), day=DAY, version=1)
    other.routes.create(unit=route.unit, shift=route.shift, day=DAY, is_published=True)
    answer = press(desk, page(version=1), "publish")
    assert answer.status_code == 409
    assert "Keluarkan unit itu dari salah satu rencana" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_day_that_is_past_is_shown_and_not_changed(fleet, desk):
    fleet.job(1)
    in_force(fleet)
    with clock.frozen(at(9, 0, day_after(1))):
        shown = desk.get(page()).content.decode()
        assert "Layak" in shown
        assert 'value="copy"' not in shown
        for act in ("ask", "rest", "copy"):
            assert press(desk, page(version=1), act).status_code == 409
    assert Plan.objects.count() == 1


def test_tomorrow_is_asked_for_from_today(fleet, desk):
    shown = desk.get(reverse("dispatch:today")).content.decode()
    assert "Buat rencana besok" in shown
    assert page() in shown


def test_a_breakdown_is_told_on_the_page_of_the_plan_that_it_breaks(fleet, desk):
    for number in range(1, 4):
        fleet.job(number)
    in_force(fleet)
    unit = PlannedStop.objects.filter(kind="task").first().route.unit
    assert "tidak dapat jalan" not in desk.get(page()).content.decode()
    actions.unit_state_set(actor=fleet.planner, unit=unit, state="broken", why="Rem")
    assert f"{unit.name} tidak dapat jalan" in desk.get(page()).content.decode()


def test_an_old_position_is_told_as_old(fleet, desk):
    fleet.job(1)
    in_force(fleet)
    for unit, measured in zip(fleet.units, (at(8, 40), at(8, 58)), strict=True):
        with clock.frozen(measured):
            given = {"lat": -1.17, "lng": 122.49, "source": "device", "measured_at": measured}
            actions.position_report(actor=fleet.planner, unit=unit, **given)
    with clock.frozen(at(9)):
        shown = desk.get(page()).content.decode()
    assert shown.count('class="seen-unit') == 2
    assert "20 menit lalu (lama)" in shown
    assert "2 menit lalu</" in shown


def test_a_stranger_and_another_agencys_planner_get_nothing_of_it(fleet):
    job = fleet.job(1)
    plan = planned(fleet)
    elsewhere = client_of(member("elsewhere", "KOMINFO", "dispatcher"))
    assert desk_is_empty(elsewhere.get(page()), job)
    assert elsewhere.get(page(version=1)).status_code == 404
    assert press(elsewhere, page(version=1), "publish").status_code == 404
    assert press(elsewhere, page(), "pin", job=job.id).status_code == 422
    nobody = Client()
    for address in (page(), reverse("dispatch:fleet"), reverse("dispatch:run", args=[DAY.isoformat()])):
        assert "/akun/masuk/" in nobody.get(address).headers["Location"]
    plan.refresh_from_db()
    assert plan.state == "draft"


def desk_is_empty(answer, job) -> bool:
    return answer.status_code == 200 and str(job.id) not in answer.content.decode()


def test_a_crew_looks_but_changes_nothing(fleet):
    fleet.job(1)
    plan = planned(fleet)
    driver = client_of(fleet.driver.user)
    shown = driver.get(page()).content.decode()
    assert 'name="act"' not in shown
    assert press(driver, page(version=1), "publish").status_code == 403
    plan.refresh_from_db()
    assert plan.state == "draft"


@pytest.mark.parametrize("text", ["kemarin", "2026-13-01", "1999-01-01", "2099-01-01"])
def test_a_day_that_is_none_is_not_there(desk, text):
    assert desk.get(reverse("dispatch:day", args=[text])).status_code == 404


def test_the_day_is_read_in_the_same_number_of_queries_however_large_it_is(fleet, desk):
    fleet.job(1)
    planned(fleet)
    desk.get(page())
    few = queries_of(desk)
    for name in ("Truk 03", "Truk 04"):
        fleet.shift(fleet.unit(name))
    for number in range(1, 20):
        fleet.job(number % 5, lat=-6.31 - number / 300)
    actions.plan_publish(actor=fleet.planner, plan=planned(fleet))
    assert queries_of(desk) <= few


def queries_of(desk: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(page()).status_code == 200
    return len(asked)


def test_what_was_left_from_earlier_days_stands_on_todays_page_with_its_acts(fleet, desk):
    free, promised = fleet.job(1), fleet.job(2, promised=(at(9), at(11)))
    in_force(fleet)
    today = day_after(1)
    with clock.frozen(at(6, 0, today)):
        shown = desk.get(page(today)).content.decode()
        assert "Tertinggal dari hari sebelumnya" in shown
        assert f"tugas={free.id}" in shown
        assert "Tertinggal" not in desk.get(page(day_after(2))).content.decode()
        acts = desk.get(f"{page(today)}?tugas={free.id}").content.decode()
        assert 'value="postpone"' in acts
        assert 'id="move-unit"' not in acts
        assert press(desk, page(today), "postpone", job=free.id, on=today).status_code == 302
        assert press(desk, page(today), "postpone", job=promised.id, on=today).status_code == 409
        shown = desk.get(page(today)).content.decode()
    free.refresh_from_db()
    assert free.day == today
    assert shown.index(f"tugas={free.id}") < shown.index("Tertinggal") < shown.index(f"tugas={promised.id}")
