"""The demo of goods, in small: opened, approved, and a semester locked, the next one open."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from kotacerdas.foundation.documents.models import Document
from kotacerdas.kernel import clock
from kotacerdas.kernel.timeline import Timeline
from kotacerdas.programs.lada.actions.periods import last_locked
from kotacerdas.programs.lada.demo import life
from kotacerdas.programs.lada.demo.declarations import ChangeRow, KindRow, RoomRow
from kotacerdas.programs.lada.demo.stage import Stage
from kotacerdas.programs.lada.models import Asset, Change, Event, Finding, Notice, Session
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.tests import world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 14, tzinfo=clock.local_zone())
KINDS = (
    (world.LAND, "Tanah kantor", 12, 40_000_000, 900_000_000, {"stands": "village", "picture": "land"}),
    (world.LAPTOP, "Laptop 14 inci", 20, 6_000_000, 14_000_000, {"stands": "room", "picture": "laptop"}),
    (world.MINIBUS, "Minibus", 6, 190_000_000, 330_000_000, {"prefix": "E", "picture": "car"}),
)


def _change(kind: str, code: str, count: int, days: int, **more: Any) -> ChangeRow:
    return ChangeRow(agency="PU", kind=kind, goods_code=code, count=count, days=days, **more)


CHANGES = (
    _change("certify", world.LAND, 2, 200),
    _change("hand_over", world.MINIBUS, 1, 12, to="Sopir (contoh)", is_paper=True),
    _change("transfer", world.MINIBUS, 1, 9, to="KOMINFO"),
    _change("transfer", world.MINIBUS, 2, 4, to="KOMINFO", ends="approved"),
    _change("acquire", world.LAPTOP, 3, 3, name="Laptop", amount=9_000_000, ends="proposed"),
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
        return {"asset_kinds": kinds, "asset_rooms": rooms, "asset_changes": CHANGES}[section]


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
    assert Event.objects.filter(kind="certify", on=date(2026, 5, 14)).count() == 2
    assert Asset.objects.filter(has_photo=True).exists()
    assert Asset.objects.filter(has_label=False, card="B").exists()


def test_a_car_is_in_custody_by_an_act_one_change_waits_for_its_approver_and_one_for_its_receiver(lived):
    assert Document.objects.get(kind="lada.hand_over")
    assert Asset.objects.exclude(holder=None).get().goods_code == world.MINIBUS
    waiting = Change.objects.filter(case__state__in=("proposed", "approved")).values_list(
        "kind", "case__state"
    )
    assert sorted(waiting) == [("acquire", "proposed"), ("transfer", "approved")]
    assert Event.objects.get(kind="transfer").agency.code == "KOMINFO"
    assert Notice.objects.filter(read_at=None).count() == 1


def test_two_teams_are_at_a_stocktake_and_a_closed_one_left_findings(lived):
    running, closed = Session.objects.get(state="open"), Session.objects.get(state="closed")
    assert len(set(running.scans.values_list("by", flat=True))) == 2
    sums = counting.sums(counting.results(running))
    assert sums["found"] > 10
    assert sums["unexpected"] == 1
    assert Finding.objects.filter(session=closed, case__closed_at=None).exists()


def test_the_same_day_gives_the_same_goods(cast):
    rows = [_rows() for _number in range(2)]
    assert rows[0] == rows[1]


def _rows() -> list[dict[str, Any]]:
    stage = Stage(timeline=Timeline(NOW, Random(1)), rooms=(), kinds=Rows().of("asset_kinds"))
    return [row for agency in stage.agencies for row in stage.rows(agency)]


@pytest.mark.parametrize(("month", "day", "locked"), [(1, 5, "2026/2"), (7, 2, "2027/1")])
def test_on_any_day_of_the_year_a_semester_is_locked_and_the_next_is_open(cast, month, day, locked):
    now = datetime(2027, month, day, 14, tzinfo=clock.local_zone())
    timeline = Timeline(now, Random(1))
    life.begin(Rows(), timeline)
    timeline.run(lambda: None)
    assert str(last_locked()) == locked
    assert not Event.objects.filter(on__gt=now.date()).exists()
    assert Change.objects.filter(case__state__in=("proposed", "approved")).count() == 2
