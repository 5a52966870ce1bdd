"""The clocks role: a plain loop that marks overdue promises and lets expired ones act.

The clock is a column (`next_look_at`); overdue rows are moved by conditional update, so any number of
look-outs may run side by side. A program's `expiry.py` says what an expired clock does (EXPIRES), whom an
escalation tells (ESCALATED), whom its withdrawal tells (RESTORED), and what else comes up by date (TICKS).
"""

from __future__ import annotations

import threading
from collections import ChainMap
from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.db import Error, connection, transaction

from kotacerdas.foundation.cases.actions import step_take
from kotacerdas.foundation.cases.clocks import next_look, open_assignments, promising_agency
from kotacerdas.foundation.cases.kinds import ESCALATION
from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.models import Position
from kotacerdas.foundation.parties.posts import post_name
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.errors import Conflict

_BATCH = 200
_PAUSE_SECONDS = 5.0
_LONGEST_MINUTES_WAIT = 60
FENCE = Fence("clocks")

log = structlog.get_logger(__name__)


def run(stop: threading.Event) -> None:
    """Look every five seconds until told to stop."""
    while not stop.is_set():
        try:
            while treat_due_clocks() and not stop.is_set():
                pass
        except Error:
            log.warning("lookout_store_lost", exc_info=True)
            connection.close()
        stop.wait(_PAUSE_SECONDS)


def treat_due_clocks(now: datetime | None = None, *, ticks: bool = True) -> int:
    """Treat at most one batch of clocks whose time has come; how many were treated.

    ticks  no where what comes up by date was looked at a moment ago
    """
    now = now or clock.now()
    waiting = FENCE.waiting()
    if ticks:
        _tick(waiting)
    clocks = CaseClock.objects.filter(next_look_at__lte=now, state="running")
    due = list(
        clocks.exclude(id__in=[one for one in waiting if ":" not in one])
        .order_by("next_look_at")
        .values_list("id", "unit")[:_BATCH]
    )
    return sum(_treat(clock_id, now, unit) for clock_id, unit in due)


def is_due(now: datetime) -> bool:
    """Whether the time of any clock has come: one small read."""
    return CaseClock.objects.filter(next_look_at__lte=now, state="running").exists()


def _tick(waiting: Collection[str]) -> None:
    """Run each program's dated tasks (TICKS), each behind its own fence; forget the faults of tasks that are gone."""
    gone = {name for name in waiting if name.startswith("tick:")}
    for module in discover("expiry"):
        for tick in getattr(module, "TICKS", ()):
            name = f"tick:{module.__name__.removeprefix('kotacerdas.')}.{tick.__name__}"
            gone.discard(name)
            if name not in waiting:
                with FENCE.around(name, longest_seconds=_LONGEST_MINUTES_WAIT):
                    tick()
    for name in gone:
        FENCE.forget(name)


def _treat(clock_id: UUID, now: datetime, unit: str) -> int:
    """Treat one clock; a failing one is set aside, an emergency's for a minute at most. Whether it was treated."""
    longest = _LONGEST_MINUTES_WAIT if unit == "minutes" else FENCE.longest_seconds
    with FENCE.around(str(clock_id), longest_seconds=longest):
        return _treated(clock_id, now)
    return 0  # it raised, and was set aside


def _treated(clock_id: UUID, now: datetime) -> int:
    with transaction.atomic():
        # the case first, then its clock: the order in which `take` locks them
        holding = Case.objects.select_for_update(skip_locked=True).filter(clocks=clock_id)
        if not holding.values_list("id", flat=True):
            return 0
        one = (
            CaseClock.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(id=clock_id, state="running", next_look_at__lte=now)
            .select_related("case__lead_agency", "policy", "assignment__agency")
            .first()
        )
        if one is None:
            return 0
        declared = lifecycles()[one.case.kind].by_clock[one.name]
        if declared.expires:
            _expire(one, declared.expires)
        else:
            _escalate(one)
    return 1


def _expire(one: CaseClock, step: str) -> None:
    """Take the declared step for the system, by the program's own action where it has one."""
    one.next_look_at = None
    one.save(update_fields=["next_look_at"])
    own = [getattr(module, "EXPIRES", {}) for module in discover("expiry")]
    action = ChainMap(*own).get((one.case.kind, step), partial(step_take, step=step))
    try:
        with transaction.atomic():
            action(case=one.case, actor=SYSTEM)
    except Conflict:
        log.info("expiry_overtaken", case=one.case.number, step=step)


def _escalate(one: CaseClock) -> None:
    chain = one.policy.escalation
    target = chain[one.escalated] if one.escalated < len(chain) else None
    if one.overdue_at is None:
        one.overdue_at = one.due_at
    position = position_of(target["to"], one) if target else None
    if target:
        one.escalated += 1
    one.next_look_at = next_look(one, current_calendar())
    one.save(update_fields=["overdue_at", "escalated", "next_look_at"])
    if position is not None:
        Assignment.objects.get_or_create(
            case=one.case,
            role=ESCALATION.name,
            agency=position.agency,
            position=position,
            is_open=True,
            defaults={"due_at": one.due_at},
        )
    _journal(one, position)


def position_of(target: str, one: CaseClock) -> Position | None:
    """`agency.head` is the head of the agency that promised; `<AGENCY>.<position>` a named post."""
    agency_code, _, position = target.rpartition(".")
    if agency_code == "agency":
        promised = promising_agency(one, open_assignments(one.case))
        agency_code = promised.code if promised else ""
    return (
        Position.objects.filter(agency__code=agency_code, code=position, closed_on=None)
        .select_related("agency")
        .first()
    )


def _journal(one: CaseClock, position: Position | None) -> None:
    case: Case = one.case
    lifecycle = lifecycles()[case.kind]
    agency = promising_agency(one, open_assignments(one.case))
    row = append(
        verb=f"{case.kind}.escalate",
        subject=(case.kind, case.id),
        actor=SYSTEM.code,
        codes={
            "kind": case.kind,
            "before": case.state,
            "state": case.state,
            "agency": agency.code if agency else "",
            "area": case.area_code,
            "clock": one.name,
            "level": one.escalated,
            **lifecycle.codes(case),
        },
        payload={"position": post_name(position) if position else "", "clock": str(one.id)},
    )
    for module in discover("expiry"):
        on_escalation = getattr(module, "ESCALATED", {}).get(case.kind)
        if on_escalation is not None:
            on_escalation(case=case, clock_name=one.name, position=position, row=row)
