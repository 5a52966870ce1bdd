"""The demo's part of a pack: `demo.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kotacerdas.kernel.pack import Section


@dataclass(frozen=True, kw_only=True)
class StoryRow:
    """An invented report of a category and what may come of it; empty texts do not happen.

    scene   which drawn street stands in for its photos; none where empty
    """

    category: str
    words: str
    place: str = ""
    question: str = ""
    answer: str = ""
    reply: str = ""
    done: str
    scene: Literal["", "road", "drain", "waste", "light", "tree", "flood"] = ""


SECTIONS = (
    Section(
        name="stories",
        file="demo.toml",
        row=StoryRow,
        key=("category", "words"),
        refs={"category": "categories.code"},
        optional=True,
    ),
)
