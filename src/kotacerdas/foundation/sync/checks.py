"""Start-up checks of what programs declare of their field work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from kotacerdas.foundation.commands.fields import UPLOADS, flaws
from kotacerdas.foundation.parties.roles import declared
from kotacerdas.foundation.sync.declarations import FieldForm, forms, records, surveys


@register()
def field_declarations(**_given: Any) -> list[CheckMessage]:
    """E107: a record or form of the field that cannot work, with what is wrong."""
    permissions = declared().permissions
    found = [
        f"the records {one.name} need the undeclared permission {one.permission}"
        for one in records().values()
        if one.permission not in permissions
    ]
    found += [
        f"the form {one.name}: {words}" for one in forms().values() for words in _flaws(one, permissions)
    ]
    found += [
        f"the survey {one.name}: {words}" for one in surveys().values() for words in _flaws_of_survey(one)
    ]
    return [Error(words, id="kotacerdas.E107") for words in found]


def _flaws_of_survey(survey: Any) -> Iterator[str]:
    named = {one.name for one in survey.fields}
    for part in ("title", "small", "place"):
        name = getattr(survey, part)
        if name not in named and (name or part == "title"):
            yield f"{part} names no field of it: {name!r}"


def _flaws(form: FieldForm, permissions: Any) -> Iterator[str]:
    if form.command.permission and form.command.permission not in permissions:
        yield f"needs the undeclared permission {form.command.permission}"
    if form.on and form.on not in records():
        yield f"is for the undeclared records {form.on}"
    if callable(form.fields):
        return  # its choices are data of the pack, which no check reads
    yield from flaws(form.fields)
    if form.attach is None and any(one.type in UPLOADS for one in form.fields):
        yield "has photos and names no `attach` for them"
