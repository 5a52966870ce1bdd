"""The field vocabulary: a form is declared once, for the phone, the JSON body and the Django form of one command.

    FIELDS = (
        Field(name="access", type="choice", label=_("Access"), choices=(Choice("car", _("by car")), …)),
        Field(name="litres", type="integer", label=_("Sludge pumped"), unit="liter", least=100, most=6000, step=100),
        Field(name="reason", type="text", label=_("Why not?"), shown_if=When("litres", "at_most", 0)),
    )
    checked = check(FIELDS, body, today="2026-11-30")
    form = django_form(FIELDS)(request.POST)

`check` gives the same verdict as `static/commands/fields.js`: the vectors in `tests/vectors.json` run on both.
"""

from __future__ import annotations

from kotacerdas.foundation.commands.checking import check
from kotacerdas.foundation.commands.field_flaws import flaws
from kotacerdas.foundation.commands.field_words import problem_templates, problem_words
from kotacerdas.foundation.commands.fields_django import django_form
from kotacerdas.foundation.commands.fields_json import as_json
from kotacerdas.foundation.commands.vocabulary import (
    UPLOADS,
    Checked,
    Choice,
    Field,
    Merge,
    Op,
    Problem,
    Type,
    When,
    Words,
)

__all__ = [
    "UPLOADS",
    "Checked",
    "Choice",
    "Field",
    "Merge",
    "Op",
    "Problem",
    "Type",
    "When",
    "Words",
    "as_json",
    "check",
    "django_form",
    "flaws",
    "problem_templates",
    "problem_words",
]
