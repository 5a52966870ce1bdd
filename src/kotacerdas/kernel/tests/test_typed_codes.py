"""Numbers and codes as people type and paste them: whatever cannot be seen or is easily mistaken does not matter."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.texts import clean_line, digits_meant, is_blank, letters_seen, plain_code

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202e\u202c\u2066\u2069\u061c\u034f\ufe0f\u3164\uffa0\u115f"
AFTER = ["", ",", ".", ";", " .", "...", "!", "?", "”", '"', "\n", "…"]
TITLES = ["", " (Jalan rusak)", " (Jalan rusak (parah) di RT 3)", "(Lampu mati)", " (Jalan rusak) tersimpan."]
SEQUENCE = st.integers(1, 999_999)


@st.composite
def hidden(draw: st.DrawFn, text: str) -> str:
    """The text with invisible marks anywhere, perhaps in full width, and what ends a sentence behind it."""
    marks = st.text(st.sampled_from(UNSEEN), max_size=2)
    if draw(st.booleans()):
        text = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
    seen = "".join(draw(marks) + one for one in text) + draw(marks)
    return f"{seen}{draw(st.sampled_from(AFTER))}"


@st.composite
def mistaken(draw: st.DrawFn, text: str, most: int = 20) -> str:
    """The text with some zeros as O and ones as I or l, at most so many."""
    looks, seen = {"0": "0Oo", "1": "1Il"}, ""
    for one in text:
        drawn = draw(st.sampled_from(looks.get(one, one))) if most else one
        most -= drawn != one
        seen += drawn
    return seen


@given(st.data(), SEQUENCE, st.sampled_from(TITLES), st.sampled_from(["IDM", "TML", "OLI", "BL"]))
def test_a_ticket_number_is_understood_however_it_was_pasted(data, sequence, title, instance):
    number = ids.ticket_number(instance, 2026, sequence)
    kind, rest = number[:-1].split("-", 1)
    typed = data.draw(hidden(f"{kind}-{data.draw(mistaken(rest))}{number[-1]}")) + title
    assert ids.normal_ticket(typed) == number
    assert ids.resembles_ticket(typed)


@given(
    st.data(), st.sampled_from(["0812-3456-7890", "+62 812 3011 7010", "0811 1000 1101", "+886 912 345 678"])
)
def test_a_phone_number_is_understood_however_it_was_pasted(data, number):
    assert phones.normal(data.draw(hidden(data.draw(mistaken(number, 3))))) == phones.normal(number) != ""


@pytest.mark.parametrize("typed", ["0812 9900 776²", "0812 9900 776 ①", "O8I2", "oil", "0812-3456-789x", "ﾠㅤ"])
def test_what_is_no_phone_number_stays_none(typed):
    assert phones.normal(typed) == ""


@given(st.data(), st.integers(0, 999_999))
def test_a_code_for_signing_in_is_understood_however_it_was_pasted(data, code):
    digits = f"{code:06d}"
    between = data.draw(st.sampled_from(["", " ", "-", " - "]))
    typed = data.draw(hidden(data.draw(mistaken(f"{digits[:3]}{between}{digits[3:]}"))))
    assert digits_meant(typed) == digits


@given(st.text(st.sampled_from(UNSEEN + " \t\n\u2800.,"), max_size=40))
@example("\u3164" * 12)
def test_what_nobody_sees_is_no_story_no_name_and_no_code(text):
    assert letters_seen(text) == 0
    assert clean_line(text).strip("\u2800., \ufe0f\u034f") == ""
    assert not any(one.isalnum() for one in plain_code(text))


@given(st.text(max_size=60))
def test_a_code_that_was_read_stays_as_it_is(text):
    assert plain_code(plain_code(text)) == plain_code(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    number = ids.normal_ticket(text)
    assert ids.normal_ticket(number) == number


@pytest.mark.parametrize("digits", ["٢٠٢٦", "２０２６", "२०२६", "𝟐𝟎𝟐𝟔"])
def test_digits_of_any_script_are_digits(digits):
    assert plain_code(digits) == "2026"


@given(st.text(st.sampled_from(UNSEEN + " \t\r\n\u00a0\u2800\u3000\u0301\ufe0e\x00"), max_size=40))
@example("\u3164" * 12)
def test_what_a_reader_sees_nothing_of_is_blank(text):
    assert is_blank(text)


@given(st.text(st.sampled_from(UNSEEN), max_size=9), st.sampled_from("a9?。ا字👍"), st.text(max_size=9))
def test_one_character_that_is_seen_is_not_blank(before, seen, after):
    assert not is_blank(before + seen + after)
