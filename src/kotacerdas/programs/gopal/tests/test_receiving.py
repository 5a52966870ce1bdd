"""What a plant receives and refuses, and how a difference is asked about."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from kotacerdas.foundation.cases import lookout
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.models import PlannedStop, Station
from kotacerdas.foundation.indicators.declarations import Fact
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused, WrongStep
from kotacerdas.programs.gopal.actions import work
from kotacerdas.programs.gopal.actions.differences import (
    difference_answer,
    difference_settle,
    difference_told,
)
from kotacerdas.programs.gopal.actions.manifests import load_add
from kotacerdas.programs.gopal.actions.receiving import manifest_receive, manifest_refuse
from kotacerdas.programs.gopal.indicators import INDICATORS
from kotacerdas.programs.gopal.lifecycles.differences import KIND
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.tests import world
from kotacerdas.programs.gopal.wall_figures import received

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()


@pytest.fixture
def noon():
    """Tuesday at noon, when the truck comes."""
    with clock.frozen(world.at(world.TUESDAY, 12)):
        yield world.at(world.TUESDAY, 12)


def receive(manifest: Manifest, litres: int, **given) -> Manifest:
    return manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=litres, **given)


def differences() -> list[Case]:
    return list(Case.objects.filter(kind=KIND))


def test_a_manifest_is_received_within_tolerance_and_asks_nobody(noon):
    manifest = receive(world.loaded(1800, 1800), 3500)
    assert (manifest.state, manifest.received_l, manifest.received_at) == ("received", 3500, noon)
    assert (manifest.left_at, manifest.plant) == (noon, world.plant())
    assert differences() == []


def test_a_manifest_that_is_short_opens_one_case_that_asks_the_operator(noon):
    manifest = receive(world.loaded(1800, 1800), 2900)
    [case] = differences()
    found = case.sludge_difference
    assert (found.cause, found.pumped_l, found.carried_l, found.received_l) == ("mass", 3600, None, 2900)
    assert (found.asked, manifest.difference) == (manifest.operator, case)
    assert case.clocks.filter(name="explain", state="running").exists()


def test_a_manifest_scanned_twice_is_refused_with_what_was_received_before(noon):
    manifest = receive(world.loaded(1800), 1800)
    with pytest.raises(Conflict, match=r"1\.800|1,800"):
        receive(manifest, 1750)
    assert Manifest.objects.get().received_l == 1800


def test_a_manifest_of_another_day_needs_a_reason():
    manifest = world.loaded(1800)
    with clock.frozen(world.at(world.TUESDAY + timedelta(days=1), 9)):
        with pytest.raises(Invalid) as caught:
            receive(manifest, 1800)
        assert (caught.value.code, set(caught.value.fields)) == ("unusual", {"why"})
        done = receive(manifest, 1800, why="Truk mogok semalam")
        assert (done.state, done.received_why) == ("received", "Truk mogok semalam")


def test_a_plant_that_is_closed_needs_a_reason():
    manifest = world.loaded(1800)
    with clock.frozen(world.at(world.TUESDAY, 17)):
        with pytest.raises(Invalid) as caught:
            receive(manifest, 1800)
        assert "08.00–16.00" in str(caught.value.fields["why"])
        assert receive(manifest, 1800, why="Ban pecah").state == "received"


def test_a_manifest_of_a_truck_without_loads_is_not_received(noon):
    with pytest.raises(Conflict) as caught:
        receive(world.loaded(), 1000)
    assert caught.value.code == "without_loads"


@pytest.mark.parametrize("litres", [0, -5, 4001, 10**9])
def test_litres_beyond_the_trucks_capacity_and_none_are_refused(noon, litres):
    with pytest.raises(Invalid) as caught:
        receive(world.loaded(1800), litres)
    assert set(caught.value.fields) == {"litres"}
    assert Manifest.objects.get().state == "open"


def test_a_stranger_and_another_agency_receive_nothing(noon):
    manifest = world.loaded(1800)
    for actor in (world.operator(), world.planner()):
        with pytest.raises(Refused):
            manifest_receive(actor=actor, manifest=manifest, litres=1800)


def test_a_refused_load_goes_on_under_a_manifest_that_follows(noon):
    first = world.loaded(1800, 1200)
    refused = manifest_refuse(actor=world.plant_officer(), manifest=first, why="Bercampur oli")
    follower = refused.followed_by
    assert (refused.state, refused.loads.count()) == ("refused", 0)
    assert (follower.state, follower.number, follower.loads.count()) == ("open", f"{first.number}-2", 2)
    words = templates()["gopal.refused"].compose(uuid4(), {"manifest": str(first.id)})
    assert "Bercampur oli" in words.body
    assert f"/manifes/{first.number}/" in words.body
    with pytest.raises(Conflict, match=follower.number):
        receive(refused, 3000)
    assert receive(follower, 3000).state == "received"


def test_an_order_closes_when_the_plant_has_its_sludge_and_it_is_paid(noon):
    manifest = world.loaded(1800)
    order = manifest.loads.get().order
    order.charge.state = "paid"
    order.charge.paid = order.charge.amount
    order.charge.save()
    receive(manifest, 1800)
    assert Case.objects.get(pk=order.case_id).state == "closed"


def test_the_operator_is_heard_before_anybody_decides(noon):
    receive(world.loaded(1800), 1000)
    [case] = differences()
    with pytest.raises(WrongStep):
        difference_settle(actor=world.planner(), case=case, decision="accepted")
    with pytest.raises(Refused):
        difference_answer(actor=world.operator("omar"), case=case, body="Bukan saya")
    difference_answer(actor=world.operator(), case=case, body="Selang bocor")
    case.refresh_from_db()
    assert case.state == "answered"
    with pytest.raises(Invalid):
        difference_settle(actor=world.planner(), case=case, decision="coached")
    difference_settle(actor=world.planner(), case=case, decision="coached", body="Selang diganti")
    case.refresh_from_db()
    assert (case.state, case.sludge_difference.decision) == ("settled", "coached")


def test_what_the_operator_said_by_telephone_is_written_down(noon):
    receive(world.loaded(1800), 1000)
    [case] = differences()
    difference_told(actor=world.planner(), case=case, body="Katanya selang bocor")
    assert Case.objects.get(pk=case.pk).state == "answered"


def test_a_load_that_comes_late_from_a_phone_settles_what_was_asked(noon):
    manifest = world.loaded(1800)
    late = world.emptied("TS-9", 1800, slot=world.at(world.TUESDAY, 10))
    manifest = receive(manifest, 3600)
    [case] = differences()
    load_add(actor=world.operator(), manifest=manifest, order=late, litres=1800, at=noon - timedelta(hours=1))
    case.refresh_from_db()
    assert (case.state, case.sludge_difference.pumped_l) == ("settled", 3600)


def _counts() -> dict[str, int]:
    """What every row so far contributes, by indicator."""
    sums = dict.fromkeys((one.code for one in INDICATORS), 0)
    for row in Row.objects.all():
        fact = Fact(
            position=0,
            verb=row.verb,
            subject_id=row.subject_id,
            occurred_at=row.occurred_at,
            day=clock.local_day(row.occurred_at),
            codes=row.codes,
            measures=row.measures,
            payload=row.payload,
        )
        for one in INDICATORS:
            if row.verb in one.verbs:
                sums[one.code] += sum(each.numerator for each in one.contribute(fact))
    return sums


def test_a_manifest_counts_as_complete_once_it_agrees_or_was_explained(noon):
    world.ready(trucks=2)
    receive(world.loaded(1801, 1799, unit=world.truck("Truk 01"), number=1), 3499)
    receive(world.loaded(1800, unit=world.truck("Truk 02"), number=2), 1000)
    counts = _counts()
    assert (counts["gopal.manifests_complete"], counts["gopal.trips"], counts["gopal.received_l"]) == (
        1,
        2,
        4499,
    )
    [case] = differences()
    difference_told(actor=world.planner(), case=case, body="Meter rusak")
    difference_settle(actor=world.planner(), case=case, decision="accepted")
    assert _counts()["gopal.manifests_complete"] == 2


def test_a_late_load_that_parts_the_sums_takes_the_manifest_back(noon):
    late = world.emptied("TS-9", 900, slot=world.at(world.TUESDAY, 10))
    manifest = receive(world.loaded(1800), 1800)
    assert _counts()["gopal.manifests_complete"] == 1
    load_add(actor=world.operator(), manifest=manifest, order=late, litres=900, at=noon - timedelta(hours=1))
    assert len(differences()) == 1
    assert _counts()["gopal.manifests_complete"] == 0


def test_the_wall_shows_what_came_today(noon):
    receive(world.loaded(1800), 1800)
    tile = received(None, clock.now())
    assert "1,8" in str(tile.value)


def test_a_silent_operator_is_decided_about_when_the_time_is_over(noon):
    receive(world.loaded(1800), 1000)
    [case] = differences()
    with clock.frozen(noon + timedelta(days=3)):
        lookout.treat_due_clocks(ticks=False)
        case.refresh_from_db()
        assert case.state == "unheard"
        difference_settle(actor=world.planner(), case=case, decision="forwarded", body="Diam saja")
    case.refresh_from_db()
    assert (case.state, case.clocks.get(name="explain").state) == ("settled", "broken")


def test_from_the_tank_to_the_plant_the_route_is_finished_and_a_new_trip_may_begin():
    world.crew()
    case = world.order().case
    world.in_force()
    with clock.frozen(world.at(world.TUESDAY, 9)):
        work.order_set_out(actor=world.operator(), case=case)
        work.order_empty(actor=world.operator(), case=case, litres=1800)
    with clock.frozen(world.at(world.TUESDAY, 10)):
        work.unit_arrive(actor=world.operator(), unit=world.truck(), plant=world.plant())
        manifest = receive(Manifest.objects.get(), 1790)
    [stop] = PlannedStop.objects.filter(route__is_published=True, kind="reload")
    assert (manifest.state, stop.state, stop.done_at) == ("received", "done", world.at(world.TUESDAY, 10))
    assert manifest.day == world.TUESDAY


def test_a_refused_load_stands_beside_the_next_trip_that_began_already(noon):
    first = world.loaded(1800)
    Manifest.objects.update(state="carrying", left_at=noon - timedelta(hours=1), plant=world.plant())
    Manifest.objects.create(
        number="MLT-2026-000099",
        token="t-99",
        agency=world.agency(),
        unit=world.truck(),
        operator=world.operator().user,
        day=world.TUESDAY,
        opened_at=noon,
    )
    follower = manifest_refuse(actor=world.plant_officer(), manifest=first, why="Terlalu encer").followed_by
    assert (follower.state, follower.loads.count()) == ("carrying", 1)
    assert receive(follower, 1800).state == "received"


def test_a_manifest_sent_to_another_plant_needs_a_reason(noon):
    manifest = world.loaded(1800)
    other = Station.objects.create(
        code="IPLT-2", agency=world.agency(), name="IPLT Dua", lat=-1.25, lng=122.5, is_reload_site=True
    )
    Manifest.objects.update(state="carrying", left_at=noon, plant=other)
    with pytest.raises(Invalid) as caught:
        receive(manifest, 1800, plant=world.plant())
    assert "IPLT Dua" in str(caught.value.fields["why"])
    assert receive(manifest, 1800, plant=world.plant(), why="IPLT Dua penuh").plant == world.plant()


def test_a_slip_of_the_meters_point_is_asked_back_and_taken_with_a_reason(noon):
    manifest = world.loaded(1300)
    with pytest.raises(Invalid) as caught:
        receive(manifest, 1)
    assert "1.300" in caught.value.fields["litres"].replace(",", ".")
    assert receive(manifest, 1, why="Tangki bocor di jalan").received_l == 1
