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


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1, "satu rupiah"),
        (11, "sebelas rupiah"),
        (19, "sembilan belas rupiah"),
        (40, "empat puluh rupiah"),
        (100, "seratus rupiah"),
        (1_000, "seribu rupiah"),
        (1_111, "seribu seratus sebelas rupiah"),
        (12_500, "dua belas ribu lima ratus rupiah"),
        (101_000, "seratus satu ribu rupiah"),
        (3_000_000_000, "tiga miliar rupiah"),
        (10**15, "seribu triliun rupiah"),
    ],
)
def test_an_amount_is_spelled_as_a_receipt_states_it(amount, words):
    assert money.in_words(amount) == words


@given(st.integers(1, money.MOST - 1))
def test_no_two_amounts_are_spelled_alike(amount):
    words = money.in_words(amount).removesuffix(" rupiah")
    assert _read(words) == amount


def _read(words: str) -> int:
    """The number that Indonesian words spell, by another way than they were made."""
    ones = dict(
        zip(
            ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
            range(10),
            strict=True,
        )
    )
    sizes = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}
    total, part, last = 0, 0, 0
    text = (
        words.replace("sepuluh", "satu puluh")
        .replace("sebelas", "satu belas")
        .replace("seratus", "satu ratus")
    )
    for word in text.replace("seribu", "satu ribu").split():
        if word in ones:
            part, last = part + ones[word], ones[word]
        elif word == "belas":
            part += 10
        elif word in {"puluh", "ratus"}:
            part += last * ((10 if word == "puluh" else 100) - 1)
        else:
            total, part = total + part * sizes[word], 0
    return total + part
