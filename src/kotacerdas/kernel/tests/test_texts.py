"""Names and places beside digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.kernel.texts import clean_line, isolated


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Wati \n binti\tSari ", "Wati binti Sari"),
        ("\u202eitaW\u202c", "itaW"),
        ("Wa\u200bti\ufeff", "Wati"),
        ("Wati\x00\x07", "Wati"),
        ("فاطمة", "فاطمة"),
    ],
)
def test_direction_and_invisible_marks_go(typed, kept):
    assert clean_line(typed) == kept


@given(st.text(max_size=60))
def test_a_cleaned_line_stays_as_it_is(text):
    assert clean_line(clean_line(text)) == clean_line(text)


def test_what_is_written_from_the_right_is_kept_apart_and_nothing_else():
    assert isolated("Wati") == "Wati"
    assert isolated("فاطمة") == "\u2068فاطمة\u2069"
