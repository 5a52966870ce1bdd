"""Rows of the queue table, from assignments or from cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.actions import may_take
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Position
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import Badge, Tag
from kotacerdas.kernel import ids
from kotacerdas.programs.iceta.desk.filters import EMERGENCY
from kotacerdas.programs.iceta.desk.queries import live_clocks_of, open_assignments_of
from kotacerdas.programs.iceta.desk.short import short_badge
from kotacerdas.programs.iceta.lifecycles import KIND, REPORT, title

BULK_STEPS = ("accept", "hand")
TONES = {"new": "plain", "info": "laut", "warn": "kunyit", "good": "padi", "quiet": "plain", "bad": "terasi"}
CHANNELS: dict[str, tuple[str, Any]] = {
    "phone": ("phone", _("Telephone")),
    "web": ("globe", _("Website")),
    "instagram": ("at-sign", "Instagram"),
    "facebook": ("thumbs-up", "Facebook"),
    "whatsapp": ("message-circle", "WhatsApp"),
    "email": ("mail", _("E-mail")),
    "sp4n": ("megaphone", "SP4N"),
    "sensor": ("radio-tower", _("Sensor")),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table. `steps` are those that may be taken on several rows at once."""

    number: str
    title: str
    badge: Badge | None
    village: str
    district: str
    channel: tuple[str, Any]
    holder: str
    group: str = ""
    tag: Tag | None = None
    escalated: bool = False
    emergency: bool = False
    steps: str = ""


def rows_of(work: Sequence[Assignment], groups: Mapping[UUID, str], actor: Actor) -> list[Row]:
    """Rows of a queue; `groups` names the group of each assignment. Two queries for all of them."""
    cases = [one.case_id for one in work]
    clocks, parts = live_clocks_of(cases), open_assignments_of(cases)
    return [
        Row(
            **_shared(one.case),
            badge=_badge(one, clocks.get(one.case_id, ())),
            holder=holder_of(one),
            group=groups[one.id],
            escalated=any(part.role == "escalation" for part in parts.get(one.case_id, ())),
            steps=" ".join(_bulk_steps(one.case, parts.get(one.case_id, ()), actor)),
        )
        for one in work
    ]


def case_rows(cases: Sequence[Case]) -> list[Row]:
    """Rows of a list of cases, open or closed, with their state."""
    parts = open_assignments_of([one.id for one in cases])
    clocks = live_clocks_of([one.id for one in cases])
    return [
        Row(
            **_shared(one),
            badge=_badge(one, clocks.get(one.id, ())),
            holder=lead_holder(parts.get(one.id, ())),
            tag=state_tag(one),
            escalated=any(part.role == "escalation" for part in parts.get(one.id, ())),
        )
        for one in cases
    ]


def state_tag(case: Case) -> Tag:
    """The state of a case as its tag."""
    state = REPORT.by_state[case.state]
    return Tag(text=state.label, tone=TONES[state.tone], icon=state.icon)  # type: ignore[arg-type]


def holder_of(assignment: Assignment) -> str:
    """Who holds a part of the work: the person, else the post, else nobody ("")."""
    if assignment.holder is not None:
        return assignment.holder.name
    return position_title(assignment.position) if assignment.position else ""


def position_title(position: Position) -> str:
    """A post's title in the active language, without its agency."""
    return position.title_en if (get_language() or "id").startswith("en") else position.title_id


def lead_holder(parts: Iterable[Assignment]) -> str:
    """Who holds the lead's part."""
    return next((holder_of(part) for part in parts if part.role == "lead"), "")


def place_names(code: str) -> tuple[str, str]:
    """Village and district of an area code, as people call them; "" where unknown."""
    area = area_by_code(code)
    if area is None:
        return "", ""
    if area.level == "village":
        return area.name, gettext("%(name)s district") % {"name": area.parent.name} if area.parent else ""
    return area.full_name, ""


def channel(code: str) -> tuple[str, Any]:
    """Icon and word of the way a report came."""
    return CHANNELS.get(code, ("inbox", code))


def _shared(case: Case) -> dict[str, Any]:
    village, district = place_names(case.area_code)
    return {
        "number": case.number,
        "title": title(case.title_code),
        "village": village,
        "district": district,
        "channel": channel(case.channel),
        "emergency": case.priority == "emergency",
    }


def _badge(header: Assignment | Case, clocks: Iterable[CaseClock]) -> Badge | None:
    """The clock of a row: its cached due time says which; without a clock nothing is promised.

    Who supports in an emergency promises nothing alone: the clock of the case counts for all who are called.
    """
    due = header.due_at
    if due is None and isinstance(header, Assignment) and header.case.priority == EMERGENCY:
        due = header.case.due_at
    if due is None:
        return None
    return short_badge(due, next((one for one in clocks if one.due_at == due), None))


def _bulk_steps(case: Case, parts: Iterable[Assignment], actor: Actor) -> Iterable[str]:
    roles: dict[str, list[UUID]] = {}
    for part in parts:
        roles.setdefault(part.role, []).append(part.agency_id)
    for name in BULK_STEPS:
        step = REPORT.by_step[name]
        if case.state in step.sources and may_take(case, step, actor, roles):
            yield name


def line_of(number: str) -> dict[str, Any] | None:
    """What a phone desk tells a caller who names a number: title, village and state, whoever has the report."""
    case = Case.objects.filter(kind=KIND, number=ids.normal_ticket(number)).first() if number else None
    return told_line(case) if case is not None else None


def told_line(case: Case) -> dict[str, Any]:
    """Title, village and state of a report: as much as its number may bring."""
    area = area_by_code(case.area_code)
    return {
        "number": case.number,
        "title": title(case.title_code),
        "tag": state_tag(case),
        "opened_at": case.opened_at,
        "village": area.full_name if area is not None and area.level == area.Level.VILLAGE else "",
    }
