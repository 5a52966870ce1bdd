"""Which categories a story may be about: words and phrases of the pack, matched on stemmed tokens.

The rule of the first day (docs/rules.md, "Categories"): never on substrings, no percentages, an emergency is never
preselected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kotacerdas.kernel.stems import Tokens, phrases_in, stems
from kotacerdas.programs.iceta.models import Category


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A category, how many of its words were found, and which; `preselect` only where it is plainly ahead."""

    category: Category
    score: int
    words: tuple[str, ...]
    preselect: bool = False


def suggest(text: str, categories: Iterable[Category], most: int = 3) -> list[Suggestion]:
    """The categories whose words stand in the text, most of them first; nothing for a text without any.

    A phrase counts as many as it has words. Equal ones keep the pack's order.
    """
    tokens = stems(text)
    found = [hit for category in categories if (hit := _match(category, tokens)) is not None]
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


def _match(category: Category, tokens: Tokens) -> Suggestion | None:
    hits = list(phrases_in(tokens, category.words))
    if not hits:
        return None
    score, words = sum(size for _word, size in hits), tuple(word for word, _size in hits)
    return Suggestion(category=category, score=score, words=words)
