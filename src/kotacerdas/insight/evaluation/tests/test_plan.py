"""The master plan by versions, and what programmes cost beside what they reach; unknown is never 0."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trials.cast import client_of

from kotacerdas.insight.evaluation.models import Budget, Programme
from kotacerdas.insight.evaluation.plan.actions import budget_set
from kotacerdas.insight.evaluation.plan.money import (
    Spending,
    absorption,
    cost_per_result,
    fault_of_amounts,
    fit,
    summed,
)
from kotacerdas.insight.evaluation.plan.queries import branches, costs, plan_of
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.kernel.errors import Invalid, Missing

amount = st.none() | st.integers(0, 10**12)


@given(
    amount,
    amount,
    amount,
    st.none() | st.decimals(0, 10**6, places=2),
    st.none() | st.decimals(1, 10**6, places=2),
)
def test_what_is_not_known_stays_unknown_through_every_sum(planned, revised, realised, results, target):
    money = Spending(planned=planned, revised=revised, realised=realised)
    if realised is None or money.budgeted is None:
        assert absorption(money) is None
        assert fit(money, results, target) is None
    if results is None or results == 0 or realised is None:
        assert cost_per_result(money, results) is None
    found = fit(money, results, target)
    if found is not None:
        assert found.needed >= 0
        assert found.fits == (found.needed <= money.budgeted - realised)


def test_the_rest_of_the_target_at_todays_cost_is_held_against_what_is_left():
    money = Spending(planned=900, revised=None, realised=780)
    found = fit(money, Decimal(1248), Decimal(1500))
    assert found.cost == Fraction(780, 1248)
    assert (found.remaining, found.needed, found.left, found.fits) == (252, 158, 120, False)


def test_a_sum_with_an_unknown_part_is_unknown():
    assert summed([1, None]) is None
    assert summed([]) is None
    assert summed([1, 0]) == 1


@pytest.mark.parametrize(
    ("amounts", "field"),
    [
        ((100, None, 101), "realised"),
        ((100, 50, 60), "realised"),
        ((-1, None, None), "planned"),
        ((1, 10**16, 1), "revised"),
    ],
)
def test_a_budget_below_its_realisation_is_refused(amounts, field):
    assert fault_of_amounts(*amounts)[0] == field


@pytest.mark.django_db
class TestInTheStore:
    def test_a_year_uses_the_version_in_force_then_and_old_ones_stay_readable(self, cast):
        assert plan_of(2021).code == "melati-1"
        assert plan_of(2026).code == "melati-2"
        assert plan_of(2026, "melati-1").vision in ("Melati maju", "Melati ahead")
        with pytest.raises(Missing):
            plan_of(2026, "melati-9")

    def test_a_new_version_says_what_is_new_and_what_changed(self, cast):
        found = {
            place.place.indicator.code: place.was
            for branch in branches(plan_of(2026), 2026)
            for _part, places in branch.parts
            for place in places
        }
        assert found == {"iceta.received": "changed", "iceta.resolved_share": "new"}

    def test_a_programmes_money_stands_beside_its_results(self, cast):
        cast.report()
        walk.caught_up()
        (found,) = costs(2026)
        assert found.spending.budgeted == 120_000_000
        assert found.absorbed == Fraction(3, 4)
        assert found.cost == 90_000_000
        (nothing,) = costs(2025)
        assert (nothing.absorbed, nothing.cost, nothing.spending.planned) == (None, None, None)

    def test_a_line_entered_in_the_page_is_read_as_the_language_writes_it(self, cast):
        client = client_of(walk.planner().user)
        client.cookies["lang"] = "id"
        line = {
            "year": "2026",
            "programme": "iceta",
            "activity": "2.16.03.2.02.0002",
            "account": "5.1.02.01",
            "planned": "Rp1.500.000",
            "source": "DPA 2026",
        }
        assert client.post("/desk/evaluasi/anggaran/", line).status_code == 302
        stored = Budget.objects.get(activity="2.16.03.2.02.0002")
        assert (stored.planned, stored.revised, stored.realised) == (1_500_000, None, None)
        wrong = client.post(
            "/desk/evaluasi/anggaran/", {**line, "realised": "2.000.000", "planned": "1.500.000"}
        )
        assert wrong.status_code == 422
        assert "realisasi melebihi anggaran" in wrong.content.decode()
        stored.refresh_from_db()
        assert stored.realised is None

    def test_all_that_is_wrong_is_told_together(self, cast):
        with pytest.raises(Invalid) as refused:
            budget_set(
                actor=walk.planner(),
                programme=Programme.objects.get(code="iceta"),
                year=1999,
                activity="abc",
                account="",
                planned=1,
                revised=None,
                realised=2,
                source="",
            )
        assert set(refused.value.fields) == {"year", "activity", "account", "realised", "source"}
