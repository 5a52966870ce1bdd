"""What the toy program counts: a flow, a stock at any date, a figure of the wall."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from toy.library.actions import book_shelve
from trials.cast import MONDAY, client_of

from kotacerdas.foundation.cases.actions import step_take
from kotacerdas.foundation.indicators.queries import check, figure
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.insight.commandcenter import figures as wall
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


def test_the_wall_shows_its_figure_where_the_pack_names_it(librarian, lend):
    lend()
    tile = wall.declared()["library.lent"].tile(librarian.grants, clock.now())
    assert (str(tile.label), tile.value) == ("Buku dipinjam", 1)


def test_the_figure_counts_what_its_viewer_may_see(cast, lend):
    lend()
    assert wall.declared()["library.lent"].tile(staff(cast.rudi).grants, clock.now()).value == 0


def test_the_evaluation_knows_its_indicators_by_the_pack(cast, lend, count):
    lend()
    count()
    team = client_of(cast.officer_of("BAPPEDA", "planner"))
    html = team.get(reverse("evaluation:score", args=[clock.today().year, "library.lent"])).text
    assert "Buku dipinjam" in html
