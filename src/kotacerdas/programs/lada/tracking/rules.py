"""The fence of a good as numbers, and the good's device."""

from __future__ import annotations

from datetime import timedelta

from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.models import Fence
from kotacerdas.programs.lada.tracking.fences import Rule


def minute_of(text: str) -> int:
    """The minute of the day of "06:30"; 24:00 is the end of it. Raises ValueError."""
    hour, minute = text.strip().split(":")
    found = int(hour) * 60 + int(minute)
    if not (hour.isdigit() and minute.isdigit() and len(minute) == 2 and int(minute) < 60 and found <= 1440):
        raise ValueError(text)
    return found


def rule_of(fence: Fence) -> Rule:
    """What the fence asks, with the calendar in force."""
    has_circle = fence.radius_m and fence.lat is not None and fence.lng is not None
    return Rule(
        circle=(fence.lat, fence.lng, float(fence.radius_m)) if has_circle else None,  # type: ignore[arg-type]
        areas=tuple(tuple((float(lat), float(lng)) for lat, lng in ring) for ring in fence.areas),
        hours=tuple((minute_of(since), minute_of(until)) for since, until in fence.hours),
        dwell=timedelta(minutes=fence.dwell_minutes),
        zone=clock.local_zone(),
        is_workday=current_calendar().is_workday,
    )
