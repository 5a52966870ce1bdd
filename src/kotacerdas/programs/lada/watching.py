"""What goods with a device report is looked at as it comes: how far they went, and whether they were where they may be."""

from __future__ import annotations

from datetime import datetime, timedelta

from kotacerdas.foundation.jobs.fence import Fence as LoopFence
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.models import Datastream, Latest
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.actions.alarms import alarm_open, alarm_over
from kotacerdas.programs.lada.models import Alarm, Asset, Fence, TrackDay, TrackLook
from kotacerdas.programs.lada.tracking import fences
from kotacerdas.programs.lada.tracking.reading import KIND, bounds, positions
from kotacerdas.programs.lada.tracking.rules import rule_of
from kotacerdas.programs.lada.tracking.trips import told

KEPT = timedelta(days=7)  # what a device kept for longer is not looked at any more
BEFORE = timedelta(hours=2)  # where a good was before what came
SLOT = timedelta(minutes=10)
SETTLING = timedelta(minutes=1)  # what came is in the store by then


def watch_goods() -> None:
    """Look at what came of every good with a device; one that fails is set aside, the others go on."""
    loop = LoopFence("lada.goods", longest_seconds=600)
    waiting, today = set(loop.waiting()), clock.today()
    streams = tracks.streams_by_subject(KIND, today)
    goods = Asset.objects.filter(nibar__in=streams, is_active=True).select_related("agency", "fence")
    newest = Latest.objects.in_bulk([one.id for one in streams.values()])
    looks = TrackLook.objects.in_bulk([one.id for one in streams.values()])
    for asset in goods.order_by("nibar"):
        stream = streams[asset.nibar]
        latest, look = newest.get(stream.id), looks.get(stream.id)
        if latest is not None and str(asset.id) not in waiting and _has_come(latest, look):
            with loop.around(str(asset.id)):
                _look(asset, stream, latest, look)


def _has_come(latest: Latest, look: TrackLook | None) -> bool:
    if look is None or latest.came_at != look.came_at:
        return True
    return look.look_at is not None and look.look_at <= clock.now()


def _look(asset: Asset, stream: Datastream, latest: Latest, look: TrackLook | None) -> None:
    """The days that something came of, and the fence over it; what came late is looked at as if it had come in time."""
    now = clock.now()
    after = look.came_at - SETTLING if look is not None else None
    oldest = tracks.oldest_that_came(stream.id, since=now - KEPT, after=after)
    due = None
    if oldest is not None and (_slot(look) != _slot(latest) or oldest < now - 2 * SLOT):
        _days(asset, oldest - 2 * SLOT, now)
    fence = getattr(asset, "fence", None)
    if fence is not None and fence.is_on:
        due = _fence(asset, fence, oldest or latest.at, now)
    TrackLook.objects.update_or_create(
        stream_id=stream.id, defaults={"came_at": latest.came_at, "look_at": due}
    )


def _slot(seen: Latest | TrackLook | None) -> int:
    """Days are counted anew once in a slot, not with each position."""
    return int(seen.came_at.timestamp() // SLOT.total_seconds()) if seen is not None else 0


def _days(asset: Asset, since: datetime, until: datetime) -> None:
    """How far it went on each local day of a span, counted anew."""
    day, last = clock.local_day(since), clock.local_day(until)
    while day <= last:
        travel = told(positions(asset, *bounds(day)))
        facts = {"metres": round(travel.metres), "trips": len(travel.trips)}
        TrackDay.objects.update_or_create(asset=asset, day=day, defaults=facts)
        day += timedelta(days=1)


def _fence(asset: Asset, fence: Fence, oldest: datetime, now: datetime) -> datetime | None:
    """Alarms of what came since; when time alone may make another."""
    rule = rule_of(fence)
    told_of = told(positions(asset, oldest - BEFORE, now))
    found = [one for one in fences.judged(told_of, rule) if one[0].at >= fence.since]
    for breach in fences.breaches(found, rule.dwell, now):
        _over(asset, found, breach.first.at)
        alarm_open(asset=asset, breach=breach)
    _over(asset, found, now)
    due = fences.due(found, rule.dwell)
    return due if due is not None and due > now else None


def _over(asset: Asset, found: list[fences.Judged], before: datetime) -> None:
    """Alarms that were seen to be over before a moment."""
    for alarm in Alarm.objects.filter(asset=asset, until=None):
        calm = next(
            (spot.at for spot, cause in found if not cause and alarm.seen_at < spot.at < before), None
        )
        if calm is not None:
            alarm_over(alarm=alarm, at=calm)
