"""The web role: granian runs the front door in a few worker processes."""

from __future__ import annotations

import os
import signal
import threading

from kotacerdas.config.processes import allow_many_files, set_when_orphaned

_STOP_SECONDS = 10


def run(host: str, port: int) -> int:
    """Serve on one port until SIGTERM or SIGINT."""
    from granian.constants import Interfaces, Loops, RuntimeModes
    from granian.log import LogLevels
    from granian.server import Server

    workers = int(os.environ.get("KOTACERDAS_WEB_WORKERS") or min(2, os.cpu_count() or 1))
    os.environ["KOTACERDAS_WEB_WORKERS"] = str(workers)  # each takes its part of what all may hold
    allow_many_files()
    _preload()
    os.environ["KOTACERDAS_WEB_PARENT"] = str(os.getpid())
    signal.signal(signal.SIGUSR1, _forget)  # the workers are forked from here and have it too
    server = Server(
        "kotacerdas.config.door:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        runtime_mode=RuntimeModes.st,
        workers=workers,
        backlog=2048,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=_STOP_SECONDS,
    )
    orphaned = threading.Event()
    set_when_orphaned(orphaned, "KOTACERDAS_SUPERVISOR")
    threading.Thread(target=_end_when, args=(orphaned,), daemon=True).start()
    server.serve()
    return 0


def _preload() -> None:
    """Import everything before the workers are forked, so that they share its memory."""
    import gc

    gc.disable()  # nothing is garbage yet, and looking for it takes a fifth of the time
    from django.urls import get_resolver

    from kotacerdas.config import door, live

    _ = (door.application, get_resolver().url_patterns, live.routes())
    gc.enable()
    gc.collect()
    gc.freeze()


def _forget(*_signal: object) -> None:
    """Drop what is kept in mind of the store: somebody else changed it."""
    from kotacerdas.kernel.memory import forget_all

    forget_all()


def _end_when(orphaned: threading.Event) -> None:
    orphaned.wait()
    os.kill(os.getpid(), signal.SIGTERM)
