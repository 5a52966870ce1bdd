"""docs/new-program.md shows the toy as it is, and every text of the toy is there in Indonesian."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import translations
from babel.messages.pofile import read_po

from kotacerdas.config import prepare
from kotacerdas.config.paths import ROOT
from kotacerdas.config.store import StoreError

LIBRARY = Path(__file__).parents[1] / "library"
BLOCKS = re.findall(
    r"```python\n# (\S+)\n(.*?)```", (ROOT / "docs" / "new-program.md").read_text(), re.DOTALL
)


@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_what_the_page_shows_stands_in_the_file_in_that_order(name, block):
    lines = iter((LIBRARY / name).read_text().splitlines())
    for line in block.splitlines():
        assert line in lines, line


def test_every_text_has_its_indonesian():
    with (LIBRARY / "locale/id/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file, locale="id")
    known = set(translations.catalogs()[0]) | {("", one.id) for one in catalog if one.string}
    for file in [*LIBRARY.rglob("*.py"), *LIBRARY.rglob("*.html")]:
        lacking = [key[1] for _line, key in translations.messages(file) if key not in known]
        assert lacking == [], file.name


def test_a_program_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("KOTACERDAS_PROGRAMS", "iceta,nowhere.program")
    with pytest.raises(StoreError, match=r"nowhere\.program"):
        prepare.migrations_stamp()


def test_another_choice_of_programs_is_migrated_anew(monkeypatch):
    with_toy = prepare.migrations_stamp()
    monkeypatch.setenv("KOTACERDAS_PROGRAMS", "iceta")
    assert prepare.migrations_stamp() != with_toy
