"""How posts, holders, places and channels are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Assignment, Case
from kotacerdas.foundation.parties.models import Position
from kotacerdas.foundation.territory.queries import area_by_code

CHANNELS: dict[str, tuple[str, Any]] = {
    "phone": ("phone", _("Telephone")),
    "web": ("globe", _("Website")),
    "field": ("smartphone", _("In the field")),
    "counter": ("store", _("At the counter")),
    "desk": ("monitor", _("At a desk")),
    "round": ("rotate-ccw", _("By its turn")),
    "instagram": ("at-sign", "Instagram"),
    "facebook": ("thumbs-up", "Facebook"),
    "whatsapp": ("message-circle", "WhatsApp"),
    "email": ("mail", _("E-mail")),
    "sp4n": ("megaphone", "SP4N"),
    "sensor": ("radio-tower", _("Sensor")),
}


def channel(code: str) -> tuple[str, Any]:
    """Icon and word of the channel by which a case came."""
    return CHANNELS.get(code, ("inbox", code))


def position_title(position: Position) -> str:
    """A post's title in the active language, without its agency."""
    return position.title_en if (get_language() or "id").startswith("en") else position.title_id


def holder_of(assignment: Assignment) -> str:
    """Who holds a part of the work: the person, else the post, else nobody ("")."""
    if assignment.holder is not None:
        return assignment.holder.name
    return position_title(assignment.position) if assignment.position else ""


def lead_holder(parts: Iterable[Assignment]) -> str:
    """Who holds the lead's part."""
    return next((holder_of(part) for part in parts if part.role == LEAD.name), "")


def place_names(code: str) -> tuple[str, str]:
    """Village and district of an area code, as people call them; "" where unknown."""
    area = area_by_code(code)
    if area is None:
        return "", ""
    if area.level == "village":
        return area.name, gettext("%(name)s district") % {"name": area.parent.name} if area.parent else ""
    return area.full_name, ""


def area_names(case: Case) -> list[str]:
    """The area of a case and those round it, up to the district."""
    area, names = area_by_code(case.area_code), []
    while area is not None and area.level != "regency":
        names.append(area.full_name)
        area = area.parent
    return names
