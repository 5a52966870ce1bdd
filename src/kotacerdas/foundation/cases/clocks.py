"""Starting, pausing and ending clocks. Only `take` and the look-out call this; nothing else writes a CaseClock.

The rules (docs/rules.md, "Clocks" and "Event time"): a budget of n working days is due at the end of the nth
working day after the day of receipt; a pause keeps the working days that remain; an overdue clock stays overdue,
unless what turns it happened in time and came late; minutes run round the clock.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.kinds import ESCALATION
from kotacerdas.foundation.cases.lifecycle import Clock, Lifecycle
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, Policy
from kotacerdas.foundation.cases.restoring import Restored, withdraw
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.workdays.calendar import Calendar
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.kernel.memory import forgets

log = structlog.get_logger(__name__)

WORKDAYS = "workdays"
MOOT = "moot"  # `ended_by` of a promise that a changed urgency or class took away


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a clock ended, for the journal: codes, and office minutes (or minutes) used."""

    name: str
    policy: str
    end: str  # kept | broken | void
    ours: bool
    agency: str
    used_minutes: int
    again: bool = False  # a promise of this name had been kept or broken on this case before

    def as_code(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "policy": self.policy,
            "end": self.end,
            "ours": self.ours,
            "agency": self.agency,
            "used_minutes": self.used_minutes,
            **({"again": True} if self.again else {}),
        }


