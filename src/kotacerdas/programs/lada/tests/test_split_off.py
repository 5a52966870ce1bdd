"""A part that is split off takes its share of what was depreciated, and goes on as its whole does."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from trials.cast import MONDAY, client_of

from kotacerdas.kernel import clock
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.actions.locking import period_lock
from kotacerdas.programs.lada.depreciation import Semester
from kotacerdas.programs.lada.models import Asset, Change, Depreciation
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
FIRST, SECOND = Semester(2026, 1), Semester(2026, 2)
LATER = datetime(2027, 1, 4, 4, tzinfo=UTC)


def split(asset: Asset, amount: int, on: date) -> Asset:
    """The part, once its split was proposed by its form and approved."""
    given = {"on": on.isoformat(), "nibar": asset.nibar, "name": "Bagian", "amount": str(amount)}
    answer = client_of(world.officer().user).post(reverse("lada:propose", args=["split"]), given)
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    changes.change_approve(actor=world.office(), case=Change.objects.get(kind="split").case)
    return Asset.objects.get(origin="split")


def figures(one: Semester) -> dict[object, tuple[int, int, int]]:
    rows = Depreciation.objects.filter(period__year=one.year, period__half=one.half)
    return {row.asset_id: (row.amount, row.accumulated, row.book) for row in rows}


@pytest.mark.parametrize("day", [date(2026, 8, 1), date(2026, 12, 31)])
@pytest.mark.parametrize("is_locked", [True, False])
def test_whole_and_part_together_lose_what_the_whole_would_have_lost(day, is_locked):
    with clock.frozen(MONDAY):
        car = world.good(on=date(2026, 1, 5))
        if is_locked:
            period_lock(actor=world.office(), one=FIRST)
    with clock.frozen(LATER):
        part = split(car, 6_000_000, day)
        if not is_locked:
            period_lock(actor=world.office(), one=FIRST)
        period_lock(actor=world.office(), one=SECOND)
    assert figures(FIRST) == {car.id: (1_000_000, 1_000_000, 7_000_000)}
    assert figures(SECOND) == {
        car.id: (250_000, 500_000, 1_500_000),
        part.id: (750_000, 1_500_000, 4_500_000),
    }


def test_a_part_of_an_old_good_never_gives_depreciation_back():
    with clock.frozen(MONDAY):
        old = world.good(on=date(2023, 1, 5))  # 8 semesters, 7 of them over: 7 million of 8
        part = split(old, 6_000_000, date(2026, 8, 1))
        period_lock(actor=world.office(), one=FIRST)
    with clock.frozen(LATER):
        period_lock(actor=world.office(), one=SECOND)
    assert figures(SECOND) == {old.id: (250_000, 2_000_000, 0), part.id: (750_000, 6_000_000, 0)}


def test_a_part_of_an_overhauled_good_lasts_as_long_as_its_whole():
    with clock.frozen(MONDAY):
        car = world.good(on=date(2023, 1, 5), amount=140_000_000, data={"goods_code": world.MINIBUS})
        world.done(
            "capitalise", Line(asset=car.id, kind="capitalise", on=date(2026, 2, 1), amount=70_000_000)
        )
        period_lock(actor=world.office(), one=FIRST)
        part = split(car, 105_000_000, date(2026, 8, 1))
    with clock.frozen(LATER):
        period_lock(actor=world.office(), one=SECOND)
    found = figures(SECOND)
    assert found[car.id][0] == found[part.id][0] == 5_357_142
