"""Names and places as people typed them, made safe to stand beside our own words and digits."""

from __future__ import annotations

from unicodedata import bidirectional, category, decimal, normalize

_FIRST_STRONG, _POP = "\u2068", "\u2069"
_BLANK = frozenset("\u115f\u1160\u3164\uffa0")  # Hangul fillers: letters by their category, which nobody sees
_MARKS = frozenset({"Mn", "Me"})  # stand on a letter; a number or code has none
_FULL_WIDTH = {one + 0xFEE0: one for one in range(0x21, 0x7F)}
_AROUND = " \t,.;:!?*_\"'“”‘’«»<>…、。"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

MEANT_AS_DIGITS = str.maketrans(
    "OoIil|L", "0011111"
)  # what is easily taken for a digit, where only digits stand


def clean_line(text: str) -> str:
    """A name or place in one line: normal form C, no direction, nothing invisible or of control, single spaces."""
    seen = "".join(" " if letter.isspace() else letter for letter in normalize("NFC", text))
    kept = (one for one in seen if category(one) not in ("Cc", "Cf", "Cs") and one not in _BLANK)
    return normalize("NFC", " ".join("".join(kept).split()))


def plain_code(text: str) -> str:
    """A number or code as it was meant: without invisible marks, digits 0–9, nothing that ends a sentence around it.

    Full-width characters and the digits of other scripts are read as ours; `²` and `①` are none, they say something else.
    """
    line = clean_line(text).translate(_FULL_WIDTH)
    seen = (one for one in line if category(one) not in _MARKS)
    return clean_line("".join(str(decimal(one)) if one.isdecimal() else one for one in seen)).strip(_AROUND)


def digits_meant(text: str) -> str:
    """A code of digits alone, without what stands between them; O is read as 0, and I, l and | as 1."""
    return "".join(plain_code(text).translate(MEANT_AS_DIGITS).replace("-", "").split())


def letters_seen(text: str) -> int:
    """How many letters and digits of it a reader sees."""
    return sum(one.isalnum() and one not in _BLANK for one in text)


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it: spaces, marks without a letter, what is invisible, an empty Braille cell."""
    return all(category(one) in _MARKS or one in " \u2800" for one in clean_line(text))


def isolated(text: str) -> str:
    """The same text, which turns round nothing that stands beside it: wrapped where it is written from the right.

    For text that is joined in Python; templates use `<bdi>` or `dir="auto"` (Unicode Standard Annex 9, 2.4.2).
    """
    if any(bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return f"{_FIRST_STRONG}{text}{_POP}"
    return text
