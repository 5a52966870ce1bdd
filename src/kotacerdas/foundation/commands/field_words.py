"""The words for what is wrong with an answer, for Python and for the phone."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from kotacerdas.foundation.commands.typed import number_words
from kotacerdas.foundation.commands.vocabulary import Field, Problem

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TEMPLATES = {
    "required": _("This is not answered yet. Answer it."),
    "required.choice": _("Nothing is chosen yet. Choose one."),
    "required.choices": _("Nothing is chosen yet. Choose what applies."),
    "required.photos": _("There is no photo yet. Take one."),
    "required.signature": _("The signature is missing. Have it signed."),
    "required.position": _("The position is missing. Stand outside and take it."),
    "required.group": _("There is no row yet. Add one."),
    "unknown": _("This form has no such question. Open the form again, in its newest version."),
    "type": _("This cannot be read. Enter it again."),
    "too_short": _("This is too short. Write at least %(least)s letters."),
    "too_long": _("This is too long. Write at most %(most)s letters."),
    "too_small": _("This is too little. At least %(least)s."),
    "too_small.date": _("This day is too early. Choose %(least)s or a later one."),
    "too_small.time": _("This time is too early. Choose %(least)s or a later one."),
    "too_big": _("This is too much. At most %(most)s."),
    "too_big.date": _("This day is too late. Choose %(most)s or an earlier one."),
    "too_big.time": _("This time is too late. Choose %(most)s or an earlier one."),
    "step": _("Only multiples of %(step)s can be entered. Round it."),
    "places": _("At most %(places)s digits may follow the comma. Round it."),
    "places.integer": _("Only whole numbers can be entered. Round it."),
    "choice": _("This is none of the answers. Choose one of the list."),
    "too_few": _("Too few. Choose at least %(least)s."),
    "too_few.photos": _("Too few photos. At least %(least)s are needed."),
    "too_few.group": _("Too few rows. Add more, at least %(least)s."),
    "too_many": _("Too many. Choose at most %(most)s."),
    "too_many.photos": _("Too many photos. Remove some, at most %(most)s."),
    "too_many.group": _("Too many rows. Remove some, at most %(most)s."),
    "date": _("The calendar has no such day. Write it as 30/11/2026."),
    "time": _("A day has no such time. Write it as 14.05."),
    "moment": _("This is no day with its time. Choose both."),
    "phone": _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678."),
    "position": _("This is no position on earth. Take it again."),
    "code": _("A code has letters, figures and dashes only. Scan or type it again."),
    "number": _("This is no number. Write digits, with a comma before decimals: 1.500 or 2,5."),
}


def problem_templates(language: str) -> dict[str, str]:
    """The words by code, or by `code.type` where a type has its own, with `%(least)s` for figures. For `fields.js`."""
    with override(language):
        return {code: gettext(words) for code, words in _TEMPLATES.items()}


def problem_words(found: Problem, asked: Field) -> str:
    """The words for a problem in the active language, with the way out."""
    words = _TEMPLATES.get(f"{found.code}.{asked.type}") or _TEMPLATES[found.code]
    return gettext(words) % {name: _shown(name, value, asked) for name, value in found.params.items()}


def _shown(name: str, value: Any, asked: Field) -> str:
    if isinstance(value, str):
        found = _DAY.fullmatch(value)
        return f"{found[3]}/{found[2]}/{found[1]}" if found else value.replace(":", ".")
    is_measure = asked.type in ("integer", "decimal") and name != "places"
    return f"{number_words(value)} {asked.unit if is_measure else ''}".rstrip()
