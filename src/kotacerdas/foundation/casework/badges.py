"""Short clock badges for lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.models import CaseClock
from kotacerdas.foundation.cases.queries import badge, due_badge
from kotacerdas.foundation.ui.shapes import Badge
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock


def short_badge(due: datetime, one: CaseClock | None) -> Badge:
    """The badge of a list row: working days said as days, one unit when late or paused.

    due  the row's cached due time; one  its clock, None when it ended a moment ago
    """
    full = badge(one) if one else due_badge(due, clock.now())
    if one is not None and one.unit != "workdays":
        return _late_hours(full, due)
    if full.state == "paused":
        days = (one.remaining if one else 0) or 0
        return replace(full, text=ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days})
    if full.state == "overdue":
        days = current_calendar().remaining_workdays(clock.local_day(due), clock.today())
        return replace(full, text=_("Overdue %(time)s") % {"time": _days(days)}) if days else full
    left = current_calendar().working_time_left(clock.now(), due)
    if not left.days:
        return full
    hours = left.minutes // 60
    text = _("%(days)s %(n)d h") % {"days": _days(left.days), "n": hours} if hours else _days(left.days)
    return replace(full, text=text)


def _late_hours(full: Badge, due: datetime) -> Badge:
    """A late minute clock: from an hour to two days whole hours, which is all that fits the column."""
    hours = int((clock.now() - due).total_seconds() // 3600)
    if full.state != "overdue" or not 1 <= hours < 48:
        return full
    return replace(full, text=_("Overdue %(time)s") % {"time": _("%(n)d h") % {"n": hours}})


def _days(count: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", count) % {"n": count}
