"""Attainment as arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.insight.evaluation.scores import Attained, attainment, band, dimension_mean

POSITIVE = st.decimals(min_value="0.01", max_value="1000000", places=2)


@pytest.mark.parametrize(
    ("actual", "target", "direction", "expected"),
    [
        ("94.5", "95", "more", "99.47"),
        ("120", "100", "more", "120.00"),
        ("0", "100", "more", "0.00"),
        ("8", "5", "less", "40.00"),
        ("4", "5", "less", "120.00"),
        ("30", "5", "less", "0.00"),
    ],
)
def test_attainment_follows_the_rule(actual, target, direction, expected):
    found = attainment(Decimal(actual), Decimal(target), direction)
    assert round(found, 2) == Decimal(expected)


@pytest.mark.parametrize(
    ("actual", "target", "direction"),
    [(None, Decimal(5), "more"), (Decimal(5), None, "more"), (Decimal(5), Decimal(5), "neutral")],
)
def test_what_cannot_be_judged_is_not_assessed_and_never_zero(actual, target, direction):
    assert attainment(actual, target, direction) is None


@given(POSITIVE)
def test_reaching_the_target_exactly_is_a_hundred_either_way(target):
    assert attainment(target, target, "more") == attainment(target, target, "less") == 100


@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=1, max_size=6))
def test_a_mean_lies_within_its_capped_parts(parts):
    mean = dimension_mean(Attained(percent=percent, weight=weight) for percent, weight in parts)
    capped = [min(percent, Decimal(100)) for percent, _ in parts]
    assert min(capped) - Decimal("0.0001") <= mean <= max(capped) + Decimal("0.0001")


def test_over_attainment_does_not_make_up_for_a_shortfall():
    assert dimension_mean([Attained(percent=Decimal(300)), Attained(percent=Decimal(50))]) == 75


def test_unassessed_parts_do_not_pull_the_mean_down():
    assert dimension_mean([Attained(percent=None), Attained(percent=Decimal(80))]) == 80
    assert dimension_mean([Attained(percent=None)]) is None


@pytest.mark.parametrize(
    ("percent", "name"), [(90, "good"), (89.9, "fair"), (70, "fair"), (69, "poor"), (None, "none")]
)
def test_bands_begin_where_the_pack_says(percent, name):
    assert band(None if percent is None else Decimal(str(percent)), 90, 70) == name
