"""The process role that clears away what nobody claimed."""

from __future__ import annotations

import threading

from kotacerdas.foundation.files.actions import sweep
from kotacerdas.kernel.roles import Role

_EVERY_SECONDS = 600.0


def run(stop: threading.Event) -> None:
    """Sweep every ten minutes until the event is set."""
    while not stop.is_set():
        while sweep() and not stop.is_set():
            pass
        stop.wait(_EVERY_SECONDS)


ROLES = (Role(name="files", run=run),)
