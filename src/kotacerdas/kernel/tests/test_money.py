"""Whole rupiah as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.kernel import money


@pytest.mark.parametrize(
    "text", ["12500", "12.500", "Rp12.500", "Rp 12.500,00", "12,500", "IDR 12500", "Rp. 12.500,-"]
)
def test_one_amount_is_written_many_ways(text):
    assert money.rupiah(text) == 12_500


@pytest.mark.parametrize(
    "text", ["", "12.50", "12.5000", "1.2.3", "12,50", "dua", "1e5", "12 500", "9" * 20, "--5"]
)
def test_what_could_be_two_amounts_is_asked_back(text):
    with pytest.raises(money.NotMoney):
        money.rupiah(text)


@given(st.integers(0, 10**12), st.integers(1, 50))
def test_shares_sum_to_the_total_and_differ_by_one_at_most(total, shares):
    parts = money.split(total, shares)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1
