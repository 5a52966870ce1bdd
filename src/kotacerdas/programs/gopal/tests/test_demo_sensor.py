"""The demo's truck with a sensor: its trip is told in full, and the short meter joins the case of the fall."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotacerdas.foundation.cases.models import Case
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.actions.receiving import manifest_receive
from kotacerdas.programs.gopal.demo.sensor import trip_told
from kotacerdas.programs.gopal.lifecycles.differences import KIND
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("minutes", [16, 45, 90])
def test_a_trip_that_lost_some_on_the_way_is_one_case_with_all_its_figures(cast, minutes):
    world.ready()
    manifest = world.loaded(1800, 1800)
    Manifest.objects.update(state="carrying", plant=world.plant(), left_at=world.at(world.TUESDAY, 9, 5))
    with clock.frozen(world.at(world.TUESDAY, 9, 1) + timedelta(minutes=minutes)):
        trip_told(Manifest.objects.get(), lost=650)
        [case] = Case.objects.filter(kind=KIND)
        manifest = manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=2950)
    assert list(Case.objects.filter(kind=KIND)) == [case]
    found = case.sludge_difference
    found.refresh_from_db()
    assert (found.cause, found.pumped_l, found.carried_l, found.received_l) == ("outside", 3600, 3600, 2950)
    assert 600 <= found.fell_l <= 650
