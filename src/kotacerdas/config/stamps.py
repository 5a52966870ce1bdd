"""What is done already: stamps in `var/` for things on disk, and in the store for what the store holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

from kotacerdas.config import store
from kotacerdas.config.paths import VAR

_TABLE = "CREATE TABLE IF NOT EXISTS kotacerdas_stamp (name text PRIMARY KEY, value text NOT NULL)"

_MARK = "INSERT INTO kotacerdas_stamp VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def digest(files: Iterable[Path], *words: str) -> str:
    """A fingerprint of the files' names, sizes and times of change, and of the words."""
    hasher = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        found = file.stat()
        hasher.update(f"{file}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return hasher.hexdigest()


def contents(files: Iterable[Path], base: Path) -> str:
    """A fingerprint of the files' relative names and contents: the same in every checkout."""
    hasher = hashlib.sha256()
    for file in sorted(files):
        hasher.update(f"{file.relative_to(base)}\0".encode())
        hasher.update(hashlib.sha256(file.read_bytes()).digest())
    return hasher.hexdigest()


def on_disk() -> dict[str, str]:
    """The stamps of things under `var/`."""
    file = VAR / "stamps.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def mark_on_disk(name: str, value: str) -> None:
    file = VAR / "stamps.json"
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps({**on_disk(), name: value}, indent=1))
    draft.replace(file)


def in_store() -> dict[str, str] | None:
    """The stamps that the store holds; None when it has never been prepared."""
    with psycopg.connect(**store.address().conninfo()) as link:
        if link.execute("SELECT to_regclass('kotacerdas_stamp')").fetchone() == (None,):
            return None
        rows: list[tuple[Any, ...]] = link.execute("SELECT name, value FROM kotacerdas_stamp").fetchall()
        return {str(name): str(value) for name, value in rows}


def known_here() -> dict[str, str]:
    """The stamps of the store that Django is connected to, within its transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('kotacerdas_stamp')")
        if cursor.fetchone() == (None,):
            return {}
        cursor.execute("SELECT name, value FROM kotacerdas_stamp")
        return {str(name): str(value) for name, value in cursor.fetchall()}


def mark_here(name: str, value: str) -> None:
    """The same as `mark_in_store` within Django's transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(_MARK, [name, value])


def mark_in_store(name: str, value: str) -> None:
    with psycopg.connect(**store.address().conninfo()) as link:
        link.execute(_TABLE)
        link.execute(_MARK, [name, value])
