"""Maintenance that comes due: kilometres of trips since it was done last, months since then, or whichever comes first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.models import Service, TrackDay
from kotacerdas.programs.lada.permissions import TRACK

SOON_SHARE, SOON_DAYS = 0.9, 30
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A service as it stands today. km: since it was done last; left_*: below 0 where it is over, None: not by that."""

    service: Service
    km: int
    left_km: int | None
    due_on: date | None
    left_days: int | None

    @property
    def is_due(self) -> bool:
        return (self.left_km is not None and self.left_km <= 0) or (
            self.left_days is not None and self.left_days <= 0
        )

    @property
    def is_soon(self) -> bool:
        by_km = self.left_km is not None and self.km >= self.service.every_km * SOON_SHARE
        return not self.is_due and (by_km or (self.left_days is not None and self.left_days <= SOON_DAYS))

    @property
    def dial(self) -> int | None:
        """What its odometer shows by now, where somebody read it."""
        return self.service.dial_km + self.km if self.service.dial_km else None

    @property
    def share(self) -> float:
        """How much of the way to the next is over."""
        by_km = self.km / self.service.every_km if self.service.every_km else 0.0
        whole = (self.due_on - self.service.started_on).days if self.due_on else 0
        by_day = (whole - (self.left_days or 0)) / whole if whole else 0.0
        return max(by_km, by_day)


def standing_for(grants: Grants) -> list[Standing]:
    """The maintenance of goods that somebody follows, what is due first."""
    held = Service.objects.filter(
        grants.scope(TRACK).within("asset__agency", "asset__area_code"), asset__is_active=True
    )
    return standing_of(held.select_related("asset__agency"))


def standing_of(services: Iterable[Service]) -> list[Standing]:
    """Each of these services as it stands today, the nearest to its end first."""
    services, today = list(services), clock.today()
    gone = TrackDay.objects.filter(asset__in=[one.asset_id for one in services])
    sums = dict(
        gone.filter(day__gte=F("asset__service__started_on"))
        .order_by()
        .values_list("asset")
        .annotate(Sum("metres"))
    )
    found = [_standing(one, sums.get(one.asset_id, 0) // 1000, today) for one in services]
    return sorted(found, key=lambda one: (-one.share, one.service.asset.nibar))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _standing(service: Service, km: int, today: date) -> Standing:
    due_on = months_after(service.started_on, service.every_months) if service.every_months else None
    return Standing(
        service=service,
        km=km,
        left_km=service.every_km - km if service.every_km else None,
        due_on=due_on,
        left_days=(due_on - today).days if due_on is not None else None,
    )
