"""The treasurer's day: trips, litres and rupiah meet to the rupiah, and what does not is there by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trials.cast import client_of, seat

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.payments.charges import cash_take, payment_begin, payment_refund, payment_settle
from kotacerdas.foundation.payments.closing import cash_expected, day_close
from kotacerdas.foundation.payments.models import Charge, Closing
from kotacerdas.foundation.payments.queries import ledger_of
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.gopal.actions.differences import fall_open
from kotacerdas.programs.gopal.actions.receiving import manifest_receive, manifest_refuse
from kotacerdas.programs.gopal.levels import Fall
from kotacerdas.programs.gopal.models import Manifest, ManifestLoad, Order
from kotacerdas.programs.gopal.tests import world
from kotacerdas.programs.gopal.treasury.day import Row, day_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
NOON = world.at(world.TUESDAY, 12)


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready(trucks=2)


@pytest.fixture
def treasurer(cast):
    return staff(seat("bendahara2", "PU", "desludging_treasurer"))


def done(code: str, litres: int = 1800, *, truck: str = "Truk 01", slot: int = 8) -> Order:
    """An order that was emptied into its truck's manifest, as the operator's work leaves it."""
    world.tank(code)
    order = world.order(tank=code, slot=world.at(world.TUESDAY, slot), actor=world.planner()).own
    unit = world.truck(truck)
    with clock.frozen(NOON):
        manifest = Manifest.objects.filter(unit=unit, state="open").first() or Manifest.objects.create(
            number=f"MLT-2026-{Manifest.objects.count() + 1:06d}",
            token=str(ids.new_id()),
            agency=world.agency(),
            unit=unit,
            operator=world.operator().user,
            day=world.TUESDAY,
            opened_at=NOON,
        )
        ManifestLoad.objects.create(manifest=manifest, order=order, litres=litres, pumped_at=NOON)
        order.pumped_l, order.emptied_at = litres, NOON
        order.save()
    return order


def received(order: Order, litres: int) -> Manifest:
    manifest = Manifest.objects.get(loads__order=order)
    manifest.state, manifest.received_l = "received", litres
    manifest.left_at = manifest.received_at = NOON
    manifest.save()
    return manifest


def paid(order: Order, how: str, treasurer) -> None:
    charge = Charge.objects.get(id=order.charge_id)
    if how == "cash":
        cash_take(actor=treasurer, charge=charge, amount=charge.owed, key=ids.new_id())
    else:
        payment_settle(payment=payment_begin(charge=charge))


def test_a_day_meets_per_truck_and_in_sum(treasurer):
    first, second = done("TS-1"), done("TS-2", 2000, truck="Truk 02")
    with clock.frozen(NOON):
        paid(first, "cash", treasurer)
        paid(second, "qris", treasurer)
        received(first, 1800)
        received(second, 2000)
        day = day_of(world.agency(), world.TUESDAY)
    assert [one.name for one in day.trucks] == ["Truk 01", "Truk 02"]
    assert day.sum == Row(
        orders=2,
        manifests=2,
        trips=2,
        received=2,
        pumped_l=3800,
        received_l=3800,
        charged=first.price + second.price,
        qris=second.price,
        cash=first.price,
        unpaid=0,
    )
    assert day.gaps == ()
    assert (day.elsewhere_cash, day.elsewhere_qris) == (0, 0)


def test_what_is_missing_is_there_by_name(treasurer):
    first, second = done("TS-1"), done("TS-2", truck="Truk 02")
    received(first, 1800)
    day = day_of(world.agency(), world.TUESDAY)
    number = Manifest.objects.get(loads__order=second).number
    assert [(one.what, one.of, one.truck, one.amount) for one in day.gaps] == [
        ("unpaid", first.case.number, "Truk 01", first.price),
        ("unpaid", second.case.number, "Truk 02", second.price),
        ("on_the_way", number, "Truk 02", 1800),
    ]
    assert day.sum.charged == day.paid + day.sum.unpaid


def test_money_of_another_days_order_is_said_and_not_mixed_in(treasurer):
    tomorrow = world.order(slot=world.at(world.TUESDAY + timedelta(days=2), 8)).own
    with clock.frozen(NOON):
        paid(tomorrow, "cash", treasurer)
        day = day_of(world.agency(), world.TUESDAY)
        assert cash_expected(world.agency(), world.TUESDAY) == tomorrow.price
    assert (day.sum, day.elsewhere_cash) == (Row(), tomorrow.price)


def test_money_that_came_or_went_on_another_day_is_named(treasurer):
    first = done("TS-1")
    received(first, 1800)
    with clock.frozen(NOON + timedelta(days=2)):
        paid(first, "cash", treasurer)
        payment = Charge.objects.get(id=first.charge_id).payments.get()
        payment_refund(actor=treasurer, payment=payment, amount=1000, reason="x")
        day = day_of(world.agency(), world.TUESDAY)
        later = day_of(world.agency(), world.TUESDAY + timedelta(days=2))
    assert [(one.what, one.amount) for one in day.gaps] == [("given_back", 1000), ("other_day", first.price)]
    assert [(one.what, one.amount) for one in later.gaps] == [("given_back_other", 1000)]
    assert later.elsewhere_cash == first.price


def test_a_trip_stays_in_the_day_on_which_it_was_loaded(treasurer):
    first = done("TS-1")
    Manifest.objects.update(day=world.TUESDAY + timedelta(days=1))
    assert day_of(world.agency(), world.TUESDAY).sum.orders == 1
    assert day_of(world.agency(), world.TUESDAY + timedelta(days=1)).sum == Row()
    assert first.case.number in {one.of for one in day_of(world.agency(), world.TUESDAY).gaps}


def test_the_treasurer_closes_to_the_rupiah_with_differences_left(treasurer):
    first = done("TS-1")
    done("TS-2", truck="Truk 02")
    received(first, 1800)
    client = client_of(treasurer.user)
    with clock.frozen(NOON):
        paid(first, "cash", treasurer)
        page = client.get(reverse("gopal:treasury")).content.decode()
        assert "Tutup dengan 2 selisih" in page
        assert "belum dibayar" in page
        pieces = {f"n{value}": count for value, count in _counted(first.price).items()}
        answer = client.post(reverse("payments:close"), {"day": world.TUESDAY.isoformat(), **pieces})
        assert answer.status_code == 302
        closing = Closing.objects.get()
        assert (closing.total, closing.expected) == (first.price, first.price)
        page = client.get(reverse("gopal:treasury")).content.decode()
        assert closing.deposit.number in page
        assert "Tutup dengan" not in page


def test_the_page_is_for_the_treasurer_alone(cast, treasurer):
    address = reverse("gopal:treasury")
    assert client_of(treasurer.user).get(address).status_code == 200
    for user in (cast.rudi, world.planner().user, world.operator().user):
        assert client_of(user).get(address).status_code == 404


def test_a_refusal_is_there_with_its_litres_and_is_no_trip(treasurer):
    order = done("TS-1")
    with clock.frozen(NOON):
        manifest = Manifest.objects.get(loads__order=order)
        refused = manifest_refuse(actor=world.plant_officer(), manifest=manifest, why="Bercampur oli")
        manifest_receive(actor=world.plant_officer(), manifest=refused.followed_by, litres=1800)
        day = day_of(world.agency(), world.TUESDAY)
    assert [(one.of, one.amount) for one in day.gaps if one.what == "refused"] == [(refused.number, 1800)]
    assert (day.sum.trips, day.sum.received, day.sum.pumped_l) == (1, 1, 1800)


def test_a_fall_of_the_level_is_not_called_a_short_meter(treasurer):
    order = done("TS-1")
    with clock.frozen(NOON):
        manifest = Manifest.objects.get(loads__order=order)
        fall = Fall(NOON - timedelta(hours=2), NOON - timedelta(hours=1), 1800, 1000)
        fall_open(unit=manifest.unit, fall=fall, manifest=manifest, lat=0.0, lng=122.0)
        manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=1790)
        paid(order, "cash", treasurer)
        [gap] = day_of(world.agency(), world.TUESDAY).gaps
        page = client_of(treasurer.user).get(reverse("gopal:treasury")).content.decode()
    assert (gap.what, gap.amount, gap.case) == ("fell", 800, Manifest.objects.get().difference)
    assert "muatan turun di luar IPLT: 0,80 m³" in page


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("cqnb"), st.booleans(), st.sampled_from((1500, 1800))),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_is_paid_and_received_the_sums_hold(steps, treasurer):
    with transaction.atomic():
        for number, (way, is_received, litres) in enumerate(steps):
            truck = f"Truk 0{number % 2 + 1}"
            order = done(f"TS-{number}", litres, truck=truck, slot=(8, 10)[number // 2])
            with clock.frozen(NOON):
                if way in "cb":
                    paid(order, "cash", treasurer)
                if way == "q":
                    paid(order, "qris", treasurer)
                if way == "b":
                    payment = Charge.objects.get(id=order.charge_id).payments.get()
                    payment_refund(actor=treasurer, payment=payment, amount=1000, reason="x")
            if is_received:
                received(order, litres)
        with clock.frozen(NOON):
            day = day_of(world.agency(), world.TUESDAY)
            assert day.sum.charged == day.paid + day.sum.unpaid
            assert sum((one.row for one in day.trucks), Row()) == day.sum
            given_back = sum(one.amount for one in day.gaps if one.what == "given_back")
            expected = cash_expected(world.agency(), world.TUESDAY)
            assert expected == day.sum.cash - given_back
            if expected:
                closing = day_close(
                    actor=treasurer, agency=world.agency(), day=world.TUESDAY, counted=_counted(expected)
                )
                assert closing.deposit.amount == expected
            assert sum(one.debit - one.credit for one in ledger_of(world.agency())) == 0
        transaction.set_rollback(True)


def _counted(amount: int) -> dict[int, int]:
    """Notes that make up an amount of whole thousands."""
    return {50_000: amount // 50_000, 1_000: amount % 50_000 // 1_000}
