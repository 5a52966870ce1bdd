"""What a program puts on the citizens' front page, and how: `PORTAL = PortalPart(...)` in its `portal_entries.py`.

The portal finds the parts by app and imports no program. Callables run at each page, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.http import HttpRequest

from kotacerdas.kernel.errors import Words

from .cases import Badge, Pair, Photo, Stage, Tag
from .shell import NavItem


@dataclass(frozen=True, kw_only=True)
class PortalEntry:
    """A service's tile. Without `url` it is shown as coming soon, without a link.

    code  the programme's; of two tiles of one programme the one with a link is shown
    """

    label: Words
    note: Words
    icon: str
    code: str = ""
    url: str = ""
    tone: Literal["", "mangga", "terasi"] = ""
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class CaseCard:
    """One of the reader's own cases, as a card that leads to it."""

    url: str
    title: Words
    number: str
    tag: Tag
    opened_at: datetime | None = None
    is_joined: bool = False
    place: Words = ""
    photo: Photo | None = None
    stages: Sequence[Stage] = ()
    badge: Badge | None = None
    promise: Words = ""


@dataclass(frozen=True, kw_only=True)
class FinishedCard:
    """Something done for anybody to see: published before and after, how long it took, by whom and where."""

    title: Words
    took: Words
    note: Words
    pair: Pair | None = None


@dataclass(frozen=True, kw_only=True)
class PromiseLine:
    """A live figure of a promise. `shown` turns its value into words, e.g. "5 jam" and "kerja".

    goal   drawn dashed, on the value's own scale; least  under so many counted the line is hidden
    """

    label: Words
    indicator: str
    shown: Callable[[float], tuple[str, Words]]
    counted: Callable[[int, int], Words]
    goal: float | None = None
    goal_words: Words = ""
    tone: Literal["laut", "padi"] = "laut"
    least: int = 1


@dataclass(frozen=True, kw_only=True)
class PortalPart:
    """A program's part of the front page; what it does not have stays empty.

    headline  the promise in the hero and the line under it
    ask       where the words of "What is the matter?" go, by GET with `q`
    act       the one big button: label, line under it, address
    nav       places of the main navigation
    find      where somebody gets back to a case whose number they know
    """

    entries: Callable[[], Sequence[PortalEntry]] = tuple
    headline: Callable[[], tuple[Words, Words]] | None = None
    ask: Callable[[], str] | None = None
    act: Callable[[], NavItem] | None = None
    nav: Callable[[], Sequence[NavItem]] = tuple
    find: Callable[[], NavItem] | None = None
    my_cases: Callable[[HttpRequest], Sequence[CaseCard]] | None = None
    my_cases_url: Callable[[], str] | None = None
    finished: Callable[[], Sequence[FinishedCard]] | None = None
    promises: Sequence[PromiseLine] = ()
