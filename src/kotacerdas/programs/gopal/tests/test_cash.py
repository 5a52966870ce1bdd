"""Cash at the door: offline on the same day, on a later day by the crew that emptied the tank, and by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from time import sleep

import pytest
from django.db import connection

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.actions import job_pin
from kotacerdas.foundation.dispatch.models import CrewMember, UnitPosition
from kotacerdas.foundation.payments.charges import payment_begin, payment_settle
from kotacerdas.foundation.payments.models import Charge, Payment
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Refused
from kotacerdas.programs.gopal.actions import work
from kotacerdas.programs.gopal.tests import world
from kotacerdas.programs.gopal.tests.test_field import HERE, NIGHT, SIX, empty, statuses, stops

pytestmark = pytest.mark.django_db
NINE, NEXT = world.at(world.TUESDAY, 9), world.TUESDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()
    world.crew()


def booked(**given):
    """An order that stands in the plan in force."""
    opened = world.order(**given)
    world.in_force()
    return opened


def early_phone() -> Handset:
    """The operator's phone, as it left the garage in the morning."""
    with clock.frozen(SIX):
        phone = Handset(world.operator().user)
        phone.exchange()
    return phone


def cash(phone: Handset, opened, at, amount: int, **values):
    return phone.command(
        "gopal.order.cash", item=str(opened.case.id), at=at, values={"amount": amount, **values}
    )


def refused(actor, opened) -> str:
    with pytest.raises(Refused) as caught:
        work.order_cash(actor=actor, case=opened.case, amount=opened.own.price)
    assert not Payment.objects.exists()
    return caught.value.code


def test_the_form_is_there_before_anything_was_sent_and_both_arrive_together():
    opened = booked()
    phone = early_phone()
    assert "gopal.order.cash" in stops(phone)[0]["forms"]
    with clock.frozen(NIGHT):
        answer = phone.exchange(
            empty(phone, opened.case, NINE, litres=1800),
            cash(phone, opened, NINE + timedelta(minutes=5), opened.own.price),
        )
    assert statuses(answer) == ["done", "done"]
    assert Payment.objects.get().amount == opened.own.price


def test_an_order_by_qris_has_no_form_for_cash():
    booked(pay_by="qris")
    phone = early_phone()
    assert "gopal.order.cash" not in stops(phone)[0]["forms"]


def test_money_that_is_owed_stays_on_the_phone_of_the_crew_for_a_week():
    opened = booked()
    phone = early_phone()
    with clock.frozen(NIGHT):
        phone.exchange(empty(phone, opened.case, NINE, litres=1800))
    with clock.frozen(world.at(world.TUESDAY + timedelta(days=8), 6)):
        phone.exchange()
        assert stops(phone) == []
    with clock.frozen(world.at(NEXT, 6)):
        phone = Handset(world.operator().user)
        phone.exchange()
        [row] = stops(phone)
        assert row["forms"] == ["gopal.order.cash"]
        assert "phone" not in row
        stranger = Handset(world.operator("oman").user)
        stranger.exchange()
        assert stops(stranger) == []
        answer = phone.exchange(cash(phone, opened, clock.now(), opened.own.price, here=HERE))
        assert statuses(answer) == ["done"]
        assert stops(phone) == []
    assert not UnitPosition.objects.filter(measured_at__gt=NIGHT).exists()  # they have no shift on that truck


def test_an_order_that_was_emptied_by_an_older_plan_is_paid_to_the_crew_that_emptied_it():
    other = world.truck("Truk 02")
    world.shifts(unit=other)
    world.crew(other, "oman")
    opened = world.order()
    for unit in (world.truck(), other):
        job_pin(actor=world.planner(), job=work.job_of(opened.own), unit=unit)
        world.in_force()
    phone = early_phone()
    with clock.frozen(NIGHT):
        phone.exchange(empty(phone, opened.case, NINE, litres=1800))
        assert [row["forms"] for row in stops(phone)] == [["gopal.order.cash"]]
        assert refused(world.operator("oman"), opened) == "other_crew"
        assert statuses(phone.exchange(cash(phone, opened, NIGHT, opened.own.price))) == ["done"]


def test_the_action_itself_refuses_who_did_not_empty_it_and_what_is_not_paid_in_cash():
    opened, qris = world.order(), world.order(lat=-1.1750, lng=122.4950, pay_by="qris")
    world.in_force()
    with clock.frozen(NINE):
        assert refused(world.operator(), opened) == "not_emptied"
        for one in (opened, qris):
            work.order_empty(actor=world.operator(), case=Case.objects.get(pk=one.case.pk), litres=1800)
        assert refused(world.operator("oman"), opened) == "other_crew"
        assert refused(world.operator(), qris) == "not_cash"


def test_who_left_the_crew_before_has_no_stop_of_it_on_the_phone():
    opened = booked()
    with clock.frozen(NINE):
        work.order_set_out(actor=world.operator(), case=opened.case)
    with clock.frozen(world.at(NEXT, 7)):
        phone = Handset(world.operator().user)
        phone.exchange()
        assert len(stops(phone)) == 1
        CrewMember.objects.update(until=world.TUESDAY - timedelta(days=1))
        phone.exchange()
        assert stops(phone) == []


def test_the_whole_sum_may_be_given_down_to_the_rupiah():
    opened = booked()
    Charge.objects.update(amount=157_500)
    phone = early_phone()
    with clock.frozen(NIGHT):
        phone.exchange(empty(phone, opened.case, NINE, litres=1800))
        assert statuses(phone.exchange(cash(phone, opened, NIGHT, 157_500))) == ["done"]


@pytest.mark.django_db(transaction=True)
def test_two_bills_in_cash_and_one_of_them_by_qris_at_once_hold_nobody_up(monkeypatch):
    opened = booked(litres=1000)
    actor = replace(world.operator(), happened_at=NINE)
    with clock.frozen(NIGHT):
        work.order_empty(actor=actor, case=opened.case, litres=2900, extra_agreed=True)
        bills = list(Charge.objects.filter(subject_id=opened.case.id).order_by("id"))
        assert len(bills) == 2
        qris = payment_begin(charge=bills[1])
    told: list[str] = []

    def settle() -> None:
        try:
            payment_settle(payment=qris)
        except Conflict:
            told.append("paid already")
        finally:
            connection.close()

    other = Thread(target=settle)
    take = work.cash_take

    def slowly(**given):
        taken = take(**given)
        if not other.is_alive() and not told:
            other.start()
            sleep(0.5)
        return taken

    monkeypatch.setattr(work, "cash_take", slowly)
    with clock.frozen(NIGHT):
        work.order_cash(actor=world.operator(), case=opened.case, amount=sum(one.owed for one in bills))
    other.join(10)
    assert told == ["paid already"]
    assert {one.state for one in Charge.objects.filter(subject_id=opened.case.id)} == {"paid"}