@dataclass(kw_only=True)
class Turn:
    """One step's effect on the clocks of a case; one that is only now received has none yet.

    at      when the step happened; now  when it came: the clocks of others start then
    open    the assignments that are open when the step is taken
    ending  ids of those that the step ends; opened  those that it opens
    touched   whether a clock was started, ended, paused or resumed
    restored  clocks that the look-out had marked overdue and that were in time after all
    """

    case: Case
    lifecycle: Lifecycle
    step: str
    at: datetime
    now: datetime
    given: Mapping[str, Any]
    calendar: Calendar = field(default_factory=current_calendar)
    live: list[CaseClock] = field(default_factory=list)
    open: list[Assignment] = field(default_factory=list)
    ending: frozenset[UUID] = frozenset()
    opened: list[Assignment] = field(default_factory=list)
    touched: bool = False
    restored: list[Restored] = field(default_factory=list)

    def run(self) -> list[Ended]:
        """End, start, pause and resume as declared; then renew the cached due times."""
        if self.step != "receive":
            self.live = live_clocks(self.case)
        overdue = [one for one in self.live if one.overdue_at]
        ended = []
        for declared in self.lifecycle.clocks:
            ended += self._end(declared)
            if self.step in declared.starts:
                ended += self._start(declared)
            if self.step in declared.reopens:
                self._reopen(declared)
            self._pause_or_resume(declared)
        gone = withdraw(self.case, self.restored, overdue, self.open, at=self.now)
        self.open = [*(part for part in self.open if part.id not in self.ending | gone), *self.opened]
        self._end_escalations()
        write_due(self.case, self.live, self.open)
        return ended

    def _end_escalations(self) -> None:
        """Close the assignments made by escalation when no clock is overdue any more."""
        called_in = [part for part in self.open if part.role == ESCALATION.name]
        if called_in and not any(one.overdue_at for one in self.live):
            ids = [part.id for part in called_in]
            ended_at = Greatest(F("assigned_at"), self.at)
            Assignment.objects.filter(id__in=ids).update(is_open=False, ended_at=ended_at, outcome="done")
            self.open = [part for part in self.open if part.id not in ids]

    def _of(self, declared: Clock) -> list[CaseClock]:
        return [one for one in self.live if one.name == declared.name]

    def _end(self, declared: Clock) -> list[Ended]:
        if self.step not in declared.keeps | declared.voids | declared.lapses:
            return []
        ending = self._of(declared)
        if declared.on_assignment and self.step in declared.keeps:
            assignment = self.given.get("assignment")
            ending = [one for one in ending if assignment is not None and one.assignment_id == assignment.id]
        return [self._close(declared, one) for one in ending]

    def _close(self, declared: Clock, one: CaseClock, *, moot: bool = False) -> Ended:
        self._restore(one)
        at = self._time_for(one)
        late = one.overdue_at is not None or (one.state == "running" and at > one.due_at)
        lapses = moot or self.step in declared.lapses
        void = self.step in declared.voids or (lapses and not late)
        one.state = "void" if void else "broken" if late else "kept"
        one.ended_at, one.ended_by = at, MOOT if moot else self.step
        if late and one.overdue_at is None:
            one.overdue_at = one.due_at
        one.next_look_at = None
        one.save(update_fields=["state", "ended_at", "ended_by", "overdue_at", "escalated", "next_look_at"])
        self.touched = True
        self.live.remove(one)
        agency = promising_agency(one, self.open)
        return Ended(
            name=one.name,
            policy=one.policy_key,
            end=one.state,
            ours=declared.ours,
            agency=agency.code if agency else "",
            used_minutes=used_minutes(one, at, self.calendar),
            again=one.continues_id is not None,
        )

    def _start(self, declared: Clock) -> list[Ended]:
        key = declared.policy(self.case, self.given)
        if key is None:  # the case carries this promise no more (its urgency or class was changed)
            moot = [] if declared.on_assignment else self._of(declared)
            return [self._close(declared, one, moot=True) for one in moot]
        if not declared.on_assignment and self._of(declared):
            return []
        starts_at = self._starts_at(declared)
        policy = policy_on(key, starts_at)
        due = due_at(policy.unit, policy.budget, starts_at, self.calendar)
        if declared.on_assignment:
            for part in self.opened:
                if part.role in declared.role.split("+"):
                    self._new(declared, policy, policy.budget, due, part)
            return []
        earlier = None if self.step == "receive" else self._answered(declared)
        self._new(declared, policy, policy.budget, due, None, continues=earlier)
        return []

    def _answered(self, declared: Clock) -> CaseClock | None:
        """The last clock of this name that ended as kept or broken; one that lapsed does not count."""
        ended = self.case.clocks.filter(name=declared.name, state__in=("kept", "broken"))
        answered = ended.exclude(ended_by__in=lapsing(declared))
        return answered.select_related("policy").order_by("-ended_at").first()

    def _reopen(self, declared: Clock) -> None:
        if self._of(declared) or declared.policy(self.case, self.given) is None:
            return
        last = self._answered(declared)
        if last is None:
            return
        left = last.remaining  # it stood still when it ended: that much was left
        if left is None:
            stopped = clock.local_day(last.ended_at or self.at)
            left = self.calendar.remaining_workdays(stopped, clock.local_day(last.due_at))
        budget = max(left, last.policy.reopen_minimum)
        due = due_at(last.unit, budget, self._starts_at(declared), self.calendar)
        self._new(declared, last.policy, budget, due, None, continues=last)

    def _new(
        self,
        declared: Clock,
        policy: Policy,
        budget: int,
        due: datetime,
        assignment: Assignment | None,
        continues: CaseClock | None = None,
    ) -> None:
        started = CaseClock(
            case=self.case,
            assignment=assignment,
            name=declared.name,
            role=declared.role,
            is_ours=declared.ours,
            policy_key=policy.key,
            policy=policy,
            calendar_version=self.calendar.version,
            unit=policy.unit,
            budget=budget,
            started_at=self._starts_at(declared),
            due_at=due,
            next_look_at=due,
            continues=continues,
        )
        if self.step != "receive":  # of a case that is only now received they are stored with it
            started.save(force_insert=True)
        self.touched = True
        self.live.append(started)

    def _pause_or_resume(self, declared: Clock) -> None:
        if not declared.pauses_in:
            return
        still = self.case.state in declared.pauses_in
        for one in self._of(declared):
            if still and one.state == "running":
                self._restore(one)
                pause(one, self._time_for(one), self.calendar)
                self.touched = True
            elif not still and one.state == "paused":
                resume(one, self._time_for(one), self.calendar)
                self.touched = True

    def _starts_at(self, declared: Clock) -> datetime:
        """Our promises run from when it happened; those of others from when they can have heard of it."""
        return self.at if declared.ours else self.now

    def _time_for(self, one: CaseClock) -> datetime:
        """When the step turns a clock: not before the clock began, which of others may be later than the step."""
        return max(self.at, one.started_at)

    def _restore(self, one: CaseClock) -> None:
        """Take back that a clock is overdue where what turns it now happened in time."""
        if one.overdue_at is not None and self.at <= one.due_at:
            self.restored.append(Restored(clock=one, level=one.escalated))
            one.overdue_at, one.escalated = None, 0


