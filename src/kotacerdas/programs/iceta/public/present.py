"""A report as citizens read it: its state, its way, its promises. Names no officer and no other reporter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from kotacerdas.foundation.cases.clocks import due_at, lapsing, policy_on
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case, CaseClock
from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import ClockBar, Stage, Tag
from kotacerdas.foundation.ui.tags.words import day, short_time
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.lifecycles import S

_TONE: dict[str, Literal["plain", "laut", "padi", "kunyit", "terasi"]] = {
    "info": "laut",
    "good": "padi",
    "warn": "kunyit",
    "bad": "terasi",
}
_REACHED = {S.RECEIVED: 1, S.POSTPONED: 1, S.RETURNED: 2, S.ASSIGNED: 2, S.IN_PROGRESS: 2, S.WAITING: 2}
_DONE = (S.RESOLVED, S.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One step of the way with its last day. `left` is counted from today; both empty: no promise of time."""

    title: str
    by: datetime | None = None
    left: str = ""
    is_done: bool = False


def public_tag(case: Case) -> Tag:
    """The state in the words of the reporter."""
    state = lifecycle_of(case).by_state[case.state]
    return Tag(text=state.public_label or state.label, tone=_TONE.get(state.tone, "plain"), icon=state.icon)


def title_of(case: Case) -> str:
    """The coded title in the language of the page."""
    return lifecycle_of(case).title(case.title_code)


def place_of(case: Case) -> str:
    """`Desa Karang Putih, Melati Utara`; "" when no village is known."""
    area = area_by_code(case.area_code)
    if area is None:
        return ""
    return f"{area.full_name}, {area.parent.name}" if area.parent else area.full_name


def way(case: Case) -> list[Stage]:
    """The four stations: received, verified, in progress, resolved; none where the case ended otherwise."""
    labels = (
        pgettext("station", "Received"),
        pgettext("station", "Verified"),
        pgettext("station", "In progress"),
        pgettext("station", "Resolved"),
    )
    reached = 4 if case.state in _DONE else _REACHED.get(case.state, 0)
    if not reached:
        return []
    return [
        Stage(label=label, state="done" if index < reached else "now" if index == reached else "next")
        for index, label in enumerate(labels)
    ]


def nearest_promise(case: Case) -> CaseClock | None:
    """The running or paused promise of ours that is due first."""
    live = case.clocks.filter(is_ours=True, assignment=None, state__in=("running", "paused"))
    return live.order_by("due_at").first()


def promise_words(one: CaseClock) -> str:
    """`Dijawab paling lambat 2 Desember 2026`; by the minute `Bantuan tiba paling lambat hari ini, 14.05`."""
    by_day = {
        "verify": _("Verified at the latest on %(at)s"),
        "respond": _("Answered at the latest on %(at)s"),
        "resolve": _("Resolved at the latest on %(at)s"),
    }
    by_minute = {
        "handover": _("Taken over at the latest %(at)s"),
        "arrive": _("Help arrives at the latest %(at)s"),
    }
    words, at = (by_day, day) if one.unit == "workdays" else (by_minute, short_time)
    return words.get(one.name, "") % {"at": at(one.due_at)} if one.state == "running" else ""


def clock_bar_of(case: Case) -> tuple[ClockBar, CaseClock] | None:
    """The promise to resolve (else the nearest one) as a bar with one cell a working day.

    One that ended without an answer, as when the work was returned, shows only where nothing else is promised.
    """
    clocks = list(case.clocks.filter(is_ours=True, assignment=None).order_by("-started_at"))
    resolve = [one for one in clocks if one.name == "resolve" and one.state != "void"]
    lapsed = lapsing(lifecycle_of(case).by_clock["resolve"])
    answered = [one for one in resolve if one.is_live or one.ended_by not in lapsed]
    live = sorted((one for one in clocks if one.is_live), key=lambda one: one.due_at)
    one = next(iter([*answered, *live, *resolve]), None)
    if one is None:
        return None
    shown = badge(one)
    workdays = one.unit == "workdays"
    return (
        ClockBar(
            label=str(lifecycle_of(case).by_clock[one.name].label),
            budget=_working_days(one.budget) if workdays else "",
            badge=shown,
            used=_days_used(one) if workdays else shown.share,
            cells=one.budget if workdays and one.budget <= 20 else 0,
        ),
        one,
    )


