"""Checks the answers to a form against its fields. `static/commands/fields.js` gives the same verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kotacerdas.foundation.commands.reading import LISTS, Wrong, is_blank, must_be_so_many, read
from kotacerdas.foundation.commands.vocabulary import Checked, Field, Problem

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check(fields: tuple[Field, ...], given: Mapping[str, Any], *, today: str) -> Checked:
    """Check the answers to a form. `today` is the local day ("2026-11-30") of whoever answers.

    Never raises for what a client sends: every value that is no answer is a Problem.
    """
    problems: dict[str, Problem] = {}
    return Checked(clean=_level(fields, given, today, (), problems), problems=problems)


def is_asked(asked: Field, values: Mapping[str, Any], today: str) -> bool:
    """Whether a field is asked, by the clean values of the fields of its level."""
    when = asked.shown_if
    if when is None:
        return True
    found = values.get(when.field)
    if when.op in ("filled", "empty"):
        return (found is not None) == (when.op == "filled")
    if when.op in ("at_least", "at_most"):
        return _compares(len(found) if isinstance(found, list) else found, when.op, when.value, today)
    wanted = when.value if when.op == "in" else (when.value,)
    members = found if isinstance(found, list) else [found]
    is_one = any(_same(one, other) for one in members for other in wanted)
    return is_one != (when.op == "is_not")


def _compares(found: Any, op: str, value: Any, today: str) -> bool:
    bound: Any = today if value == "today" else value
    if isinstance(found, str) != isinstance(bound, str) or not isinstance(found, str | int | float):
        return False
    return bool(found >= bound if op == "at_least" else found <= bound)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _level(
    fields: tuple[Field, ...], given: Any, today: str, at: tuple[str, ...], problems: dict[str, Problem]
) -> dict[str, Any]:
    """The clean values of a form or of one row of a group; what is wrong is put to `problems`."""
    if not isinstance(given, Mapping):
        problems[".".join(at)] = Problem("type")
        return {}
    clean: dict[str, Any] = {}
    for asked in fields:
        if not is_asked(asked, clean, today):
            continue
        value, path = given.get(asked.name), (*at, asked.name)
        try:
            if not _is_answered(asked, value):
                continue
            clean[asked.name] = (
                _rows(asked, value, today, path, problems)
                if asked.type == "group"
                else read(asked, value, today)
            )
        except Wrong as wrong:
            problems[".".join(path)] = wrong.problem
    _look_for_unknown(fields, given, at, problems)
    return clean


def _is_answered(asked: Field, value: Any) -> bool:
    """Whether there is an answer to read. Raises Wrong where one is required, and for a list in a scalar's place."""
    if not is_blank(value):
        return True
    if isinstance(value, list | tuple) and asked.type not in LISTS:
        raise Wrong("type")
    if asked.required:
        raise Wrong("required")
    return False


def _rows(
    asked: Field, value: Any, today: str, path: tuple[str, ...], problems: dict[str, Problem]
) -> list[dict[str, Any]]:
    if not isinstance(value, list | tuple):
        raise Wrong("type")
    must_be_so_many(asked, len(value))
    return [_level(asked.fields, row, today, (*path, str(at)), problems) for at, row in enumerate(value)]


def _look_for_unknown(
    fields: tuple[Field, ...], given: Mapping[Any, Any], at: tuple[str, ...], problems: dict[str, Problem]
) -> None:
    known = {one.name for one in fields}
    for name, value in given.items():
        if name not in known and not is_blank(value):
            is_named = isinstance(name, str) and _NAME.fullmatch(name)
            problems[".".join((*at, name) if is_named else at)] = Problem("unknown")
