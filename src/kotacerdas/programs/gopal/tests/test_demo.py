"""The living fortnight, in small: some days of orders, plans, trips and money, with today half done."""

from __future__ import annotations

from random import Random

import pytest

from kotacerdas.foundation.dispatch.models import Plan, PlannedStop
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock
from kotacerdas.kernel.timeline import Timeline
from kotacerdas.programs.gopal.demo import life, road, stage
from kotacerdas.programs.gopal.demo.declarations import StationRow, TruckRow
from kotacerdas.programs.gopal.models import Manifest, Order, RoundStop, SludgeDifference, Tank
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
NOW = world.at(world.TUESDAY, 11, 30)


class Rows:
    """A pack of which only the demo's rows of desludging are asked."""

    def of(self, section):
        place = {"agency": "PU", "opens": "07:30", "closes": "16:00"}
        stations = [
            StationRow(
                code="garage", name="Garasi", kind="home", lat=world.GARAGE[0], lng=world.GARAGE[1], **place
            ),
            StationRow(
                code="plant",
                name="IPLT",
                kind="plant",
                lat=world.PLANT[0],
                lng=world.PLANT[1],
                minutes=15,
                **place,
            ),
        ]
        trucks = [
            TruckRow(
                name=f"Truk 0{n}", asset_number=f"1.{n}", home="garage", litres=4000, operator=f"operator-{n}"
            )
            for n in (1, 2)
        ]
        return {"sludge_stations": stations, "sludge_trucks": trucks}[section]


@pytest.fixture
def lived(cast, monkeypatch):
    for name, value in {"PAST": 5, "AHEAD": 3, "TANKS": 40}.items():
        monkeypatch.setattr(stage, name, value)
    for name, value in {"A_DAY": 4, "TODAY": 6, "TOMORROW": 4}.items():
        monkeypatch.setattr(life, name, value)
    timeline = Timeline(NOW, Random(1))
    life.begin(Rows(), timeline)
    timeline.run(lambda: None)
    with clock.frozen(NOW):
        yield


def test_the_days_before_are_done_and_paid_today_is_half_done_and_tomorrow_not_planned(lived):
    assert Tank.objects.count() == RoundStop.objects.count() == 40
    days = list(Plan.objects.filter(state="published").order_by("day").values_list("day", flat=True))
    assert days[-1] == world.TUESDAY
    assert len(days) == 4
    today = PlannedStop.objects.filter(route__is_published=True, route__day=world.TUESDAY, kind="task")
    assert today.filter(state="done").exists()
    assert today.filter(state="planned").exists()
    before = Order.objects.filter(slot_from__lt=world.at(world.TUESDAY, 0))
    assert not before.filter(case__state__in=("booked", "under_way")).exists()
    assert (
        Charge.objects.filter(subject_id__in=before.values("case"), state="open").count() <= road.UNPAID + 1
    )
    assert Order.objects.filter(slot_from__gt=world.at(world.TUESDAY, 23), case__state="booked").exists()
    assert Manifest.objects.count() >= 8
    assert set(Manifest.objects.filter(day__lt=world.TUESDAY).values_list("state", flat=True)) == {"received"}
    differences = SludgeDifference.objects.order_by("manifest__day").values_list("case__state", flat=True)
    assert list(differences) == ["settled", "asked"]
    assert SludgeDifference.objects.get(case__state="asked").cause == "outside"
    assert before.filter(case__state="closed").count() >= 6
