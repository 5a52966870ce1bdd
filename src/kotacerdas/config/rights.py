"""Which rights in the store each process role has: the owner's are split by name.

    serve    requests, jobs, and every process that listens to the outside
    follow   clocks and followers: may change rows, but neither tables nor what is sealed
    seal     the sealer: may number journal rows and close blocks, and nothing else
    owner    migrations and partitions

A name whose database role does not exist (a server whose owner may make none) stands for the owner.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kotacerdas.config import stamps, store
from kotacerdas.config.paths import ROOT

NARROW = ("serve", "follow", "seal")
_OF_PROCESS = {"web": "serve", "quiet": "follow"}


@dataclass(frozen=True)
class Declared:
    """What is known of a declared role without importing it."""

    name: str
    quiet: bool
    rights: str


@lru_cache(maxsize=1)
def declared() -> tuple[Declared, ...]:
    """The roles in the apps' `roles.py`, read as text: the supervisor imports no Django and stays small."""
    found = []
    for file in sorted((ROOT / "src" / "kotacerdas").rglob("roles.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Role":
                given = {one.arg: getattr(one.value, "value", None) for one in node.keywords}
                if "run" in given:
                    found.append(
                        Declared(
                            str(given["name"]),
                            bool(given.get("quiet", True)),
                            str(given.get("rights", "follow")),
                        )
                    )
    return tuple(found)


def children() -> list[str]:
    """The processes of one machine: the front door, the quiet roles together, and each role that wants its own."""
    return ["web", "quiet", *sorted(one.name for one in declared() if not one.quiet)]


def of_process(name: str) -> str:
    """The rights with which a process role is started."""
    given = wanted(name)
    return given if given in usable() else "owner"


def wanted(name: str) -> str:
    """The rights that a process role is declared with."""
    return _OF_PROCESS.get(name) or next((one.rights for one in declared() if one.name == name), "owner")


def usable() -> frozenset[str]:
    """The narrow rights whose database roles were made when the store was prepared, and the owner's."""
    noted = stamps.in_store() or {}
    known = set(noted.get("rights", "").split(","))
    if noted.get("serving") == "yes":
        known.add("serve")
    return frozenset({"owner", *(name for name in NARROW if name in known)})


def take(rights: str) -> None:
    """Let this thread connect to the store with these rights alone, where their role exists."""
    from django.db import DEFAULT_DB_ALIAS, connections

    usual = connections[DEFAULT_DB_ALIAS]
    address = store.address(rights)
    if usual.settings_dict["USER"] == address.user or not _exists(address.user):
        return
    given: dict[str, Any] = {**usual.settings_dict, "USER": address.user, "PASSWORD": address.password}
    usual.close()
    connections[DEFAULT_DB_ALIAS] = type(usual)(given, DEFAULT_DB_ALIAS)


def _exists(user: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [user])
        return cursor.fetchone() is not None
