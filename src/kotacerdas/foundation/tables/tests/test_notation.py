"""Numbers and dates as people write them here: read as meant, or asked back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotacerdas.foundation.tables import notation
from kotacerdas.foundation.tables.cells import BadCell, Habit, reader
from kotacerdas.kernel.sheets import Column, Kind

DECIMAL = Column(name="n", words="n", kind=Kind.DECIMAL)
WHOLE = Column(name="n", words="n", kind=Kind.WHOLE)


def indonesian(value: Decimal) -> str:
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
@settings(max_examples=200, deadline=None)
def test_a_number_in_either_notation_is_read_as_it_was_meant_or_asked(value):
    for text, mark in ((indonesian(value), ","), (f"{value:,f}", ".")):
        assert reader(DECIMAL, Habit(mark=mark))(text) == value
        try:
            assert reader(DECIMAL, Habit())(text) == value
        except BadCell:
            assert notation.decimal_mark(text) == notation.UNSURE


@given(st.integers(min_value=-(10**12), max_value=10**12))
@settings(max_examples=100, deadline=None)
def test_a_whole_number_with_points_is_read_without_asking(value):
    assert reader(WHOLE, Habit())(f"{value:,}".replace(",", ".")) == value


def told_of(column: Column, habit: Habit, text: str) -> BadCell | None:
    try:
        reader(column, habit)(text)
    except BadCell as bad:
        return bad
    return None


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_told(text):
    for kind in Kind:
        column = Column(name="n", words="n", kind=kind)
        for habit in (Habit(), Habit(mark=",", order="day"), Habit(mark=".", order="month", is_text=True)):
            told = told_of(column, habit, text)
            assert told is None or (told.message and told.remedy)
    notation.Evidence().look(text)


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2199, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_a_date_is_read_in_every_usual_notation(day):
    read = reader(Column(name="d", words="d", kind=Kind.DATE), Habit())
    names = {number: name for name, number in reversed(notation.MONTHS.items())}
    for text in (
        day.strftime("%d/%m/%Y"),
        f"{day.day}-{day.month}-{day.year}",
        day.isoformat(),
        f"{day.day} {names[day.month].title()} {day.year}",
    ):
        assert read(text) == day
    assert read((day - date(1899, 12, 30)).days) == day
    since_1904 = (day - date(1904, 1, 1)).days
    if since_1904 >= 0:
        old = reader(Column(name="d", words="d", kind=Kind.DATE), Habit(from_1904=True))
        assert old(since_1904) == day


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1.234", "?"),
        ("1,234", "?"),
        ("0.123", "."),
        ("0,123", ","),
        ("1.234.567", ","),
        ("1,234.5", "."),
        ("12", ""),
    ],
)
def test_what_a_number_proves(text, mark):
    assert notation.decimal_mark(text) == mark
