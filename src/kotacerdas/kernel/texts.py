"""Names and places as people typed them, made safe to stand beside our own words and digits."""

from __future__ import annotations

from unicodedata import bidirectional, category, normalize

_FIRST_STRONG, _POP = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def clean_line(text: str) -> str:
    """A name or place in one line: normal form C, no direction, invisible or control characters, single spaces."""
    seen = "".join(" " if letter.isspace() else letter for letter in normalize("NFC", text))
    return " ".join("".join(letter for letter in seen if category(letter) not in ("Cc", "Cf", "Cs")).split())


def isolated(text: str) -> str:
    """The same text, which turns round nothing that stands beside it: wrapped where it is written from the right.

    For text that is joined in Python; templates use `<bdi>` or `dir="auto"` (Unicode Standard Annex 9, 2.4.2).
    """
    if any(bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return f"{_FIRST_STRONG}{text}{_POP}"
    return text
