"""The declaration of a form for the phone."""

from __future__ import annotations

from dataclasses import fields as parts_of
from typing import Any

from django.utils.translation import override

from kotacerdas.foundation.commands.vocabulary import Field

_WORDS = frozenset({"label", "hint", "unit"})


def as_json(fields: tuple[Field, ...], language: str) -> list[dict[str, Any]]:
    """The declaration for the phone in one language: only what differs from the defaults. For `fields.js`.

    The keys are `Field`'s. A choice is `[name, label]`, a condition `[field, op, value]`.
    """
    with override(language):
        return [_as_json(one, language) for one in fields]


def _as_json(asked: Field, language: str) -> dict[str, Any]:
    return {
        part.name: _value(part.name, getattr(asked, part.name), language)
        for part in parts_of(asked)
        if getattr(asked, part.name) != part.default
    }


def _value(part: str, value: Any, language: str) -> Any:
    if part in _WORDS:
        return str(value)
    if part == "choices":
        return [[one.name, str(one.label)] for one in value]
    if part == "fields":
        return as_json(value, language)
    if part == "shown_if":
        told = list(value.value) if isinstance(value.value, tuple | frozenset) else value.value
        return [value.field, value.op] if told is None else [value.field, value.op, told]
    return list(value) if isinstance(value, tuple) else value
