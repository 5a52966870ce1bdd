"""Words by their stems, so that "jalannya" is found by "jalan". Stemmer: Snowball's Indonesian (Tala 2003)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from threading import local
from typing import Any

_TOKEN = re.compile(r"[^\W\d_]+", re.UNICODE)
_MOST_TOKENS = 700  # some 4,000 characters
_own = local()

Tokens = tuple[str, ...]


def stems(text: str) -> Tokens:
    """The stems of a text's words, in their order; digits and punctuation do not count."""
    words = [word for word in _TOKEN.findall(text.casefold()) if len(word) > 1][:_MOST_TOKENS]
    return tuple(_stemmer().stemWords(words))


def phrases_in(text: Tokens, phrases: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Those phrases that stand in a text's stems, each with its number of words; never matched on substrings."""
    for phrase, parts in _stemmed(tuple(phrases)):
        size = len(parts)
        if any(text[start : start + size] == parts for start in range(len(text) - size + 1)):
            yield phrase, size


@lru_cache(maxsize=512)
def _stemmed(phrases: tuple[str, ...]) -> tuple[tuple[str, Tokens], ...]:
    return tuple((phrase, parts) for phrase in phrases if (parts := stems(phrase)))


def _stemmer() -> Any:
    """One a thread: a stemmer keeps the word it works on."""
    if not hasattr(_own, "stemmer"):
        import snowballstemmer  # all its languages, which no first page needs

        _own.stemmer = snowballstemmer.stemmer("indonesian")
    return _own.stemmer
