"""A door for devices in this process, over the test database; and short ways to a device."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from trials.cast import seat
from trials.house import free_port

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry.actions import device_create
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.doors.intake import asides
from kotacerdas.foundation.telemetry.mqtt.server import Doors, serve


@dataclass
class Listening:
    """A running door."""

    port: int


@pytest.fixture
def sari(regency):
    """Sari coordinates: she may register devices everywhere."""
    return staff(seat("sari", "KOMINFO", "coordinator"))


@pytest.fixture
def make_device(sari):
    """A device of the coordinating agency and its secret."""

    def make(code: str = "gauge-1", kind: str = "gauge", **given):
        draft = DeviceDraft(
            code=code,
            name=given.pop("name", code),
            kind=kind,
            agency=Agency.objects.get(code=given.pop("agency", "KOMINFO")),
            **given,
        )
        return device_create(actor=sari, draft=draft)

    return make


PLAIN = ("observation", "batch", "taken", "minute", "hour", "day", "door")  # no models: a flush leaves them


@pytest.fixture
def plain_tables(transactional_db) -> Iterator[None]:
    """The tables without models, emptied before and after."""

    def empty() -> None:
        asides.clear()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE " + ", ".join(f"telemetry_{name}" for name in PLAIN))
            cursor.execute("UPDATE telemetry_cursor SET xid = '0'")

    empty()
    yield
    empty()


@pytest.fixture
def mqtt(plain_tables, regency) -> Iterator[Listening]:
    """The MQTT door in a thread of its own, on a free port. The regency stands before: the door writes a row of its own."""
    stop, port = threading.Event(), free_port()
    thread = threading.Thread(target=serve, args=(Doors(port=port, tls_port=0), stop), daemon=True)
    thread.start()
    wait_for_port(port)
    yield Listening(port)
    stop.set()
    thread.join(10)


def wait_for_port(port: int, seconds: float = 20.0) -> None:
    """Wait until somebody listens."""
    import socket

    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
