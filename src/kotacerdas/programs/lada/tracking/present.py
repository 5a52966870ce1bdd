"""What is told of goods with a device: where each is now, who is silent, one day's legs, the fence's outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, radians, sin

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.models import Datastream, Latest
from kotacerdas.foundation.territory.queries import inside_regency, nearest_villages
from kotacerdas.foundation.ui.tags.words import lasting, number, short_time
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.models import Alarm, Asset, Fence
from kotacerdas.programs.lada.permissions import TRACK
from kotacerdas.programs.lada.tracking.reading import KIND, read_from_of
from kotacerdas.programs.lada.tracking.trips import Leg, told

MOST = 300  # goods on one map
LATELY = timedelta(minutes=40)
_SPARE = timedelta(minutes=1)
_CORNERS, _DEGREE_M, _SLACK_M = 36, 111_195.0, 20_000.0
SILENT, NEVER, MOVING, STANDING = "silent", "never", "moving", "standing"
STATES = {
    SILENT: gettext_lazy("device silent"),
    NEVER: gettext_lazy("device not heard yet"),
    MOVING: gettext_lazy("on the way"),
    STANDING: gettext_lazy("standing"),
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A good with a device, now: its last position and how old that is. A silent device says nothing of where it is.

    since  it stands or goes at least since then, longer where `is_longer`; is_out  its alarm is not over
    """

    asset: Asset
    stream: Datastream
    state: str
    at: datetime | None = None
    lat: float = 0.0
    lng: float = 0.0
    since: datetime | None = None
    is_longer: bool = False
    alarm: Case | None = None
    is_out: bool = False

    @property
    def plate(self) -> str:
        return str(self.asset.facts.get("plate_no", ""))

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def words(self) -> str:
        """One sentence; a device that is dead is another one than a car that is outside."""
        if self.at is None:
            return _("Its device has said nothing yet.")
        if self.state == SILENT:
            return _("Its device is silent since %(time)s: nobody knows where it is now.") % {
                "time": short_time(self.at)
            }
        since = lasting(self.since or self.at, clock.now())
        if self.state == MOVING:
            return _("On the way for %(long)s") % {"long": since}
        words = _("Stands here for more than %(long)s") if self.is_longer else _("Stands here for %(long)s")
        return words % {"long": since}


def tracked_for(grants: Grants) -> QuerySet[Asset]:
    """Goods with a device today, of the agencies whose goods somebody follows."""
    bound = tracks.bindings_on(KIND, clock.today()).values("subject")
    goods = Asset.objects.filter(grants.scope(TRACK).within("agency", "area_code"), nibar__in=bound)
    return goods.select_related("agency", "holder").order_by("nibar")


def seen_of(goods: Sequence[Asset], scope: Scope) -> list[Seen]:
    """Each of these goods as it is now: alarms first, then the silent ones, then by name.

    What was measured before a good came from an agency outside the scope is not told.
    """
    begins = read_from_of(goods, scope)
    streams = tracks.streams_by_subject(KIND, clock.today())
    latest = Latest.objects.in_bulk([streams[one.nibar].id for one in goods if one.nibar in streams])
    going = Alarm.objects.filter(asset__in=goods, case__closed_at=None).select_related("case")
    alarms = {one.asset_id: one for one in going.order_by("since")}
    found = [
        _seen(
            one, streams[one.nibar], latest.get(streams[one.nibar].id), alarms.get(one.id), begins.get(one.id)
        )
        for one in goods
        if one.nibar in streams
    ]
    order = list(STATES)
    return sorted(found, key=lambda one: (one.alarm is None, order.index(one.state), one.asset.name))


