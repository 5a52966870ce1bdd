"""The house run on trial: its roles as processes of their own over a named database, for tests and benchmarks."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kotacerdas.config import rights


@dataclass
class House:
    """The front door (and other roles) in processes of their own, over the test database."""

    database: str
    port: int
    workers: int = 1
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, role: str) -> None:
        """Start `web`, `quiet` or one declared role; for web, wait until it answers."""
        command = [sys.executable, "-m", "kotacerdas.config", "--port", str(self.port), "--role", role]
        given = {
            **os.environ,
            "KOTACERDAS_DATABASE_NAME": self.database,
            "KOTACERDAS_WEB_WORKERS": str(self.workers),
            **self.settings,
        }
        wanted = rights.wanted(role)
        given["KOTACERDAS_DB_ROLE"] = wanted if may_serve(self.database, wanted) else "owner"
        self.processes[role] = subprocess.Popen(command, env=given, start_new_session=True)
        if role == "web":
            self._wait()

    def kill(self, role: str) -> None:
        """SIGKILL, as a machine that loses its power would."""
        process = self.processes.pop(role)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def forget(self) -> None:
        """Let the front door drop what it keeps in mind: its rows went."""
        for pid in _forked(self.processes["web"].pid):
            os.kill(pid, signal.SIGUSR1)

    def stop(self) -> None:
        """End all that was started."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    def _wait(self, seconds: float = 30.0) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=2):  # noqa: S310
                return
            time.sleep(0.05)
        raise RuntimeError("the front door does not answer")


def _forked(parent: int) -> list[int]:
    """A process and its children that run the same command."""
    named = Path(f"/proc/{parent}/cmdline").read_bytes()
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *(int(one) for one in children if Path(f"/proc/{one}/cmdline").read_bytes() == named)]


def may_serve(database: str, rights: str = "serve") -> bool:
    """Whether a narrow role is there: not on a server whose owner may make no roles."""
    import psycopg

    from kotacerdas.config import store

    with psycopg.connect(**store.address().conninfo(dbname=database)) as link:
        asked = "SELECT 1 FROM pg_roles WHERE rolname = %s"
        return link.execute(asked, [store.address(rights).user]).fetchone() is not None


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def fresh_store(name: str) -> Iterator[str]:
    """An empty database of that name with migrations, grants and the pack; be connected to it while inside.

    What had the name before is dropped, and so is this one afterwards. Needs Django set up.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from kotacerdas.config import grants
    from kotacerdas.config.pack import load_pack
    from kotacerdas.foundation.workdays import training

    usual = connection.settings_dict["NAME"]
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    with connection._nodb_cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    training.forget()
    try:
        call_command("migrate", interactive=False, verbosity=0)
        grants.apply()
        load_pack(Path(settings.PACK))
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        with connection._nodb_cursor() as cursor:
            cursor.execute(drop)
