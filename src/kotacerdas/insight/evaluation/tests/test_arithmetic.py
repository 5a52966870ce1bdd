"""The arithmetic of an instrument, held by published figures and by properties of any weights and any gaps."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotacerdas.insight.evaluation.closing import verify
from kotacerdas.insight.evaluation.instruments.arithmetic import (
    Scoring,
    bounds,
    class_of,
    index_of,
    rounded,
    settle,
    with_other_weight,
)
from kotacerdas.insight.evaluation.survey.arithmetic import satisfaction

MEASURES = ("baseline", "output", "outcome", "impact", "quick_win")
NINE = (
    "requirements",
    "procedure",
    "time",
    "cost",
    "product",
    "competence",
    "conduct",
    "complaints",
    "facilities",
)
CLASSES = (
    ("A", Decimal("88.31"), Decimal(100)),
    ("B", Decimal("76.61"), Decimal("88.30")),
    ("C", Decimal(65), Decimal("76.60")),
    ("D", Decimal(25), Decimal("64.99")),
)


def panel(*weights: int, rounding: str = "down") -> Scoring:
    return Scoring(
        weights={code: Fraction(weight, 100) for code, weight in zip(MEASURES, weights, strict=True)},
        low=Fraction(1),
        high=Fraction(4),
        step=Fraction(1, 2),
        rounding=rounding,
    )


IKM = Scoring(
    weights={code: Fraction(1, 9) for code in NINE},
    low=Fraction(1),
    high=Fraction(4),
    step=Fraction(1),
    factor=Fraction(25),
    classes=CLASSES,
    other_weight=Fraction("0.111"),
)


def test_kediris_measures_of_2022_give_3_315_published_as_3_31():
    published = dict(zip(MEASURES, ("3.60", "3.21", "3.23", "3.07", "3.65"), strict=True))
    cells = {(code, "whole"): Fraction(value) for code, value in published.items()}
    found = index_of(panel(10, 20, 30, 20, 20), cells)
    assert found.index == Fraction("3.315")
    assert rounded(found.index, 2, "down") == Decimal("3.31")
    assert rounded(found.index, 2, "half_up") == Decimal("3.32")


def test_the_ikm_is_shown_with_one_ninth_and_with_0_111():
    found = satisfaction(IKM, [dict.fromkeys(NINE, 4)] * 60, served=500)
    assert found.index == 100
    assert found.other == Fraction("99.9")
    assert (found.category, found.is_enough, found.margin) == ("A", True, 0.0)


def test_fewer_than_fifty_answers_say_so_and_none_give_no_index():
    assert not satisfaction(IKM, [dict.fromkeys(NINE, 3)] * 49, served=80).is_enough
    nothing = satisfaction(IKM, [], served=80)
    assert (nothing.index, nothing.other, nothing.category, nothing.margin) == (None, None, "", None)


@pytest.mark.parametrize(
    ("value", "code"), [("88.305", "A"), ("88.304", "B"), ("76.605", "B"), ("64.995", "C"), ("64.994", "D")]
)
def test_an_index_is_rounded_before_it_is_classed(value, code):
    assert class_of(IKM, Fraction(value)) == code


def test_a_class_is_found_for_every_rounded_index():
    for hundredths in range(2500, 10001):
        assert class_of(IKM, Fraction(hundredths, 100))


@pytest.mark.parametrize(
    ("values", "kind", "value"),
    [
        ("3 3 3 3", "same", "3"),
        ("3 3 3.5 3", "mean", "3.125"),
        ("2.5 3 2.5 3", "mean", "2.75"),
        ("2 3 3 3", "open", None),
        ("1 4 1 4", "open", None),
    ],
)
def test_equal_and_half_step_items_settle_themselves(values, kind, value):
    found = settle([Fraction(one) for one in values.split()], Fraction(1, 2))
    assert (found.kind, found.value) == (kind, None if value is None else Fraction(value))


@st.composite
def weights(draw):
    """Five whole weights that sum to 100, each at least 1."""
    cuts = sorted(draw(st.lists(st.integers(1, 95), min_size=4, max_size=4)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 96], strict=True)]
    given = [max(0, part) + 1 for part in parts]
    return (*given[:4], 100 - sum(given[:4]))


cells = st.dictionaries(
    st.tuples(st.sampled_from(MEASURES), st.sampled_from("abcdef")),
    st.none() | st.integers(2, 8).map(lambda half: Fraction(half, 2)),
    max_size=30,
)


@given(weights(), cells)
@settings(max_examples=200)
def test_any_weights_and_any_missing_items_keep_the_index_in_its_range_and_count_what_is_missing(
    given_weights, table
):
    scoring = panel(*given_weights)
    found = index_of(scoring, table)
    known = [value for value in table.values() if value is not None]
    assert (found.assessed, found.total) == (len(known), len(table))
    if not known:
        assert found.index is None  # never a silent 0
        assert all(value is None for value in (*found.measures.values(), *found.dimensions.values()))
    else:
        assert min(known) <= found.index <= max(known)
        assert 1 <= found.index <= 4
    for value in (*found.measures.values(), *found.dimensions.values()):
        assert value is None or 1 <= value <= 4


@given(weights(), cells)
@settings(max_examples=100)
def test_what_is_still_open_lies_between_its_bounds(given_weights, table):
    scoring = panel(*given_weights)
    known = {cell: value for cell, value in table.items() if value is not None}
    if not known:
        return
    pairs = {
        cell: (max(Fraction(1), value - 1), min(Fraction(4), value + 1)) for cell, value in known.items()
    }
    low, high = bounds(scoring, pairs)
    assert low <= index_of(scoring, known).index <= high


@given(
    st.fractions(0, 100, max_denominator=10_000),
    st.integers(0, 4),
    st.sampled_from(["down", "half_up", "half_even"]),
)
@settings(max_examples=300)
def test_our_rounding_is_decimals_and_the_verifiers(value, places, rounding):
    import decimal

    modes = {
        "down": decimal.ROUND_DOWN,
        "half_up": decimal.ROUND_HALF_UP,
        "half_even": decimal.ROUND_HALF_EVEN,
    }
    found = rounded(value, places, rounding)
    assert found == verify.rounded(value, places, rounding)
    with decimal.localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        assert found == exact.quantize(Decimal(1).scaleb(-places), rounding=modes[rounding])


@given(st.lists(st.dictionaries(st.sampled_from(NINE), st.integers(1, 4)), max_size=80), st.integers(0, 200))
@settings(max_examples=100)
def test_any_answers_keep_the_ikm_between_25_and_100_and_its_margin_honest(answers, served):
    found = satisfaction(IKM, answers, served)
    assert found.answers == len(answers)
    if any(answers):
        assert 25 <= found.index <= 100
    else:
        assert found.index is None
    assert found.margin is None or 0 <= found.margin < 75
    complete = all(value is not None for value in found.elements.values())
    assert (found.other is not None) == complete
    if complete:
        assert found.other == found.index * Fraction("0.999")
        assert with_other_weight(IKM, found.elements) == found.other
