"""Numbers are read as people write them, and never guessed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kotacerdas.foundation.ui.fields import WholeField


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2000", 2000),
        ("2.000", 2000),
        ("2,000", 2000),
        ("1 250 000", 1_250_000),
        (" 300\u200b", 300),
        ("1.300", 1300),
    ],
)
def test_a_number_with_thousands_is_read_whole(text, number):
    assert WholeField().clean(text) == number


@pytest.mark.parametrize("text", ["2.5", "2.00", "20.0000", "dua", "1e3", "2..000", "--1"])
def test_what_is_no_whole_number_is_asked_back(text):
    with pytest.raises(ValidationError):
        WholeField().clean(text)
