"""Every reason is a sentence with its figures, in both languages."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from kotacerdas.foundation.dispatch import reasons
from kotacerdas.foundation.dispatch.words import _WORDS, names_of, reason_words

FIGURES = {
    "unit": "Truk 05",
    "site": "IPLT",
    "task": "x",
    "skill": "boat",
    "units": 3,
    "volume": 4500,
    "largest": 4000,
    "capacity": 4000,
    "left": 4000,
    "limit": 45_000,
    "seconds": 1790,
    "longest": 900,
    **dict.fromkeys(("earliest", "latest", "start", "end", "shift_end", "arrive", "closes"), 63_720),
}


@pytest.mark.django_db
@pytest.mark.parametrize("code", _WORDS)
def test_each_reason_is_told_in_both_languages(code):
    told = {}
    for language in ("id", "en"):
        with translation.override(language):
            told[language] = reason_words(code, FIGURES)
        assert "%(" not in told[language]
    assert told["id"] != told["en"]


@pytest.mark.django_db
def test_moments_and_litres_are_written_as_people_write_them():
    with translation.override("id"):
        assert "pukul 17.42" in reason_words("no_time", FIGURES)
        assert "4.000 l dari 45.000 l" in reason_words("intake", FIGURES)
    with translation.override("en"):
        assert "17:42" in reason_words("no_time", FIGURES)
        assert "takes 30 minutes" in reason_words("window_too_short", FIGURES)


def test_every_code_that_is_explained_has_words():
    told = re.findall(r"^([a-z_]+)(?:, ([a-z]+))?  +\S", reasons.__doc__ or "", re.M)
    codes = {code for pair in told for code in pair if code}
    assert codes <= set(_WORDS)
    assert len(codes) >= 16


def test_a_code_of_a_newer_version_is_shown_as_it_is():
    assert reason_words("flood", {}) == "flood"


@pytest.mark.django_db
def test_many_reasons_are_told_with_names_looked_up_once(fleet, django_assert_num_queries):
    unit = fleet.units[0]
    figures = {**FIGURES, "unit": str(unit.id), "site": str(fleet.plant.id)}
    assert unit.name in reason_words("no_time", figures)
    with django_assert_num_queries(2):
        names = names_of(fleet.agency)
        told = [reason_words(code, figures, names) for code in ("no_time", "intake", "site_closed")]
    assert unit.name in told[0]
    assert fleet.plant.name in told[1]
