"""The demo's one truck with a level sensor: what it would have reported of a trip, part of which went at a river."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction

from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.telemetry.actions import device_bind, device_create
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.ingest.batch import MINUTE_MICROS, Batch, write
from kotacerdas.foundation.telemetry.ingest.payload import Window, read
from kotacerdas.foundation.telemetry.ingest.registry import load
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.foundation.telemetry.sensorthings.create import Machine
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import watching
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.queries import position_of
from kotacerdas.programs.gopal.telemetry import SLUDGE_TRUCK

NOTE = "Perangkat peraga: tidak ada di dunia nyata."
PUMPING, DUMPING, EVERY = timedelta(minutes=18), timedelta(minutes=9), timedelta(minutes=1)
Key = tuple[datetime, float, float, float]  # when, latitude, longitude, litres on board


@transaction.atomic
def trip_told(manifest: Manifest, *, lost: int) -> Device:
    """Write what the sensor of a manifest's truck reported until now, with so many litres lost on the way, and look at it.

    The truck stands at its plant now. Called before the plant receives: the short meter then joins the same case.
    """
    device = _device(manifest)
    known, now = load(device.code)[device.code], clock.now()
    window, batch = Window(0.0, now.timestamp() - 399 * 86_400), Batch()
    for at, lat, lng, litres in _minutes(_keys(manifest, lost, now)):
        message = {"t": at.timestamp(), "position": [round(lat, 6), round(lng, 6)], "level": round(litres)}
        batch.add(read(known.streams, "", json.dumps(message).encode(), window).readings)
    with connection.cursor() as cursor:
        write(cursor, batch, now)
        cursor.execute("DELETE FROM telemetry_batch")  # counted here and now
    rollups.count(sorted({(stream, micros // MINUTE_MICROS) for stream, micros in batch.rows}), now)
    watching.watch_trucks()
    return device


def _device(manifest: Manifest) -> Device:
    unit = manifest.unit
    code = f"contoh-truk-{unit.name.rpartition(' ')[2].lower()}"
    known = Device.objects.filter(code=code).first()
    if known is not None:
        return known
    actor = Machine(grants=Grants(scopes={MANAGE: Scope(everywhere=True)}))
    draft = DeviceDraft(
        code=code, name=f"{unit.name} (contoh)", kind=SLUDGE_TRUCK, agency=unit.agency, note=NOTE
    )
    made, _secret = device_create(actor=actor, draft=draft)
    device_bind(actor=actor, device=made, kind="unit", subject=unit.asset_number, since=manifest.day)
    return made


def _keys(manifest: Manifest, lost: int, now: datetime) -> list[Key]:
    """Moments between which everything goes evenly: home, each tank before and after, the river, the plant."""
    home, plant = manifest.unit.home, manifest.plant
    assert plant is not None
    loads = list(manifest.loads.select_related("order__tank").order_by("pumped_at"))
    first = loads[0].pumped_at - PUMPING
    keys: list[Key] = [(min(manifest.opened_at, first) - timedelta(minutes=25), home.lat, home.lng, 0.0)]
    level = 0.0
    for one in loads:
        lat, lng = position_of(one.order.tank) or (plant.lat, plant.lng)
        keys += [
            (max(one.pumped_at - PUMPING, keys[-1][0] + EVERY), lat, lng, level),
            (one.pumped_at, lat, lng, level + one.litres),
        ]
        level += one.litres
    left, lat, lng, _level = keys[-1]
    river = (lat + (plant.lat - lat) * 0.45, lng + (plant.lng - lng) * 0.45)
    at = left + (now - left - DUMPING) * 0.45
    keys += [
        (at, *river, level),
        (at + DUMPING, *river, level - lost),
        (now, plant.lat, plant.lng, level - lost),
    ]
    return keys


def _minutes(keys: list[Key]) -> Iterator[Key]:
    """One reading each minute from the first key to the last."""
    at, index = keys[0][0], 0
    while at <= keys[-1][0]:
        while index < len(keys) - 2 and keys[index + 1][0] <= at:
            index += 1
        before, after = keys[index], keys[index + 1]
        share = min(1.0, max(0.0, (at - before[0]) / max(after[0] - before[0], EVERY)))
        lat, lng, litres = (a + (b - a) * share for a, b in zip(before[1:], after[1:], strict=True))
        yield at, lat, lng, litres
        at += EVERY
