"""Treatment plants: whose they are, when they are open, what they took in on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.models import PlannedStop, Station
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.foundation.ui.tags.words import clock_time
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.pack_tables import desludging
from kotacerdas.programs.gopal.permissions import RECEIVE, VIEW


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What a plant took in on a day, in litres; `limit` None: any amount."""

    litres: int
    limit: int | None

    @property
    def share(self) -> float | None:
        return self.litres / self.limit if self.limit else None

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.litres)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A truck that comes by the plan: when, with how much, and its manifest once there is one."""

    unit: str
    arrives: datetime | None
    litres: int
    manifest: Manifest | None


def plants_for(grants: Grants) -> QuerySet[Station]:
    """The plants of the agencies where somebody receives sludge, or sees who does."""
    scope = grants.scope(RECEIVE) | grants.scope(VIEW)
    return Station.objects.filter(scope.within("agency"), is_reload_site=True).select_related("agency")


def manifests_for(grants: Grants) -> QuerySet[Manifest]:
    """The manifests of the agencies whose trips somebody may see."""
    scope = grants.scope(RECEIVE) | grants.scope(VIEW)
    found = Manifest.objects.filter(scope.within("agency"))
    return found.select_related("agency", "unit", "operator", "plant", "difference")


def only_plant(agency: Agency) -> Station | None:
    """The plant of an agency that has one; None where it has several, or none."""
    found = list(Station.objects.filter(agency=agency, is_reload_site=True, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


def hours_on(plant: Station, on: date) -> list[tuple[time, time]]:
    """When a plant is open on a day; nothing where it is closed all day."""
    rows = plant.hours.all() if plant.is_active else ()
    return [(one.opens, one.closes) for one in rows if one.weekday == on.weekday()]


def hours_words(plant: Station, on: date) -> str:
    """The opening hours of a day in words."""
    at = partial(datetime.combine, on, tzinfo=clock.local_zone())
    spans = [f"{clock_time(at(start))}–{clock_time(at(end))}" for start, end in hours_on(plant, on)]
    return ", ".join(spans) or _("closed today")


def closed_words(plant: Station, at: datetime) -> str:
    """That a plant is closed at a moment, with its hours; "" where it is open."""
    local = at.astimezone(clock.local_zone())
    if any(start <= local.time() <= end for start, end in hours_on(plant, local.date())):
        return ""
    return _("%(plant)s is closed now; opening hours: %(hours)s.") % {
        "plant": plant.name,
        "hours": hours_words(plant, local.date()),
    }


def intake(plant: Station, on: date) -> Intake:
    """What a plant took in on a local day."""
    received = received_on(plant, on).aggregate(n=Sum("received_l"))["n"] or 0
    return Intake(litres=received, limit=plant.daily_limit_l)


def received_on(plant: Station, on: date) -> QuerySet[Manifest]:
    """The manifests that a plant received on a local day."""
    start = datetime.combine(on, time(), tzinfo=clock.local_zone())
    return Manifest.objects.filter(
        plant=plant,
        state=Manifest.State.RECEIVED,
        received_at__gte=start,
        received_at__lt=start + timedelta(days=1),
    )


def is_at_a_plant(plants: list[Station], lat: float, lng: float) -> bool:
    """Whether a position lies within the fence of one of the plants."""
    return any(distance_m(lat, lng, one.lat, one.lng) <= desludging().fence_m for one in plants)


def expected(plant: Station, on: date) -> list[Expected]:
    """Who is still to come: manifests that are filled or on the way, and unloadings of the day's plan, by time.

    An unloading of the plan that is not done stands with the unit's next manifest; a further one stands by itself.
    """
    coming = _coming(plant)
    stops = PlannedStop.objects.filter(
        kind=PlannedStop.Kind.RELOAD, station=plant, route__is_published=True, route__day=on
    ).exclude(state=PlannedStop.State.DONE)
    found = []
    for stop in stops.select_related("route__unit").order_by("arrive_at"):
        manifest = next(iter(coming.get(stop.route.unit_id, ())), None)
        if manifest is not None:
            coming[stop.route.unit_id].remove(manifest)
        litres = pumped_of(manifest) if manifest is not None else stop.volume_l
        found.append(
            Expected(
                unit=stop.route.unit.name,
                arrives=stop.arrive_at,
                litres=litres or stop.volume_l,
                manifest=manifest,
            )
        )
    rest = [
        Expected(unit=one.unit.name, arrives=None, litres=pumped_of(one), manifest=one)
        for some in coming.values()
        for one in some
    ]
    return [*rest, *found]


def _coming(plant: Station) -> dict[UUID, list[Manifest]]:
    """The manifests of each unit that may come to a plant: those that left, then the one that is filled."""
    found = Manifest.objects.filter(
        Q(plant=None) | Q(plant=plant), agency=plant.agency, state__in=("open", "carrying")
    )
    by_unit: dict[UUID, list[Manifest]] = {}
    in_order = found.order_by(F("left_at").asc(nulls_last=True), "opened_at")
    for one in in_order.select_related("unit", "operator").prefetch_related("loads"):
        by_unit.setdefault(one.unit_id, []).append(one)
    return by_unit


def pumped_of(manifest: Manifest) -> int:
    """Litres that were pumped into a manifest so far."""
    return sum(one.litres for one in manifest.loads.all())
