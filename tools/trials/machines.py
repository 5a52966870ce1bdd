"""A machine with a store of its own, prepared once and copied for each test that needs one to itself.

To prepare one from nothing takes some ten seconds of a processor, to copy it less than one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from kotacerdas.config import paths, postgres, prepare

SETTINGS = {"KOTACERDAS_PACK": "tests/packs/telukmelati", "KOTACERDAS_DEMO": "0"}
_HOME, _KEYS = "store.home", "keys.json"


def copy_ready(var: Path) -> None:
    """Make `var` the state directory of a machine with the invented pack, which nobody has used yet."""
    ready = _ready()
    home = Path((ready / _HOME).read_text().strip())
    given = json.loads((ready / _KEYS).read_text())
    given["store"]["id"] = secrets.token_hex(6)  # its socket and its data are its own
    _copy(ready, var)
    (var / _KEYS).write_text(json.dumps(given))
    shutil.rmtree(var / home.name, ignore_errors=True)
    own = postgres.home_of(var, given["store"]["id"])
    _copy(home, own)
    (var / _HOME).write_text(f"{own}\n")


def environment(var: Path, **more: str) -> dict[str, str]:
    """What a process of that machine is started with."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("KOTACERDAS_")}
    return given | SETTINGS | {"KOTACERDAS_VAR": str(var)} | more


def _ready() -> Path:
    """The machine that is copied: one for the present migrations and pack, made by whoever comes first."""
    folder = paths.VAR / "machines"
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / _stamp()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            for old in folder.glob("*/"):
                _remove(old)
            making = folder / "new"
            command = [sys.executable, "-m", "kotacerdas.config", "prepare"]
            done = subprocess.run(
                command, check=False, env=environment(making), capture_output=True, text=True
            )
            if done.returncode:
                raise RuntimeError(done.stderr)
            note = making / _HOME
            note.write_text(note.read_text().replace(str(making), str(ready)))
            making.rename(ready)
    return ready


def _stamp() -> str:
    pack = (paths.ROOT / SETTINGS["KOTACERDAS_PACK"]).rglob("*")
    said = [prepare.migrations_stamp(), *sorted(f"{one}{one.stat().st_mtime_ns}" for one in pack)]
    return hashlib.sha256("".join(said).encode()).hexdigest()[:16]


def _copy(old: Path, new: Path) -> None:
    """With owners and times; locks and sockets are of no use."""
    new.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-Rp", f"{old}/.", f"{new}"], check=True)


def _remove(var: Path) -> None:
    if (note := var / _HOME).exists():
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)
    shutil.rmtree(var, ignore_errors=True)
