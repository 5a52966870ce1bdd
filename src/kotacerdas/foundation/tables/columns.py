"""Maps a file's columns to a sheet's: by their heads, or as somebody chose before for such files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from kotacerdas.foundation.tables.cells import in_both
from kotacerdas.foundation.tables.reading.heads import folded
from kotacerdas.kernel.sheets import Sheet, sheets

Columns = dict[str, int]  # name of the sheet's column → place in the file, from 0


@lru_cache(maxsize=64)
def names_of(sheet_name: str) -> dict[str, str]:
    """Folded heads by which each column of a sheet is known: name, words in both languages, aliases."""
    return heads_of(sheets()[sheet_name])


def heads_of(sheet: Sheet) -> dict[str, str]:
    """The same for a sheet that need not be declared."""
    known: dict[str, str] = {}
    for column in sheet.columns:
        for name in (column.name, *in_both(column.words), *column.aliases):
            known.setdefault(folded(name), column.name)
    return known


def source_of(heads: Sequence[str]) -> str:
    """A fingerprint of a file's heads: files with the same heads are of one kind."""
    return hashlib.sha256("\x00".join(folded(one) for one in heads).encode()).hexdigest()


def mapped(known: Mapping[str, str], heads: Sequence[str]) -> Columns:
    """Each column at the first head that names it."""
    found: Columns = {}
    for place, head in enumerate(heads):
        name = known.get(folded(head))
        if name is not None:
            found.setdefault(name, place)
    return found


def lacking(sheet: Sheet, found: Mapping[str, int]) -> list[str]:
    """Columns that must be there and are not: the required ones, and those of the key."""
    return [
        one.name
        for one in sheet.columns
        if (one.required or one.name in sheet.key[:1]) and one.name not in found
    ]


def repeated(known: Mapping[str, str], heads: Sequence[Any]) -> list[str]:
    """Heads of wanted columns that the file has more than once: somebody must choose one."""
    names = [known[folded(one)] for one in heads if folded(one) in known]
    return sorted({one for one in names if names.count(one) > 1})
