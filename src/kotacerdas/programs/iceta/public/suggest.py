"""Which categories a story may be about: words and phrases of the pack, matched on stemmed tokens.

First-day rule (docs: rules "Categories"): never on substrings, no percentages, an emergency is never
preselected. Stemmer: Snowball's Indonesian (Tala 2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Any

from kotacerdas.programs.iceta.models import Category

_TOKEN = re.compile(r"[^\W\d_]+", re.UNICODE)
_MOST_TOKENS = 700  # some 4,000 characters
_own = local()

Tokens = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A category, how many of its words were found, and which; `preselect` only where it is plainly ahead."""

    category: Category
    score: int
    words: tuple[str, ...]
    preselect: bool = False


def stems(text: str) -> Tokens:
    """The stems of a text's words, in their order; digits and punctuation do not count."""
    words = [word for word in _TOKEN.findall(text.casefold()) if len(word) > 1][:_MOST_TOKENS]
    return tuple(_stemmer().stemWords(words))


def suggest(text: str, categories: Iterable[Category], most: int = 3) -> list[Suggestion]:
    """The categories whose words stand in the text, most of them first; nothing for a text without any.

    A phrase counts as many as it has words. Equal ones keep the pack's order.
    """
    told = stems(text)
    found = [hit for category in categories if (hit := _match(category, told)) is not None]
    ranked = sorted(found, key=lambda hit: (-hit.score, hit.category.order))[:most]
    if ranked and _is_ahead(ranked):
        first = ranked[0]
        ranked[0] = Suggestion(category=first.category, score=first.score, words=first.words, preselect=True)
    return ranked


def _is_ahead(ranked: Sequence[Suggestion]) -> bool:
    first = ranked[0]
    if first.category.urgency == "emergency" or any(
        one.category.urgency == "emergency" and one.score >= first.score for one in ranked
    ):
        return False
    return len(ranked) == 1 or first.score > ranked[1].score


def _match(category: Category, told: Tokens) -> Suggestion | None:
    hits = [(word, len(parts)) for word, parts in _phrases(tuple(category.words)) if _stands_in(parts, told)]
    if not hits:
        return None
    return Suggestion(
        category=category, score=sum(size for _, size in hits), words=tuple(word for word, _ in hits)
    )


@lru_cache(maxsize=512)
def _phrases(words: tuple[str, ...]) -> tuple[tuple[str, Tokens], ...]:
    return tuple((word, stems(word)) for word in words if stems(word))


def _stands_in(phrase: Tokens, told: Tokens) -> bool:
    size = len(phrase)
    return any(told[start : start + size] == phrase for start in range(len(told) - size + 1))


def _stemmer() -> Any:
    """One a thread: a stemmer keeps the word it works on."""
    if not hasattr(_own, "stemmer"):
        import snowballstemmer  # all its languages, which no first page needs

        _own.stemmer = snowballstemmer.stemmer("indonesian")
    return _own.stemmer
