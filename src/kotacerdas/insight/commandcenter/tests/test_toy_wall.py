"""The wall shows the toy program's figure."""

from __future__ import annotations

import pytest

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.insight.commandcenter import figures as wall
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def test_the_wall_shows_its_figure_where_the_pack_names_it(librarian, lend):
    lend()
    tile = wall.declared()["library.lent"].tile(librarian.grants, clock.now())
    assert (str(tile.label), tile.value) == ("Buku dipinjam", 1)


def test_the_figure_counts_what_its_viewer_may_see(cast, lend):
    lend()
    assert wall.declared()["library.lent"].tile(staff(cast.rudi).grants, clock.now()).value == 0
