"""The price before the order, and tariffs that a pack may not have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotacerdas.kernel.errors import Invalid, Unavailable
from kotacerdas.programs.gopal import tariff
from kotacerdas.programs.gopal.models import TariffRow
from kotacerdas.programs.gopal.pack import PriceRow, load_tariff

DAY = date(2026, 1, 1)
NEAR = PriceRow(
    valid_from=DAY,
    tank_class="house",
    zone=1,
    from_m=0,
    to_m=10_000,
    base_l=2000,
    price=225_000,
    extra_per_m3=50_000,
    article="Pasal 00 (contoh)",
)
FAR = replace(NEAR, zone=2, from_m=10_000, to_m=30_000, price=275_000)


def price(litres: int, metres: int = 4800) -> int:
    return tariff.quote_by([NEAR, FAR], tank_class="house", distance_m=metres, litres=litres).price


def test_the_price_is_class_by_distance_by_litres():
    assert [price(1), price(1800), price(2000)] == [225_000] * 3
    assert price(2001) == price(3000) == 275_000  # each cubic metre begun
    assert price(3001) == 325_000
    assert price(2000, 9_999) == 225_000
    assert price(2000, 10_000) == 275_000


def test_what_the_tariff_does_not_have_is_refused_with_a_way_out():
    with pytest.raises(Invalid) as caught:
        price(2000, 30_000)
    assert (caught.value.code, bool(caught.value.remedy)) == ("too_far", True)
    with pytest.raises(Invalid):
        tariff.quote_by([NEAR], tank_class="hotel", distance_m=1, litres=1)
    with pytest.raises(Invalid):
        price(0)


def flaws(*rows: PriceRow) -> list[str]:
    return [str(message) for _row, message in tariff.flaws(rows, ["house"])]


def test_a_gap_an_overlap_and_a_class_left_out_are_named():
    assert flaws(NEAR, FAR) == []
    for row, metres in (
        (replace(FAR, from_m=12_000), {"10000", "12000"}),
        (replace(FAR, from_m=8_000), {"8000", "10000"}),
    ):
        assert metres <= set(flaws(NEAR, row)[0].split())
    assert {"0", "10000"} <= set(flaws(FAR)[0].split())
    assert "house" in flaws(replace(NEAR, tank_class="shop"))[0]
    assert flaws(replace(NEAR, to_m=0))
    assert flaws(NEAR, replace(FAR, valid_from=date(2027, 1, 1)))  # a tariff of its own, that begins at 10 km


@settings(max_examples=60)
@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=6, unique=True), st.integers(0, 70_000))
def test_a_tariff_without_flaws_has_one_price_for_each_distance(ends, metres):
    ends = sorted(ends)
    rows = [
        replace(NEAR, from_m=begin, to_m=end, zone=zone)
        for zone, (begin, end) in enumerate(zip([0, *ends], ends, strict=False), 1)
    ]
    assert flaws(*rows) == []
    fits = [one for one in rows if one.from_m <= metres < one.to_m]
    if metres < ends[-1]:
        [row] = fits
        assert tariff.quote_by(rows, tank_class="house", distance_m=metres, litres=1).zone == row.zone
    else:
        assert fits == []


@pytest.mark.django_db
def test_the_tariff_of_the_day_holds_and_rows_that_the_pack_lost_are_gone():
    TariffRow.objects.all().delete()
    pack = SimpleNamespace()
    next_year = [replace(one, valid_from=date(2027, 1, 1), price=one.price * 2) for one in (NEAR, FAR)]
    load_tariff([NEAR, FAR, *next_year], pack)
    asked = {"tank_class": "house", "distance_m": 100, "litres": 2000}
    assert tariff.quote(**asked, on=date(2026, 12, 31)).price == 225_000
    assert tariff.quote(**asked, on=date(2027, 1, 1)).price == 450_000
    with pytest.raises(Unavailable):
        tariff.quote(**asked, on=date(2025, 12, 31))
    counts = load_tariff([replace(NEAR, to_m=30_000)], pack)
    assert (counts.changed, counts.closed) == (1, 3)
    assert TariffRow.objects.count() == 1
