"""Turning clocks. Only `take` and the look-out call this; nothing else writes a CaseClock.

The rules (rules.md "Clocks"): a budget of n working days is due at the end of the nth working day
after the day of receipt; a pause keeps the working days that remain; an overdue clock stays overdue;
minutes run round the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from kotacerdas.foundation.cases.lifecycle import Clock, Lifecycle
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, Policy
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.workdays.calendar import Calendar
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Unavailable

WORKDAYS = "workdays"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a clock ended, for the journal: codes, and office minutes (or minutes) used."""

    name: str
    policy: str
    end: str  # kept | broken | void
    ours: bool
    agency: str
    used_minutes: int

    def as_code(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "policy": self.policy,
            "end": self.end,
            "ours": self.ours,
            "agency": self.agency,
            "used_minutes": self.used_minutes,
        }


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One step's effect on the clocks of a case."""

    case: Case
    lifecycle: Lifecycle
    step: str
    at: datetime
    given: Mapping[str, Any]

    def run(self) -> list[Ended]:
        """End, start, pause and resume as declared; then renew the cached due times."""
        calendar = current_calendar()
        ended = []
        for declared in self.lifecycle.clocks:
            ended += self._end(declared, calendar)
            if self.step in declared.starts:
                self._start(declared, calendar)
            if self.step in declared.reopens:
                self._reopen(declared, calendar)
            self._pause_or_resume(declared, calendar)
        renew_due(self.case)
        return ended

    def _live(self, declared: Clock) -> Iterable[CaseClock]:
        live = self.case.clocks.filter(name=declared.name, state__in=("running", "paused"))
        if declared.on_assignment and self.step in declared.keeps:
            live = live.filter(assignment=self.given.get("assignment"))
        return live.select_related("assignment__agency", "policy")

    def _end(self, declared: Clock, calendar: Calendar) -> list[Ended]:
        if self.step not in declared.keeps | declared.voids:
            return []
        void = self.step in declared.voids
        return [self._close(declared, one, void, calendar) for one in self._live(declared)]

    def _close(self, declared: Clock, one: CaseClock, void: bool, calendar: Calendar) -> Ended:
        late = one.overdue_at is not None or (one.state == "running" and self.at > one.due_at)
        one.state = "void" if void else "broken" if late else "kept"
        one.ended_at = self.at
        if late and one.overdue_at is None:
            one.overdue_at = one.due_at
        one.next_look_at = None
        one.save(update_fields=["state", "ended_at", "overdue_at", "next_look_at"])
        agency = promising_agency(one)
        return Ended(
            name=one.name,
            policy=one.policy_key,
            end=one.state,
            ours=declared.ours,
            agency=agency.code if agency else "",
            used_minutes=used_minutes(one, self.at, calendar),
        )

    def _start(self, declared: Clock, calendar: Calendar) -> None:
        key = declared.policy(self.case, self.given)
        assignment = self.given.get("assignment") if declared.on_assignment else None
        if key is None or (declared.on_assignment and assignment is None):
            return
        if not declared.on_assignment and any(True for _ in self._live(declared)):
            return
        policy = policy_on(key, self.at)
        due = due_at(policy.unit, policy.budget, self.at, calendar)
        self._new(declared, policy, policy.budget, due, calendar, assignment)

    def _reopen(self, declared: Clock, calendar: Calendar) -> None:
        last = (
            self.case.clocks.filter(name=declared.name, state__in=("kept", "broken"))
            .order_by("-ended_at")
            .first()
        )
        if last is None or any(True for _ in self._live(declared)):
            return
        left = calendar.remaining_workdays(
            clock.local_day(last.ended_at or self.at), clock.local_day(last.due_at)
        )
        budget = max(left, last.policy.reopen_minimum)
        due = due_at(last.unit, budget, self.at, calendar)
        self._new(declared, last.policy, budget, due, calendar, None, continues=last)

    def _new(
        self,
        declared: Clock,
        policy: Policy,
        budget: int,
        due: datetime,
        calendar: Calendar,
        assignment: Assignment | None,
        continues: CaseClock | None = None,
    ) -> None:
        CaseClock.objects.create(
            case=self.case,
            assignment=assignment,
            name=declared.name,
            role=declared.role,
            is_ours=declared.ours,
            policy_key=policy.key,
            policy=policy,
            calendar_version=calendar.version,
            unit=policy.unit,
            budget=budget,
            started_at=self.at,
            due_at=due,
            next_look_at=due,
            continues=continues,
        )

    def _pause_or_resume(self, declared: Clock, calendar: Calendar) -> None:
        if not declared.pauses_in:
            return
        still = self.case.state in declared.pauses_in
        for one in self._live(declared):
            if still and one.state == "running":
                pause(one, self.at, calendar)
            elif not still and one.state == "paused":
                resume(one, self.at, calendar)


