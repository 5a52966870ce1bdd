"""The journeys to an order: three public pages, the telephone, the counter; and how it is followed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from trials.cast import client_of, seat

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.models import Plan, PlannedRoute, PlannedStop, UnitPosition
from kotacerdas.foundation.payments.charges import payment_begin, payment_settle
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.actions import orders
from kotacerdas.programs.gopal.models import Order, Tank, TariffRow
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
SLOT = "2026-11-24T08:00"


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()


def text(answer) -> str:
    return answer.content.decode()


def draft_of(answer) -> str:
    return re.search(r'name="draf" value="([^"]*)"', text(answer))[1]


ANSWERS = {
    "area": world.VILLAGE,
    "lat": str(world.HOUSE[0]),
    "lng": str(world.HOUSE[1]),
    "place_words": "Jalan Dermaga 4",
    "tank_class": "house_1",
    "users": "5",
    "hose_m": "20",
}


class Journey:
    """A citizen's browser on the three pages."""

    def __init__(self) -> None:
        self.client = Client()
        self.draft = draft_of(self.client.get(reverse("gopal:order_place")))

    def press(self, page: str, to: str, go: str = "next", **given: str):
        where = {"draf": self.draft, "from": page, "go": go}
        return self.client.post(reverse(f"gopal:order_{to}"), {**ANSWERS, **where, **given}, follow=True)

    def check_page(self, **given: str):
        self.press("place", "tank", **given)
        return self.press("tank", "check", **given)

    def send(self, price: str = "175000", **given: str):
        who = {"slot": SLOT, "pay_by": "qris", "name": "Wati", "phone": world.NUMBER, "price": price}
        return self.press("check", "check", "send", **{**who, **given})


def test_three_pages_show_the_price_first_and_store_the_very_same():
    journey = Journey()
    page = text(journey.check_page())
    assert "175.000" in page
    assert "Pasal 00" in page
    assert SLOT in page
    assert 'name="price" value="175000"' in page
    sent = journey.send()
    assert sent.status_code == 200
    order = Order.objects.get()
    assert (order.price, order.litres, order.pay_by) == (175_000, 1800, "qris")
    assert order.tank.users == 5
    assert Case.objects.get(kind="gopal.order").number in text(sent)


def test_pressed_twice_it_is_one_order():
    journey = Journey()
    journey.check_page()
    journey.send()
    journey.send()
    assert Order.objects.count() == 1


def test_a_tariff_that_changed_or_a_slot_that_filled_meanwhile_takes_nothing_and_says_so():
    journey = Journey()
    journey.check_page()
    TariffRow.objects.update(price=200_000)
    page = text(journey.send())
    assert "200.000" in page
    assert not Order.objects.exists()
    for number in range(2):
        world.order(phone=f"0812-0000-000{number}", lat=world.HOUSE[0] - 0.001 * (number + 1))
    assert journey.send("200000").status_code == 422
    assert Order.objects.count() == 2
    assert journey.send("200000", slot="2026-11-24T10:00").status_code == 200
    assert Order.objects.count() == 3


def test_what_lacks_is_said_on_its_page():
    journey = Journey()
    assert journey.check_page(users="", litres="").status_code == 422
    assert journey.check_page(hose_m="80").status_code == 422
    assert journey.check_page(tank_class="palace").status_code == 422
    assert not Tank.objects.exists()


def test_the_caller_is_told_price_and_number_at_the_phone_desk(cast):
    desk = client_of(cast.dewi)
    page = desk.get(f"{reverse('calls:phone')}?jadi=gopal.order")
    assert page.status_code == 200
    asked = {
        "jadi": "gopal.order",
        "phone": world.NUMBER,
        "name": "Wati",
        "place_text": "Karang Putih",
        "place": f"area:{world.VILLAGE}",
        "tank_class": "house_1",
        "litres": "1800",
    }
    fragment = text(desk.post(reverse("gopal:counter_offer"), asked))
    assert "175.000" in fragment
    assert SLOT in fragment
    key = re.search(r'name="key" value="([^"]+)"', text(page))[1]
    stored = {**asked, "slot": SLOT, "pay_by": "cash", "price": "175000", "key": key}
    answer = desk.post(reverse("calls:phone"), stored, follow=True)
    assert answer.status_code == 200
    case = Case.objects.get(kind="gopal.order")
    assert case.number in text(answer)
    assert (case.channel, case.parties.get().is_proved) == ("phone", False)
    assert desk.post(reverse("calls:phone"), {**stored, "key": "", "litres": ""}).status_code == 422


def test_the_counter_books_a_known_tank_and_leads_to_its_case():
    world.tank()
    desk = client_of(world.planner().user)
    page = text(desk.get(reverse("gopal:counter")))
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    given = {"key": key, "tank": "TS-1", "litres": "1800", "slot": SLOT, "pay_by": "cash", "name": "Wati"}
    first = desk.post(reverse("gopal:counter"), given)
    assert first.status_code == 302
    assert desk.post(reverse("gopal:counter"), given).url == first.url
    assert Order.objects.count() == 1
    shown = text(desk.get(first.url))
    assert "TS-1" in shown
    assert "175.000" in shown
    full = desk.post(reverse("gopal:counter"), {**given, "key": "", "litres": "9000"})
    assert full.status_code == 422
    assert "2.400" in text(full)


