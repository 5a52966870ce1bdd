"""What a regency calls its programmes: proper names and icons of the pack's programmes.csv, read once, without a store.

No code, template or message names a programme: a program asks here by its own code.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kotacerdas.kernel.memory import forgets

_WITH_MEANING = re.compile(r"^(.+?)\s*\((.+)\)$")


@dataclass(frozen=True)
class Named:
    """A programme's proper name, what it stands for ("" where the pack does not say), and its icon."""

    name: str = ""
    meaning: str = ""
    icon: str = ""


def named(text: str, icon: str = "") -> Named:
    """The name as the pack writes it, "Name (what it means)", in its parts."""
    found = _WITH_MEANING.match(text.strip())
    return Named(found[1], found[2], icon) if found else Named(text.strip(), "", icon)


@lru_cache(maxsize=4)
def read_programmes(folder: Path) -> Mapping[str, Named]:
    """The programmes of a pack by code; none where the file cannot be read: the pack's check says why."""
    try:
        text = (folder / "programmes.csv").read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    return {
        row["code"].strip(): named(row.get("name") or "", (row.get("icon") or "").strip())
        for row in rows
        if row.get("code")
    }


def programme(code: str) -> Named:
    """A programme of this instance's pack (`settings.PACK`); without words where the pack has none of this code."""
    from django.conf import settings

    return read_programmes(Path(settings.PACK)).get(code, Named())


@forgets
def forget_programmes() -> None:
    """Read the pack at the next call; for its loader and for tests."""
    read_programmes.cache_clear()
