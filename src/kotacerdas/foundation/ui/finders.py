"""One stylesheet from its parts, for `runserver` and `collectstatic` alike.

The parts stand in `static/kotacerdas/css/parts/`, one concern each, in the order of `PARTS`. What is served
is their join, so a page asks for one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

NAME = "kotacerdas/css/kotacerdas.css"
PARTS = (
    "tokens", "dark", "base", "type", "layout", "buttons", "forms", "tags", "queue", "timeline", "tiles",
    "charts", "map", "citizen", "report", "desk", "casework", "print",
)  # fmt: skip
ALONE = ("wall", "entry", "scores", "sheet")  # parts that some pages load beside the joined sheet
_FOLDER = Path(__file__).parent / "static" / "kotacerdas" / "css" / "parts"
ELSEWHERE = {  # parts that stand in the room of their markup
    "map": Path(__file__).parents[1] / "territory" / "static" / "territory" / "map.css",
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,>!]) ?")
_DARK = '[data-theme="dark"]'


def join_css(folder: Path = _FOLDER) -> str:
    """The stylesheet: parts in order, comments and needless space gone, the dark tokens once per way in.

    Raises FileNotFoundError for a part that is named but missing.
    """
    return "".join(_read(folder, part) for part in PARTS)


def _read(folder: Path, part: str) -> str:
    bare = _SPACE.sub(" ", _COMMENT.sub("", ELSEWHERE.get(part, folder / f"{part}.css").read_text())).strip()
    bare = _AROUND.sub(r"\1", bare).replace(";}", "}").replace(": ", ":")
    if part == "dark":
        by_system = bare.replace(_DARK, ":root:not([data-theme])", 1)
        return f"@media (prefers-color-scheme:dark){{{by_system}}}{bare}"
    return bare


class StylesheetFinder(BaseFinder):
    """Finds exactly one file, the joined stylesheet."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Path of a fresh copy on disk, as `runserver` wants one; an empty list for every other name."""
        if path != NAME:
            return []
        written = str(_written(join_css()))
        return [written] if find_all or kwargs.get("all") else written

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, InMemoryStorage]]:
        """The name and a storage that holds it, for `collectstatic`."""
        storage = InMemoryStorage()
        storage.save(NAME, ContentFile(join_css().encode()))
        yield NAME, storage


@lru_cache(maxsize=4)
def _written(text: str) -> Path:
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="kotacerdas-css-"))
    target = folder / "kotacerdas.css"
    target.write_text(text)
    return target
