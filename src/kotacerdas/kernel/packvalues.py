"""Values of a pack, parsed by a dataclass's annotations: from a CSV cell (text) or a TOML value."""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from math import isfinite
from typing import Any, Literal, Union, get_args, get_origin

from django.utils.translation import gettext as _

_YES = {"yes": True, "no": False}
SEPARATOR = ";"
_LINE_MARKS = "\n\t"
_SHAPES = {
    int: re.compile(r"[+-]?[0-9]+"),
    float: re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
    Decimal: re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
    date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    time: re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
}
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+")  # as Indonesians write 1.500 for 1500
_MOST_DIGITS = 100


def parse_text(kind: Any, cell: str) -> Any:
    """The value of a CSV cell. ValueError says what is expected.

    str, int, float, Decimal, bool (yes/no), date (2026-11-24), time (07:30), Literal, tuple[x, ...] parted
    by ";", and `x | None` where an empty cell is None.
    """
    text = clean_text(cell).strip()
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if not text else parse_text(_not_none(kind), text)
    if origin is tuple:
        parts = [part.strip() for part in text.split(SEPARATOR)]
        return tuple(parse_text(get_args(kind)[0], part) for part in parts if part)
    if origin is Literal:
        return _choice(kind, text)
    if kind is str:
        return text
    if not text:
        raise ValueError(_("a value is missing"))
    return _scalar(kind, text)


def parse_toml(kind: Any, value: Any) -> Any:
    """The same for a TOML value: lists become tuples, tables become mappings of str, text is parsed."""
    origin = get_origin(kind)
    if kind is Any:
        for text in _texts_in(value):
            clean_text(text)
        return value
    if origin in (Union, types.UnionType):
        return None if value is None else parse_toml(_not_none(kind), value)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(_expected(_("a list"), value))
        return tuple(parse_toml(get_args(kind)[0], one) for one in value)
    if isinstance(value, bool):
        if kind is bool:
            return value
        raise ValueError(_expected(_words(kind), str(value).lower()))
    if kind in (float, Decimal) and isinstance(value, int | float):
        return _finite(kind, value)
    if kind in (int, date, time) and type(value) is kind:
        return value
    if isinstance(value, str):
        return parse_text(kind, value)
    raise ValueError(_expected(_words(kind), value))


def clean_text(text: str) -> str:
    """The text itself. ValueError for a character that no name holds and no column takes, by its number."""
    for char in text:
        number = ord(char)
        is_none = 0xFDD0 <= number <= 0xFDEF or number & 0xFFFE == 0xFFFE  # Unicode's noncharacters
        if is_none or (unicodedata.category(char) in ("Cc", "Cs") and char not in _LINE_MARKS):
            raise ValueError(_("the control character U+%(code)04X; remove it") % {"code": number})
    return text


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield name
            yield from _texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_in(one)


def _scalar(kind: Any, text: str) -> Any:
    if kind is not bool and kind not in _SHAPES:
        raise TypeError(f"a pack cannot hold values of {kind!r}")
    if kind in (int, Decimal) and _THOUSANDS.fullmatch(text):
        raise ValueError(_with_thousands(kind, text))
    try:
        if kind is bool:
            return _YES[text.lower()]
        if not _SHAPES[kind].fullmatch(text) or len(text) > _MOST_DIGITS:
            raise ValueError(text)
        return kind.fromisoformat(text) if kind in (date, time) else kind(text)
    except (ValueError, KeyError):
        raise ValueError(_expected(_words(kind), text)) from None


def _with_thousands(kind: Any, text: str) -> str:
    words = {"given": text, "whole": text.replace(".", "")}
    if kind is int or text.count(".") > 1:
        return _("%(given)s: numbers have no point between thousands; write %(whole)s") % words
    short = text.rstrip("0")
    words["decimal"] = text + "0" if short == text else short + "0" * short.endswith(".")
    return _("%(given)s may be read in two ways; write %(whole)s or %(decimal)s") % words


def _finite(kind: Any, value: int | float) -> Any:
    """A TOML number as it is asked for; TOML knows inf and nan, and whole numbers of any length."""
    if not isfinite(value) if isinstance(value, float) else abs(value) >= 10**_MOST_DIGITS:
        raise ValueError(_expected(_words(kind), str(value) if isinstance(value, float) else "…"))
    return float(value) if kind is float else Decimal(str(value))


def _choice(kind: Any, text: str) -> str:
    choices = get_args(kind)
    if text not in choices:
        known = ", ".join(choice or _("(empty)") for choice in choices)
        raise ValueError(_("%(value)s is none of %(known)s") % {"value": text, "known": known})
    return text


def _expected(words: str, given: Any) -> str:
    return _("%(expected)s is expected, not %(given)s") % {"expected": words, "given": given}


def _not_none(kind: Any) -> Any:
    return next(part for part in get_args(kind) if part is not type(None))


def _words(kind: Any) -> str:
    known = {
        bool: _("yes or no"),
        int: _("a whole number"),
        float: _("a number with a decimal point"),
        Decimal: _("a number with a decimal point"),
        date: _("a date like 2026-11-24"),
        time: _("a time like 07:30"),
        str: _("text"),
    }
    return known.get(kind, _("another kind of value"))
