"""How numbers and dates are written, and what a column's other cells prove about `1.234` and `5/6/2026`.

Without Django: the reading process gathers the evidence, the house decides by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

COMMA, DOT, UNSURE = ",", ".", "?"
DAY_FIRST, MONTH_FIRST = "day", "month"

_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*")
_UNSURE = re.compile(r"[-+]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")
_MIXED = re.compile(r"[-+]?[0-9]{1,3}(?:([.,])[0-9]{3})+([.,])[0-9]+")
_ONE = re.compile(r"[-+]?[0-9]+([.,])[0-9]+")
_SLASHED = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_WORDY = re.compile(r"([0-9]{1,2})[ -]+([a-z]+)[ .,-]+([0-9]{4})", re.I)
_MONTH_NAMES = (
    "januari january jan",
    "februari february pebruari feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu ags agt aug",
    "september sep sept",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2013": "-"})


def plain(text: str) -> str:
    """The text with usual spaces and minus signs, without those around it."""
    return text.translate(_SPACES).strip()


def decimal_mark(text: str) -> str:
    """What a number proves to be its decimal mark: COMMA, DOT, UNSURE for `1.234`, "" where nothing is proven."""
    if "," not in text and "." not in text:
        return ""
    found = _MIXED.fullmatch(text)
    if found:
        return found[2] if found[1] != found[2] else _other(found[1])
    if found := _GROUPED.fullmatch(text):
        return _other(found[1])
    if _UNSURE.fullmatch(text):
        return UNSURE
    if found := _ONE.fullmatch(text):
        return found[1]
    return ""


def is_number(text: str) -> bool:
    """Digits, with separators anywhere between them."""
    return _NUMBER.fullmatch(text) is not None


def ungrouped(text: str, mark: str) -> str | None:
    """The number as Python reads it, by its decimal mark; None where separators do not stand where they should."""
    whole, dot, part = text.partition(mark)
    group = _other(mark)
    if group in part or mark in part:
        return None
    if group in whole:
        first, *rest = whole.lstrip("+-").split(group)
        if not 0 < len(first) <= 3 or any(len(one) != 3 for one in rest):
            return None
        whole = whole.replace(group, "")
    return f"{whole}.{part}" if dot else whole


def _other(mark: str) -> str:
    return DOT if mark == COMMA else COMMA


def date_order(text: str) -> str:
    """What a date in three numbers proves: DAY_FIRST, MONTH_FIRST, UNSURE for `5/6/2026`, "" for anything else."""
    found = _SLASHED.fullmatch(text)
    if not found:
        return ""
    first, second = int(found[1]), int(found[3])
    if first > 12:
        return DAY_FIRST
    if second > 12:
        return MONTH_FIRST
    return UNSURE if first != second else ""


def read_date(text: str, order: str) -> date | None:
    """A date of four digits' year in any usual notation; None for what is none. `order` decides `5/6/2026`."""
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _SLASHED.fullmatch(text):
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            return date(year, first, second) if order == MONTH_FIRST else date(year, second, first)
        if (found := _WORDY.fullmatch(text)) and (month := MONTHS.get(found[2].lower())):
            return date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None
    return None


class Evidence:
    """What the text cells of one column prove, gathered cell by cell."""

    def __init__(self, marks: Iterable[str] = (), orders: Iterable[str] = ()) -> None:
        self.marks, self.orders = set(marks), set(orders)

    def look(self, text: str) -> None:
        """Count one cell as evidence; what is neither number nor date proves nothing."""
        if not text or not (text[0].isdigit() or text[0] in "+-R\u2212") or len(text) > 30:
            return
        text = plain(text)
        if text[:2].lower() == "rp":
            text = text[2:].lstrip(". ")
        if mark := decimal_mark(text):
            self.marks.add(mark)
        elif order := date_order(text):
            self.orders.add(order)

    @property
    def mark(self) -> str:
        """The one decimal mark that was proven; "" where none was, or both."""
        proven = self.marks & {COMMA, DOT}
        return proven.pop() if len(proven) == 1 else ""

    @property
    def order(self) -> str:
        """The one order of dates that was proven; "" where none was, or both."""
        proven = self.orders & {DAY_FIRST, MONTH_FIRST}
        return proven.pop() if len(proven) == 1 else ""
