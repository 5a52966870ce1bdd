"""The result classes of a stocktake: what may be said of a good besides its condition, several at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Who = Literal["gone", "there", "found_out"]


@dataclass(frozen=True)
class Class:
    """A result class.

    who   "gone": said of what is not there; "there": said of what is; "found_out": nobody says it, it follows
    todo  what is usually done about it
    """

    label: Any
    tone: str
    who: Who
    todo: Any


CLASSES = {
    "not_found": Class(_("Not found"), "terasi", "gone", _("Ask whoever has it in custody")),
    "stolen": Class(_("Stolen"), "terasi", "gone", _("Report to the police, claim for damages (TGR)")),
    "missing": Class(_("Not seen by anybody"), "terasi", "found_out", _("Ask whoever has it in custody")),
    "used_by_others": Class(_("Used by others"), "terasi", "there", _("Call it back, with an act (BAST)")),
    "used_by_staff": Class(
        _("Used by staff"), "kunyit", "there", _("Put it into custody, with an act (BAST)")
    ),
    "elsewhere": Class(_("In another room"), "kunyit", "found_out", _("Record its room, or carry it back")),
    "condition": Class(_("Condition changed"), "kunyit", "found_out", _("Propose the new condition")),
    "data_changed": Class(_("Data changed"), "kunyit", "there", _("Propose a correction")),
    "double": Class(_("Entered twice"), "kunyit", "there", _("Propose that one entry is disposed of")),
    "uncapitalised": Class(_("Not capitalised"), "kunyit", "there", _("Propose the capitalisation")),
    "on_others_land": Class(_("On others' land"), "kunyit", "there", _("Settle the land with its owner")),
    "unexpected": Class(
        _("Not on the list"), "laut", "found_out", _("Record its room, or give it back to its agency")
    ),
    "unrecorded": Class(_("Not recorded"), "laut", "found_out", _("Record it as an acquisition")),
}


def said_of(who: Who) -> dict[str, Any]:
    """The classes that somebody may say of what is there, or of what is gone: name to label."""
    return {name: one.label for name, one in CLASSES.items() if one.who == who}


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """These classes, each once, the gravest first; what is none is left out."""
    given = set(names)
    return tuple(name for name in CLASSES if name in given)


def tags_of(classes: Iterable[str], room: str | None = None) -> list[tuple[str, str]]:
    """Classes as words with their tones; of what stands elsewhere also where."""
    return [
        (
            f"{CLASSES[one].label}: {room}" if one == "elsewhere" and room else str(CLASSES[one].label),
            CLASSES[one].tone,
        )
        for one in classes
        if one in CLASSES
    ]
