"""What the doors know of the devices: kept in memory, read again when a device, stream or credential changed."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, field
from datetime import datetime
from datetime import time as midnight
from uuid import UUID

from django.db import connection

from kotacerdas.foundation.telemetry.credentials import device_fingerprint
from kotacerdas.foundation.telemetry.ingest.payload import Stream, Window
from kotacerdas.foundation.telemetry.models import Credential, Datastream, Device
from kotacerdas.foundation.telemetry.store import partitions, retention
from kotacerdas.kernel import clock

MOST_VALUE = 1e300  # sums of what a stream can send must not overflow


@dataclass(slots=True)
class Known:
    """One active device: its streams by code and the fingerprints of its credentials with their ends."""

    id: UUID
    code: str
    agency_id: UUID
    streams: dict[str, Stream] = field(default_factory=dict)
    fingerprints: list[tuple[str, datetime | None]] = field(default_factory=list)

    def accepts(self, secret: str, now: datetime) -> bool:
        """Whether a secret is one of its own that has not ended; as slow for a wrong one."""
        given, right = device_fingerprint(secret), False
        for fingerprint, ends_at in self.fingerprints:
            same = hmac.compare_digest(fingerprint, given)
            right |= same and (ends_at is None or ends_at > now)
        return right

    def end_of(self, secret: str) -> datetime | None:
        """When the credential of a secret that is accepted ends; None for never."""
        given = device_fingerprint(secret)
        return next((end for one, end in self.fingerprints if hmac.compare_digest(one, given)), None)


class Registry:
    """The devices by code. `refresh` is called by the thread that writes; reading needs no lock and no store."""

    def __init__(self) -> None:
        self.version = 0
        self.known: dict[str, Known] = {}
        self.oldest = 0.0
        self.offset = 0.0

    def refresh(self) -> bool:
        """Read again what changed since the last call; whether something did."""
        self.offset = offset()
        version = current_version()
        if version == self.version:
            return False
        self.known = load()
        self.oldest = oldest_instant()
        self.version = version
        return True

    def window(self) -> Window:
        """The instants that are taken now."""
        return Window(self.offset, self.oldest)


def load(code: str = "") -> dict[str, Known]:
    """All active devices by code, or the one of that code."""
    devices = Device.objects.filter(is_active=True)
    if code:
        devices = devices.filter(code=code)
    found = {row[0]: Known(*row) for row in devices.values_list("id", "code", "agency_id")}
    streams = Datastream.objects.filter(device__in=devices) if code else Datastream.objects.all()
    for one in streams.values_list("device_id", "code", "id", "shape", "low", "high"):
        if one[0] in found:
            found[one[0]].streams[one[1]] = stream_of(*one[2:])
    secrets = Credential.objects.filter(device__in=devices) if code else Credential.objects.all()
    for device_id, fingerprint, ends_at in secrets.values_list("device_id", "fingerprint", "ends_at"):
        if device_id in found:
            found[device_id].fingerprints.append((fingerprint, ends_at))
    return {one.code: one for one in found.values()}


def stream_of(key: int, shape: str, low: float | None, high: float | None) -> Stream:
    return Stream(
        key,
        shape == Datastream.Shape.POSITION,
        -MOST_VALUE if low is None else low,
        MOST_VALUE if high is None else high,
    )


def current_version() -> int:
    """Changes with every device, stream and credential."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM telemetry_registry")
        return int(cursor.fetchone()[0])


def changed() -> None:
    """Say that a device, stream or credential changed; in the transaction that changes it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE telemetry_registry SET version = version + 1")


def oldest_instant() -> float:
    """The oldest time of an observation that is taken, in seconds since 1970."""
    oldest, there = retention.oldest(), partitions.first_day()
    first = max(oldest, there) if there else oldest
    return datetime.combine(first, midnight(), tzinfo=clock.local_zone()).timestamp() + 86_400


def window() -> Window:
    """The instants that are taken now, for a door without a registry of its own."""
    return Window(offset(), oldest_instant())


def offset() -> float:
    """How far our clock is ahead of the machine's, in seconds."""
    return clock.now().timestamp() - time.time()
