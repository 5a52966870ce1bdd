"""Sums by year are what the days add up to: after more rows, after late ones, after a rebuild, after a moved clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from trials.cast import MONDAY

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.indicators.queries import figure
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.insight.evaluation.yearly import figure_of_year
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions as reports

pytestmark = pytest.mark.django_db


def agree():
    for code in indicators():
        by_days = figure(code, date(2026, 1, 1), clock.today())
        found = figure_of_year(code, 2026)
        if found is None:
            assert (by_days.numerator, by_days.denominator) == (0, 0)
        else:
            assert (found.numerator, found.denominator, found.value) == (
                by_days.numerator,
                by_days.denominator,
                by_days.value,
            )


def test_a_year_is_the_sum_of_its_days_whatever_comes(cast):
    assert figure_of_year("iceta.received", 2026) is None
    filed = cast.verified()
    walk.caught_up()
    agree()
    reports.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Sudah diganti")
    cast.report(phone="0813-9999-1111")
    walk.caught_up()
    agree()
    assert figure_of_year("iceta.received", 2026).numerator == 2
    engine.rebuild()
    cast.report(phone="0813-9999-2222")
    walk.caught_up()
    agree()
    assert figure_of_year("iceta.received", 2026).numerator == 3


def test_with_the_clock_moved_back_days_to_come_do_not_count(cast):
    cast.report()
    with clock.frozen(MONDAY + timedelta(days=3)):
        cast.report(phone="0813-9999-3333")
    walk.caught_up()
    assert figure_of_year("iceta.received", 2026).numerator == 1
    agree()
