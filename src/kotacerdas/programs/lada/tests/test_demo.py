"""The demo of goods, in small: opened, approved, and a semester locked, the next one open."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest

from kotacerdas.kernel import clock
from kotacerdas.kernel.timeline import Timeline
from kotacerdas.programs.lada.actions.periods import last_locked
from kotacerdas.programs.lada.demo import life
from kotacerdas.programs.lada.demo.declarations import KindRow, RoomRow
from kotacerdas.programs.lada.models import Asset
from kotacerdas.programs.lada.tests import world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 14, tzinfo=clock.local_zone())
KINDS = (
    (world.LAND, "Tanah kantor", 12, 40_000_000, 900_000_000, {"stands": "village", "picture": "land"}),
    (world.LAPTOP, "Laptop 14 inci", 20, 6_000_000, 14_000_000, {"stands": "room", "picture": "laptop"}),
    (world.MINIBUS, "Minibus", 6, 190_000_000, 330_000_000, {"prefix": "E", "picture": "car"}),
)


class Rows:
    """A pack of which only the demo's rows of goods are asked."""

    def of(self, section):
        kinds = [
            KindRow(
                agency=agency, goods_code=code, name=name, count=n, least=least, most=most, since=2014, **more
            )
            for agency in ("PU", "KOMINFO")
            for code, name, n, least, most, more in KINDS
        ]
        rooms = [
            RoomRow(agency=one, code=f"R{n}", name=f"Ruang {n}") for one in ("PU", "KOMINFO") for n in (1, 2)
        ]
        return {"asset_kinds": kinds, "asset_rooms": rooms}[section]


@pytest.fixture
def lived(cast):
    timeline = Timeline(NOW, Random(1))
    life.begin(Rows(), timeline)
    timeline.run(lambda: None)
    with clock.frozen(NOW):
        yield


def test_goods_stand_in_the_books_and_the_newest_semester_that_is_over_is_locked(lived):
    assert Asset.objects.count() == life.finish(Rows()) == 76
    assert str(last_locked()) == "2026/1"
    land = Asset.objects.filter(card="A")
    assert 0 < land.exclude(certificate="").count() < land.count()
