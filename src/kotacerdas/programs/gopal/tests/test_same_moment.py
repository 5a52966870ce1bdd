"""A load and the plant's word at the same moment: nothing lands in a manifest that is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connections, transaction

from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.actions.manifests import load_add, manifest_at_hand
from kotacerdas.programs.gopal.actions.receiving import manifest_receive, manifest_refuse
from kotacerdas.programs.gopal.models import Manifest, ManifestLoad, Order
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
NOON = world.at(world.TUESDAY, 12)


@pytest.fixture(autouse=True)
def _world(cast):
    world.ready()


def trip() -> tuple[Manifest, Order]:
    """A manifest with one load, and an order that was emptied but is in none."""
    return world.loaded(1800, number=7), world.emptied("TS-9", 900, slot=world.at(world.TUESDAY, 10))


def add(manifest: Manifest, order: Order, at=NOON) -> ManifestLoad:
    return load_add(actor=world.operator(), manifest=manifest, order=order, litres=900, at=at)


def test_a_load_for_a_manifest_that_was_refused_meanwhile_goes_on_under_the_one_that_follows():
    manifest, order = trip()
    with clock.frozen(NOON):
        known = Manifest.objects.get(pk=manifest.pk)
        refused = manifest_refuse(actor=world.plant_officer(), manifest=manifest, why="Bercampur oli")
        assert add(known, order).manifest == refused.followed_by
    assert refused.loads.count() == 0


def test_what_was_pumped_after_the_truck_had_left_begins_the_next_manifest():
    manifest, order = trip()
    with clock.frozen(NOON + timedelta(minutes=5)):
        known = Manifest.objects.get(pk=manifest.pk)
        manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=1800, at=NOON)
        load = add(known, order, NOON + timedelta(minutes=1))
    assert (load.manifest.state, load.manifest.loads.count()) == ("open", 1)
    assert Manifest.objects.get(pk=manifest.pk).difference is None


@pytest.mark.django_db(transaction=True)
def test_the_plant_waits_for_a_load_that_is_just_being_written():
    manifest, order = trip()
    officer, opik = world.plant_officer(), world.operator()
    is_held, is_asked = Event(), Event()

    def pump() -> None:
        with clock.frozen(NOON), transaction.atomic():
            found = manifest_at_hand(actor=opik, unit=manifest.unit, at=NOON)
            is_held.set()
            is_asked.wait(1)  # it cannot end before this transaction does
            load_add(actor=opik, manifest=found, order=order, litres=900, at=NOON)

    def refuse() -> None:
        is_held.wait(5)
        with clock.frozen(NOON):
            manifest_refuse(actor=officer, manifest=manifest, why="Bercampur oli")
        is_asked.set()

    def alone(work) -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(alone, (pump, refuse)))
    refused = Manifest.objects.get(pk=manifest.pk)
    assert (refused.state, refused.loads.count()) == ("refused", 0)
    assert refused.followed_by.loads.count() == 2
