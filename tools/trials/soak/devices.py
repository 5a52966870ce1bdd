"""Devices that go on reporting while the door for them, and the store under it, are killed.

A whole house of its own runs under its supervisor in a folder of its own. A foreign client, a process that outlives
every kill, writes down what was acknowledged; in the end each of these readings must be stored, once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kotacerdas.config.paths import PACK, ROOT
from trials.house import free_port

_START_SECONDS = 120.0
_FLOW_SECONDS = 120.0  # the supervisor waits longer from death to death, half a minute at most
_SETTLE_SECONDS = 60.0
_ADD = """
import django, sys
django.setup()
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.telemetry.actions import device_create
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.foundation.telemetry.sensorthings.create import Machine
from kotacerdas.foundation.telemetry.simulate.cast import coordinating_agency
actor = Machine(grants=Grants(scopes={MANAGE: Scope(everywhere=True)}))
for number in range(int(sys.argv[1])):
    draft = DeviceDraft(code=f"soak-{number}", name=f"soak {number}", kind="gauge", agency=coordinating_agency())
    print(device_create(actor=actor, draft=draft)[1], flush=True)
"""
_STORED = """
import django, sys
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT (extract(epoch FROM o.at) * 1000)::bigint FROM telemetry_observation o"
                   " JOIN telemetry_datastream s ON s.id = o.stream JOIN telemetry_device d ON d.id = s.device_id"
                   " WHERE d.code = %s", [sys.argv[1]])
    print(*[row[0] for row in cursor.fetchall()], sep="\\n")
    cursor.execute("SELECT coalesce(sum(n), 0) FROM telemetry_minute m JOIN telemetry_datastream s ON s.id = m.stream"
                   " JOIN telemetry_device d ON d.id = s.device_id WHERE d.code = %s", [sys.argv[1]])
    print(cursor.fetchone()[0])
"""


@dataclass
class Storm:
    """What was seen: counts by words, and what broke."""

    seen: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, what: str, n: int = 1) -> None:
        self.seen[what] = self.seen.get(what, 0) + n


def run(folder: Path, client: Sequence[str], *, kills: int, devices: int, seed: int) -> Storm:
    """Kill the door and the store `kills` times each under load; what was seen and what broke.

    client  the command of the foreign client; host, port, code, secret and a file are added
    """
    storm, random, port = Storm(), Random(seed), free_port()
    with _house(folder, port) as (house, environment):
        secrets = _python(_ADD, environment, str(devices)).split()
        files = [folder / f"acknowledged-{number}" for number in range(devices)]
        foreign = [
            subprocess.Popen([*client, "127.0.0.1", str(port), f"soak-{number}", secret, str(file)])
            for number, (secret, file) in enumerate(zip(secrets, files, strict=True))
        ]
        try:
            _kill(house, files, storm, random, kills)
        finally:
            for one in foreign:
                one.terminate()
            for one in foreign:
                one.wait(40)
        _look(files, environment, storm)
    return storm


def _kill(
    house: subprocess.Popen[bytes], files: list[Path], storm: Storm, random: Random, kills: int
) -> None:
    """Each kill comes while messages flow, and the next one only when they flow again."""
    victims = ["ingest", "store"] * kills
    random.shuffle(victims)
    _flows(files, storm)
    for victim in victims:
        time.sleep(random.uniform(0.3, 1.5))
        os.kill(_pid(house.pid, victim), signal.SIGKILL)
        storm.count(f"times the {victim} was killed")
        _flows(files, storm)


def _flows(files: list[Path], storm: Storm) -> None:
    """Wait until each foreign client has another acknowledgement."""
    before, until = [_size(file) for file in files], time.monotonic() + _FLOW_SECONDS
    while any(_size(file) <= size for file, size in zip(files, before, strict=True)):
        if time.monotonic() > until:
            raise RuntimeError(f"messages do not flow again after {storm.seen}")
        time.sleep(0.05)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _pid(supervisor: int, victim: str) -> int:
    """The process that runs the door, or the store's postmaster."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                    parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    if victim == "ingest" and parent == supervisor and words[-3:-1] == ["--role", "ingest"]:
                        return int(folder.name)
        if victim == "store":
            with contextlib.suppress(OSError, ValueError, IndexError):
                return int((_data(supervisor) / "postmaster.pid").read_text().split()[0])
        time.sleep(0.05)
    raise RuntimeError(f"there is no {victim} to kill")


def _data(supervisor: int) -> Path:
    """Where the store of that supervisor lies."""
    environment = Path(f"/proc/{supervisor}/environ").read_bytes().decode(errors="replace").split("\0")
    var = next(one.partition("=")[2] for one in environment if one.startswith("KOTACERDAS_VAR="))
    return Path((Path(var) / "store.home").read_text().strip()) / "data"


def _look(files: list[Path], environment: dict[str, str], storm: Storm) -> None:
    for number, file in enumerate(files):
        wanted = {int(line) for line in file.read_text().split()}
        until = time.monotonic() + _SETTLE_SECONDS
        while True:
            *there, counted = (int(line) for line in _python(_STORED, environment, f"soak-{number}").split())
            if counted == len(there) or time.monotonic() > until:
                break
            time.sleep(1)
        storm.count("readings acknowledged to foreign clients", len(wanted))
        storm.count("readings stored", len(there))
        if lost := wanted - set(there):
            storm.wrong.append(f"{len(lost)} acknowledged readings of soak-{number} are not stored")
        if len(there) != len(set(there)):
            storm.wrong.append(f"readings of soak-{number} are stored twice")
        if counted != len(there):
            storm.wrong.append(f"soak-{number}: {counted} counted in minutes of {len(there)} stored")


@contextlib.contextmanager
def _house(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """`./run` over a folder of its own, without demo."""
    given = {
        key: value for key, value in os.environ.items() if not key.startswith(("KOTACERDAS_", "DJANGO_"))
    }
    environment = {
        **given,
        "KOTACERDAS_VAR": str(folder / "var"),
        "KOTACERDAS_DEMO": "0",
        "KOTACERDAS_PACK": str(PACK),
        "KOTACERDAS_MQTT_PORT": str(port),
        "KOTACERDAS_PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "kotacerdas.config.settings",
    }
    log = (folder / "log").open("wb")
    house = subprocess.Popen(
        [sys.executable, "-m", "kotacerdas.config"], env=environment, cwd=ROOT, stdout=log, stderr=log
    )
    try:
        _answers(port, house)
        yield house, environment
    finally:
        house.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            house.wait(40)
        log.close()


def _answers(port: int, house: subprocess.Popen[bytes]) -> None:
    import socket

    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and house.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the house does not start; its log says why")


def _python(code: str, environment: dict[str, str], *arguments: str) -> str:
    """What a piece of Python prints beside the running house."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=False,
        env={**environment, "KOTACERDAS_DB_ROLE": "owner"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout
