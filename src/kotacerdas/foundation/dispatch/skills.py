"""What units can do, in words: `SKILLS = {"narrow_road": _("narrow roads")}` in an app's `skills.py`, by their codes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from kotacerdas.kernel.discover import discover

SKILLS: dict[str, Any] = {}  # the room itself knows none


@lru_cache(maxsize=1)
def declared() -> dict[str, Any]:
    """All declared words by code."""
    return {code: words for module in discover("skills") for code, words in module.SKILLS.items()}


def skill_words(codes: Iterable[str]) -> str:
    """Skills as a list in the reader's language; one that nobody named by its code, without underscores."""
    known = declared()
    return ", ".join(str(known.get(code) or code.replace("_", " ")) for code in codes)
