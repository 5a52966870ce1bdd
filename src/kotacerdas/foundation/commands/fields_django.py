"""The declaration of a form as a Django form, for a desk: the same questions with the same checks.

form = django_form(FIELDS)(request.POST, initial=stored)
if form.is_valid():
    form.cleaned_data  # what `check` calls clean
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.commands.checking import check
from kotacerdas.foundation.commands.field_words import problem_templates, problem_words
from kotacerdas.foundation.commands.typed import number_words
from kotacerdas.foundation.commands.vocabulary import Checked, Field, When
from kotacerdas.kernel import clock

_NAIVE = re.compile(r"[0-9-]{10}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_TYPED_BOOLEANS = {"true": True, "false": False}


class VocabularyForm(forms.Form):
    """A form of declared fields. `data` is what a browser posted, or a mapping of values as a phone sends it.

    initial  the values that the form shows, or showed when it was opened
    today    the local day of whoever answers ("2026-11-30"); the regency's by default
    checked  the verdict, once it was asked for
    """

    declared: ClassVar[tuple[Field, ...]] = ()
    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: Any = None, today: str = "", **more: Any) -> None:
        self.today = today or clock.today().isoformat()
        self.checked = Checked({}, {})
        self._given = data
        self._before: Mapping[str, Any] = initial or {}
        known = {one.name: one for one in self.declared}
        shown = {name: _shown(known[name], value) for name, value in (initial or {}).items() if name in known}
        is_mapping = data is not None and not isinstance(data, QueryDict)
        super().__init__({} if is_mapping else data, initial=shown, **more)

    def clean(self) -> dict[str, Any]:
        """The clean values; what is wrong is told at its field, or above the form where there is none."""
        given = self._given
        if isinstance(given, QueryDict):
            given = {one.name: self._posted(one, given) for one in self.declared}
        self.checked = check(self.declared, given, today=self.today)
        known = {one.name: one for one in self.declared}
        for path, found in self.checked.problems.items():
            if path in known:
                self.add_error(path, problem_words(found, known[path]))
            else:
                self.add_error(None, str(_(problem_templates("en")[found.code])))
        return self.checked.clean

    def _posted(self, asked: Field, data: QueryDict) -> Any:
        """An answer as it was posted; a moment that stands as it was shown keeps its seconds and its offset."""
        name, before = self.add_prefix(asked.name), self._before.get(asked.name)
        if asked.type == "moment" and before is not None and data.get(name) == _shown(asked, before):
            return before
        return _typed(asked, data, name)


class _Answer(forms.Field):
    """A field whose answer is judged with those of the whole form."""

    def clean(self, value: Any) -> Any:
        return value


class _PositionInput(forms.MultiWidget):
    """Latitude and longitude in degrees; the accuracy of what was measured goes along unseen."""

    def __init__(self) -> None:
        degrees = partial(forms.TextInput, attrs={"inputmode": "decimal"})
        super().__init__({"lat": degrees(), "lng": degrees(), "accuracy": forms.HiddenInput()})
        for widget, words in zip(
            self.widgets, (gettext_lazy("Latitude"), gettext_lazy("Longitude")), strict=False
        ):
            widget.attrs["aria-label"] = words

    def decompress(self, value: Any) -> list[Any]:
        found = value if isinstance(value, Mapping) else {}
        return [found.get(name) for name in ("lat", "lng", "accuracy")]


def django_form(fields: tuple[Field, ...]) -> type[VocabularyForm]:
    """The form class of declared fields, in the active language. LookupError for a group, which a desk's form cannot draw."""
    if groups := [one.name for one in fields if one.type == "group"]:
        raise LookupError(f"a desk's form has no rows: {', '.join(groups)}")
    labels = {one.name: one for one in fields}
    made: dict[str, Any] = {one.name: _field(one, labels) for one in fields}
    return type("DeclaredForm", (VocabularyForm,), made | {"declared": fields})


def _field(asked: Field, others: Mapping[str, Field]) -> forms.Field:
    unit = f" ({asked.unit})" if str(asked.unit) else ""
    hints = [str(asked.hint), _condition(asked.shown_if, others) if asked.shown_if else ""]
    return _Answer(
        label=f"{asked.label}{unit}",
        help_text=" ".join(one for one in hints if one),
        required=asked.required and asked.shown_if is None,
        widget=_widget(asked),
    )


def _condition(when: When, others: Mapping[str, Field]) -> str:
    """On which answer it depends, in words: a form without script shows every question."""
    asked = others.get(when.field)
    if asked is None or when.op not in ("is", "in"):
        return ""
    names = when.value if when.op == "in" else (when.value,)
    words = [str(one.label) for one in asked.choices if one.name in names]
    return (
        _("Only for “%(label)s”: %(answers)s.") % {"label": asked.label, "answers": ", ".join(words)}
        if words
        else ""
    )


def _widget(asked: Field) -> forms.Widget:
    choices = [(one.name, str(one.label)) for one in asked.choices]
    if asked.type == "text" and asked.lines > 1:
        return forms.Textarea(attrs={"rows": asked.lines + 1})
    if asked.type == "choice":
        return forms.RadioSelect(choices=choices)
    if asked.type == "choices":
        return forms.CheckboxSelectMultiple(choices=choices)
    if asked.type == "boolean":
        return forms.RadioSelect(choices=[("true", _("Yes")), ("false", _("No"))])
    if asked.type == "position":
        return _PositionInput()
    if asked.type in ("photos", "signature"):
        return forms.MultipleHiddenInput() if asked.type == "photos" else forms.HiddenInput()
    if asked.type in ("integer", "decimal"):
        return forms.TextInput(attrs={"inputmode": "decimal"})
    kinds = {"date": "date", "time": "time", "moment": "datetime-local", "phone": "tel"}
    return forms.TextInput(attrs={"type": kinds[asked.type]}) if asked.type in kinds else forms.TextInput()


def _typed(asked: Field, data: QueryDict, name: str) -> Any:
    """An answer as a browser posted it, as the check reads it."""
    if asked.type in ("choices", "photos"):
        return data.getlist(name)
    if asked.type == "position":
        parts = {part: _degrees(data.get(f"{name}_{part}", "")) for part in ("lat", "lng", "accuracy")}
        return parts if parts["lat"] is not None or parts["lng"] is not None else None
    text = data.get(name, "")
    if asked.type == "boolean":
        return _TYPED_BOOLEANS.get(text, text)
    if asked.type == "moment" and _NAIVE.fullmatch(text):
        return _with_offset(text)
    return text


def _degrees(text: str) -> Any:
    try:
        return float(text.strip().replace(",", ".")) if text.strip() else None
    except ValueError:
        return text


def _with_offset(text: str) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock.local_zone()).isoformat()
    except ValueError:
        return text


def _shown(asked: Field, value: Any) -> Any:
    """A clean value as the form's inputs have it."""
    if asked.type in ("integer", "decimal") and isinstance(value, int | float):
        return number_words(value)
    if asked.type == "boolean":
        return "true" if value else "false"
    if asked.type == "moment" and isinstance(value, str):
        return _local_minute(value)
    return value


def _local_minute(moment: str) -> str:
    try:
        return datetime.fromisoformat(moment).astimezone(clock.local_zone()).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return moment  # what an older form let through
