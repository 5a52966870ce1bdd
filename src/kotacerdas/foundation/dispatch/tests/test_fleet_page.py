"""The fleet as a page: states, shifts for days ahead, a week like the one before."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.models import Shift
from kotacerdas.foundation.dispatch.queries import states_of
from kotacerdas.foundation.dispatch.tests.conftest import DAY, at, day_after
from kotacerdas.foundation.dispatch.tests.planning import in_force, stops
from kotacerdas.foundation.dispatch.tests.test_day_page import client_of
from kotacerdas.kernel import clock

pytestmark = pytest.mark.django_db
HOURS = {
    "starts": "07:30",
    "ends": "16:00",
    "break_minutes": "45",
    "break_from": "11:30",
    "break_until": "13:00",
}


@pytest.fixture
def desk(fleet):
    return client_of(fleet.planner.user)


def press(desk, act: str, **given):
    return desk.post(
        reverse("dispatch:fleet"), {"act": act, **{name: str(value) for name, value in given.items()}}
    )


def shown(desk) -> str:
    return desk.get(reverse("dispatch:fleet")).content.decode()


def test_every_unit_is_told_with_its_asset_number_state_shift_and_place_in_its_route(fleet, desk):
    for number in range(1, 4):
        fleet.job(number)
    plan = in_force(fleet)
    with clock.frozen(at(9)):
        first = next(row for row in stops(plan, fleet.units[0]) if row.kind == "task")
        actions.stop_begin(actor=fleet.planner, stop=first)
        page = shown(desk)
    for words in ("0046-Truk 01", "Regu 1", "07.30-16.00", "sekarang: pekerjaan", "belum terlihat"):
        assert words in page
    assert "Sen-Min" in page
    assert "08.00-15.30" in page


def test_a_breakdown_is_set_with_its_reason_and_taken_back(fleet, desk):
    unit = fleet.units[0]
    assert press(desk, "state", unit=unit.id, state="broken").status_code == 422
    assert press(desk, "state", unit=unit.id, state="broken", why="Rem blong").status_code == 302
    assert states_of([unit.id])[unit.id] == "broken"
    assert "Rem blong" in shown(desk)
    press(desk, "state", unit=unit.id, state="available")
    assert states_of([unit.id])[unit.id] == "available"


def test_a_unit_gets_its_shift_and_crew_for_days_ahead(fleet, desk):
    crew = Shift.objects.get(unit=fleet.units[0]).crew
    days = {"first": day_after(1), "last": day_after(3)}
    assert press(desk, "shift", unit=fleet.units[0].id, crew=crew.id, **days, **HOURS).status_code == 302
    made = Shift.objects.filter(unit=fleet.units[0], day__gt=DAY)
    assert [one.day for one in made] == [day_after(1), day_after(2), day_after(3)]
    assert {one.crew for one in made} == {crew}
    assert made[0].break_earliest == at(11, 30, day_after(1))
    refused = press(desk, "shift", unit=fleet.units[1].id, crew=crew.id, **days, **HOURS)
    assert refused.status_code == 409
    assert "Regu 1 memakai unit lain" in refused.content.decode()
    assert not Shift.objects.filter(unit=fleet.units[1], day__gt=DAY).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last": day_after(60)}, "Dari 1 sampai 31 hari"),
        ({"last": day_after(0)}, "Dari 1 sampai 31 hari"),
        ({"first": day_after(-5), "last": day_after(1)}, "hari ini atau sesudahnya"),
        ({"break_until": ""}, "jam berapa istirahat"),
        ({"starts": "pagi"}, "Mulai: Masukkan waktu"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_by_field(fleet, desk, wrong, field):
    given = {"unit": fleet.units[0].id, "first": day_after(1), "last": day_after(1), **HOURS, **wrong}
    answer = press(desk, "shift", **given)
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert Shift.objects.filter(day__gt=DAY).count() == 0


def test_a_shift_over_midnight_ends_on_the_next_day(fleet, desk):
    given = {"unit": fleet.units[0].id, "first": day_after(1), "starts": "20:00", "ends": "04:00"}
    assert press(desk, "shift", **given).status_code == 302
    made = Shift.objects.get(unit=fleet.units[0], day=day_after(1))
    assert (made.starts_at, made.ends_at) == (at(20, 0, day_after(1)), at(4, 0, day_after(2)))


def test_a_week_is_copied_from_the_one_before_and_what_it_has_stays(fleet, desk):
    fleet.shift(fleet.units[1], day_after(7), break_minutes=0, break_between=None)
    assert press(desk, "copy", week=day_after(6)).status_code == 302
    copied = Shift.objects.get(unit=fleet.units[0], day=day_after(7))
    assert copied.crew == Shift.objects.get(unit=fleet.units[0], day=DAY).crew
    assert copied.starts_at == at(7, 30, day_after(7))
    assert Shift.objects.get(unit=fleet.units[1], day=day_after(7)).break_minutes == 0


def test_a_crew_with_another_unit_does_not_stop_the_copying(fleet, desk):
    crew = Shift.objects.get(unit=fleet.units[0]).crew
    third = fleet.unit("Truk 03")
    fleet.shift(third, day_after(7), crew=crew)
    copied = actions.week_copy(actor=fleet.planner, agency=fleet.agency, week=day_after(6))
    assert (copied.made, copied.refused) == (1, ("Truk 01",))


def test_a_crew_sees_the_fleet_and_keeps_no_shifts(fleet):
    driver = client_of(fleet.driver.user)
    page = shown(driver)
    assert "Truk 01" in page
    assert "Simpan sif" not in page
    given = {"unit": fleet.units[0].id, "first": day_after(1), **HOURS}
    assert press(driver, "shift", **given).status_code == 403
