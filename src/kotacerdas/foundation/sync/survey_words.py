"""Answers of a survey in words; personal ones masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.commands.fields import UPLOADS, Field
from kotacerdas.foundation.commands.typed import number_words
from kotacerdas.foundation.ui.tags.words import day, daytime
from kotacerdas.kernel import phones

HIDDEN = "•••"


def words_of(asked: Field, value: Any) -> str:
    """An answer in words; a personal one masked, "" for none."""
    if value is None:
        return ""
    if asked.personal:
        return phones.masked(value) if asked.type == "phone" else HIDDEN
    if asked.type == "group":
        return "; ".join(_row_words(asked, row) for row in value)
    return _plain_words(asked, value)


def _row_words(asked: Field, row: Mapping[str, Any]) -> str:
    told = ((one, words_of(one, row.get(one.name))) for one in asked.fields)
    return ", ".join(f"{one.label}: {words}" for one, words in told if words)


def _plain_words(asked: Field, value: Any) -> str:
    if asked.type == "boolean":
        return str(_("Yes") if value else _("No"))
    if asked.type == "choices":
        named = {one.name: str(one.label) for one in asked.choices}
        return ", ".join(named.get(one, one) for one in value)
    if asked.type in ("integer", "decimal"):
        return f"{number_words(value)} {asked.unit}".strip()
    if asked.type == "date":
        return day(date.fromisoformat(value))
    if asked.type == "time":
        return str(value).replace(":", ".")
    if asked.type == "moment":
        return daytime(datetime.fromisoformat(value))
    if asked.type == "position":
        return f"{value['lat']:.5f}, {value['lng']:.5f}"
    return shown(asked, value)


def shown(asked: Field, value: Any) -> str:
    """A text or a choice as people read it."""
    if asked.type == "choice":
        return str(next((one.label for one in asked.choices if one.name == value), value or ""))
    return str(value if value is not None else "")


def photo_fields(fields: Iterable[Field]) -> list[str]:
    """The fields whose photos and signatures everybody who sees the record may see."""
    return [one.name for one in fields if one.type in UPLOADS and not one.personal]


def photos_words(count: int) -> str:
    """How many photos there are; "" for none."""
    return ngettext("%(n)d photo", "%(n)d photos", count) % {"n": count} if count else ""
