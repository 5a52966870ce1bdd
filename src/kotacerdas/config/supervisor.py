"""Keeps child processes and the store running: what dies comes back, after a pause that grows.

It imports no Django, so that the process that watches stays small.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_LOOK_SECONDS = 0.2
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0  # whatever dies again and again: people wait at most ten seconds
_STEADY_SECONDS = 3.0  # what dies at its start does so earlier
_GRACE_SECONDS = 15.0
_STORE_SECONDS = 2.0


@dataclass
class Child:
    """One process to keep. `pause` doubles at each early death and is forgiven after a few steady seconds."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    pause: float = _FIRST_PAUSE

    def start(self) -> None:
        """Start it now."""
        given = {**os.environ, **self.environment, "KOTACERDAS_SUPERVISOR": str(os.getpid())}
        self.process = subprocess.Popen(self.command, env=given, start_new_session=True)
        self.started = time.monotonic()

    def look(self) -> None:
        """Notice a death, and start again when the pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            if now - self.started > _STEADY_SECONDS:
                self.pause = _FIRST_PAUSE
            _say(f"{self.name} ended ({self.process.returncode}); it starts again in {self.pause:g} s")
            self.process, self.not_before = None, now + self.pause
            self.pause = min(self.pause * 2, _LONGEST_PAUSE)
        if self.process is None and now >= self.not_before:
            self.start()

    def stop(self) -> None:
        """Ask it to end; it has `_GRACE_SECONDS`."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, until: float) -> None:
        """Wait for its end, and kill it and its own children when it does not come."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def supervise(children: Sequence[Child], stop: threading.Event, mend_store: Callable[[], None]) -> None:
    """Run until the event is set, then end all children. `mend_store` is called every two seconds."""
    threading.Thread(target=_watch_store, args=(mend_store, stop), name="store", daemon=True).start()
    try:
        while not stop.wait(_LOOK_SECONDS):
            for child in children:
                child.look()
    finally:
        for child in children:
            child.stop()
        until = time.monotonic() + _GRACE_SECONDS
        for child in children:
            child.wait(until)


def _watch_store(mend: Callable[[], None], stop: threading.Event) -> None:
    while not stop.wait(_STORE_SECONDS):
        try:
            mend()
        except Exception as error:
            _say(str(error))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
