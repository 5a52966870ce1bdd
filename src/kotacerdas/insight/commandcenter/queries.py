"""What the wall shows: counts of cases the viewer may see, each with its age. Codes and places only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import EMERGENCY, visible_to
from kotacerdas.foundation.cases.wall_figures import open_cases
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock

_DISTRICT = len("00.00.00")


@dataclass(frozen=True, kw_only=True)
class District:
    """Open cases of one district, and how many of them are late or emergencies."""

    open: int
    overdue: int
    emergencies: int


@dataclass(frozen=True, kw_only=True)
class Wall:
    """One look at all of it; `at` is when it was counted."""

    at: datetime
    emergencies: int
    channels: Mapping[str, int]
    districts: Mapping[str, District]


def wall(grants: Grants) -> Wall:
    """Count everything for one viewer."""
    now = clock.now()
    cases = visible_to(grants)
    return Wall(
        at=now,
        emergencies=open_cases(grants).filter(priority=EMERGENCY).count(),
        channels=dict(
            cases.filter(opened_at__gte=now - timedelta(days=7))
            .order_by()
            .values("channel")
            .annotate(n=Count("id"))
            .order_by("-n")
            .values_list("channel", "n")
        ),
        districts=_districts(open_cases(grants), now),
    )


def _districts(cases: QuerySet[Case], now: datetime) -> dict[str, District]:
    found: dict[str, list[int]] = {}
    rows = (
        cases.order_by()
        .values("area_code")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=Q(due_at__lt=now, is_paused=False)),
            urgent=Count("id", filter=Q(priority=EMERGENCY)),
        )
    )
    for row in rows:
        sums = found.setdefault(row["area_code"][:_DISTRICT], [0, 0, 0])
        for place, count in enumerate((row["n"], row["late"], row["urgent"])):
            sums[place] += count
    return {
        code: District(open=n, overdue=late, emergencies=urgent) for code, (n, late, urgent) in found.items()
    }