def test_the_counter_reads_a_thousands_point_and_takes_no_more_than_a_truck_carries():
    desk = client_of(world.planner().user)
    given = {
        "place": world.VILLAGE,
        "place_text": "Karang Putih",
        "tank_class": "house_1",
        "slot": SLOT,
        "pay_by": "cash",
        "name": "Wati",
    }
    spots = text(desk.post(reverse("gopal:counter_offer"), {**given, "litres": "1.800"}))
    given["place"] = re.search(r'name="place" value="([^"]+)"', spots)[1]
    too_much = desk.post(reverse("gopal:counter"), {**given, "litres": "5.000"})
    assert too_much.status_code == 422
    assert "4.000 liter sekali jalan" in text(too_much)
    assert desk.post(reverse("gopal:counter"), {**given, "litres": "2"}).status_code == 422
    assert desk.post(reverse("gopal:counter"), {**given, "litres": "1.800"}).status_code == 302
    assert Order.objects.get().litres == 1800


def test_a_tank_that_nobody_knows_is_said_at_the_counter():
    desk = client_of(world.planner().user)
    given = {"tank": "TS-99", "litres": "1800", "pay_by": "cash", "name": "Wati"}
    answer = desk.post(reverse("gopal:counter"), given)
    assert answer.status_code == 422
    assert "Tidak ada tangki dengan kode ini" in text(answer)


def test_a_paid_order_that_is_cancelled_waits_for_its_money_back(cast):
    opened = world.order()
    charge = Charge.objects.get()
    payment_settle(payment=payment_begin(charge=charge))
    orders.order_cancel(actor=world.planner(), case=opened.case, body="Hujan")
    treasurer = client_of(seat("bendahara3", "PU", "desludging_treasurer"))
    assert charge.number in text(treasurer.get(reverse("gopal:treasury")))
    page = text(Client().get(reverse("following:follow", args=[link_token(opened.parties[0])])))
    assert "akan dikembalikan" in page


def test_the_planner_sees_the_queue_and_books_another_time_by_hand():
    case = world.order().case
    desk = client_of(world.planner().user)
    assert case.number in text(desk.get(reverse("gopal:orders:queue")))
    assert desk.get(reverse("gopal:differences:queue")).status_code == 200
    step = reverse("gopal:orders:step", args=[case.number, "rebook"])
    desk.post(step, {"slot": "2026-11-26T10:00", "seen_version": case.version})
    assert Order.objects.get().slot_from == world.at(date(2026, 11, 26), 10)
    step = reverse("gopal:orders:step", args=[case.number, "note"])
    desk.post(step, {"body": "Pagar hijau", "audience": "inside"})
    assert case.notes.get(kind="inside").body == "Pagar hijau"
    step = reverse("gopal:orders:step", args=[case.number, "cancel"])
    case.refresh_from_db()
    desk.post(step, {"body": "Truk rusak", "seen_version": case.version})
    assert Case.objects.get(id=case.id).state == "cancelled"


def test_the_customer_follows_the_truck_only_while_it_is_under_way():
    opened = world.order()
    case, client = opened.case, Client()
    url = reverse("following:follow", args=[link_token(opened.parties[0])])
    page = text(client.get(url))
    assert "175.000" in page
    shift = world.shift()
    plan = Plan.objects.create(agency=world.agency(), day=world.TUESDAY, version=1, state="published")
    route = PlannedRoute.objects.create(
        plan=plan, unit=shift.unit, shift=shift, day=world.TUESDAY, is_published=True
    )
    from kotacerdas.foundation.dispatch.models import Job

    job = Job.objects.get(subject_id=case.id)
    now = clock.now()
    PlannedStop.objects.create(
        route=route, position=1, kind="task", job=job, arrive_at=now, begin_at=now, leave_at=now
    )
    UnitPosition.objects.create(unit=shift.unit, source="phone", lat=-1.17123, lng=122.49123, measured_at=now)
    assert "-1.171" not in text(client.get(url))
    Case.objects.filter(id=case.id).update(state="under_way")
    page = text(client.get(url))
    assert "Truk 01" in page
    assert "geo:-1.171,122.491" in page
    assert "-1.17123" not in page
    Case.objects.filter(id=case.id).update(state="emptied")
    assert "geo:" not in text(client.get(url))


def test_the_customer_cancels_and_rates_on_the_page():
    opened = world.order()
    client, token = Client(), link_token(opened.parties[0])
    client.post(reverse("following:act", args=[token, "batal"]))
    assert Case.objects.get(id=opened.case.id).state == "cancelled"
    assert Charge.objects.get().state == "cancelled"
    other = world.order()
    Case.objects.filter(id=other.case.id).update(state="emptied")
    client.post(
        reverse("following:act", args=[link_token(other.parties[0]), "nilai"]), {"rating": "4", "words": ""}
    )
    assert other.case.feedback.get().rating == 4
