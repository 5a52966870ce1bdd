"""Values of a pack, parsed by a dataclass's annotations: from a CSV cell (text) or a TOML value."""

from __future__ import annotations

import types
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Union, get_args, get_origin

from django.utils.translation import gettext as _

_YES = {"yes": True, "no": False}
SEPARATOR = ";"


def parse_text(kind: Any, cell: str) -> Any:
    """The value of a CSV cell. ValueError says what is expected.

    str, int, float, Decimal, bool (yes/no), date (2026-11-24), time (07:30), Literal, tuple[x, ...] parted
    by ";", and `x | None` where an empty cell is None.
    """
    text = cell.strip()
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
    if kind is float and isinstance(value, int | float):
        return float(value)
    if kind in (int, date, time) and type(value) is kind:
        return value
    if kind is Decimal and isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, str):
        return parse_text(kind, value)
    raise ValueError(_expected(_words(kind), value))


def _scalar(kind: Any, text: str) -> Any:
    try:
        if kind is bool:
            return _YES[text.lower()]
        if kind in (date, time):
            return kind.fromisoformat(text)
        if kind in (int, float, Decimal):
            return _number(kind, text)
    except (ValueError, KeyError, InvalidOperation):
        raise ValueError(_expected(_words(kind), text)) from None
    raise TypeError(f"a pack cannot hold values of {kind!r}")


def _number(kind: Any, text: str) -> Any:
    number = kind(text)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


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
