"""The role that follows what came: rollups, latest values, rules; and clears what is past its time."""

from __future__ import annotations

import threading
import time

import structlog
from django.db import Error, connection

from kotacerdas.foundation.telemetry.actions.rules import sync_declared
from kotacerdas.foundation.telemetry.rules.engine import Engine
from kotacerdas.foundation.telemetry.store import retention, rollups

_IDLE_SECONDS = 0.5
_CLEAR_SECONDS = 3600.0

log = structlog.get_logger(__name__)


def run(stop: threading.Event) -> None:
    """Follow until told to stop."""
    engine, cleared, synced = Engine(), 0.0, False
    while not stop.is_set():
        try:
            if not synced:
                sync_declared()
                synced = True
            busy = rollups.follow_batch() + engine.round()
            if time.monotonic() - cleared > _CLEAR_SECONDS and not retention.clear():
                cleared = time.monotonic()
        except Error:
            log.warning("telemetry_store_lost", exc_info=True)
            connection.close()
            busy = 0
        if not busy:
            stop.wait(_IDLE_SECONDS)


def make_room(stop: threading.Event) -> None:
    """Make the months of observations ahead, once an hour. Needs the owner's rights."""
    while not stop.is_set():
        for name in retention.make_room():
            log.info("observations_month", table=name)
        stop.wait(_CLEAR_SECONDS)
