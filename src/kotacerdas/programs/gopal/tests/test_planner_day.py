"""An order on the planner's day: told by its number, put off on its own page alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from trials.cast import MONDAY

from kotacerdas.foundation.dispatch.models import Job, PlannedStop, SolveRun
from kotacerdas.foundation.dispatch.running import solve_run
from kotacerdas.foundation.dispatch.words import reason_words
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(regency):
    with clock.frozen(MONDAY):
        world.ready()
        user = world.planner().user
        user.is_demo = True
        user.save()
        client = Client()
        client.force_login(user)
        yield client


def test_an_order_is_planned_and_told_by_its_number(desk):
    case = world.order().case
    day = reverse("dispatch:day", args=[world.TUESDAY.isoformat()])
    before = desk.get(day).content.decode()
    assert case.number in before
    assert reverse("gopal:orders:case", args=[case.number]) in before
    desk.post(day, {"act": "ask", "seconds": "1"})
    solve_run(str(SolveRun.objects.get().id))
    stop = PlannedStop.objects.get(job__subject_id=case.id)
    shown = desk.get(day).content.decode()
    assert f'data-job="{stop.job_id}"' in shown
    assert case.number in desk.get(f"{day}?tugas={stop.job_id}").content.decode()


def test_an_order_whose_time_was_promised_is_put_off_with_the_customer_alone(desk):
    case = world.order().case
    job = Job.objects.get(subject_id=case.id)
    day = reverse("dispatch:day", args=[world.TUESDAY.isoformat()])
    answer = desk.post(day, {"act": "postpone", "job": str(job.id), "on": "2026-11-26"})
    assert answer.status_code == 409
    assert reverse("gopal:orders:case", args=[case.number]) in answer.content.decode()
    job.refresh_from_db()
    assert job.day == world.TUESDAY


def test_what_a_tank_asks_of_a_truck_is_said_in_words(regency):
    told = reason_words("skill", {"skill": "narrow_road, boat_x", "units": 2})
    assert told == "Tidak ada unit dengan kemampuan yang diperlukan: jalan sempit, boat x."
