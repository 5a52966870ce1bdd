"""docs/new-program.md shows the toy as it is, and every text of the toy is there in Indonesian."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import translations
from trials import elsewhere

from kotacerdas.config import prepare
from kotacerdas.config.paths import ROOT

LIBRARY = Path(__file__).parents[1] / "library"
BLOCKS = re.findall(
    r"```python\n# (\S+)\n(.*?)```", (ROOT / "docs" / "new-program.md").read_text(), re.DOTALL
)


@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_what_the_page_shows_stands_in_the_file_in_that_order(name, block):
    lines = iter((LIBRARY / name).read_text().splitlines())
    for line in block.splitlines():
        assert line in lines, line


def test_every_text_has_its_indonesian_and_none_is_said_otherwise_by_the_house(capsys):
    assert translations.main(LIBRARY) == 0, capsys.readouterr().out


def test_a_program_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("KOTACERDAS_PROGRAMS", "iceta,nowhere.program")
    with pytest.raises(SystemExit, match=r"nowhere\.program"):
        prepare.migrations_stamp()


def test_another_choice_of_programs_is_migrated_anew(monkeypatch):
    with_toy = prepare.migrations_stamp()
    monkeypatch.setenv("KOTACERDAS_PROGRAMS", "iceta")
    assert prepare.migrations_stamp() != with_toy


def test_a_run_of_its_tests_chooses_the_programs_of_a_folder_and_no_other_run_does():
    home = elsewhere.home_of(Path(__file__))
    assert home == ROOT / "tests" / "toy"
    assert elsewhere.programs_in(home) == ["toy.library"]
    room = ROOT / "src" / "kotacerdas" / "foundation" / "jobs" / "tests"
    assert elsewhere.home_of(room / "test_toy_fences.py") == home
    assert elsewhere.home_of(room / "test_fence.py") is None
    assert elsewhere.home_of(ROOT / "tests" / "permissions.py") is None


def test_tests_that_lie_elsewhere_are_told_whose_settings_they_have(tmp_path):
    script = runpy.run_path(str(ROOT / "test"))
    assert script["is_outside"]([str(tmp_path), "-k", "lend"])
    assert not script["is_outside"](["tests/toy", "src/kotacerdas/kernel::clock", "-k", "lend"])
