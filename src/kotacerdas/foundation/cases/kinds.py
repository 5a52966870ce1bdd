"""What a program declares of its kind of case: parts of the work, parties, kinds of notes, moments of files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Speaker = Literal["inside", "public", "party"]


@dataclass(frozen=True, kw_only=True)
class Role:
    """A part of the work that an agency has, or a part that a party has in the case; `name` is stored."""

    name: str
    label: Any
    tone: str = "plain"


@dataclass(frozen=True, kw_only=True)
class NoteKind:
    """A kind of words on a case.

    speaker  "inside": staff among themselves; "public": staff to the parties; "party": a party to staff
    """

    name: str
    label: Any
    icon: str
    speaker: Speaker


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a photo or document was made. `alt` is read aloud in place of the photo."""

    name: str
    label: Any
    alt: Any


LEAD = Role(name="lead", label=_("Lead"), tone="laut")
ESCALATION = Role(name="escalation", label=_("Escalation"), tone="terasi")  # given by the look-out alone
INSIDE = NoteKind(name="inside", label=_("Inside note"), icon="lock", speaker="inside")
OTHER = Moment(name="other", label=_("Others"), alt=_("Photo"))
