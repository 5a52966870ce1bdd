"""Small things that every process of the house needs: ending with its parent, and enough open files."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import threading

_LOOK_SECONDS = 1.0
_FILES = 16384


async def stop_with_parent(variable: str) -> None:
    """End this process when the parent named in the variable is gone (it was killed)."""
    while _parent_lives(variable):
        await asyncio.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(5)
    os._exit(1)


def set_when_orphaned(stop: threading.Event, variable: str) -> None:
    """Set the event, from a thread of its own, when the parent named in the variable is gone."""

    def look() -> None:
        while _parent_lives(variable):
            if stop.wait(_LOOK_SECONDS):
                return
        stop.set()

    threading.Thread(target=look, name="parent", daemon=True).start()


def stop_on_signals(stop: threading.Event) -> None:
    """Set the event on SIGTERM and SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def allow_many_files() -> None:
    """Raise the soft limit of open files: each listening page is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _parent_lives(variable: str) -> bool:
    wanted = os.environ.get(variable)
    return not wanted or os.getppid() == int(wanted)
