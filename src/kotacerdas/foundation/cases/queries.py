"""Everything that reads cases. Every list, count, tile and live event goes through `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.links import link_hash
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, CaseParty
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.ui.shapes import Badge
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Missing

EMERGENCY = "emergency"  # the priority of what cannot wait
SOON_SHARE = 0.9
_SHOWN_ENDS: dict[str, Literal["kept", "broken", "paused"]] = {
    "kept": "kept",
    "broken": "broken",
    "void": "paused",
}


def visible_to(grants: Grants, *, kinds: Iterable[str] | None = None) -> QuerySet[Case]:
    """The cases somebody may see, of these kinds (all by default): each kind's own rule, nobody by default."""
    allowed, wanted = Q(pk__in=()), None if kinds is None else frozenset(kinds)
    for kind, lifecycle in lifecycles().items():
        if wanted is None or kind in wanted:
            allowed |= Q(kind=kind) & lifecycle.visible(grants)
    return Case.objects.filter(allowed)


def undone() -> Q:
    """The cases in which something is still awaited of the staff, as each kind's states say."""
    wanted = Q(pk__in=())
    for kind, lifecycle in lifecycles().items():
        wanted |= Q(kind=kind, state__in=lifecycle.undone)
    return wanted


def visible_case(grants: Grants, number: str) -> Case:
    """One visible case by number. Missing for a stranger exactly as for a number that does not exist."""
    found = (
        visible_to(grants)
        .filter(number=ids.normal_ticket(number) or number.strip().upper())
        .select_related("lead_agency")
        .first()
    )
    if found is None:
        raise Missing(_("There is no such case here."), remedy=_("Check the number, or look in your queue."))
    return found


def involved(scope: Scope, *, except_roles: Iterable[str] = ()) -> Q:
    """Cases in which an agency of the scope has or had a part, or whose place lies in its areas.

    except_roles  parts that do not count: who only passes a case on has no part in its work
    """
    if scope.everywhere:
        return Q()
    parts = Assignment.objects.filter(agency__in=scope.agencies)
    if chosen := list(except_roles):
        parts = parts.exclude(role__in=chosen)
    involved_cases = parts.values("case_id")
    wanted = Q(pk__in=involved_cases) if scope.agencies else Q(pk__in=())
    for code in scope.areas:
        wanted |= Q(area_code=code) | Q(area_code__startswith=code + ".")
    return wanted


def queue(grants: Grants, permission: str) -> QuerySet[Assignment]:
    """Open assignments of the agencies where the permission is held, in order of their clocks.

    Overdue first, then by due time; what stands still comes last, what has no promise after it.
    """
    scope = grants.scope(permission)
    chosen = Assignment.objects.filter(is_open=True)
    if not scope.everywhere:
        chosen = chosen.filter(agency__in=scope.agencies)
    return chosen.order_by("is_paused", "due_at", "assigned_at").select_related(
        "case", "agency", "position", "holder"
    )


def party_by_link(token: str) -> CaseParty | None:
    """The party whose secret link this is, or None. The link's age is judged by the program."""
    if not 20 <= len(token) <= 80:
        return None
    return (
        CaseParty.objects.filter(link_hash=link_hash(token))
        .select_related("case", "person", "contact")
        .first()
    )


def clocks_of(case: Case) -> list[CaseClock]:
    """All clocks of a case, the ended ones too: ours first, in order of their start."""
    return list(
        case.clocks.select_related("policy", "assignment__agency").order_by("-is_ours", "started_at", "id")
    )


def badge(one: CaseClock, now: datetime | None = None) -> Badge:
    """The clock as people read it: working time left, at most two units; never a moved due time."""
    now = now or clock.now()
    if one.state == "paused":
        text = _paused_text(one)
        return Badge(state="paused", text=text, share=share_used(one, now), due=one.due_at)
    if one.state in ("kept", "broken", "void"):
        words = {"kept": _("Kept"), "broken": _("Broken"), "void": _("Ended without count")}
        return Badge(
            state=_SHOWN_ENDS[one.state], text=words[one.state], detail="", share=1.0, due=one.due_at
        )
    return due_badge(one.due_at, now, unit=one.unit, started=one.started_at)


def due_badge(
    due: datetime, now: datetime, *, unit: str = "workdays", started: datetime | None = None
) -> Badge:
    """A running promise from its due time alone: what queues show from the cached column."""
    if now > due:
        return Badge(
            state="overdue", text=_("Overdue %(time)s") % {"time": late_text(due, now, unit)}, due=due
        )
    share = _share(started, due, now)
    soon = clock.local_day(due) == clock.local_day(now) or share >= SOON_SHARE
    left = left_text(due, now, unit)
    return Badge(state="soon" if soon else "running", text=left, share=share, due=due)


def left_text(due: datetime, now: datetime, unit: str) -> str:
    """Working time left, at most two units ("4 hari kerja 6 jam"); plain time for minute clocks."""
    if unit != "workdays":
        return _span(due - now)
    days, minutes = current_calendar().working_time_left(now, due)
    if days:
        parts = [ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}]
        if minutes >= 60:
            parts.append(_("%(n)d h") % {"n": minutes // 60})
        return " ".join(parts)
    return _span(timedelta(minutes=minutes)) if minutes else _("until midnight")


def late_text(due: datetime, now: datetime, unit: str) -> str:
    """How late, in one unit from a working day on."""
    if unit == "workdays":
        days = current_calendar().remaining_workdays(clock.local_day(due), clock.local_day(now))
        if days:
            return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    return _span(now - due)


def share_used(one: CaseClock, now: datetime) -> float:
    """The part of the budget that is used, 0 to 1, in calendar time."""
    end = one.ended_at or (one.paused_at if one.state == "paused" else now) or now
    return _share(one.started_at, one.due_at, end)


def _share(started: datetime | None, due: datetime, now: datetime) -> float:
    if started is None or due <= started:
        return 0.0
    return min(1.0, max(0.0, (now - started) / (due - started)))


def _paused_text(one: CaseClock) -> str:
    if one.unit == "workdays":
        days = one.remaining or 0
        left = ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    else:
        left = _span(timedelta(seconds=one.remaining or 0))
    return _("Paused, %(left)s left") % {"left": left}


def _span(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 48 * 60:
        days = minutes // 1440
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if not minutes:
        return _("under 1 min")
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": rest}
    if hours:
        return _("%(n)d h") % {"n": hours}
    return _("%(n)d min") % {"n": minutes}


def parties_of(case: Case) -> list[CaseParty]:
    """Whom a case concerns, the first one first."""
    return list(case.parties.select_related("person", "contact").order_by("since", "id"))
