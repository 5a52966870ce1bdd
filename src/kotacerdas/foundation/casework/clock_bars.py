"""The clocks of a case as the bars of their budgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.models import Case, CaseClock
from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.ui.shapes import Badge, ClockBar
from kotacerdas.foundation.ui.tags.words import daytime, short_time
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock


def clock_bars(desk: Desk, case: Case, clocks: Sequence[CaseClock]) -> list[ClockBar]:
    """Each clock as the bar of its budget, in the order given."""
    return [_clock_bar(desk, case, one, clocks) for one in clocks]


def calendar_limit(clocks: Sequence[CaseClock]) -> str:
    """A warning when a live clock reaches a year whose collective leave is not decreed yet; else ""."""
    calendar = current_calendar()
    live = (one for one in clocks if one.state == "running" and one.unit == "workdays")
    if any(calendar.beyond_decreed(clock.local_day(one.due_at)) for one in live):
        return _("The collective leave of that year is not decreed yet: the due date may move.")
    return ""


def _clock_bar(desk: Desk, case: Case, one: CaseClock, clocks: Sequence[CaseClock]) -> ClockBar:
    end = one.ended_at or clock.now()
    whole = max(1.0, (one.due_at - one.started_at).total_seconds())
    held = _held_before(one)
    if one.state == "paused" and one.paused_at:
        held += (end - one.paused_at).total_seconds()
    passed = max(0.0, (end - one.started_at).total_seconds())
    used = min(1.0, max(0.0, passed - held) / whole)
    own = desk.clock_label(case, one) if desk.clock_label else ""
    return ClockBar(
        label=own or desk.lifecycle.by_clock[one.name].label,
        budget=_budget(one),
        badge=_bar_badge(one),
        used=used,
        paused=min(1.0 - used, held / whole),
        note=_clock_note(desk, case, one, clocks),
    )


def _held_before(one: CaseClock) -> float:
    """Seconds of the pauses that are over."""
    spans = ((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in one.paused_days)
    return sum((until - since).total_seconds() for since, until in spans)


def _budget(one: CaseClock) -> str:
    if one.unit == "workdays":
        return ngettext("%(n)d working day", "%(n)d working days", one.budget) % {"n": one.budget}
    return ngettext("%(n)d minute", "%(n)d minutes", one.budget) % {"n": one.budget}


def _bar_badge(one: CaseClock) -> Badge:
    """The badge; an ended clock says how long it took in office time."""
    made = badge(one)
    if one.state not in ("kept", "broken") or one.ended_at is None:
        return made
    if one.unit == "workdays":
        minutes = int(
            current_calendar().workhours_between(one.started_at, one.ended_at).total_seconds() // 60
        )
        days = current_calendar().remaining_workdays(
            clock.local_day(one.started_at), clock.local_day(one.ended_at)
        )
        if days > 1:
            return replace(
                made, detail=ngettext("in %(n)d working day", "in %(n)d working days", days) % {"n": days}
            )
    else:
        minutes = int((one.ended_at - one.started_at).total_seconds() // 60)
    if not minutes:
        return made
    hours, rest = divmod(minutes, 60)
    spoken = _("%(h)d h %(m)d min") % {"h": hours, "m": rest} if hours else _("%(n)d min") % {"n": rest}
    return replace(made, detail=spoken)


def _clock_note(desk: Desk, case: Case, one: CaseClock, clocks: Sequence[CaseClock]) -> str:
    who = f"{one.assignment.agency.short_name} · " if one.assignment else ""
    if one.state == "running":
        return who + _("due %(at)s") % {"at": daytime(one.due_at)}
    if one.state != "paused" or one.paused_at is None:
        return who + _span(one)
    own = desk.clock_note(case, one, clocks) if desk.clock_note else ""
    return own or who + _("Paused since %(since)s.") % {"since": daytime(one.paused_at)}


def _span(one: CaseClock) -> str:
    """From when to when an ended clock ran; of a reopened case this shows which round it was."""
    first, last = short_time(one.started_at), short_time(one.ended_at)
    return f"{first} – {last}" if one.ended_at else first
