"""What is bound to a subject, and where it was: readings between two moments, the parts of a track, its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from kotacerdas.foundation.telemetry.models import Binding, Datastream
from kotacerdas.foundation.territory.geometry import distance_m

POSITION = "position"
MOST = 50_000  # readings of one span; where more came, the first of each equal step
MOST_SPOTS = 10_000  # positions of one span: of a day one every 9 seconds
GAP = timedelta(minutes=15)  # a longer silence is no way: nobody knows where it was
_SECOND = timedelta(seconds=1)
_READ = """
    SELECT at, value, value2 FROM telemetry_observation
    WHERE stream = ANY(%(streams)s) AND at >= %(since)s AND at <= %(until)s ORDER BY at LIMIT %(most)s
"""
_THIN = """
    SELECT DISTINCT ON (date_bin(%(step)s, at, %(since)s)) at, value, value2 FROM telemetry_observation
    WHERE stream = ANY(%(streams)s) AND at >= %(since)s AND at <= %(until)s
    ORDER BY date_bin(%(step)s, at, %(since)s), at
"""
_OLDEST = "SELECT min(at) FROM telemetry_observation WHERE stream = %s AND at >= %s AND came > %s"
Reading = tuple[datetime, float, float | None]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was at a moment, in degrees (WGS 84)."""

    at: datetime
    lat: float
    lng: float


def bindings_on(kind: str, day: date) -> QuerySet[Binding]:
    """What is bound to subjects of a kind on a day, the newest first; both ends of a binding count."""
    held = Binding.objects.filter(Q(until=None) | Q(until__gte=day), kind=kind, since__lte=day)
    return held.filter(device__is_active=True).order_by("-since", "-device__made_at")


def streams_of(kind: str, subject: str, day: date, code: str = POSITION) -> list[int]:
    """The datastream of a quantity of the device that is bound to a subject on a day; none: [].

    Of several devices the one that was bound last: two sensors side by side would look like one that jumps.
    """
    bound = bindings_on(kind, day).filter(subject=subject, device__streams__code=code)
    return list(bound.values_list("device__streams__id", flat=True)[:1])


def streams_by_subject(kind: str, day: date, code: str = POSITION) -> dict[str, Datastream]:
    """The datastream of a quantity of each subject of a kind that has one on a day, with its device."""
    found = {}
    bound = list(bindings_on(kind, day).values_list("subject", "device_id"))
    devices = {device for _subject, device in bound}
    streams = Datastream.objects.filter(code=code, device__in=devices).select_related("device")
    of_device = {one.device_id: one for one in streams}
    for subject, device in reversed(bound):
        if device in of_device:
            found[subject] = of_device[device]
    return found


def readings(streams: Sequence[int], since: datetime, until: datetime, most: int = MOST) -> list[Reading]:
    """The readings over a span, oldest first, both ends count; where more than `most` came, spread evenly."""
    if not streams or until < since:
        return []
    step = max((until - since) / most, _SECOND)
    given: dict[str, Any] = {
        "streams": list(streams),
        "since": since,
        "until": until,
        "step": step,
        "most": most + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, given)
        rows = cursor.fetchall()
        if len(rows) > most:
            cursor.execute(_THIN, given)
            rows = cursor.fetchall()
        return list(rows)


def track(streams: Sequence[int], since: datetime, until: datetime) -> list[Spot]:
    """The positions over a span, oldest first; at most MOST_SPOTS, spread evenly where more came."""
    found = readings(streams, since, until, MOST_SPOTS)
    return [Spot(at, lat, lng) for at, lat, lng in found if lng is not None]


def oldest_that_came(stream: int, *, since: datetime, after: datetime | None) -> datetime | None:
    """When the oldest of the readings that came after a moment was measured, as far as `since`; None: nothing came.

    after  None: whatever came
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [stream, since, after or since])
        found: datetime | None = cursor.fetchone()[0]
        return found


def parts(spots: Sequence[Spot], gap: timedelta = GAP) -> list[list[Spot]]:
    """A track broken at every silence that is longer than the gap."""
    found: list[list[Spot]] = []
    for one in spots:
        if not found or one.at - found[-1][-1].at > gap:
            found.append([])
        found[-1].append(one)
    return found


def length_m(spots: Sequence[Spot]) -> float:
    """The metres from position to position."""
    return sum(distance_m(a.lat, a.lng, b.lat, b.lng) for a, b in pairwise(spots))
