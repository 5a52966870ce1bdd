"""Reports agree with the ledger, and with one another, to the rupiah."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import transaction

from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.actions.ledger import Line, events_append, state_on
from kotacerdas.programs.lada.books import replay, reports
from kotacerdas.programs.lada.depreciation import Semester
from kotacerdas.programs.lada.models import Asset
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
FIRST = date(2026, 1, 1)


def lived(seed: int, goods: int = 30, steps: int = 90) -> list[Asset]:
    """Goods with a life: what cannot follow is refused and leaves no trace."""
    dice = random.Random(seed)
    codes = (world.LAPTOP, world.MINIBUS, world.LAND)
    room = world.room()
    lines = [
        world.acquiring(
            on=FIRST + timedelta(days=dice.randrange(60)),
            amount=dice.randrange(10**9),
            data={
                "goods_code": dice.choice(codes),
                "agency": dice.choice(("PU", "KOMINFO")),
                "is_intra": dice.random() < 0.9,
            },
        )
        for _n in range(goods)
    ]
    with transaction.atomic():
        events_append(actor=world.office(), lines=lines)
    for _n in range(steps):
        asset = Asset.objects.order_by("nibar")[dice.randrange(goods)]
        kind, data, amount, back = dice.choice(
            [
                ("transfer", {"agency": dice.choice(("PU", "KOMINFO"))}, 0, None),
                ("capitalise", {}, dice.randrange(1, 10**8), None),
                ("reclassify", {"goods_code": dice.choice(codes)}, 0, None),
                ("correct", {"is_intra": dice.random() < 0.5}, dice.randrange(-(10**8), 10**8), None),
                ("move", {"room": str(room.id)}, 0, None),
                ("dispose", {"how": "sold"}, -asset.value, None),
                ("reverse", {}, 0, asset.last_number),
            ]
        )
        on = asset.last_on + timedelta(days=dice.randrange(20))
        line = Line(asset=asset.id, kind=kind, on=on, data=data, amount=amount, reverses=back)
        try:
            with transaction.atomic():
                events_append(actor=world.office(), lines=[line])
        except Invalid:
            continue
    return list(Asset.objects.all())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_report_agrees_with_a_fold_of_the_ledger(seed):
    assets = lived(seed)
    for day in (FIRST, date(2026, 2, 10), date(2026, 6, 30), date(2026, 12, 31)):
        states = [state for one in assets if (state := state_on(one, day)) is not None and state.is_active]
        for agencies in (None, {"PU"}, {"KOMINFO"}):
            value = sum(one.value for one in states if agencies is None or one.agency in agencies)
            [summed] = reports.summary(day, agencies)
            assert summed.sums["value"] == value
            assert summed.sums["intra"] + summed.sums["extra"] == value
            cards = [reports.kib(card, day, agencies) for card in reports.CARDS]
            assert sum(one.sums["price"] for one in cards) == value
            [moved, steps] = reports.mutation(FIRST, day, agencies)
            assert moved.sums["closing"] == value
            assert steps.sums["in"] - steps.sums["out"] == value - moved.sums["opening"]
        one = Semester(day.year, 1 if day.month <= 6 else 2)
        [figures] = reports.depreciation(one, None)
        at_end = [state for good in assets if (state := state_on(good, one.last)) and state.is_active]
        assert figures.sums["value"] == sum(state.value for state in at_end)
        assert figures.sums["accumulated"] + figures.sums["book"] == figures.sums["value"]
    register = Asset.objects.filter(is_active=True)
    assert reports.summary(date(2030, 1, 1), None)[0].sums["value"] == sum(one.value for one in register)


def test_a_transfer_goes_out_of_one_agency_and_into_the_other():
    asset = world.good()
    on = date(2026, 8, 1)
    with transaction.atomic():
        events_append(
            actor=world.office(),
            lines=[Line(asset=asset.id, kind="transfer", on=on, data={"agency": "KOMINFO"})],
        )
    found = replay.balances(on, on, None)
    out, into = found[("PU", "B")], found[("KOMINFO", "B")]
    assert (out.opening, out.moved["given"], out.closing, out.closing_n) == (8_000_000, -8_000_000, 0, 0)
    assert (into.opening, into.moved["received"], into.closing_n) == (0, 8_000_000, 1)
    assert out.is_even
    assert into.is_even
