"""The way to order on the citizens' front page."""

from __future__ import annotations

import pytest
from django.test import Client

from kotacerdas.programs.gopal.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def test_ordering_is_offered_only_where_a_plant_takes_sludge(cast):
    address = "/sedot/pesan/"
    assert address not in Client().get("/").content.decode()
    world.plant()
    assert address in Client().get("/").content.decode()
