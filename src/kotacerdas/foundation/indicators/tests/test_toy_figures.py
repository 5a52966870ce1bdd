"""What the toy program counts: a flow, and a stock at any date."""

from __future__ import annotations

from datetime import timedelta

import pytest
from toy.library.actions import book_shelve
from trials.cast import MONDAY

from kotacerdas.foundation.cases.actions import step_take
from kotacerdas.foundation.indicators.queries import check, figure
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def shelf(day) -> int:
    return figure("library.shelf", day, day).value


def test_loans_are_counted_on_their_day_for_their_agency(lend, count):
    lend(), lend()
    today = count()
    assert figure("library.lent", *today).value == 2
    assert figure("library.lent", *today, agencies=["PU"]).value == 0


def test_the_shelf_is_known_at_two_dates_and_restated_by_a_late_row(cast, lend, librarian, count):
    case, monday = lend(), clock.today()
    with clock.frozen(MONDAY + timedelta(days=3)):
        step_take(actor=librarian, case=case, step="return")
        thursday = count()[0]
    assert (shelf(monday), shelf(thursday)) == (1, 2)
    with clock.frozen(MONDAY + timedelta(days=4)):
        found = {"code": "L-1", "title": "Laut Bercerita", "copies": 5, "on": monday - timedelta(days=1)}
        book_shelve(actor=librarian, agency=cast.agency("PERPUS"), **found)
        count()
    assert (shelf(monday - timedelta(days=1)), shelf(monday), shelf(thursday)) == (3, 4, 5)
    assert check("library.shelf", monday, thursday).agrees
