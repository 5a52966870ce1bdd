"""Wherever somebody writes in sentences, letters that nobody sees are nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.conf import settings

from kotacerdas.foundation.ui.fields import WordsField

OUTLINES = {"outline"}  # numbers over several lines


def _kinds(parent: type) -> Iterator[type]:
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _fields() -> list[tuple[str, forms.Field]]:
    """Every field of several lines of every declared form."""
    import_module(settings.ROOT_URLCONF)
    return [
        (f"{kind.__module__}.{kind.__name__}.{name}", field)
        for kind in sorted(_kinds(forms.BaseForm), key=lambda one: f"{one.__module__}.{one.__name__}")
        if kind.__module__.startswith("kotacerdas")
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field.widget, forms.Textarea) and name not in OUTLINES
    ]


def test_every_field_of_sentences_reads_what_is_seen():
    found = _fields()
    assert len(found) > 20
    assert [name for name, field in found if not isinstance(field, WordsField)] == []


@pytest.mark.parametrize(
    "typed", ["\u3164" * 12, "\u2800\u200b\u00ad", "\u115f\u1160\uffa0 \t", "\u0301\ufe0f"]
)
def test_nothing_seen_is_an_empty_answer(typed):
    with pytest.raises(forms.ValidationError):
        WordsField().clean(typed)
    assert WordsField(required=False).clean(typed) == ""
