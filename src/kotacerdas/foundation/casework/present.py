"""A case in the shapes of the interface: head, assignments, parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.kinds import ESCALATION, LEAD
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, CaseParty
from kotacerdas.foundation.cases.queries import EMERGENCY, badge, clocks_of, parties_of
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.names import area_names, channel, holder_of, lead_holder
from kotacerdas.foundation.casework.queries import open_assignments_of, opens_number
from kotacerdas.foundation.casework.rows import state_tag
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Badge, Tag
from kotacerdas.kernel import phones


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody whom a case concerns, as far as the reader may see them. `phone` only after it was opened."""

    id: Any
    name: str
    role: str
    masked: str
    phone: str = ""
    dial: str = ""
    may_open: bool = False
    reveal_url: str = ""
    via: tuple[str, Any] = ("", "")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One open assignment: who has which part of the work, and how far it is."""

    agency: str
    role: Tag
    holder: str
    state: Tag


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The head of a case and what stands beside it, for whoever has `grants`.

    supporting   who works on it besides the lead
    """

    case: Case
    grants: Grants
    title: str
    tag: Tag
    badge: Badge | None
    place: str
    lead: str
    supporting: str
    holder: str
    channel: tuple[str, Any]
    parties: Sequence[Party]
    parts: Sequence[Assignment]
    clocks: Sequence[CaseClock]
    marks: Sequence[Tag]

    @property
    def number(self) -> str:
        return self.case.number

    @property
    def first_party(self) -> Party | None:
        return self.parties[0] if self.parties else None


def shown(
    desk: Desk, case: Case, grants: Grants, *, words: bool = True, opened: CaseParty | None = None
) -> Shown:
    """The head of a case. `opened` is the party whose number was just opened; the journal has it already."""
    parts = open_assignments_of([case.id]).get(case.id, [])
    clocks = clocks_of(case)
    others = (part for part in parts if part.role in desk.roles and part.role != LEAD.name)
    return Shown(
        case=case,
        grants=grants,
        title=desk.lifecycle.title(case.title_code),
        tag=state_tag(case),
        badge=case_badge(clocks),
        place=place_line(desk, case, words=words),
        lead=case.lead_agency.short_name if case.lead_agency else "",
        supporting=", ".join(part.agency.short_name for part in others),
        holder=lead_holder(parts),
        channel=channel(case.channel),
        parties=[_party(desk, case, one, grants, parts, opened) for one in parties_of(case)] if words else [],
        parts=parts,
        clocks=clocks,
        marks=_marks(desk, case, parts),
    )


def case_badge(clocks: Sequence[CaseClock]) -> Badge | None:
    """The nearest live promise of a case; None when nothing is promised now."""
    live = [one for one in clocks if one.is_ours and one.is_live]
    running = [one for one in live if one.state == "running"] or live
    return badge(min(running, key=lambda one: one.due_at)) if running else None


def place_line(desk: Desk, case: Case, *, words: bool = True) -> str:
    """The place of a case, as people say it."""
    return desk.place(case, words) if desk.place else ", ".join(area_names(case))


def parts_of(desk: Desk, seen: Shown) -> list[Part]:
    """The open assignments."""
    return [_part(desk, seen.case, one) for one in seen.parts]


def _marks(desk: Desk, case: Case, parts: Sequence[Assignment]) -> list[Tag]:
    """The marks beside the title: emergency, urgent, escalated, and those of the kind."""
    found = []
    if case.priority == EMERGENCY:
        found.append(Tag(text=_("Emergency"), tone="terasi", icon="siren"))
    elif case.priority == "urgent":
        found.append(Tag(text=_("Urgent"), tone="kunyit", icon="zap"))
    if any(part.role == ESCALATION.name for part in parts):
        found.append(Tag(text=_("Escalated"), tone="terasi", icon="chevrons-up"))
    return [*found, *(desk.marks(case) if desk.marks else ())]


def _part(desk: Desk, case: Case, one: Assignment) -> Part:
    role = desk.lifecycle.by_role.get(one.role)
    tone: Any = role.tone if role else "plain"
    if one.role == ESCALATION.name:
        state = Tag(text=_("Told"))
    elif _waits(desk, case, one.role):
        state = Tag(text=_("Waiting"), tone="kunyit")
    elif one.accepted_at:
        state = Tag(text=_("Taken on"), tone="laut")
    else:
        state = Tag(text=_("New"))
    return Part(
        agency=one.agency.short_name,
        role=Tag(text=role.label if role else one.role, tone=tone),
        holder=holder_of(one) or _("nobody yet"),
        state=state,
    )


def _waits(desk: Desk, case: Case, role: str) -> bool:
    """Whether the clock of this assignment is paused in the case's state, since it waits for somebody else."""
    clocks = desk.lifecycle.clocks
    return any(case.state in clock.pauses_in and role in clock.role.split("+") for clock in clocks)


def _party(
    desk: Desk,
    case: Case,
    one: CaseParty,
    grants: Grants,
    parts: Sequence[Assignment],
    opened: CaseParty | None,
) -> Party:
    role = desk.lifecycle.by_party.get(one.role)
    agencies = [*(part.agency_id for part in parts), case.lead_agency_id]
    may_open = one.person is not None and opens_number(desk, grants, agencies, one)
    known = one.person if one.person is not None and not one.is_anonymous else None
    is_opened = opened is not None and opened.id == one.id and one.person is not None
    person = one.person if is_opened else known
    number = one.phone if is_opened else ""
    return Party(
        id=one.id,
        name=(one.name or _("Without a name")) if person else _("Anonymous"),
        role=str(role.label) if role else one.role,
        masked=one.phone_masked if known else "",
        phone=phones.shown(number) if number else "",
        dial=number,
        may_open=may_open,
        reveal_url=desk.url("reveal", case.number, one.id) if may_open else "",
        via=channel(one.channel),
    )
