"""Reading devices and alerts. Every list, count and map goes through `visible_to`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case as When_
from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models import When as Where
from django.db.models.fields import CharField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.telemetry.models import Alert, Datastream, Device, Latest, Quarantined, Rule
from kotacerdas.foundation.telemetry.permissions import MANAGE, RULES, VIEW, WORK
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing

ALERT, SILENT, NEVER, OFF, LIVE = "alert", "silent", "never", "off", "live"
HEALTHS = (ALERT, SILENT, NEVER, OFF, LIVE)  # the worst first
_SPARE = timedelta(seconds=60)
_USUAL_SECONDS = 3600


def visible_to(grants: Grants) -> QuerySet[Device]:
    """The devices somebody may see."""
    scope = grants.scope(VIEW) | grants.scope(MANAGE) | grants.scope(WORK)
    return Device.objects.filter(scope.within("agency", "area_code")) if scope else Device.objects.none()


def with_health(devices: QuerySet[Device]) -> QuerySet[Device]:
    """`health` and `seen_at` of each: silent is who said nothing for three times its usual pause and a minute."""
    every = Datastream.objects.filter(device=OuterRef("pk")).order_by("every_s").values("every_s")[:1]
    patience = ExpressionWrapper(
        Coalesce(Subquery(every), _USUAL_SECONDS) * Value(timedelta(seconds=3)), output_field=DurationField()
    )
    late = Q(presence__seen_at__lt=clock.now() - _SPARE - F("patience"))
    return devices.annotate(
        patience=patience,
        seen_at=F("presence__seen_at"),
        in_alert=Exists(Alert.objects.filter(device=OuterRef("pk"), recovered_at=None)),
        health=When_(
            Where(is_active=False, then=Value(OFF)),
            Where(in_alert=True, then=Value(ALERT)),
            Where(presence=None, then=Value(NEVER)),
            Where(late, then=Value(SILENT)),
            default=Value(LIVE),
            output_field=CharField(),
        ),
    )


def device_of(grants: Grants, code: str) -> Device:
    """One visible device by code. Missing for a stranger exactly as for one that does not exist."""
    found = with_health(visible_to(grants)).filter(code=code).select_related("agency", "presence").first()
    if found is None:
        raise Missing(_("There is no such device here."), remedy=_("Look for it in the list of devices."))
    return found


def counts(devices: QuerySet[Device]) -> dict[str, int]:
    """How many devices have which health, by the same rule as the list."""
    annotated: Any = with_health(devices)
    rows = annotated.order_by().values_list("health").annotate(n=Count("id"))
    return {**dict.fromkeys(HEALTHS, 0), **dict(rows)}


def with_place(devices: QuerySet[Device]) -> QuerySet[Device]:
    """`at_lat`, `at_lng`: where the device is now by its latest position, else where it was put."""
    newest = Latest.objects.filter(
        stream__device=OuterRef("pk"), stream__shape=Datastream.Shape.POSITION
    ).order_by("-at")
    return devices.annotate(
        at_lat=Coalesce(Subquery(newest.values("value")[:1]), F("lat")),
        at_lng=Coalesce(Subquery(newest.values("value2")[:1]), F("lng")),
    )


def visible_alerts(grants: Grants) -> QuerySet[Alert]:
    """The alerts of visible devices, and those whose case an own agency has."""
    scope = grants.scope(VIEW) | grants.scope(WORK)
    if not scope:
        return Alert.objects.none()
    wanted = scope.within("device__agency", "device__area_code")
    if not scope.everywhere:
        wanted |= Q(case__lead_agency__in=scope.agencies)
    return Alert.objects.filter(wanted).select_related("rule", "device__agency", "case", "stream", "version")


def visible_rules(grants: Grants) -> QuerySet[Rule]:
    """The rules of one's agencies, and those that hold for all."""
    scope = grants.scope(VIEW) | grants.scope(RULES)
    if not scope:
        return Rule.objects.none()
    if scope.everywhere:
        return Rule.objects.all()
    return Rule.objects.filter(Q(agency=None) | Q(agency__in=scope.agencies))


def visible_quarantine(grants: Grants) -> QuerySet[Quarantined]:
    """What one may take in or drop: of one's agencies' devices; what belongs to nobody, for who manages everywhere."""
    scope = grants.scope(MANAGE)
    if scope.everywhere:
        return Quarantined.objects.all()
    return Quarantined.objects.filter(agency__in=scope.agencies)


def open_alerts(grants: Grants) -> int:
    """How many alerts wait to be acknowledged."""
    return visible_alerts(grants).filter(recovered_at=None, acknowledged_at=None).count()


@dataclass(frozen=True, slots=True)
class Spot:
    """Devices that lie together on the map: how many, the worst health among them, one of them."""

    x: float
    y: float
    count: int
    health: str
    healths: Mapping[str, int]
    code: str
    name: str


def spots(
    devices: QuerySet[Device], width: float, height: float, cell: float = 34.0
) -> tuple[list[Spot], int]:
    """Clusters on a map of that size, and how many devices have no place on it."""
    from kotacerdas.foundation.territory.cells import plan

    project = plan(width, height)
    groups: dict[tuple[int, int], list[Any]] = {}
    outside = 0
    annotated: Any = with_place(with_health(devices))
    rows = annotated.values_list("code", "name", "health", "at_lat", "at_lng")
    for code, name, health, lat, lng in rows.iterator(chunk_size=5000):
        at = project(lat, lng) if lat is not None and lng is not None and project is not None else None
        if at is None or not (0 <= at[0] <= width and 0 <= at[1] <= height):
            outside += 1
            continue
        x, y = at
        known = groups.get((int(x // cell), int(y // cell)))
        if known is None:
            groups[int(x // cell), int(y // cell)] = [x, y, 1, {health: 1}, code, name]
        else:
            known[0] += x
            known[1] += y
            known[2] += 1
            known[3][health] = known[3].get(health, 0) + 1
    return [_spot(*one) for one in groups.values()], outside


def _spot(x: float, y: float, count: int, healths: dict[str, int], code: str, name: str) -> Spot:
    worst = next(health for health in HEALTHS if healths.get(health))
    return Spot(round(x / count, 1), round(y / count, 1), count, worst, healths, code, name)
