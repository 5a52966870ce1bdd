"""The process roles of telemetry: the door for devices, who follows what came, who makes months ahead."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings

from kotacerdas.foundation.telemetry import follower
from kotacerdas.kernel.roles import Role


def _ingest(stop: threading.Event) -> None:
    from kotacerdas.foundation.telemetry.mqtt.server import Doors, serve

    given: dict[str, Any] = dict(settings.MQTT)
    serve(Doors(**given), stop)


def _simulate(stop: threading.Event) -> None:
    from kotacerdas.foundation.telemetry.simulate.demo import run

    run(stop)


ROLES = (
    Role(name="ingest", run=_ingest, quiet=False, rights="serve"),
    Role(name="telemetry", run=follower.run),
    Role(name="simulator", run=_simulate),
    Role(name="months", run=follower.make_room, rights="owner"),
)
