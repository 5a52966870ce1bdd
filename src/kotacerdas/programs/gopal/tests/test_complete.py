"""A manifest counts as complete once, however often it is asked about; falls of one trip are one question."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotacerdas.foundation.cases.models import Case
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.actions.differences import difference_settle, difference_told, fall_open
from kotacerdas.programs.gopal.actions.manifests import load_add
from kotacerdas.programs.gopal.actions.receiving import manifest_receive, manifest_refuse
from kotacerdas.programs.gopal.levels import Fall
from kotacerdas.programs.gopal.models import Manifest, SludgeDifference
from kotacerdas.programs.gopal.tests import world
from kotacerdas.programs.gopal.tests.test_receiving import _counts, differences

pytestmark = pytest.mark.django_db
NOON = world.at(world.TUESDAY, 12)


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()
    with clock.frozen(NOON):
        yield


def complete() -> int:
    return _counts()["gopal.manifests_complete"]


def receive(manifest: Manifest, litres: int) -> Manifest:
    now = Manifest.objects.get(pk=manifest.pk)
    return manifest_receive(actor=world.plant_officer(), manifest=now, litres=litres)


def decide(case: Case, decision: str = "accepted") -> None:
    difference_told(actor=world.planner(), case=case, body="Meter rusak")
    difference_settle(actor=world.planner(), case=case, decision=decision, body="Sudah dibahas")


def fall(hours: int, litres: int = 800) -> Fall:
    """So many hours before noon, for five minutes."""
    since = NOON - timedelta(hours=hours)
    return Fall(since, since + timedelta(minutes=5), 1800, 1800 - litres)


def fell(manifest: Manifest, *falls: Fall) -> None:
    for one in falls:
        now = Manifest.objects.select_related("difference", "operator").get(pk=manifest.pk)
        fall_open(unit=manifest.unit, fall=one, manifest=now, lat=0.0, lng=122.0)


def test_what_was_accepted_and_is_parted_by_a_late_load_counts_once_when_accepted_again():
    late = world.emptied("TS-9", 1000, slot=world.at(world.TUESDAY, 10))
    manifest = receive(world.loaded(1800), 1000)
    decide(differences()[0])
    assert complete() == 1
    load_add(actor=world.operator(), manifest=manifest, order=late, litres=1000, at=NOON - timedelta(hours=1))
    assert complete() == 0
    [again] = [one for one in differences() if one.closed_at is None]
    decide(again)
    assert complete() == 1


def test_falls_of_one_trip_are_one_question_and_count_once():
    manifest = world.loaded(1800)
    fell(manifest, fall(3, 300), fall(1, 400), fall(3, 300), fall(2, 500), fall(1, 450))
    [case] = differences()
    found = SludgeDifference.objects.get()
    assert (found.fell_l, found.fell_at, found.fell_until) == (1250, fall(3).since, fall(1).until)
    receive(manifest, 500)
    decide(case)
    assert (len(differences()), complete()) == (1, 1)
    fell(manifest, fall(3, 300), fall(2, 500))
    assert len(differences()) == 1


def test_a_second_question_over_a_complete_manifest_counts_nothing_more():
    manifest = world.loaded(1800)
    fell(manifest, fall(3))
    receive(manifest, 1000)
    decide(differences()[0])
    fell(manifest, fall(1))
    [other] = [one for one in differences() if one.closed_at is None]
    decide(other)
    assert complete() == 1


def test_a_late_load_that_evens_the_sums_after_the_decision_makes_it_complete():
    late = world.emptied("TS-9", 900, slot=world.at(world.TUESDAY, 10))
    manifest = receive(world.loaded(1800), 2700)
    decide(differences()[0], "coached")
    assert complete() == 0
    load_add(actor=world.operator(), manifest=manifest, order=late, litres=900, at=NOON - timedelta(hours=1))
    assert complete() == 1


def test_a_question_goes_on_with_the_load_that_was_refused():
    manifest = world.loaded(1800)
    fell(manifest, fall(2))
    now = Manifest.objects.get(pk=manifest.pk)
    refused = manifest_refuse(actor=world.plant_officer(), manifest=now, why="Bercampur oli")
    receive(refused.followed_by, 1000)
    [case] = differences()
    assert case.sludge_difference.manifest == refused.followed_by
    decide(case)
    assert complete() == 1
