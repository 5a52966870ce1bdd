"""A semester is locked once, in its turn, with a figure for every good, and takes no event afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from trials.cast import MONDAY

from kotacerdas.foundation.journal.models import Row as JournalRow
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.lada.actions import locking
from kotacerdas.programs.lada.actions.changes import reversal
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.actions.locking import period_lock
from kotacerdas.programs.lada.actions.periods import next_semester
from kotacerdas.programs.lada.depreciation import Semester
from kotacerdas.programs.lada.models import Depreciation, LifeRule, Period
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
FIRST, SECOND = Semester(2026, 1), Semester(2026, 2)
AFTER = MONDAY  # of November: the first semester is over, the second runs
LATER, LATEST = datetime(2027, 1, 4, 4, tzinfo=UTC), datetime(2027, 8, 2, 4, tzinfo=UTC)


def test_a_semester_is_locked_with_a_figure_for_every_good_and_sums_by_card():
    with clock.frozen(AFTER):
        laptop = world.good()
        land = world.good(amount=500_000_000, data={"goods_code": world.LAND, "name": "Tanah"})
        small = world.good(amount=400_000, data={"is_intra": False})
        old = world.good(
            kind="opening",
            on=date(2025, 12, 31),
            amount=140_000_000,
            accumulated=60_000_000,
            data={"goods_code": world.MINIBUS, "acquired_on": "2023-02-01"},
        )
        assert next_semester() == FIRST
        period = period_lock(actor=world.office(), one=FIRST)
    found = {one.asset_id: (one.amount, one.accumulated, one.book) for one in Depreciation.objects.all()}
    assert found == {
        laptop.id: (1_000_000, 1_000_000, 7_000_000),
        land.id: (0, 0, 500_000_000),
        small.id: (0, 0, 400_000),
        old.id: (10_000_000, 70_000_000, 70_000_000),
    }
    assert period.figures["B"] == {
        "n": 2,
        "value": 148_000_000,
        "amount": 11_000_000,
        "accumulated": 71_000_000,
        "book": 77_000_000,
    }
    assert period.figures["extra"]["value"] == 400_000
    assert JournalRow.objects.filter(verb="lada.period.lock").count() == 1


def test_only_the_next_one_is_locked_once_it_is_over_by_who_may():
    with clock.frozen(AFTER):
        world.good()
        with pytest.raises(Refused):
            period_lock(actor=world.officer(), one=FIRST)
        with pytest.raises(Invalid):
            period_lock(actor=world.office(), one=SECOND)
        period_lock(actor=world.office(), one=FIRST)
        assert next_semester() is None
        with pytest.raises(Conflict):
            period_lock(actor=world.office(), one=FIRST)
    with clock.frozen(LATEST):
        with pytest.raises(Conflict):
            period_lock(actor=world.office(), one=Semester(2027, 1))
        assert next_semester() == SECOND


def test_the_next_semester_goes_on_from_what_was_locked_and_a_locked_one_takes_no_event():
    with clock.frozen(AFTER):
        laptop = world.good()
        period_lock(actor=world.office(), one=FIRST)
        with pytest.raises(Conflict):
            world.done(
                "capitalise", Line(asset=laptop.id, kind="capitalise", on=date(2026, 6, 30), amount=700_000)
            )
        world.done(
            "capitalise", Line(asset=laptop.id, kind="capitalise", on=date(2026, 8, 1), amount=700_000)
        )
    with clock.frozen(LATER):
        period_lock(actor=world.office(), one=SECOND)
    after = Depreciation.objects.get(period__half=2)
    assert (after.amount, after.accumulated) == (1_100_000, 2_100_000)
    assert after.accumulated + after.book == 8_700_000
    whats = [one["what"] for one in after.lines]
    assert whats[0] == "price"
    assert {"capitalise", "so_far", "book_before", "life", "overhaul", "left", "amount", "book"} <= set(whats)


def test_a_disposal_that_is_taken_back_goes_on_from_what_was_locked_before_it():
    day = date(2026, 8, 1)
    with clock.frozen(AFTER):
        laptop = world.good()
        period_lock(actor=world.office(), one=FIRST)
        line = Line(asset=laptop.id, kind="dispose", on=day, data={"how": "sold"}, amount=-laptop.value)
        world.done("dispose", line)
    with clock.frozen(LATER):
        period_lock(actor=world.office(), one=SECOND)
        laptop.refresh_from_db()
        world.done("reverse", reversal(laptop, date(2027, 1, 2)))
        LifeRule.objects.filter(code="1.3.2.10").update(months=24)
    with clock.frozen(LATEST):
        period_lock(actor=world.office(), one=Semester(2027, 1))
    figure = Depreciation.objects.get(period__year=2027)
    assert figure.accumulated - figure.amount == 1_000_000  # as locked in the first semester


def test_a_good_without_a_rule_stops_the_lock_and_nothing_is_written():
    with clock.frozen(AFTER):
        world.good()
        LifeRule.objects.filter(code="1.3.2.10").delete()
        with pytest.raises(Invalid) as caught:
            period_lock(actor=world.office(), one=FIRST)
    assert caught.value.code == "no_rule"
    assert not Period.objects.exists()
    assert not Depreciation.objects.exists()


@pytest.mark.parametrize("table", ["lada_period", "lada_depreciation"])
def test_the_database_lets_no_locked_figure_be_changed(table):
    with clock.frozen(AFTER):
        world.good()
        period_lock(actor=world.office(), one=FIRST)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_batches_take_each_good_once_whatever_the_order_of_their_numbers(monkeypatch):
    monkeypatch.setattr(locking, "BATCH", 1)
    with clock.frozen(AFTER):
        goods = [
            world.good(asset=UUID(int=number)) for number in (3, 1, 2)
        ]  # numbered otherwise than by their ids
        period = period_lock(actor=world.office(), one=FIRST)
    found = Depreciation.objects.filter(period=period).values_list("asset", flat=True)
    assert sorted(found) == sorted(one.id for one in goods)


def test_nothing_is_locked_before_the_ledger_begins():
    with clock.frozen(AFTER):
        for asked in (FIRST, Semester(1900, 1)):
            with pytest.raises(Conflict):
                period_lock(actor=world.office(), one=asked)
        world.good()
        with pytest.raises(Conflict):
            period_lock(actor=world.office(), one=Semester(1900, 1))
        period_lock(actor=world.office(), one=FIRST)
    assert Period.objects.count() == 1
