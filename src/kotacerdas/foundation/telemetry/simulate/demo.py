"""The demo's devices: history in bulk, alerts as the rules would have raised them, and credentials for the simulator."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from kotacerdas.foundation.notify.quiet import quiet
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.telemetry import credentials
from kotacerdas.foundation.telemetry.actions import alert_raise, alert_recover, device_create, sync_declared
from kotacerdas.foundation.telemetry.ingest.batch import MINUTE_MICROS, Batch, write
from kotacerdas.foundation.telemetry.ingest.payload import Window, read
from kotacerdas.foundation.telemetry.ingest.registry import changed, load
from kotacerdas.foundation.telemetry.models import Credential, Device, Presence, RuleVersion
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.foundation.telemetry.rules.engine import local_time
from kotacerdas.foundation.telemetry.rules.history import Found, test_on_history
from kotacerdas.foundation.telemetry.rules.machine import Event
from kotacerdas.foundation.telemetry.sensorthings.create import Machine
from kotacerdas.foundation.telemetry.simulate import cast
from kotacerdas.foundation.telemetry.simulate.running import Running
from kotacerdas.foundation.telemetry.simulate.world import Invented, measured
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.kernel import clock

SEED = 1
DAYS = {"terminal": 30, "gauge": 120, "vehicle": 7}
_EVERY = {"terminal": 900, "gauge": 1800, "vehicle": 300}  # of the history: coarser than life
_FINE_DAYS = 2
_CHUNK = 20_000


def load_demo() -> int:
    """Invented devices with their past; how many alerts opened a case."""
    agency, now = cast.coordinating_agency(), clock.now()
    if agency is None:
        return 0
    sync_declared()
    RuleVersion.objects.update(live_from=now - timedelta(days=200))
    actor = Machine(grants=Grants(scopes={MANAGE: Scope(everywhere=True)}))
    for draft, one in cast.drafts(agency, now.timestamp(), SEED):
        device, _secret = device_create(actor=actor, draft=draft)
        _remember(device, one, now.timestamp())
    with quiet():
        return sum(_live_through(version) for version in RuleVersion.objects.select_related("rule"))


def _remember(device: Device, one: Invented, now: float) -> None:
    """The device's past: coarse in the beginning, as in life over the last two days."""
    Device.objects.filter(id=device.id).update(made_at=clock.now())
    known = load(one.code)[one.code]
    window, batch, last = Window(0.0, now - 399 * 86_400), Batch(), 0.0
    begin, fine = now - DAYS[one.kind] * 86_400, now - _FINE_DAYS * 86_400
    at = begin
    while at <= now:
        values = measured(one, at, local_time)
        if values is not None:
            batch.add(read(known.streams, "", _message(at, values), window).readings)
            last = at
        at += one.every_s if at >= fine else _EVERY[one.kind]
    with connection.cursor() as cursor:
        write(cursor, batch, clock.now())
        cursor.execute(
            "DELETE FROM telemetry_batch"
        )  # the rules have their alerts of the past from `_live_through`
        streams = [stream.id for stream in known.streams.values()]
        cursor.execute(
            "UPDATE telemetry_observation SET came = at + interval '2 seconds' WHERE stream = ANY(%s)",
            [streams],
        )
    pairs = sorted({(stream, micros // MINUTE_MICROS) for stream, micros in batch.rows})
    for first in range(0, len(pairs), _CHUNK):
        rollups.count(pairs[first : first + _CHUNK], clock.now())
    Presence.objects.create(device=device, seen_at=datetime.fromtimestamp(last, UTC))


def _message(at: float, values: dict[str, object]) -> bytes:
    import json

    return json.dumps({"t": at, **values}).encode()


def _live_through(version: RuleVersion) -> int:
    """The alerts that the rule would have raised, by the real actions, at their own times."""
    cases = 0
    for found in test_on_history(version).alerts:
        cases += _alert(version, found)
    return cases


def _alert(version: RuleVersion, found: Found) -> int:
    at = datetime.fromtimestamp(found.raised_at, UTC)
    device = Device.objects.select_related("agency").get(id=found.device.id)
    stream = device.streams.filter(code=version.params["when"].get("stream", "-")).first()
    event = Event("raised", found.raised_at, found.raised_at, found.extreme, found.extreme)
    with clock.frozen(at):
        alert = alert_raise(actor=SYSTEM, version=version, device=device, stream=stream, event=event)
    if found.recovered_at is not None:
        end = datetime.fromtimestamp(found.recovered_at, UTC)
        with clock.frozen(end):
            alert_recover(actor=SYSTEM, alert=alert, at=end, extreme=found.extreme)
    return 1 if alert.case_id else 0


@transaction.atomic
def prepared(seed: int = SEED) -> list[tuple[Invented, str]]:
    """The demo's devices with fresh credentials, so that no secret of theirs is kept anywhere."""
    found = []
    for device, one in cast.known(clock.now().timestamp(), SEED):
        secret = credentials.new_secret()
        Credential.objects.filter(device=device).delete()
        Credential.objects.create(device=device, fingerprint=credentials.device_fingerprint(secret))
        found.append((one, secret))
    if found:
        changed()
    return found


def run(stop: threading.Event) -> None:
    """The process role: while the demo stands, its devices report; else nothing is done."""
    devices = [] if settings.PRODUCTION or not settings.MQTT["port"] else prepared()
    offset = clock.now().timestamp() - time.time()
    connection.close()
    if not devices:
        stop.wait()
        return
    running = Running(
        host=str(settings.MQTT["host"]),
        port=int(str(settings.MQTT["port"])),
        offset=offset,
        seed=SEED,
    )
    asyncio.run(running.run(devices, stop))
