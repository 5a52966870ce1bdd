"""QRIS codes: written by the standard, read by others' parsers and from the picture."""

from __future__ import annotations

import io

import lokal
import pytest
import qriskit
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kotacerdas.foundation.payments import qris
from kotacerdas.foundation.payments.providers.simulator import MERCHANT

amounts = st.integers(1, 10**10)
references = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=25)
names = st.text(min_size=0, max_size=60)


def code(amount: int = 176_000, reference: str = "KC0001", **merchant: str) -> str:
    who = qris.Merchant(**{**MERCHANT.__dict__, **merchant})
    return qris.dynamic(who, amount=amount, reference=reference)


def test_the_check_is_the_standards():
    assert qris.crc("123456789") == "29B1"  # CRC-16/CCITT-FALSE, the catalogue's check value


@given(amounts, references, names, names)
@settings(max_examples=150)
def test_two_other_parsers_read_what_was_written(amount, reference, name, city):
    text = code(amount, reference, name=name, city=city)
    one, other = lokal.parse_qris(text), qriskit.parse(text)
    assert qriskit.is_valid(text)
    assert int(float(str(one.amount))) == int(other.amount) == amount
    assert other.additional_data.reference_label == reference
    assert qris.amount_of(text) == amount
    assert len(text) <= 512


@pytest.mark.parametrize("amount", [1, 44_000, 3_000_000_000])
def test_the_picture_is_read_back_as_the_same_text(amount):
    text = code(amount)
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=4, border=4)
    found = zxingcpp.read_barcodes(Image.open(out))
    assert [one.text for one in found] == [text]


@pytest.mark.parametrize("amount", [0, -1, 1.5, True, 10**16])
def test_an_amount_that_is_none_is_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        code(amount)


@given(st.data())
@settings(max_examples=100)
def test_one_wrong_character_is_noticed(data):
    text = code()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([letter for letter in "0123456789ABCDEF" if letter != text[at]]))
    with pytest.raises(qris.NotQris):
        qris.fields_of(text[:at] + other + text[at + 1 :])


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_refused_without_failing(text):
    try:
        qris.amount_of(text)
    except qris.NotQris:
        return
