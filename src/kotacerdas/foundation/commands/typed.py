"""Reads typed texts: lines without what nobody sees, Indonesian numbers, days, times.

Everything stands here as explicit ranges, and the digits are 0–9 alone: `static/commands/fields.js` has the same ones,
and the tables of Unicode differ from one browser, and one Python, to the next.
"""

from __future__ import annotations

import re
from unicodedata import normalize

SURE_INTEGER = 2**53 - 1  # beyond it a browser's numbers leave some out
SURE_DIGITS = 15  # a decimal of so many digits is the same after being a browser's number
_SPACE = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
_UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_LONG = 2000
_SPACES = re.compile(f"[{_SPACE}]+")
_BREAK = re.compile("\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]")
_ONE_SPACE = re.compile(f"[{_SPACE}]")
_NUMBER = re.compile(r"([-+]?)([1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]+))?")
_MINUS = str.maketrans("\u2212\u2013", "--")
_DAY = re.compile(r"([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})")
_TYPED_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([1-9][0-9]{3})")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_MOMENT = re.compile(
    r"([0-9-]{10})T((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]{1,9})?)?"
    r"(?:Z|([+-])(0[0-9]|1[0-4]):([0-5][0-9]))"
)


def line(text: str) -> str:
    """One line, in normal form C: without control and invisible characters, with single spaces, trimmed."""
    return normalize("NFC", _SPACES.sub(" ", _UNSEEN.sub("", text)).strip(" "))


def short(text: str) -> str:
    """The same for answers that are short by their type; one of more than 2,000 characters stays as it was composed."""
    seen = _SPACES.sub(" ", _UNSEEN.sub("", text)).strip(" ")
    return normalize("NFC", seen) if len(seen) <= _LONG else seen


def lines(text: str) -> str:
    """The same with its line breaks (as `\\n`), and the spaces within a line as they are."""
    rows = _BREAK.sub("\n", _UNSEEN.sub("", text)).split("\n")
    return normalize("NFC", "\n".join(_ONE_SPACE.sub(" ", row).rstrip(" ") for row in rows).strip(" \n"))


def is_blank(text: str) -> bool:
    """Whether nothing is seen in it."""
    return not _SPACES.sub("", _UNSEEN.sub("", text))


def is_longer(text: str, longest: int) -> bool:
    """Whether this is surely longer than so many characters, without bringing it into normal form C.

    A character of that form is made of four at most; to order a long run of accents takes the square of their number.
    """
    return len(_SPACES.sub(" ", _UNSEEN.sub("", text)).strip(" ")) > 4 * longest


def number_parts(text: str) -> tuple[str, str, str] | None:
    """Sign, whole digits and those after the comma, without zeros that say nothing; None for what is no number.

    Indonesian notation: `1.500` is one thousand five hundred, `1,5` one and a half. `1.5`, `12.50` and `0.500` are no
    numbers: points stand before three digits, and whoever means a comma is asked instead of read a thousand times too high.
    """
    found = _NUMBER.fullmatch(short(text).translate(_MINUS))
    if not found:
        return None
    return found[1], found[2].replace(".", "").lstrip("0"), (found[3] or "").rstrip("0")


def number_words(value: int | float) -> str:
    """`1.234,5` from a number: as it is read, in both languages."""
    whole, _, part = f"{abs(value):.9f}".partition(".")
    part = part.rstrip("0")
    return f"{'-' if value < 0 else ''}{int(whole):,}".replace(",", ".") + (f",{part}" if part else "")


def day(text: str) -> str | None:
    """`2026-11-30` from that or `30/11/2026`, of the years 1000 to 9999; None for what is no day of the calendar."""
    if typed := _TYPED_DAY.fullmatch(text):
        text = f"{typed[3]}-{typed[2]:0>2}-{typed[1]:0>2}"
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, date = map(int, found.groups())
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return text if 1 <= month <= 12 and 1 <= date <= lengths[month - 1] else None


def time(text: str) -> str | None:
    """`14:05` from that or `14.05`; None for what is no time of a day: `24:00` is 00:00 of the next one."""
    found = _TIME.fullmatch(text)
    return f"{found[1]:0>2}:{found[2]}" if found else None


def moment(text: str) -> str | None:
    """`2026-11-30T14:05:00+07:00` in ISO 8601 with its offset; None without one, or for what is none."""
    found = _MOMENT.fullmatch(text)
    if not found or day(found[1]) != found[1]:
        return None
    offset = f"{found[5]}:{found[6]}" if found[4] else "00:00"
    if offset > "14:00":
        return None
    sign = found[4] if found[4] and offset != "00:00" else "+"
    return f"{found[1]}T{found[2]}:{found[3] or '00'}{sign}{offset}"
