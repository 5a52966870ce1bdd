"""Where the store is or will be: a PostgreSQL that is named, or one of our own. Starts nothing."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kotacerdas.config import keys

DATABASE = "kotacerdas"
OWNER = "kotacerdas"
SERVE = "kotacerdas_serve"
NARROW = {"serve": SERVE, "follow": "kotacerdas_follow", "seal": "kotacerdas_seal"}
PREPARED = {"server_side_binding": True, "prepare_threshold": 2}  # docs/adr/0032 has what it saves
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "cube")


class StoreError(Exception):
    """The store cannot be had; the text is one line with the way out."""


@dataclass(frozen=True)
class Address:
    """How to connect. `own` is true for the server that we start ourselves."""

    user: str
    password: str
    host: str
    port: str
    name: str
    options: tuple[tuple[str, str], ...] = ()
    own: bool = False

    def conninfo(self, **more: Any) -> dict[str, Any]:
        """Keyword arguments for psycopg.connect."""
        given = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.name,
            **dict(self.options),
            **more,
        }
        return {key: value for key, value in given.items() if value}

    def django(self, **options: Any) -> dict[str, Any]:
        """The entry for Django's DATABASES."""
        return {
            "ENGINE": "kotacerdas.config.backend",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "OPTIONS": {**PREPARED, **dict(self.options), **options},
        }


def address(role: str = "owner") -> Address:
    """Where the store is or will be, for the owner or one of the narrower roles. Starts nothing."""
    found = _found(role)
    name = os.environ.get("KOTACERDAS_DATABASE_NAME")  # tests run the house over a database of theirs
    return replace(found, name=name) if name else found


def _found(role: str) -> Address:
    url = os.environ.get("KOTACERDAS_DATABASE_URL", "")
    if url:
        named = _parse(url)
        if role == "owner":
            return named
        serving = os.environ.get("KOTACERDAS_SERVE_URL", "") if role == "serve" else ""
        return _parse(serving) if serving else replace(named, user=NARROW[role], password=_password(role))
    host = str(socket_directory())
    return Address(NARROW.get(role, OWNER), _password(role), host, "5432", DATABASE, own=True)


def _password(role: str) -> str:
    """Of the owner and the serving role as the keys file has it; of the others derived from it."""
    secrets = keys.load()["store"]
    if role in secrets:
        return str(secrets[role])
    return hashlib.sha256(f"{secrets['serve']}\x00{role}".encode()).hexdigest()


def socket_directory() -> Path:
    """Short whatever the checkout's depth: a unix socket's path holds about a hundred bytes."""
    return Path("/tmp") / f"kotacerdas-{keys.load()['store']['id']}"  # noqa: S108 (random name, 0700, owner checked)


def _parse(url: str) -> Address:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise StoreError("KOTACERDAS_DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    return Address(
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        host,
        str(parts.port or ""),
        unquote(parts.path.strip("/")),
        tuple(sorted(query.items())),
    )
