"""The tank survey through the exchange of a phone, and what closes by itself."""

from __future__ import annotations

from datetime import date

import pytest

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.programs.gopal import expiry
from kotacerdas.programs.gopal.models import Manifest, ManifestLoad, Tank
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
PLACE = {"lat": world.HOUSE[0], "lng": world.HOUSE[1], "accuracy": 6}


@pytest.fixture
def phone(cast) -> Handset:
    return Handset(world.operator().user, "Opik")


def test_a_new_tank_comes_from_the_field_once(phone):
    values = {
        "place": PLACE,
        "address": "Jalan Dermaga 4",
        "area_code": world.VILLAGE,
        "tank_class": "house_1",
        "volume_l": 2400,
        "hose_m": 20,
        "users": 5,
        "last_emptied_on": "2024-03-01",
    }
    command = phone.command("gopal.tank.survey", values=values)
    first = phone.exchange(command)
    phone.exchange(command)
    tank = Tank.objects.get()
    assert (tank.volume_l, tank.hose_m, tank.users, tank.area_code) == (2400, 20, 5, world.VILLAGE)
    assert (tank.lat, tank.last_emptied_on, tank.agency.code) == (
        pytest.approx(world.HOUSE[0]),
        date(2024, 3, 1),
        "PU",
    )
    assert first["answers"]


def test_a_tank_in_the_sea_is_refused_and_nothing_is_stored(phone):
    values = {"place": {"lat": -3.9, "lng": 126.0, "accuracy": 5}, "tank_class": "house_1"}
    answer = phone.exchange(phone.command("gopal.tank.survey", values=values))
    assert not Tank.objects.exists()
    [told] = answer["answers"]
    assert (told["status"], list(told["fields"])) == ("refused", ["place"])


def test_two_who_change_different_fields_both_stand_and_one_field_is_left_to_a_person(phone):
    tank = world.tank(users=4)
    phone.exchange()
    record = phone.records["gopal.tank", str(tank.id)]
    assert record["=users"] == 4
    base = {name[1:]: value for name, value in record.items() if name.startswith("=")}
    Tank.objects.filter(id=tank.id).update(volume_l=3000)
    change = {"item": str(tank.id), "base": base}
    phone.exchange(phone.command("gopal.tank.change", values={**base, "users": 6}, **change))
    tank.refresh_from_db()
    assert (tank.users, tank.volume_l) == (6, 3000)
    answer = phone.exchange(phone.command("gopal.tank.change", values={**base, "users": 9}, **change))
    tank.refresh_from_db()
    assert tank.users == 6
    assert "field_conflict" in str(answer["answers"])


def test_an_order_closes_by_itself_when_it_is_emptied_paid_and_received(cast):
    world.ready()
    opened = world.order()
    case, order = opened.case, opened.own
    Case.objects.filter(id=case.id).update(state="emptied")
    expiry.settle_orders()
    manifest = Manifest.objects.create(
        number="MLT-1",
        token="t",
        agency=world.agency(),
        unit=world.truck(),
        operator=world.operator().user,
        day=world.TUESDAY,
        opened_at=case.opened_at,
        state="received",
        received_l=1800,
        received_at=case.opened_at,
    )
    ManifestLoad.objects.create(manifest=manifest, order=order, litres=1800, pumped_at=case.opened_at)
    expiry.settle_orders()
    assert Case.objects.get(id=case.id).state == "emptied"
    Charge.objects.update(state="paid")
    expiry.settle_orders()
    expiry.settle_orders()
    assert Case.objects.get(id=case.id).state == "closed"
