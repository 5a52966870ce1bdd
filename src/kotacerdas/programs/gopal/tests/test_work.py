"""The operator's work and the manifest: what is refused with figures, and what counts when it comes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import F
from django.urls import reverse

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.actions import job_pin, unit_state_set
from kotacerdas.foundation.dispatch.models import Job, PlannedStop, UnitState
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, NotThen, Refused, WrongStep
from kotacerdas.programs.gopal.actions import manifests, orders, work
from kotacerdas.programs.gopal.actions.orders import job_of
from kotacerdas.programs.gopal.models import Manifest, Order, Tank, TariffRow
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
EIGHT, LATER = world.at(world.TUESDAY, 8, 10), world.at(world.TUESDAY, 9)


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()
    world.crew()


def booked(**given):
    """An order that stands in the plan in force."""
    opened = world.order(**given)
    world.in_force()
    return opened


def emptied(case, litres=1800, *, who="opik", at=EIGHT, **given):
    with clock.frozen(max(at, clock.now())):
        return work.order_empty(
            actor=replace(world.operator(who), happened_at=at),
            case=Case.objects.get(id=case.id),
            litres=litres,
            **given,
        )


def stop_of(case) -> PlannedStop:
    return PlannedStop.objects.get(job__subject_id=case.id, route__is_published=True)


def test_an_order_is_emptied_into_a_manifest_and_everything_says_so():
    world.tank()
    opened = booked(tank="TS-1")
    with clock.frozen(EIGHT):
        work.order_set_out(actor=world.operator(), case=opened.case)
        assert stop_of(opened.case).state == "under_way"
    emptied(opened.case, 1700, at=LATER)
    order = Order.objects.get(case=opened.case)
    assert (order.case.state, order.pumped_l, order.emptied_at) == ("emptied", 1700, LATER)
    assert order.tank.last_emptied_on == world.TUESDAY
    assert (order.load.litres, order.load.manifest.number) == (1700, "MLT-2026-000001")
    assert order.load.manifest.unit == world.truck()
    stop = stop_of(opened.case)
    assert (stop.state, stop.taken_l, stop.job.state, stop.done_at) == ("done", 1700, "done", LATER)
    assert opened.case.clocks.get(name="serve").state == "kept"


def test_litres_beyond_the_tank_are_refused_with_both_figures():
    world.tank()
    opened = booked(tank="TS-1")
    with pytest.raises(Invalid) as caught:
        emptied(opened.case, 2500)
    assert "2.400" in caught.value.fields["litres"]
    assert "2.500" in caught.value.fields["litres"]
    assert not Manifest.objects.exists()
    opened.case.refresh_from_db()
    assert opened.case.state == "booked"


def test_litres_beyond_the_truck_are_refused_with_what_still_fits():
    first = world.order()
    second = world.order(lat=-1.1750, lng=122.4950)
    world.in_force()
    emptied(first.case, 3000, extra_agreed=True)
    with pytest.raises(Invalid) as caught:
        emptied(second.case, 1500, at=LATER)
    assert "1.000" in caught.value.fields["litres"]
    assert "4.000" in caught.value.fields["litres"]


def test_more_than_was_asked_for_needs_consent_and_is_a_charge_of_its_own():
    opened = booked()
    order = Order.objects.get(case=opened.case)
    with pytest.raises(Invalid) as caught:
        emptied(opened.case, 3500)
    extra = work.extra_of(order, 3500)
    assert extra > 0
    assert f"{extra:,}".replace(",", ".") in caught.value.fields["extra_agreed"]
    emptied(opened.case, 3500, extra_agreed=True)
    more = Charge.objects.get(title="gopal.desludging_extra")
    order.charge.refresh_from_db()
    assert (more.amount, more.subject_id) == (extra, opened.case.id)
    assert order.charge.amount == order.price
    assert more.number != order.charge.number


def test_an_order_is_not_settled_while_its_second_charge_is_open():
    opened = booked()
    emptied(opened.case, 3500, extra_agreed=True)
    Charge.objects.filter(title="gopal.desludging").update(state="paid")
    Manifest.objects.update(state="received", received_l=3500, received_at=LATER)
    assert not orders.is_settled(opened.case)
    Charge.objects.update(state="paid")
    assert orders.is_settled(opened.case)


def test_emptied_twice_from_two_phones_is_emptied_once():
    world.crew(None, "opik", "oman")
    opened = booked()
    emptied(opened.case)
    opened.case.refresh_from_db()
    with pytest.raises(WrongStep):
        emptied(opened.case, 1700, who="oman", at=LATER)
    assert Order.objects.get(case=opened.case).pumped_l == 1800
    assert manifests.loaded(Manifest.objects.get()) == 1800


def test_a_stop_of_another_crew_is_refused():
    opened = booked()
    with pytest.raises(Refused) as caught:
        emptied(opened.case, who="oman")
    assert caught.value.code == "other_crew"
    with clock.frozen(EIGHT), pytest.raises(Refused):
        work.order_set_out(actor=world.operator("oman"), case=opened.case)


def test_what_was_emptied_by_an_older_plan_counts_though_another_truck_has_it_by_now():
    world.shifts(unit=world.truck("Truk 02"))
    world.crew(world.truck("Truk 02"), "oman")
    opened = world.order()
    job_pin(actor=world.planner(), job=job_of(opened.own), unit=world.truck())
    world.in_force()
    job_pin(actor=world.planner(), job=job_of(opened.own), unit=world.truck("Truk 02"))
    world.in_force()
    assert stop_of(opened.case).route.unit.name == "Truk 02"
    with clock.frozen(EIGHT), pytest.raises(Refused):
        work.order_set_out(actor=world.operator(), case=opened.case)  # not late: it is told
    emptied(opened.case)
    assert Manifest.objects.get().unit.name == "Truk 01"
    assert Job.objects.get(subject_id=opened.case.id).state == "done"
    with clock.frozen(LATER):
        plan = world.in_force(rest_of=stop_of(opened.case).route.plan)
    assert not PlannedStop.objects.filter(route__plan=plan, kind="task").exists()


def test_a_manifest_without_loads_does_not_leave():
    with clock.frozen(EIGHT), pytest.raises(Refused) as caught:
        work.unit_arrive(actor=world.operator(), unit=world.truck(), plant=world.plant())
    assert caught.value.code == "no_loads"


def test_a_manifest_leaves_once_and_the_next_load_begins_another():
    first, second = world.order(), world.order(lat=-1.1750, lng=122.4950)
    world.in_force()
    emptied(first.case)
    left = world.at(world.TUESDAY, 8, 40)
    manifest = Manifest.objects.get()
    manifests.manifest_leave(actor=world.operator(), manifest=manifest, plant=world.plant(), at=left)
    with pytest.raises(Conflict):
        manifests.manifest_leave(actor=world.operator(), manifest=manifest, plant=world.plant(), at=left)
    emptied(second.case, at=LATER)
    states = list(Manifest.objects.order_by("number").values_list("number", "state"))
    assert states == [("MLT-2026-000001", "carrying"), ("MLT-2026-000002", "open")]


def test_an_arrival_that_the_plant_saw_first_is_no_second_one():
    opened = booked()
    emptied(opened.case)
    arrived = {"actor": world.operator(), "unit": world.truck(), "plant": world.plant()}
    with clock.frozen(LATER):
        first = work.unit_arrive(**arrived)
        Manifest.objects.update(state="received", received_l=1800, received_at=LATER)
        again = work.unit_arrive(**arrived, at=LATER + timedelta(minutes=4))
    assert first == again == Manifest.objects.get()


def test_the_customer_is_shown_the_second_bill(client):
    opened = booked()
    emptied(opened.case, 3500, extra_agreed=True)
    token = link_token(opened.parties[0])
    page = client.get(reverse("following:follow", args=[token])).content.decode()
    assert "Rp100.000" in page
    assert page.count("/bayar/") == 2


def test_a_load_that_comes_late_belongs_to_the_trip_on_which_it_was_pumped():
    world.crew(None, "opik", "oman")
    first, second = world.order(), world.order(lat=-1.1750, lng=122.4950)
    world.in_force()
    emptied(first.case)
    manifest = Manifest.objects.get()
    with clock.frozen(LATER + timedelta(hours=1)):
        manifests.manifest_leave(
            actor=world.operator(), manifest=manifest, plant=world.plant(), at=LATER + timedelta(minutes=30)
        )
        emptied(second.case, who="oman", at=LATER)
    assert manifests.loaded(Manifest.objects.get()) == 3600


def test_what_was_pumped_after_the_truck_had_left_begins_the_next_manifest():
    first, second = world.order(), world.order(lat=-1.1750, lng=122.4950)
    world.in_force()
    emptied(first.case)
    emptied(second.case, at=LATER)
    manifest = Manifest.objects.get()
    manifests.manifest_leave(
        actor=world.operator(), manifest=manifest, plant=world.plant(), at=EIGHT + timedelta(minutes=10)
    )
    sums = {one.number: (one.state, manifests.loaded(one)) for one in Manifest.objects.all()}
    assert sums == {"MLT-2026-000001": ("carrying", 1800), "MLT-2026-000002": ("open", 1800)}


def test_what_was_not_possible_is_told_and_booked_again_with_a_new_job():
    opened = booked()
    with clock.frozen(EIGHT):
        result = work.order_fail(actor=world.operator(), case=opened.case, body="Gerbang terkunci")
        assert result.case.state == "failed"
        assert stop_of(opened.case).taken_l == 0
        orders.order_rebook(
            actor=world.planner(), case=result.case, slot=world.at(world.TUESDAY + timedelta(days=2), 10)
        )
    assert job_of(opened.own).day == world.TUESDAY + timedelta(days=2)


def test_a_breakdown_on_the_way_leaves_the_order_to_another_truck():
    opened = booked()
    with clock.frozen(EIGHT):
        work.order_set_out(actor=world.operator(), case=opened.case)
        work.unit_break_down(actor=world.operator(), unit=world.truck(), why="Pompa macet")
        opened.case.refresh_from_db()
        assert (opened.case.state, stop_of(opened.case).state) == ("booked", "planned")
        assert UnitState.objects.get().why == "Pompa macet"
        world.shifts(unit=world.truck("Truk 02"))
        plan = world.in_force(rest_of=stop_of(opened.case).route.plan)
    assert plan.routes.get(stops__job=job_of(opened.own)).unit.name == "Truk 02"


def test_what_happened_before_the_case_went_on_is_refused():
    opened = booked()
    with clock.frozen(LATER):
        work.order_set_out(actor=world.operator(), case=opened.case)
        with pytest.raises(NotThen):
            emptied(opened.case, at=EIGHT)
    assert Tank.objects.get().last_emptied_on is None


def test_a_rebooked_order_is_planned_on_its_new_day_and_not_done_on_the_old_one():
    opened, new_day = booked(), world.TUESDAY + timedelta(days=2)
    orders.order_rebook(actor=world.planner(), case=opened.case, slot=world.at(new_day, 10))
    with clock.frozen(EIGHT):
        case = Case.objects.get(id=opened.case.id)
        for act in (
            lambda: work.order_set_out(actor=world.operator(), case=case),
            lambda: work.order_fail(actor=world.operator(), case=case, body="Tidak ada orang"),
        ):
            with pytest.raises(Refused) as caught:
                act()
            assert caught.value.code == "other_crew"
    plan = world.in_force(new_day)
    assert PlannedStop.objects.filter(route__plan=plan, job__subject_id=opened.case.id).count() == 1


def test_an_order_that_was_rebooked_after_a_breakdown_is_planned_again():
    opened, new_day = booked(), world.TUESDAY + timedelta(days=2)
    with clock.frozen(EIGHT):
        work.order_set_out(actor=world.operator(), case=opened.case)
        work.unit_break_down(actor=world.operator(), unit=world.truck(), why="Ban")
    with clock.frozen(LATER):
        unit_state_set(actor=world.planner(), unit=world.truck(), state="available")
        case = Case.objects.get(id=opened.case.id)
        orders.order_rebook(actor=world.planner(), case=case, slot=world.at(new_day, 10))
    with clock.frozen(world.at(new_day, 6)):
        plan = world.in_force(new_day)
    assert PlannedStop.objects.filter(route__plan=plan, job__subject_id=opened.case.id).count() == 1


def test_an_order_that_nobody_did_and_that_is_rebooked_is_planned_again():
    opened, new_day = booked(), world.TUESDAY + timedelta(days=2)
    with clock.frozen(world.at(world.TUESDAY + timedelta(days=1), 7)):
        orders.order_rebook(actor=world.planner(), case=opened.case, slot=world.at(new_day, 10))
        plan = world.in_force(new_day)
    assert PlannedStop.objects.filter(route__plan=plan, job__subject_id=opened.case.id).count() == 1


def test_a_late_word_of_the_old_crew_does_not_hold_up_the_truck_that_is_on_its_way():
    other = world.truck("Truk 02")
    world.shifts(unit=other)
    world.crew(other, "oman")
    moved, next_one = world.order(), world.order(lat=-1.1750, lng=122.4950)
    job_pin(actor=world.planner(), job=job_of(moved.own), unit=world.truck())
    job_pin(actor=world.planner(), job=job_of(next_one.own), unit=other)
    plan = world.in_force()
    with clock.frozen(world.at(world.TUESDAY, 8)):
        job_pin(actor=world.planner(), job=job_of(moved.own), unit=other)
        world.in_force(rest_of=plan)
    with clock.frozen(world.at(world.TUESDAY, 8, 5)):
        work.order_set_out(actor=world.operator("oman"), case=moved.case)
    with clock.frozen(LATER):
        emptied(moved.case, at=EIGHT)
        stop = stop_of(moved.case)
        assert (stop.state, stop.began_at, stop.job.state) == ("planned", None, "done")
        work.order_set_out(actor=world.operator("oman"), case=next_one.case)
    emptied(next_one.case, who="oman", at=LATER + timedelta(minutes=20))
    assert stop_of(next_one.case).state == "done"


@pytest.mark.parametrize(("litres", "pumped", "more_m3"), [(1800, 2000, 0), (2900, 3000, 0), (2900, 3001, 1)])
def test_more_litres_cost_what_the_quote_said_whatever_became_of_the_tariff(litres, pumped, more_m3):
    order = world.order(litres=litres).own
    assert order.base_l == 2000
    expected = more_m3 * order.extra_per_m3
    assert work.extra_of(order, pumped) == expected
    TariffRow.objects.update(price=F("price") + 25_000, base_l=1500)
    assert work.extra_of(order, pumped) == expected
    TariffRow.objects.all().delete()
    assert work.extra_of(order, pumped) == expected


def test_orders_of_before_get_their_base_litres_by_the_row_that_priced_them():
    known, gone = world.order(litres=1800).own, world.order(litres=2900, lat=-1.1750, lng=122.4950).own
    Order.objects.filter(pk=gone.pk).update(tariff_from=world.TUESDAY)
    Order.objects.update(base_l=0)
    import_module("kotacerdas.programs.gopal.migrations.0005_orders_keep_base_litres").fill(apps, None)
    litres = dict(Order.objects.values_list("pk", "base_l"))
    assert (litres[known.pk], litres[gone.pk]) == (2000, 3000)
