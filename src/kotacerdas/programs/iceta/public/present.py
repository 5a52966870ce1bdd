"""A report as citizens read it: its state, its way, its promises. Names no officer and no other reporter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from kotacerdas.foundation.cases.clocks import due_at, policy_on
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case, CaseClock
from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.ui.shapes import Stage
from kotacerdas.foundation.ui.tags.words import day, short_time
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.lifecycles import S

_REACHED = {S.RECEIVED: 1, S.POSTPONED: 1, S.RETURNED: 2, S.ASSIGNED: 2, S.IN_PROGRESS: 2, S.WAITING: 2}
_DONE = (S.RESOLVED, S.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One step of the way with its last day. `left` is counted from today; both empty: no promise of time."""

    title: str
    by: datetime | None = None
    left: str = ""
    is_done: bool = False


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
