"""The filters of an officer's queue, and the groups into which its rows are sorted by due time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Assignment
from kotacerdas.foundation.cases.queries import EMERGENCY
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock


@dataclass(frozen=True, kw_only=True)
class Named:
    """A filter or group: what stands in the URL, what people read, and which assignments it holds."""

    name: str
    label: Any
    holds: Q
    icon: str = ""


@dataclass(frozen=True)
class Moments:
    """The instants that separate the groups: of the local day and week."""

    now: datetime
    day_end: datetime
    week_end: datetime

    @classmethod
    def current(cls) -> Moments:
        """From now to the end of the day and of Sunday, local time."""
        today = clock.today()
        end = datetime.combine(today, time.max, tzinfo=clock.local_zone())
        return cls(clock.now(), end, end + timedelta(days=6 - today.weekday()))


def groups(at: Moments) -> tuple[Named, ...]:
    """The groups of the queue in the order of its rows; every row is in exactly one."""
    calm = ~Q(case__priority=EMERGENCY)
    running = calm & Q(is_paused=False)
    return (
        Named(name="darurat", label=_("Emergencies"), holds=Q(case__priority=EMERGENCY), icon="siren"),
        Named(name="lewat", label=_("Overdue"), holds=running & Q(due_at__lt=at.now)),
        Named(
            name="hari-ini",
            label=_("Due today"),
            holds=running & Q(due_at__gte=at.now, due_at__lte=at.day_end),
        ),
        Named(
            name="minggu-ini",
            label=_("This week"),
            holds=running & Q(due_at__gt=at.day_end, due_at__lte=at.week_end),
        ),
        Named(
            name="nanti",
            label=_("Later"),
            holds=running & (Q(due_at__gt=at.week_end) | Q(due_at=None)),
        ),
        Named(name="jeda", label=_("Paused"), holds=calm & Q(is_paused=True)),
    )


def group_of(one: Assignment, at: Moments) -> str:
    """The name of the group of one row, by the same bounds."""
    if one.case.priority == EMERGENCY:
        return "darurat"
    if one.is_paused:
        return "jeda"
    if one.due_at is None or one.due_at > at.week_end:
        return "nanti"
    if one.due_at < at.now:
        return "lewat"
    return "hari-ini" if one.due_at <= at.day_end else "minggu-ini"


def filters(desk: Desk, grants: Grants, at: Moments) -> tuple[Named, ...]:
    """The filters offered as chips, the kind's own ones last; the first one holds everything."""
    overdue, today = _due(before=at.now), _due(since=at.now, until=at.day_end)
    held_by_me = Q(holder=grants.user_id) | Q(holder=None, position__in=grants.position_ids)
    return (
        Named(name="semua", label=_("All"), holds=Q()),
        Named(name="lewat", label=_("Overdue"), holds=overdue),
        Named(name="hari-ini", label=_("Today"), holds=today),
        Named(name="jeda", label=_("Paused"), holds=Q(is_paused=True)),
        Named(name="saya", label=_("Mine"), holds=held_by_me),
        Named(name="kosong", label=_("Unassigned"), holds=Q(holder=None, position=None)),
        *(Named(name=one.name, label=one.label, holds=one.holds(grants)) for one in desk.filters),
    )


def _due(**when: datetime) -> Q:
    """What is due then: by its own promise, or as a part of an emergency without one by the case's, as rows show it."""
    ends = {"before": "lt", "since": "gte", "until": "lte"}
    own = Q(**{f"due_at__{ends[name]}": at for name, at in when.items()})
    cases = Q(**{f"case__due_at__{ends[name]}": at for name, at in when.items()})
    return Q(is_paused=False) & (own | (Q(due_at=None, case__priority=EMERGENCY) & cases))


def chosen(offered: tuple[Named, ...], name: str) -> Named:
    """The filter of that name; the first one when there is none such."""
    return next((one for one in offered if one.name == name), offered[0])
