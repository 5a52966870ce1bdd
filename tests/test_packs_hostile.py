"""Any value in any cell of a pack: the check answers with problems, and what it lets through is loaded."""

import csv
import io
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from django.db import models, transaction
from django.utils import translation

from kotacerdas.config.pack import check_pack, load_pack, sections
from kotacerdas.foundation.territory.index import forget_index
from kotacerdas.foundation.workdays.queries import forget_calendar
from kotacerdas.kernel.pack import PackError, Section

INVENTED = Path(__file__).parent / "packs" / "telukmelati"


@pytest.fixture(autouse=True)
def fresh():
    yield
    forget_index()
    forget_calendar()


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(INVENTED, tmp_path / "pack"))


def said(pack: Path) -> list[str]:
    """The problems of a pack, none where it is right."""
    with translation.override("en"):
        try:
            check_pack(pack)
        except PackError as error:
            return [str(one) for one in error.problems]
    return []


def free_texts(section: Section) -> Iterator[str]:
    """Columns of any text: no reference, no choice among words."""
    for name, kind in get_type_hints(section.row).items():
        texts = kind is str or (get_origin(kind) is tuple and get_args(kind)[0] is str)
        if texts and name not in section.refs and get_origin(kind) is not Literal:
            yield name


def test_every_text_that_is_stored_knows_how_long_it_may_be():
    lacking = []
    for section in sections():
        for name in free_texts(section) if section.load is not None else ():
            if section.columns.get(name) == "" or section.column(name) is not None:
                continue
            lacking.append(f"{section.name}.{name}")
    stored_otherwise = {  # texts of rules about agencies and weekdays, not columns of a row
        "positions.kinds",
        "positions.agencies",
    }
    assert set(lacking) <= stored_otherwise


def test_columns_that_are_told_exist():
    for section in sections():
        for name, there in section.columns.items():
            assert name in {one.name for one in fields(section.row)}
            assert there == "" or section.column(name) is not None, f"{section.name}.{name}"


def cells(pack: Path, file: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((pack / file).read_text())))


def write(pack: Path, file: str, rows: list[list[str]]) -> None:
    with (pack / file).open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def tables(pack: Path) -> list[Section]:
    return [one for one in sections() if one.file.endswith(".csv") and (pack / one.file).exists()]


def fill(pack: Path, length: Callable[[Any], int]) -> list[str]:
    """Put as many characters into every free text of each first row; what was filled."""
    filled = []
    for section in tables(pack):
        rows = cells(pack, section.file)
        for name in free_texts(section):
            column = section.column(name)
            most = getattr(column, "max_length", None)
            if most is None or name in section.key or name in _CODED or name not in rows[0]:
                continue
            rows[1][rows[0].index(name)] = ("Ä'\"😀%s{}" * 60)[: length(most)]
            filled.append(f"{section.file}:{name}")
        write(pack, section.file, rows)
    return filled


_CODED = {
    "icon",
    "unit",
    "period",
    "series",
    "kind",
    "postcode",
    "published",
    "activity",
    "account",
    "digits",
}
_CODED |= {"published_numerator", "published_denominator", "name", "group"}


@pytest.mark.django_db
def test_texts_as_long_as_their_columns_are_loaded(copy):
    filled = fill(copy, lambda most: most)
    assert len(filled) > 30
    assert said(copy) == []
    load_pack(copy)


def test_texts_one_longer_are_all_refused(copy):
    filled = fill(copy, lambda most: most + 1)
    assert sum("characters, at most" in one for one in said(copy)) == len(filled)


HOSTILE = [
    "\x00",
    "a\x08b",
    "\u202e",
    "'; DROP TABLE x; --",
    "💥" * 400,
    "-99999999999999999999",
    "1.500",
    "NaN",
    "=1+1",
    "9" * 50,
    "0",
    "-1",
    "",
    "ya",
    "2026-13-01",
    "10000-01-01",
    "25:00",
    "../../etc/passwd",
    "%s%(x)s{}",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_any_value_anywhere_is_answered_by_problems(copy, value):
    """In every column of every file at once; a traceback fails."""
    for section in tables(copy):
        rows = cells(copy, section.file)
        rows[1] = [value for _cell in rows[1]]
        write(copy, section.file, rows)
    assert said(copy)


@pytest.mark.django_db
def test_what_the_check_lets_through_is_loaded(copy, tmp_path):
    """One value in one cell, drawn; the store takes it or the check has said why not."""
    draw = random.Random(23)
    taken = 0
    for turn in range(24):
        pack = Path(shutil.copytree(copy, tmp_path / f"turn{turn}"))
        section = draw.choice(tables(pack))
        rows = cells(pack, section.file)
        line, place = draw.randrange(1, len(rows)), draw.randrange(len(rows[0]))
        rows[line][place] = draw.choice(HOSTILE)
        write(pack, section.file, rows)
        if not said(pack):
            taken += 1
            with transaction.atomic():
                load_pack(pack, may_close_many=True)
                transaction.set_rollback(True)
    assert taken


def test_the_stored_models_are_models():
    assert all(issubclass(one.stored, models.Model) for one in sections() if one.stored is not None)
