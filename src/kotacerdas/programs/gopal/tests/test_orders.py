"""Orders: the price before, a time with room, one bill and one job, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connections
from trials.cast import MONDAY

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.models import Job
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Refused, WrongStep
from kotacerdas.programs.gopal.actions import orders
from kotacerdas.programs.gopal.models import Order, Tank, TankClass, TariffRow
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()


def wrong(**given) -> dict[str, str]:
    """The fields that are complained of; nothing of the order is left."""
    before = (Case.objects.count(), Tank.objects.count(), Charge.objects.count(), Job.objects.count())
    with pytest.raises(Invalid) as caught:
        world.order(**given)
    assert (
        Case.objects.count(),
        Tank.objects.count(),
        Charge.objects.count(),
        Job.objects.count(),
    ) == before
    return caught.value.fields


def test_an_order_is_a_case_a_bill_by_its_article_and_a_job_in_the_promised_time():
    opened = world.order()
    order = Order.objects.get(case=opened.case)
    assert (order.price, order.zone, order.litres) == (175_000, 1, 1800)
    assert 0 < order.distance_m < 15_000
    assert order.charge.amount == order.price
    assert order.charge.basis == order.article
    assert "Pasal" in order.article
    job = Job.objects.get(subject_id=opened.case.id)
    assert (job.promised_from, job.promised_until) == (order.slot_from, order.slot_until)
    assert (job.volume_l, job.service_seconds, job.day) == (1800, 35 * 60, world.TUESDAY)
    assert opened.case.state == "booked"
    assert opened.case.clocks.filter(name="serve", state="running").exists()


def test_each_cubic_metre_begun_beyond_the_base_costs_more():
    world.tank(volume_l=6000)
    assert world.order(tank="TS-1", litres=2001).own.price == 225_000


def test_litres_beyond_the_tank_are_refused_with_figures():
    world.tank()
    words = wrong(tank="TS-1", litres=2500)["litres"]
    assert "2.400" in words or "2,400" in words


def test_a_place_in_the_sea_or_outside_the_regency_is_refused():
    assert "place" in wrong(lat=-3.5, lng=126.0)
    assert "place" in wrong(lat=-6.2, lng=106.8)
    assert "place" in wrong(lat=None, lng=None, area_code="")
    assert "area_code" in wrong(area_code="99.01.09.2001")


def test_a_village_alone_is_priced_from_its_reference_point():
    opened = world.order(lat=None, lng=None)
    assert opened.own.tank.lat is None
    assert Job.objects.get(subject_id=opened.case.id).lat == pytest.approx(-1.17)


def test_a_full_slot_names_the_next_free_ones():
    for number in range(2):
        world.order(phone=f"0812-0000-000{number}", lat=world.HOUSE[0] - 0.001 * (number + 1))
    words = wrong()["slot"]
    assert "10.00" in words or "10:00" in words


def test_a_past_slot_a_weekend_a_holiday_and_a_time_that_is_no_slot_are_refused():
    assert "slot" in wrong(slot=world.at(date(2026, 11, 20), 8))
    assert "slot" in wrong(slot=world.at(date(2026, 11, 23), 8))  # today, but two hours ago
    assert "slot" in wrong(slot=world.at(date(2026, 11, 28), 8))
    assert "slot" in wrong(slot=world.at(date(2026, 11, 25), 8))  # a holiday of the invented regency
    assert "slot" in wrong(slot=world.at(world.TUESDAY, 9))
    assert "slot" in wrong(slot=world.at(date(2026, 12, 8), 8))  # no truck is on shift that far ahead


def test_a_closed_plant_takes_no_order():
    world.plant().hours.filter(weekday=1).delete()
    assert "slot" in wrong()
    assert world.order(slot=world.at(date(2026, 11, 26), 8)).case.state == "booked"


def test_a_class_that_is_closed_or_unknown_is_refused():
    TankClass.objects.filter(code="house_1").update(closed_on=clock.today())
    assert "tank_class" in wrong()
    assert "tank_class" in wrong(tank_class="palace")


def test_the_tank_of_another_agency_is_not_there(cast):
    world.tank()
    Tank.objects.update(agency=cast.agency("KOMINFO"))
    assert "tank" in wrong(tank="TS-1")


def test_one_tank_is_ordered_once_a_day():
    world.tank()
    world.order(tank="TS-1")
    words = wrong(tank="TS-1", slot=world.at(world.TUESDAY, 13))["slot"]
    number = Case.objects.get().number
    assert number not in words  # whoever types a number may be somebody else
    given = {"tank": "TS-1", "slot": world.at(world.TUESDAY, 13), "channel": "counter"}
    assert number in wrong(actor=world.planner(), **given)["slot"]
    assert world.order(tank="TS-1", slot=world.at(date(2026, 11, 26), 8)).case.state == "booked"


def test_a_tariff_that_changed_since_the_price_was_seen_takes_nothing():
    assert world.order(price=175_000).own.price == 175_000
    TariffRow.objects.update(price=200_000)
    words = wrong(price=175_000, slot=world.at(date(2026, 11, 26), 8), lat=-1.1720)["price"]
    assert "200.000" in words or "200,000" in words


def test_a_hose_longer_than_ours_is_refused():
    assert "hose_m" in wrong(hose_m=76)


def test_the_same_number_at_the_same_place_is_the_same_tank():
    first = world.order()
    again = world.order(slot=world.at(date(2026, 11, 26), 8), lat=world.HOUSE[0] + 0.0001)
    other = world.order(slot=world.at(date(2026, 11, 27), 8), lat=world.HOUSE[0] + 0.01)
    assert again.own.tank_id == first.own.tank_id != other.own.tank_id


def test_a_stranger_at_a_desk_takes_no_order(cast):
    with pytest.raises(Refused):
        world.order(actor=staff(cast.asep))
    assert world.order(actor=staff(cast.dewi), channel="phone").case.channel == "phone"
    assert world.order(actor=world.planner(), channel="counter", lat=-1.172).case.state == "booked"


def test_another_time_moves_the_job_and_keeps_the_price():
    opened = world.order()
    later = world.at(date(2026, 11, 26), 10)
    orders.order_rebook(actor=world.planner(), case=opened.case, slot=later)
    order = Order.objects.get(case=opened.case)
    assert (order.slot_from, order.price) == (later, 175_000)
    [job] = Job.objects.filter(subject_id=opened.case.id, state="open")
    assert (job.promised_from, job.day) == (later, date(2026, 11, 26))
    with pytest.raises(Invalid):
        orders.order_rebook(actor=world.planner(), case=opened.case, slot=world.at(date(2026, 11, 28), 8))
    assert Order.objects.get(case=opened.case).slot_from == later


def test_cancelling_ends_bill_and_job_and_frees_the_slot():
    opened = world.order()
    orders.order_cancel(actor=world.planner(), case=opened.case, body="Truk rusak")
    assert opened.own.charge.state == "open"  # the row in hand is old
    assert Charge.objects.get().state == "cancelled"
    assert not Job.objects.filter(state="open").exists()
    assert opened.case.notes.get(kind="why").body == "Truk rusak"
    assert world.order().case.state == "booked"


def test_the_customer_cancels_until_two_hours_before_and_then_calls():
    opened = world.order()
    party = opened.parties[0]
    with clock.frozen(world.at(world.TUESDAY, 6, 1)), pytest.raises(Refused) as caught:
        orders.order_withdraw(actor=reporter(), party=party)
    assert caught.value.remedy
    with clock.frozen(world.at(world.TUESDAY, 5, 59)):
        assert orders.order_withdraw(actor=reporter(), party=party).case.state == "cancelled"
    assert Charge.objects.get().state == "cancelled"


def test_rated_once_and_only_when_emptied():
    opened = world.order()
    party = opened.parties[0]
    with pytest.raises(WrongStep):
        orders.order_rate(actor=reporter(), party=party, rating=4)
    Case.objects.filter(id=opened.case.id).update(state="emptied")
    party.case.refresh_from_db()
    with pytest.raises(Invalid):
        orders.order_rate(actor=reporter(), party=party, rating=5)
    orders.order_rate(actor=reporter(), party=party, rating=4, words="Cepat")
    with pytest.raises(Refused):
        orders.order_rate(actor=reporter(), party=party, rating=1)


def test_slots_tell_what_is_left_and_why_a_day_has_none():
    from kotacerdas.programs.gopal import slots

    world.order()
    found = slots.days(world.agency(), world.plant(), date(2026, 11, 23), 7)
    by_day = {one.day: one for one in found}
    assert [one.left for one in by_day[world.TUESDAY].slots] == [1, 2, 2]
    weekend = by_day[date(2026, 11, 28)]
    assert weekend.why
    assert not weekend.left
    assert not by_day[date(2026, 11, 23)].left  # no shift today
    assert slots.parsed("2026-11-24T08:00") == world.at(world.TUESDAY, 8)
    assert slots.parsed("besok") is None


def test_a_second_truck_doubles_the_room():
    from kotacerdas.programs.gopal import slots

    world.ready(2)
    [day] = slots.days(world.agency(), world.plant(), world.TUESDAY, 1)
    assert [one.left for one in day.slots] == [4, 4, 4]
    assert replace(day.slots[0], taken=5).left == 0
    assert timedelta(hours=2) == day.slots[0].end - day.slots[0].start


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_for_the_last_place_one_gets_it():
    world.order(phone="0812-0000-0001", lat=-1.172)

    def ask(number: int) -> bool:
        try:
            with clock.frozen(MONDAY):  # of this thread's own
                world.order(phone=f"0812-0000-001{number}", lat=-1.173 - number / 1000)
        except Invalid:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == [False, True]
    assert Order.objects.count() == 2
