"""Taking back that a promise was missed, because the step that kept it happened in time and came late (ADR 33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kotacerdas.foundation.cases.kinds import ESCALATION
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.models import Position
from kotacerdas.foundation.parties.posts import post_name
from kotacerdas.kernel import clock
from kotacerdas.kernel.discover import discover


@dataclass(kw_only=True)
class Restored:
    """A clock that was marked overdue and is not.

    level      how often it was escalated
    rows       the journal rows of that, oldest first
    withdrawn  the posts that are let go
    """

    clock: CaseClock
    level: int
    rows: list[Row] = field(default_factory=list)
    withdrawn: list[Position] = field(default_factory=list)


def withdraw(
    case: Case,
    restored: Iterable[Restored],
    overdue: Iterable[CaseClock],
    parts: Iterable[Assignment],
    *,
    at: datetime,
) -> frozenset[UUID]:
    """End as void the assignments of posts that only restored clocks had called in; their ids.

    overdue  the clocks that were overdue before the step; parts  the assignments that were open before it
    """
    back = {one.clock.id: one for one in restored}
    if not back:
        return frozenset()
    calls = _calls(case, overdue)
    for key, one in back.items():
        one.rows = calls[key]
    needed = {_post(row) for key, rows in calls.items() if key not in back for row in rows}
    open_now = {part.id for part in parts if part.role == ESCALATION.name}
    called_in = Assignment.objects.filter(id__in=open_now).select_related("position__agency")
    at_post = {post_name(part.position): (part.id, part.position) for part in called_in if part.position}
    gone = set()
    for one in back.values():
        for name in dict.fromkeys(map(_post, one.rows)):
            if name in needed or name not in at_post:
                continue
            part, position = at_post.pop(name)
            gone.add(part)
            one.withdrawn.append(position)
    Assignment.objects.filter(id__in=gone).update(is_open=False, ended_at=at, outcome="void")
    return frozenset(gone)


def tell_restored(case: Case, restored: Iterable[Restored], *, at: datetime) -> None:
    """Write for each restored clock a row that takes its escalations back, and tell the posts that are let go."""
    on_restore = [
        found for module in discover("expiry") if (found := getattr(module, "RESTORED", {}).get(case.kind))
    ]
    for one in restored:
        row = _journal(case, one, at)
        for position in one.withdrawn:
            for tell in on_restore:
                tell(case=case, clock_name=one.clock.name, position=position, row=row)


def _journal(case: Case, one: Restored, at: datetime) -> Row:
    """The row, with the codes of the one that it takes back and, in the payload, each escalation that it takes back."""
    codes: Mapping[str, object] = one.rows[-1].codes if one.rows else {}
    lead = case.lead_agency
    return append(
        verb=f"{case.kind}.restore",
        subject=(case.kind, case.id),
        actor=SYSTEM.code,
        codes={
            "kind": case.kind,
            "before": case.state,
            "state": case.state,
            "agency": codes.get("agency", lead.code if lead else ""),
            "area": case.area_code,
            "clock": one.clock.name,
            "level": one.level,
            **lifecycle_of(case).codes(case),
        },
        payload={
            "clock": str(one.clock.id),
            "taken_back": [
                {"on": clock.local_day(row.occurred_at).isoformat(), "codes": row.codes} for row in one.rows
            ],
            "withdrawn": [post_name(position) for position in one.withdrawn],
        },
        occurred_at=at,
    )


def _calls(case: Case, clocks: Iterable[CaseClock]) -> dict[UUID, list[Row]]:
    """The rows of what each of these clocks escalated. Older rows name the clock by its name alone."""
    verb = f"{case.kind}.escalate"
    rows = list(Row.objects.filter(subject_id=case.id, verb=verb).order_by("recorded_at", "id"))
    found = {}
    for one in clocks:
        found[one.id] = [row for row in rows if _is_of(row, one)]
    return found


def _is_of(row: Row, one: CaseClock) -> bool:
    if key := row.payload.get("clock"):
        return bool(key == str(one.id))
    return row.codes.get("clock") == one.name and row.recorded_at >= one.due_at


def _post(row: Row) -> str:
    return str(row.payload.get("position", ""))
