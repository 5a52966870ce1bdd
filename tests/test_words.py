"""No text of the interface holds a word that the glossary's last table rules out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import translations  # noqa: E402


@pytest.mark.parametrize(
    ("english", "indonesian", "better"),
    [
        ("See the case", "Lihat perkara", "tiket"),
        (("%(n)s case", "%(n)s cases"), ("%(n)s Perkara",), "tiket"),
        ("Clear the desk", "Kosongkan formulir", "clear the form"),
        ("The question is sent. The clock stands still.", "Pertanyaan terkirim.", "clock is paused"),
    ],
)
def test_an_odd_word_is_found_with_what_to_say(english, indonesian, better):
    (found,) = translations._oddities(Message(english, indonesian), translations.odd_words())
    assert better in found


@pytest.mark.parametrize(("english", "indonesian"), [("Agency", "Memperkarakan"), ("Server", "Peladenan")])
def test_a_word_that_only_holds_an_odd_one_is_none(english, indonesian):
    assert not list(translations._oddities(Message(english, indonesian), translations.odd_words()))


def test_an_odd_word_in_a_pack_is_found_with_its_line(tmp_path):
    (tmp_path / "labels.csv").write_text("code,id,en\nwait,Nomor perkara,Held by nobody\n", encoding="utf-8")
    first, second = translations.in_packs(tmp_path)
    assert "labels.csv:2" in first
    assert "tiket" in first
    assert "unassigned" in second
    assert translations.in_packs(translations.PACKS) == []


def test_no_text_of_the_interface_is_odd():
    _known, problems = translations.catalogs()
    assert problems == []
