"""Finds what is wrong with the declaration of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from kotacerdas.foundation.commands import typed
from kotacerdas.foundation.commands.reading import LISTS
from kotacerdas.foundation.commands.vocabulary import Field, Merge, Op, Type

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CHOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_NUMBERS = frozenset({"integer", "decimal"})
_MOST_PLACES = 6


def flaws(fields: tuple[Field, ...]) -> Iterator[str]:
    """What is wrong with a declaration, in words, for the start-up checks and the pack's check."""
    before: dict[str, Field] = {}
    for one in fields:
        yield from (f"field {one.name!r}: {words}" for words in _of_field(one, before))
        before[one.name] = one


def _of_field(one: Field, before: dict[str, Field]) -> Iterator[str]:
    if not _NAME.fullmatch(one.name):
        yield "a name is lower-case letters, figures and underscores, at most 40"
    if one.name in before:
        yield "another field has this name"
    if one.type not in get_args(Type):
        yield f"there is no type {one.type!r}"
        return
    if not str(one.label):
        yield "it has no label"
    if one.merge not in get_args(Merge) or (one.merge == "add" and one.type not in _NUMBERS):
        yield f"answers of this type cannot be merged by {one.merge!r}"
    yield from _of_parts(one)
    yield from _of_bounds(one)
    yield from _of_number(one)
    yield from _of_condition(one, before)


def _of_parts(one: Field) -> Iterator[str]:
    names = [choice.name for choice in one.choices]
    if bool(names) != (one.type in ("choice", "choices")):
        yield "choices belong to a choice, and every choice has them"
    if len(set(names)) != len(names) or not all(_CHOICE.fullmatch(name) for name in names):
        yield "each choice has a name of its own, of letters, figures, underscores, dots and dashes, at most 40"
    if bool(one.fields) != (one.type == "group"):
        yield "fields belong to a group, and every group has them"
    if any(inner.type == "group" for inner in one.fields):
        yield "a group cannot stand in a group"
    yield from flaws(one.fields)


def _of_bounds(one: Field) -> Iterator[str]:
    bounds = [bound for bound in (one.least, one.most) if bound is not None]
    if not all(_is_bound(one, bound) for bound in bounds):
        yield "a bound is no value of this type"
    elif len(bounds) == 2 and "today" not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
        yield "the least is above the most"
    if not 0 <= one.shortest <= one.longest:
        yield "the shortest is above the longest"


def _is_bound(one: Field, bound: Any) -> bool:
    if one.type in _NUMBERS:
        return _fits(one, bound)
    if one.type in LISTS:
        return type(bound) is int and bound >= 0
    if one.type == "date":
        return bound == "today" or (isinstance(bound, str) and typed.day(bound) == bound)
    return one.type == "time" and isinstance(bound, str) and typed.time(bound) == bound


def _fits(one: Field, number: Any) -> bool:
    """Whether this is a number with the digits that the field allows."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    places = 0 if one.type == "integer" else one.places
    limit = typed.SURE_INTEGER if one.type == "integer" else 10 ** (typed.SURE_DIGITS - places)
    return abs(number) <= limit and round(number, places) == number


def _of_number(one: Field) -> Iterator[str]:
    given = [*one.quick, *([] if one.step is None else [one.step])]
    if given and one.type not in _NUMBERS:
        yield "steps and quick numbers belong to numbers"
        return
    if not 0 <= one.places <= _MOST_PLACES:
        yield f"places are from 0 to {_MOST_PLACES}"
    elif not all(_fits(one, number) for number in given) or (one.step is not None and one.step <= 0):
        yield "a step or a quick number is none that could be entered"


def _of_condition(one: Field, before: dict[str, Field]) -> Iterator[str]:
    when = one.shown_if
    if when is None:
        return
    other = before.get(when.field)
    if other is None or when.field == one.name:
        yield f"its condition names {when.field!r}, which is not asked before it on the same level"
    elif when.op not in get_args(Op):
        yield f"there is no condition {when.op!r}"
    elif not _is_meant(other, when.op, when.value):
        yield f"its condition never holds as it should: {when.field!r} is not compared with {when.value!r}"


def _is_meant(other: Field, op: str, value: Any) -> bool:
    """Whether a field can be compared like this."""
    if op in ("filled", "empty"):
        return value is None
    if op in ("at_least", "at_most"):
        return _is_bound(other, value)
    wanted = value if op == "in" else (value,)
    return isinstance(wanted, tuple) and bool(wanted) and all(_is_value(other, one) for one in wanted)


def _is_value(other: Field, value: Any) -> bool:
    if other.choices:
        return value in {choice.name for choice in other.choices}
    if other.type == "boolean":
        return isinstance(value, bool)
    if other.type in _NUMBERS:
        return _fits(other, value)
    return other.type in ("text", "code", "date", "time") and isinstance(value, str) and bool(value)
