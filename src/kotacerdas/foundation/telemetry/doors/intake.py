"""The writer behind the HTTP doors: one transaction a request, answered after its commit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from kotacerdas.foundation.telemetry.doors.uplinks import READERS, NotUnderstood
from kotacerdas.foundation.telemetry.ingest.asides import Asides
from kotacerdas.foundation.telemetry.ingest.batch import MOST_PAYLOAD, Aside, Batch, write
from kotacerdas.foundation.telemetry.ingest.payload import Message, read
from kotacerdas.foundation.telemetry.ingest.registry import Known, load, window
from kotacerdas.foundation.telemetry.models import ApiKey, Quarantined
from kotacerdas.kernel import clock

asides = Asides()


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of a request: readings that were understood, and reasons of what was not."""

    readings: int
    problems: tuple[tuple[str, str], ...]


def take(known: Known, stream: str, payload: bytes, door: str) -> IntakeResult:
    """Store what a known device sent."""
    message = read(known.streams, stream, payload, window())
    batch = Batch()
    _gather(batch, known, message, door, f"d/{known.code}" + (f"/{stream}" if stream else ""), payload)
    _write(batch)
    return IntakeResult(len(message.readings), tuple(message.problems[:5]))


def take_uplink(key: ApiKey, door: str, payload: bytes) -> IntakeResult:
    """Store what another server forwards for one of its devices; an unknown one goes to the quarantine.

    Raises NotUnderstood for what is none of that server's messages; a device of another agency is unknown.
    """
    found = json.loads(payload.decode(), parse_constant=_refuse)
    if not isinstance(found, dict):
        raise NotUnderstood("no object")
    uplink = READERS[door](found)
    known = load(uplink.device).get(uplink.device)
    batch = Batch()
    if known is None or known.agency_id != key.agency_id:
        _set_aside(batch, Aside(door, uplink.device, "unknown_device", "", "", payload, key.agency_id))
        _write(batch)
        return IntakeResult(0, (("unknown_device", uplink.device),))
    message = message_of(known, uplink.values, uplink.key)
    _gather(batch, known, message, door, "", payload)
    _write(batch)
    return IntakeResult(len(message.readings), tuple(message.problems[:5]))


def message_of(known: Known, values: dict[str, Any], key: str) -> Message:
    """An uplink as our own message, under the other server's id of it."""
    found = read(known.streams, "", json.dumps(values).encode(), window())
    found.key = key[:80]
    return found


def read_again(cursor: Any, one: Quarantined) -> bool:
    """Read a quarantined message once more; whether something of it is understood now.

    What came under another agency's key is none of the device's, now as when it came.
    """
    known = load(one.device_code).get(one.device_code)
    payload = bytes(one.payload)
    if known is None or len(payload) >= MOST_PAYLOAD:
        return False
    if one.agency_id is not None and one.agency_id != known.agency_id:
        return False
    batch, stream = Batch(), one.topic.split("/")[2] if one.topic.count("/") == 2 else ""
    try:
        if one.door in READERS:
            uplink = READERS[one.door](json.loads(payload.decode()))
            message = message_of(known, uplink.values, uplink.key)
            message.key = ""  # its id was used up by the first try; the instant names it
        else:
            message = read(known.streams, stream, payload, window())
    except (ValueError, RecursionError):
        return False
    batch.add(message.readings)
    if batch:
        write(cursor, batch, clock.now())
    return bool(message.readings)


def _gather(batch: Batch, known: Known, message: Message, door: str, topic: str, payload: bytes) -> None:
    if message.readings:
        batch.take(known.id, message)
    batch.seen[known.id] = False
    for reason, detail in message.problems[:3]:
        _set_aside(batch, Aside(door, known.code, reason, detail, topic, payload, known.agency_id))


def _set_aside(batch: Batch, one: Aside) -> None:
    """Into the quarantine; a device that fills it is only counted."""
    aside = asides.admit(one, clock.now().timestamp())
    if aside is not None:
        batch.aside.append(aside)


def _write(batch: Batch) -> None:
    if not batch:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        write(cursor, batch, clock.now())


def _refuse(word: str) -> float:
    raise NotUnderstood(word)