def promising_agency(one: CaseClock) -> Agency | None:
    """The agency whose promise a clock is: its assignment's, else that of the open role it orders."""
    if one.assignment is not None:
        return one.assignment.agency
    holding = (
        one.case.assignments.filter(is_open=True, role__in=one.role.split("+"))
        .select_related("agency")
        .order_by("assigned_at")
        .first()
    )
    return holding.agency if holding else one.case.lead_agency


def pause(one: CaseClock, at: datetime, calendar: Calendar) -> None:
    """Stop a running clock; what remains is kept. Past its due time it is first marked overdue."""
    if at > one.due_at and one.overdue_at is None:
        one.overdue_at = one.due_at
    one.state, one.paused_at = "paused", at
    if one.unit == WORKDAYS:
        one.remaining = calendar.remaining_workdays(clock.local_day(at), clock.local_day(one.due_at))
    else:
        one.remaining = int((one.due_at - at).total_seconds())
    one.next_look_at = None
    one.save(update_fields=["state", "paused_at", "remaining", "overdue_at", "next_look_at"])


def resume(one: CaseClock, at: datetime, calendar: Calendar) -> None:
    """Let a paused clock run on: due again from the day of resuming, unless it was overdue already."""
    paused_at = one.paused_at or at
    if one.overdue_at is None:
        if one.unit != WORKDAYS:
            one.due_at = at + timedelta(seconds=one.remaining or 0)
        elif clock.local_day(paused_at) != clock.local_day(at):
            one.due_at = calendar.resume_due(at, one.remaining or 0)
    one.paused_days = [*one.paused_days, [paused_at.isoformat(), at.isoformat()]]
    one.state, one.paused_at, one.remaining = "running", None, None
    one.next_look_at = next_look(one, calendar)
    one.save(update_fields=["state", "paused_at", "remaining", "due_at", "paused_days", "next_look_at"])


def due_at(unit: str, budget: int, start: datetime, calendar: Calendar) -> datetime:
    """When a budget that starts now runs out."""
    if unit == WORKDAYS:
        return calendar.due_at(start, budget)
    return start + timedelta(minutes=budget)


def next_look(one: CaseClock, calendar: Calendar) -> datetime | None:
    """When the look-out must come back: at the due time, then at each escalation; None when done."""
    chain = one.policy.escalation
    if one.overdue_at is None and one.escalated == 0:
        return one.due_at
    if one.escalated >= len(chain):
        return None
    after = int(chain[one.escalated].get("after", 0))
    return due_at(one.unit, after, one.due_at, calendar) if after else one.due_at


def used_minutes(one: CaseClock, at: datetime, calendar: Calendar) -> int:
    """Office minutes from start to end for working-day clocks, plain minutes for the others.

    Time paused is not taken off: the figure says how long the citizen waited in office time.
    """
    if one.unit == WORKDAYS:
        return int(calendar.workhours_between(one.started_at, at).total_seconds() // 60)
    return int((at - one.started_at).total_seconds() // 60)


def policy_on(key: str, at: datetime) -> Policy:
    """The policy in force on the local day. Raises Unavailable when the pack has none: no silent default."""
    day = clock.local_day(at)
    found = (
        Policy.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), key=key, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    if found is None:
        raise Unavailable(f"no policy {key} on {day}", remedy="load the regency pack: ./run pack load")
    return found


def renew_due(case: Case) -> None:
    """Renew what queues sort by: the nearest live promise of the case and of each open assignment."""
    live = list(CaseClock.objects.filter(case=case, state__in=("running", "paused"), is_ours=True))
    case.due_at, case.is_paused = _nearest(live)
    case.save(update_fields=["due_at", "is_paused"])
    for assignment in case.assignments.filter(is_open=True):
        own = [
            one
            for one in live
            if one.assignment_id == assignment.id
            or (one.assignment_id is None and assignment.role in (*one.role.split("+"), "escalation"))
        ]
        assignment.due_at, assignment.is_paused = _nearest(own)
        assignment.save(update_fields=["due_at", "is_paused"])


def _nearest(live: list[CaseClock]) -> tuple[datetime | None, bool]:
    running = [one for one in live if one.state == "running"]
    chosen = running or live
    return min((one.due_at for one in chosen), default=None), bool(live) and not running
