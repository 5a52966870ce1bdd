"""The evaluation scores the toy program by its indicators."""

from __future__ import annotations

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def test_the_evaluation_knows_its_indicators_by_the_pack(cast, lend, count):
    lend()
    count()
    team = client_of(cast.officer_of("BAPPEDA", "planner"))
    html = team.get(reverse("evaluation:score", args=[clock.today().year, "library.lent"])).text
    assert "Buku dipinjam" in html
