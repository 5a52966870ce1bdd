"""Land certified in a year is counted as it was published; certified land at a date follows the books."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from trials.cast import seat

from kotacerdas.foundation.indicators.declarations import Fact
from kotacerdas.foundation.journal.models import Row
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.indicators import INDICATORS
from kotacerdas.programs.lada.models import Asset
from kotacerdas.programs.lada.tests import world
from kotacerdas.programs.lada.wall_figures import certified

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
MAY = date(2026, 5, 4)


def counted() -> tuple[list[int], Counter[str]]:
    """Parcels and rupiah as flows, then as stocks; and certified rupiah by agency."""
    sums: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for place, row in enumerate(Row.objects.filter(subject_kind="lada.asset").order_by("recorded_at", "id")):
        fact = Fact(
            position=place,
            verb=row.verb,
            subject_id=row.subject_id,
            occurred_at=row.occurred_at,
            day=clock.local_day(row.occurred_at),
            codes=row.codes,
            measures=row.measures,
            payload=row.payload,
        )
        for one in INDICATORS:
            for each in one.contribute(fact) if row.verb in one.verbs else ():
                sums[one.code] += each.numerator
                of[each.agency] += each.numerator if one.code == "lada.value_certified_at" else 0
    names = ("parcels_certified", "value_certified", "parcels_certified_at", "value_certified_at")
    return [sums[f"lada.{name}"] for name in names], of


def certify(asset: Asset) -> None:
    line = Line(asset=asset.id, kind="certify", on=MAY, data={"certificate": "HP 12"})
    world.done("certify", line)
    asset.refresh_from_db()


def test_land_is_certified_and_taken_back_and_sold():
    land = world.good(amount=500, data={"goods_code": world.LAND, "name": "Tanah"})
    world.good(
        amount=40, data={"goods_code": world.LAND, "certificate": "HP 1", "certified_on": "2019-01-01"}
    )
    assert counted()[0] == [0, 0, 1, 40]
    certify(land)
    assert counted()[0] == [1, 500, 2, 540]
    assert "2" in str(certified(None, clock.now()).value)
    world.done("reverse", changes.reversal(land, MAY))
    assert counted()[0] == [0, 0, 1, 40]
    land.refresh_from_db()
    certify(land)
    certify(land)  # another paper for the same parcel
    world.done("dispose", Line(asset=land.id, kind="dispose", on=MAY, amount=-500, data={"how": "sold"}))
    assert counted()[0] == [1, 500, 1, 40]


def test_a_certified_parcel_goes_along_with_its_agency():
    land = world.good(amount=500, data={"goods_code": world.LAND, "name": "Tanah"})
    certify(land)
    opened = changes.change_propose(
        actor=world.officer(),
        agency=world.agency(),
        kind="transfer",
        lines=[Line(asset=land.id, kind="transfer", on=MAY, data={"agency": "KOMINFO"})],
        to_agency=world.agency("KOMINFO"),
    )
    changes.change_approve(actor=world.office(), case=opened.case)
    changes.change_accept(actor=world.officer("ratna", "KOMINFO"), case=opened.case)
    sums, of = counted()
    assert sums == [1, 500, 1, 500]
    assert (of["PU"], of["KOMINFO"]) == (0, 500)


def test_the_packs_wall_shows_certified_parcels_under_the_channels(cast, client):
    user = seat("piket", "KOMINFO", "duty_officer")
    user.is_demo = True
    user.save()
    client.force_login(user)
    client.cookies["lang"] = "en"
    page = client.get("/dinding/").content.decode()
    assert page.index("Channels, last 7 days") < page.index("Certified land")
    assert "of 0 in the books" in page


@pytest.mark.parametrize("given", [{"certificate": "HP 7"}, {"certified_on": "2019-01-01"}])
def test_the_wall_and_the_stock_call_the_same_parcels_certified(given):
    world.good(amount=40, data={"goods_code": world.LAND, **given})
    tile = certified(None, clock.now())
    assert counted()[0][2] == int(tile.value)
