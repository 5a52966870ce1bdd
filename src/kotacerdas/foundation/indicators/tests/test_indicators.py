"""Figures of invented indicators: large sums, stocks at a date, one indicator counted anew while others stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.db import transaction

from kotacerdas.foundation.indicators import declarations, engine, recount
from kotacerdas.foundation.indicators.declarations import Contribution, Fact, Indicator
from kotacerdas.foundation.indicators.models import Contributed, Counted, Parked
from kotacerdas.foundation.indicators.queries import check, figure, figures, missing_rows
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.journal.actions import append
from kotacerdas.insight.evaluation.yearly import figure_of_year
from kotacerdas.kernel import ids

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def paid(fact: Fact):
    return [Contribution(day=fact.day, agency="PU", area="", numerator=fact.measures["rupiah"])]


def paid_twice(fact: Fact):
    return [replace(one, numerator=2 * one.numerator) for one in paid(fact)]


def shelved(fact: Fact):
    return [Contribution(day=fact.coded_day("on"), agency="PU", area="", numerator=fact.measures["books"])]


PAID = Indicator(
    code="toy.paid", kind="flow", verbs=frozenset({"toy.loan.pay"}), contribute=paid, terms=("", "")
)
SHELF = Indicator(
    code="toy.shelf", kind="stock", verbs=frozenset({"toy.book.shelve"}), contribute=shelved, terms=("", "")
)


@pytest.fixture
def declared(monkeypatch):
    """Declares these indicators alone."""

    def declare(*given: Indicator) -> None:
        monkeypatch.setattr(declarations, "discover", lambda name: [SimpleNamespace(INDICATORS=given)])
        declarations.indicators.cache_clear()
        declarations.by_verb.cache_clear()

    declare(PAID, SHELF)
    yield declare
    monkeypatch.undo()
    declarations.indicators.cache_clear()
    declarations.by_verb.cache_clear()


def happened(verb: str, day: date = DAY, *, codes=None, **measures) -> None:
    """A sealed and counted row of that day."""
    with transaction.atomic():
        append(
            verb=verb,
            subject=("toy.loan", ids.new_id()),
            actor="system",
            codes=codes or {},
            measures=measures,
            occurred_at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        )
    while sealer.seal_batch():
        pass
    while engine.follow_batch():
        pass


def test_three_billion_rupiah_are_counted(declared):
    happened("toy.loan.pay", rupiah=3_000_000_000)
    happened("toy.loan.pay", rupiah=3_000_000_000)
    assert figure("toy.paid", *YEAR).numerator == 6_000_000_000
    assert figure_of_year("toy.paid", 2026).numerator == 6_000_000_000


def test_what_is_out_of_all_range_is_parked_for_its_indicator_alone(declared):
    happened("toy.loan.pay", rupiah=2 * 10**15)
    happened("toy.book.shelve", books=3)
    assert missing_rows("toy.paid") == 1
    assert figure("toy.shelf", *YEAR).value == 3


def test_a_stock_is_the_value_at_a_date_and_a_late_row_restates_it(declared):
    happened("toy.book.shelve", date(2025, 12, 1), books=100)
    happened("toy.book.shelve", date(2026, 3, 10), books=-30)
    march, june = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 6, 1), date(2026, 6, 30))
    assert figure("toy.shelf", date(2025, 12, 1), date(2025, 12, 31)).value == 100
    assert [figure("toy.shelf", *span).value for span in (march, june)] == [70, 70]
    assert figure("toy.shelf", date(2025, 1, 1), date(2025, 11, 30)).value == 0
    happened("toy.book.shelve", date(2026, 7, 1), codes={"on": "2026-02-01"}, books=5)
    assert [figure("toy.shelf", *span).value for span in (march, june)] == [75, 75]
    assert figure_of_year("toy.shelf", 2025).value == 100
    assert figure_of_year("toy.shelf", 2026).value == 75


def test_a_stock_by_month_stands_where_nothing_changed(declared):
    happened("toy.book.shelve", date(2025, 12, 1), books=100)
    happened("toy.book.shelve", date(2026, 3, 10), books=-30)
    months = figures("toy.shelf", date(2026, 1, 1), date(2026, 4, 30), by="month")
    assert [one.value for one in months.values()] == [100, 100, 70, 70]
    assert next(iter(months)) == "2026-01"


def test_a_stock_is_checked_against_its_rows(declared):
    happened("toy.book.shelve", date(2025, 12, 1), books=100)
    happened("toy.book.shelve", date(2026, 3, 10), books=-30)
    found = check("toy.shelf", *YEAR)
    assert found.agrees
    assert (found.rows, found.anew.value) == (2, 70)


def test_a_changed_formula_is_counted_anew_alone(declared):
    happened("toy.loan.pay", rupiah=1000)
    happened("toy.book.shelve", books=3)
    kept = set(Contributed.objects.filter(indicator="toy.shelf").values_list("id", flat=True))
    assert figure_of_year("toy.paid", 2026).numerator == 1000
    assert recount.outdated() == []
    declared(replace(PAID, version=2, contribute=paid_twice), SHELF)
    assert recount.outdated() == ["toy.paid"]
    assert recount.recount_outdated() == 1
    assert recount.outdated() == []
    assert figure("toy.paid", *YEAR).numerator == 2000
    assert figure_of_year("toy.paid", 2026).numerator == 2000
    assert figure_of_year("toy.shelf", 2026).numerator == 3
    assert set(Contributed.objects.filter(indicator="toy.shelf").values_list("id", flat=True)) == kept
    happened("toy.loan.pay", rupiah=10)
    assert figure_of_year("toy.paid", 2026).numerator == 2020


def test_what_is_sealed_but_not_followed_yet_is_counted_once(declared):
    happened("toy.loan.pay", rupiah=1000)
    with transaction.atomic():
        append(
            verb="toy.loan.pay", subject=("toy.loan", ids.new_id()), actor="system", measures={"rupiah": 500}
        )
    while sealer.seal_batch():
        pass
    declared(replace(PAID, version=2))
    recount.recount_outdated()
    while engine.follow_batch():
        pass
    assert Contributed.objects.filter(indicator="toy.paid").count() == 2


def test_an_indicator_that_cannot_be_counted_holds_up_no_other(declared):
    def broken(fact: Fact):
        raise ValueError

    happened("toy.loan.pay", rupiah=1000)
    happened("toy.book.shelve", books=3)
    declared(replace(PAID, version=2, contribute=broken), replace(SHELF, version=2))
    assert recount.recount_outdated() == 2
    assert missing_rows("toy.paid") == 1
    assert figure("toy.shelf", *YEAR).value == 3


def test_an_indicator_that_comes_back_counts_what_was_sealed_meanwhile(declared):
    happened("toy.loan.pay", rupiah=1000)
    declared(SHELF)
    recount.recount_outdated()
    happened("toy.loan.pay", rupiah=10)
    declared(PAID, SHELF)
    assert recount.outdated() == ["toy.paid"]
    recount.recount_outdated()
    assert figure("toy.paid", *YEAR).numerator == 1010


def test_a_rebuild_of_all_begins_the_sums_by_year_again(declared):
    happened("toy.loan.pay", rupiah=1000)
    assert figure_of_year("toy.paid", 2026).numerator == 1000
    before = engine.generation()
    engine.rebuild()
    assert engine.generation() > before
    assert figure_of_year("toy.paid", 2026).numerator == 1000
    assert Counted.objects.count() == 2
    assert not Parked.objects.exists()


def test_one_that_goes_while_another_changes_begins_the_sums_again(declared):
    happened("toy.loan.pay", rupiah=5)
    happened("toy.book.shelve", books=3)
    assert figure_of_year("toy.paid", 2026).numerator == 5
    declared(replace(PAID, version=2, contribute=paid_twice))
    recount.recount_outdated()
    assert figure_of_year("toy.paid", 2026).numerator == 10
