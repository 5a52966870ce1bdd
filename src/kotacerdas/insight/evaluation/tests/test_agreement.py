"""Agreement is held against Krippendorff's own published example."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotacerdas.insight.evaluation.panel.agreement import agreement_of, alpha_of

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section D: four observers, twelve units.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def test_alpha_is_the_published_one():
    assert alpha_of(PUBLISHED) == pytest.approx(0.849, abs=0.0005)
    assert alpha_of(PUBLISHED, "nominal") == pytest.approx(0.743, abs=0.0005)


def test_an_interval_stands_beside_it_always_the_same():
    found = agreement_of(PUBLISHED)
    assert found.low < found.alpha < found.high <= 1
    assert found == agreement_of(PUBLISHED)
    assert found.word == "high"


def test_one_and_the_same_value_everywhere_is_said_in_a_word_not_divided_by_zero():
    found = agreement_of([[3.0] * 5] * 4)
    assert (found.alpha, found.low, found.word) == (None, None, "same")
    assert agreement_of([]).word == ""


@given(
    st.lists(
        st.lists(st.integers(2, 8).map(lambda n: n / 2), min_size=4, max_size=4), min_size=2, max_size=30
    )
)
@settings(max_examples=60)
def test_the_drawn_formula_is_the_packages(items):
    """The bootstrap's own formula, over one undrawn table, gives what the package gives."""
    import numpy as np

    from kotacerdas.insight.evaluation.panel import agreement

    table = [list(row) for row in zip(*items, strict=True)]
    alpha = alpha_of(table)
    if alpha is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement, "DRAWS", 1)
        whole = type("All", (), {"integers": staticmethod(lambda low, high, size: np.arange(high)[None, :])})
        patch.setattr(np.random, "default_rng", lambda seed: whole)
        drawn = agreement._draws(np.array(table, dtype=float))
    assert drawn[0] == pytest.approx(alpha, abs=1e-9)
