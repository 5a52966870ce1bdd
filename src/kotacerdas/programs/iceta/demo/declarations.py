"""The demo's part of a pack: `demo.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kotacerdas.kernel.pack import Section


@dataclass(frozen=True, kw_only=True)
class CastRow:
    """An account one can sign in with, the post it holds, and perhaps one it holds for another."""

    username: str
    name: str
    agency: str
    position: str
    acting_position: str = ""
    acting: Literal["", "plt", "plh"] = ""


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
        name="cast",
        file="demo.toml",
        row=CastRow,
        key=("username",),
        refs={"agency": "agencies.code"},
        optional=True,
    ),
    Section(
        name="stories",
        file="demo.toml",
        row=StoryRow,
        key=("category", "words"),
        refs={"category": "categories.code"},
        optional=True,
    ),
)
