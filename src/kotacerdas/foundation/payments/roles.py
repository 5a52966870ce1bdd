"""The process that asks providers: a loop of its own, so that a slow answer delays no case."""

from __future__ import annotations

import threading
import time

import structlog
from django.db import Error, connection

from kotacerdas.foundation.payments.notices import ask_providers, send_refunds
from kotacerdas.kernel.roles import Role

PAUSE_SECONDS = 20.0
ROUND_SECONDS = 120.0
log = structlog.get_logger(__name__)


def run(stop: threading.Event) -> None:
    """Ask, give back, wait; until told to stop."""
    while not stop.is_set():
        try:
            for turn in (send_refunds, ask_providers):
                turn(time.monotonic() + ROUND_SECONDS)
        except Error:
            log.warning("payments_store_lost", exc_info=True)
            connection.close()
        stop.wait(PAUSE_SECONDS)


ROLES = (Role(name="payments", run=run),)