def _seen(
    asset: Asset, stream: Datastream, latest: Latest | None, alarm: Alarm | None, begin: datetime | None
) -> Seen:
    if latest is None or latest.value2 is None or (begin is not None and latest.at < begin):
        return Seen(asset=asset, stream=stream, state=NEVER, alarm=alarm.case if alarm is not None else None)
    now, since, begin = clock.now(), None, max(latest.at - LATELY, begin or latest.at - LATELY)
    if now - latest.at > stream.every_s * timedelta(seconds=3) + _SPARE:
        state = SILENT
    else:
        legs = told(tracks.track([stream.id], begin, latest.at)).legs
        state = MOVING if legs and legs[-1].kind == "trip" else STANDING
        since = legs[-1].since if legs else latest.at
    return Seen(
        asset=asset,
        stream=stream,
        state=state,
        at=latest.at,
        lat=latest.value,
        lng=latest.value2,
        since=since,
        is_longer=since is not None and since - begin < stream.every_s * timedelta(seconds=3),
        alarm=alarm.case if alarm is not None else None,
        is_out=alarm is not None and alarm.until is None,
    )


def is_on_map(seen: Seen) -> bool:
    """Whether it is near enough to the regency to be drawn with the others."""
    return seen.at is not None and inside_regency(seen.lat, seen.lng, _SLACK_M)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One leg of a day as it is listed; a stop has a number, as on the map."""

    kind: str
    number: int
    since: datetime
    until: datetime
    title: str
    km: str
    long: str


def lines_of(legs: Sequence[Leg], now: datetime) -> list[Line]:
    """The legs of a day in words. A stop is named after the village nearest to it, which is no statement of a boundary."""
    found, count = [], 0
    for leg in legs:
        count += leg.kind == "stop"
        km = number(leg.metres / 1000, 1)
        if leg.kind == "stop":
            title = _("Stood near %(place)s") % {"place": near(*leg.place)}
        elif leg.kind == "trip":
            title = _("On the way, %(km)s km") % {"km": km}
        else:
            title = _("Its device was silent; at least %(km)s km lie between") % {"km": km}
        found.append(
            Line(
                kind=leg.kind,
                number=count if leg.kind == "stop" else 0,
                since=leg.since,
                until=leg.until,
                title=title,
                km=km if leg.kind != "stop" else "",
                long=lasting(leg.since, leg.until),
            )
        )
    return found


def near(lat: float, lng: float) -> str:
    """The village whose point is nearest; the numbers where nothing is known."""
    found = nearest_villages(lat, lng, 1)
    return str(found[0].area.name) if found else f"{lat:.4f}, {lng:.4f}"


def rings_of(fence: Fence | None) -> list[list[tuple[float, float]]]:
    """The outline of a fence: its circle as a polygon, and its areas."""
    if fence is None:
        return []
    rings = [[(lat, lng) for lat, lng in ring] for ring in fence.areas]
    if fence.radius_m and fence.lat is not None and fence.lng is not None:
        up = fence.radius_m / _DEGREE_M
        across = up / max(0.01, cos(radians(fence.lat)))
        turns = [2 * pi * n / _CORNERS for n in range(_CORNERS)]
        rings.append([(fence.lat + up * sin(one), fence.lng + across * cos(one)) for one in turns])
    return rings


def fence_words(fence: Fence) -> list[str]:
    """What a fence asks, one sentence each."""
    found = []
    if fence.radius_m:
        found.append(_("%(metres)s metres round its place") % {"metres": number(fence.radius_m)})
    if fence.areas:
        found.append(_("an area of %(n)d corners") % {"n": len(fence.areas[0])})
    hours = ", ".join(f"{since}–{until}" for since, until in fence.hours)
    found.append(
        _("may leave on working days %(hours)s") % {"hours": hours} if hours else _("may never leave")
    )
    found.append(_("alarm after %(n)d minutes") % {"n": fence.dwell_minutes})
    return found


def alarm_words(alarm: Alarm) -> str:
    """What was seen, and whether it is over; of a silent device that nobody knows."""
    seen = next(iter(seen_of([alarm.asset], Scope(everywhere=True))), None)
    if alarm.until is not None:
        return _("Over: seen well again at %(time)s.") % {"time": short_time(alarm.until)}
    if seen is None or seen.state in (SILENT, NEVER):
        return _("Its device is silent since %(time)s: nobody knows where it is now.") % {
            "time": short_time(seen.at if seen is not None and seen.at else alarm.seen_at)
        }
    return _("It goes on: seen so at %(time)s.") % {"time": short_time(alarm.seen_at)}
