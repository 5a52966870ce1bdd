"""What the wall shows: counts of cases the viewer may see, each with its age. Codes and places only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.indicators import queries as figures
from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.indicators.engine import FOLLOWER
from kotacerdas.foundation.journal.models import Cursor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock

_DISTRICT = len("00.00.00")
EMERGENCY = "emergency"
USUAL_DAYS = 28


@dataclass(frozen=True, kw_only=True)
class District:
    """Open cases of one district, and how many of them are late or emergencies."""

    open: int
    overdue: int
    emergencies: int


@dataclass(frozen=True, kw_only=True)
class Wall:
    """One look at all of it. `at` is when it was counted; `figures_at` when indicators last moved."""

    at: datetime
    figures_at: datetime | None
    open: int
    overdue: int
    emergencies: int
    oldest: Case | None
    today: int
    usual: float
    on_time: figures.Figure | None
    channels: Mapping[str, int]
    districts: Mapping[str, District]


def wall(grants: Grants, on_time_code: str) -> Wall:
    """Count everything for one viewer. `on_time_code` names the indicator of kept promises."""
    now = clock.now()
    cases = visible_to(grants)
    open_cases = cases.filter(closed_at=None).exclude(state="resolved")
    counts = open_cases.aggregate(n=Count("id"), late=Count("id", filter=Q(due_at__lt=now, is_paused=False)))
    urgent = open_cases.filter(priority=EMERGENCY).select_related("lead_agency").order_by("opened_at")
    spoken = urgent.aggregate(n=Count("id"))["n"]
    cursor = Cursor.objects.filter(name=FOLLOWER).first()
    midnight = datetime.combine(clock.today(), datetime.min.time(), tzinfo=clock.local_zone())
    return Wall(
        at=now,
        figures_at=cursor.moved_at if cursor else None,
        open=counts["n"],
        overdue=counts["late"],
        emergencies=spoken,
        oldest=urgent.first(),
        today=cases.filter(opened_at__gte=midnight).count(),
        usual=_usual(cases, midnight),
        on_time=_today(on_time_code),
        channels=dict(
            cases.filter(opened_at__gte=now - timedelta(days=7))
            .order_by()
            .values("channel")
            .annotate(n=Count("id"))
            .order_by("-n")
            .values_list("channel", "n")
        ),
        districts=_districts(open_cases, now),
    )


def _usual(cases: QuerySet[Case], midnight: datetime) -> float:
    """Reports a day over the four weeks before today."""
    since = midnight - timedelta(days=USUAL_DAYS)
    return cases.filter(opened_at__gte=since, opened_at__lt=midnight).count() / USUAL_DAYS


def _today(code: str) -> figures.Figure | None:
    """The indicator over the last seven days: one day alone often has nothing that ended."""
    if code not in indicators():
        return None
    day = clock.today()
    return figures.figure(code, day - timedelta(days=6), day)


def _districts(open_cases: QuerySet[Case], now: datetime) -> dict[str, District]:
    found: dict[str, list[int]] = {}
    rows = (
        open_cases.order_by()
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
