"""What a rule would have done: its machine over the minutes that were counted, device by device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.telemetry.models import Datastream, Device, RuleVersion
from kotacerdas.foundation.telemetry.permissions import RULES
from kotacerdas.foundation.telemetry.rules.engine import local_time
from kotacerdas.foundation.telemetry.rules.machine import Event, State, look, observe
from kotacerdas.foundation.telemetry.rules.params import Absence, BadParams, Threshold, When, resolve
from kotacerdas.foundation.telemetry.rules.watching import own_numbers, watched_devices
from kotacerdas.kernel import clock

DAYS = (90, 30, 7, 1)
MOST_MINUTES = 400_000  # read in one test; with more devices fewer days are tested
KEPT = 200
_COUNT = (
    "SELECT count(*) FROM (SELECT 1 FROM telemetry_minute WHERE stream = ANY(%s) AND at >= %s LIMIT %s) n"
)
_MINUTES = """
    SELECT extract(epoch FROM last_at)::float8, low, high, last, last2 FROM telemetry_minute
    WHERE stream = ANY(%s) AND at >= %s ORDER BY last_at
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One alert that would have been: the device, from when to when (None: still), its worst value."""

    device: Device
    raised_at: float
    recovered_at: float | None
    extreme: float | None


@dataclass(frozen=True, slots=True)
class Tested:
    """The whole test."""

    days: int
    devices: int
    minutes: int
    alerts: tuple[Found, ...]


def test_on_history(version: RuleVersion) -> Tested:
    """Run a version over the minutes of its devices, as many days back as can be read at once."""
    watched = _watched(version)
    streams = [key for _device, _when, keys in watched for key in keys]
    now = clock.now()
    days = next((one for one in DAYS if _count(streams, now - timedelta(days=one)) < MOST_MINUTES), DAYS[-1])
    since, minutes, alerts = now - timedelta(days=days), 0, []
    for device, when, keys in watched:
        with connection.cursor() as cursor:
            cursor.execute(_MINUTES, [keys, since])
            rows = cursor.fetchall()
        minutes += len(rows)
        alerts += _run(device, when, rows, now.timestamp())
    alerts.sort(key=lambda one: one.raised_at)
    return Tested(days, len(watched), minutes, tuple(alerts))


@transaction.atomic
def rule_test(*, actor: Actor, version: RuleVersion) -> Tested:
    """Test a version and note what came out, so that it may be switched on."""
    require(actor.grants, RULES, agencies=[version.rule.agency_id])
    found = test_on_history(version)
    version.tested = {
        "at": clock.now().isoformat(),
        "days": found.days,
        "devices": found.devices,
        "minutes": found.minutes,
        "alerts": len(found.alerts),
        "shown": [
            [one.device.code, one.raised_at, one.recovered_at, one.extreme] for one in found.alerts[-KEPT:]
        ],
    }
    version.save(update_fields=["tested"])
    return found


def _watched(version: RuleVersion) -> list[tuple[Device, When, list[int]]]:
    found = []
    for device in watched_devices(version)[:5000]:
        try:
            when = resolve(version.kind, version.params["when"], own_numbers(device))
        except BadParams:
            continue
        streams = Datastream.objects.filter(device=device)
        if when is not None and not isinstance(when, Absence):
            streams = streams.filter(code=when.stream)
        keys = list(streams.values_list("id", flat=True))
        if when is not None and keys:
            found.append((device, when, keys))
    return found


def _count(streams: list[int], since: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [streams, since, MOST_MINUTES])
        return int(cursor.fetchone()[0])


def _run(device: Device, when: When, rows: list[tuple[Any, ...]], now: float) -> list[Found]:
    """A minute counts with its worst value for a threshold, with its last one for a fence."""
    if not rows:
        return []
    state = State(last=rows[0][0])
    events: list[Event] = []
    for at, low, high, last, last2 in rows:
        value = last
        if isinstance(when, Threshold):
            value = high if when.above else low
        events += observe(when, state, at, value, last2, local_time)
    events += look(when, state, now)
    return _pairs(device, events, state)


def _pairs(device: Device, events: list[Event], state: State) -> list[Found]:
    found: list[Found] = []
    for event in events:
        if event.what == "raised":
            found.append(Found(device, event.at, None, event.extreme))
        elif found:
            found[-1] = Found(device, found[-1].raised_at, event.at, event.extreme)
    if found and found[-1].recovered_at is None:
        found[-1] = Found(device, found[-1].raised_at, None, state.extreme)
    return found
