"""Reading KOTACERDAS_* variables, and the two facts that the settings need from the pack."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

_YES = {"1", "yes", "true", "on"}


@dataclass(frozen=True, kw_only=True)
class Instance:
    """`code` precedes every number people see; `time_zone` is the civil time of the regency, `area` its code."""

    code: str
    time_zone: str
    area: str = ""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name) or default


def number(name: str, default: int) -> int:
    """A whole number. Raises SystemExit in words when the variable holds something else."""
    given = text(name, str(default))
    try:
        return int(given)
    except ValueError:
        raise SystemExit(f"{name} must be a whole number, not {given!r}.") from None


def flag(name: str, *, default: bool = False) -> bool:
    given = text(name)
    return given.lower() in _YES if given else default


def words(name: str, default: Iterable[str] = ()) -> list[str]:
    """A list, separated by commas or spaces."""
    given = text(name)
    return given.replace(",", " ").split() if given else list(default)


def programs() -> list[str]:
    """The chosen programs as packages: a name alone is one of ours, a dotted one comes from elsewhere.

    Raises SystemExit in words for one that is not there.
    """
    names = [one for one in words("KOTACERDAS_PROGRAMS", ("iceta", "gopal", "lada")) if one != "none"]
    chosen = [one if "." in one else f"kotacerdas.programs.{one}" for one in names]
    for name, package in zip(names, chosen, strict=True):
        if not _is_found(package):
            raise SystemExit(
                f"KOTACERDAS_PROGRAMS names {name}, which Python does not find: a name alone is one of ours; one from "
                "elsewhere is named `folder.program`, and what holds the folder stands on PYTHONPATH."
            )
    return chosen


def _is_found(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # of the folder
        return False


@lru_cache(maxsize=4)
def instance(pack: Path) -> Instance:
    """From `[instance]` of the pack's `pack.toml`; without a pack, a nameless instance in WIB."""
    file = pack / "pack.toml"
    found = tomllib.loads(file.read_text(encoding="utf-8")).get("instance", {}) if file.exists() else {}
    return Instance(
        code=str(found.get("code") or "KTC"),
        time_zone=str(found.get("time_zone") or "Asia/Jakarta"),
        area=str(found.get("area") or ""),
    )


def door_url(host: str, port: int) -> str:
    """Where a browser on this machine finds the front door that listens there."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