def promises(case: Case) -> list[Promise]:
    """What happens next to a report, most often one just filed: the latest days as the policies in force promise.

    Who joins finds it verified already: that step is done, and what follows is due when its own clocks say.
    """
    verified_at, category = case.report.verified_at, categories().get(case.title_code)
    lead = case.lead_agency if verified_at else category.lead if category else None
    agency = lead.short_name if lead else ""
    received = Promise(title=pgettext("station", "Received"), by=case.opened_at, is_done=True)
    if case.priority == "emergency":
        return [received, *_emergency_promises(case, agency)]
    verified = verified_at or _live_due(case, "verify") or case.opened_at
    answered = _live_due(case, "respond") or _promised(case, "respond", verified)
    resolved = _live_due(case, "resolve") or _promised(case, "resolve", verified)
    left = "" if verified_at else _left(verified)
    return [
        received,
        Promise(
            title=pgettext("promise", "Verified"), by=verified, left=left, is_done=verified_at is not None
        ),
        Promise(title=_("Answered by %(agency)s") % {"agency": agency}, by=answered, left=_left(answered)),
        Promise(title=pgettext("station", "Resolved"), by=resolved, left=_left(resolved)),
    ]


def _emergency_promises(case: Case, agency: str) -> list[Promise]:
    named = (
        ("handover", _("Taken over by %(agency)s") % {"agency": agency}),
        ("arrive", _("Help arrives")),
    )
    steps = [(_live(case, name), title) for name, title in named]
    return [
        Promise(title=title, by=one.due_at, left=str(badge(one).text))
        for one, title in steps
        if one is not None
    ]


def _live(case: Case, name: str) -> CaseClock | None:
    return case.clocks.filter(name=name, state="running").first()


def _live_due(case: Case, name: str) -> datetime | None:
    one = _live(case, name)
    return one.due_at if one is not None else None


def _promised(case: Case, name: str, start: datetime) -> datetime | None:
    key = lifecycle_of(case).by_clock[name].policy(case, {})
    if key is None:
        return None
    policy = policy_on(key, start)
    return due_at(policy.unit, policy.budget, start, current_calendar())


def _left(by: datetime | None) -> str:
    if by is None or clock.local_day(by) < clock.today():
        return ""
    days = current_calendar().remaining_workdays(clock.today(), clock.local_day(by))
    words = (
        npgettext("from now", "in %(n)d working day", "in %(n)d working days", days) if days else _("today")
    )
    return words % {"n": days}


def _working_days(count: int) -> str:
    return ngettext("%(n)d working day", "%(n)d working days", count) % {"n": count}


def _days_used(one: CaseClock) -> float:
    """The share of the budget used, in working days: full cells for days gone, a part for today."""
    end = one.ended_at or (one.paused_at if one.state == "paused" else None) or clock.now()
    calendar = current_calendar()
    gone = calendar.remaining_workdays(clock.local_day(one.started_at), clock.local_day(end))
    stood = sum(
        calendar.remaining_workdays(*(clock.local_day(datetime.fromisoformat(at)) for at in span))
        for span in one.paused_days
    )
    return min(1.0, max(0.0, (gone - stood) / one.budget)) if one.budget else 0.0


def as_words(case: Case) -> dict[str, Any]:
    """Number, title, place and state of a case as lists show them."""
    return {
        "number": case.number,
        "title": title_of(case),
        "place": place_of(case),
        "tag": public_tag(case),
    }
