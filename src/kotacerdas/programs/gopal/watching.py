"""What trucks report is looked at as it comes: the position goes to dispatch, and a level that falls far from a plant asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from kotacerdas.foundation.dispatch.actions import position_report
from kotacerdas.foundation.dispatch.actions.fleet import position_flaws
from kotacerdas.foundation.dispatch.models import Station, Unit, UnitPosition
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.models import Binding, Latest
from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import levels, plants
from kotacerdas.programs.gopal.actions.differences import fall_open
from kotacerdas.programs.gopal.levels import Fall
from kotacerdas.programs.gopal.models import LevelLook, Manifest
from kotacerdas.programs.gopal.pack_tables import desludging

LOOK_BACK = timedelta(hours=24)  # so much is looked at whenever something came
KEPT = timedelta(days=7)  # what a device kept for longer is not looked at any more
BEFORE = timedelta(hours=2)  # how a level stood before what came
SETTLING = timedelta(minutes=1)  # what came is in the store by then
NEAR = timedelta(minutes=10)  # a position farther from the fall in time says nothing of it


def watch_trucks() -> None:
    """Look at what came of every truck with devices; one that fails is set aside, the others go on."""
    fence = Fence("gopal.trucks", longest_seconds=600)
    waiting = set(fence.waiting())
    bound = Binding.objects.filter(kind=Binding.Kind.UNIT).values("subject")
    for unit in Unit.objects.filter(asset_number__in=bound, is_active=True).select_related("agency"):
        if str(unit.id) not in waiting:
            with fence.around(str(unit.id)):
                _position(unit)
                _level(unit)


def _position(unit: Unit) -> None:
    """The newest position of a truck's devices, with the time at which it was measured."""
    streams = levels.streams_of(unit, clock.today(), tracks.POSITION)
    newest = Latest.objects.filter(stream__in=streams, value2__isnull=False).order_by("-at").first()
    if newest is None or newest.value2 is None or position_flaws(newest.value, newest.value2):
        return
    known = UnitPosition.objects.filter(unit=unit, source=UnitPosition.Source.DEVICE).first()
    if known is None or known.measured_at < newest.at:
        position_report(
            actor=SYSTEM,
            unit=unit,
            lat=newest.value,
            lng=newest.value2,
            source=UnitPosition.Source.DEVICE,
            measured_at=min(newest.at, clock.now()),
        )


def _level(unit: Unit) -> None:
    """Falls outside every plant's fence in the last day, and in what came late since the last look."""
    stream = next(iter(levels.streams_of(unit, clock.today(), levels.LEVEL)), None)
    newest = Latest.objects.filter(stream=stream).first()
    look = LevelLook.objects.filter(stream=stream).first()
    if stream is None or newest is None or (look is not None and look.came_at == newest.came_at):
        return
    now, rule = clock.now(), desludging()
    oldest = tracks.oldest_that_came(
        stream, since=now - KEPT, after=look.came_at - SETTLING if look is not None else None
    )
    found = levels.readings([stream], min(now - LOOK_BACK, (oldest or now) - BEFORE), now)
    within = timedelta(minutes=rule.fall_minutes)
    for fall in levels.falls(found, litres=rule.fall_litres, within=within):
        _ask(unit, fall)
    LevelLook.objects.update_or_create(stream_id=stream, defaults={"came_at": newest.came_at})


def _ask(unit: Unit, fall: Fall) -> None:
    spots = _spots(unit, fall)
    if not spots:  # nobody knows where it was: the plant's meter will tell
        return
    every = list(Station.objects.filter(is_reload_site=True))
    if any(plants.is_at_a_plant(every, one.lat, one.lng) for one in spots):
        return
    with transaction.atomic():
        manifest = _at_hand(unit, fall)
        middle = spots[len(spots) // 2]
        fall_open(unit=unit, fall=fall, manifest=manifest, lat=middle.lat, lng=middle.lng)


def _spots(unit: Unit, fall: Fall) -> Sequence[Spot]:
    """Where the truck was while its level fell; else the nearest position in time, where one is near."""
    streams = levels.streams_of(unit, clock.local_day(fall.since), tracks.POSITION)
    found = tracks.track(streams, fall.since - NEAR, fall.until + NEAR)
    during = [one for one in found if fall.since <= one.at <= fall.until]
    return during or sorted(found, key=lambda one: abs(one.at - fall.since))[:1]


def _at_hand(unit: Unit, fall: Fall) -> Manifest | None:
    """The newest manifest that was begun by then and that no plant had received, held until the transaction ends.

    Whether its truck said that it was at the plant is no matter: the meter has the last word.
    """
    held = Manifest.objects.select_for_update(of=("self",)).select_related("agency", "difference", "operator")
    begun = held.filter(unit=unit, opened_at__lte=fall.until).exclude(state__in=("refused", "void"))
    mine = begun.filter(Q(received_at=None) | Q(received_at__gte=fall.since))
    return mine.order_by("-opened_at").first()