def lapsing(declared: Clock) -> frozenset[str]:
    """The values of `CaseClock.ended_by` that mean: this clock ended without an answer."""
    return frozenset(declared.lapses | {MOOT})


def live_clocks(case: Case) -> list[CaseClock]:
    """The running and paused clocks of a case."""
    live = CaseClock.objects.filter(case=case, state__in=("running", "paused"))
    return list(live.select_related("assignment__agency", "policy"))


def open_assignments(case: Case) -> list[Assignment]:
    """The open assignments of a case, oldest first."""
    return list(case.assignments.filter(is_open=True).select_related("agency").order_by("assigned_at", "id"))


def promising_agency(one: CaseClock, open_now: Iterable[Assignment]) -> Agency | None:
    """The agency that a clock binds: the one of its assignment, else the one of the open role it names."""
    if one.assignment is not None:
        return one.assignment.agency
    roles = one.role.split("+")
    held = next((part.agency for part in open_now if part.role in roles), None)
    return held or one.case.lead_agency


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
    one.save(update_fields=["state", "paused_at", "remaining", "overdue_at", "escalated", "next_look_at"])


def resume(one: CaseClock, at: datetime, calendar: Calendar) -> None:
    """Let a paused clock run on. Its due time is counted anew from today, unless it was overdue already."""
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
    """When the look-out must check a clock next: at the due time, then at each escalation; None when done."""
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
    """The policy in force on the local day. Raises Unavailable, in words for people, when there is none.

    There is no silent default. A pack that lacks one is refused when it is loaded (`pack.check_policies`).
    """
    day = clock.local_day(at)
    in_force = [
        policy
        for policy in policies()
        if policy.key == key
        and policy.valid_from <= day
        and (policy.valid_to is None or policy.valid_to >= day)
    ]
    if not in_force:
        log.error("no_policy", key=key, day=str(day))
        raise Unavailable(
            _("No deadline can be promised just now, so nothing was stored."),
            remedy=_("Call instead, or try again later. The operator of this system was told."),
            code="no_policy",
        )
    return max(in_force, key=lambda policy: policy.valid_from)


_KEEP_SECONDS = 5.0
_cached: tuple[float, tuple[Policy, ...]] | None = None


def policies() -> tuple[Policy, ...]:
    """All policies; read again at most every five seconds."""
    global _cached
    if _cached is None or time.monotonic() > _cached[0]:
        _cached = (time.monotonic() + _KEEP_SECONDS, tuple(Policy.objects.all()))
    return _cached[1]


@forgets
def forget_policies() -> None:
    """Read the store at the next call; for the pack's loader and for tests."""
    global _cached
    _cached = None


def write_due(case: Case, live: Iterable[CaseClock], open_now: Iterable[Assignment]) -> None:
    """Store the earliest due time of the case and of each open assignment, where it changed."""
    ours = [one for one in live if one.is_ours]
    _note(case, ours)
    for assignment in open_now:
        _note(
            assignment,
            [
                one
                for one in ours
                if one.assignment_id == assignment.id
                or (one.assignment_id is None and assignment.role in (*one.role.split("+"), "escalation"))
            ],
        )


def _note(header: Case | Assignment, live: list[CaseClock]) -> None:
    found = _nearest(live)
    if found != (header.due_at, header.is_paused):
        header.due_at, header.is_paused = found
        if not header._state.adding:  # what is only now received is written with its due time
            header.save(update_fields=["due_at", "is_paused"])


def _nearest(live: list[CaseClock]) -> tuple[datetime | None, bool]:
    running = [one for one in live if one.state == "running"]
    chosen = running or live
    return min((one.due_at for one in chosen), default=None), bool(live) and not running
