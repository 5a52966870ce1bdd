"""`./run backup` and `./run restore`: the store and the photos into a folder, and back; the keys are kept apart.

A restore is made beside the store, into a database of its own, and takes its name at the end: until then nothing is
lost, and what stood there before stays under another name. It is refused while any role runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kotacerdas.config import belonging, keys, stamps, store
from kotacerdas.config.store import StoreError
from kotacerdas.kernel.commands import Command

DUMP, FILES, ABOUT = "store.dump", "files", "about.json"
_PLAIN = ["--no-owner", "--no-acl", "--no-comments"]
_MARKS = """
    UPDATE telemetry_batch SET xid =
        (SELECT count(*) FROM telemetry_cursor c WHERE c.xid < telemetry_batch.xid)::text::xid8;
    UPDATE telemetry_cursor SET xid =
        (SELECT count(*) FROM telemetry_cursor c WHERE c.xid < telemetry_cursor.xid)::text::xid8;
"""
_ENTRIES = """
    ALTER TABLE payments_entry DISABLE TRIGGER payments_entry_kept;
    UPDATE payments_entry SET written_by = '0';
    ALTER TABLE payments_entry ENABLE TRIGGER payments_entry_kept;
"""
_NUMBERED = (("telemetry_batch", "xid", _MARKS), ("payments_entry", "written_by", _ENTRIES))


def backup(given: Namespace) -> int:
    """Dump the store first, then copy the photos: what the dump names is there by then. 0 when all is written."""
    folder: Path = given.folder
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"{folder} is not empty: name a new folder.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    head = _head()
    dump = folder / DUMP
    _tool("pg_dump", "--format=custom", "--no-unlogged-table-data", f"--file={dump}", store.address().name)
    _copy(_photos(), folder / FILES)
    own = belonging.here()
    about = {"instance": own.instance, "area": own.area, "head": head, "keys": _fingerprint()}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n")
    print(
        f"{dump}: {dump.stat().st_size // 1024} KB, and the photos beside it. Keep keys.json apart from it."
    )
    if head:
        print(f"The journal's head: {head}")
    return 0


def restore(given: Namespace) -> int:
    """Bring a backup back in place of the store. 0 when the platform can be started. Raises StoreError before it changes anything."""
    folder: Path = given.folder
    about = _about(folder)
    belonging.must_match(belonging.Owner(about["instance"], about["area"]), belonging.here(), folder.name)
    belonging.must_match(belonging.of_stamps(stamps.in_store() or {}), belonging.here(), "named here")
    if about["keys"] != _fingerprint():
        raise StoreError(
            "keys.json is not that of the backup: its sealed fields would not open. Put it in place."
        )
    with _nobody_else():
        where = store.address()
        fresh, before = f"{where.name}_restored", f"{where.name}_before_restore"
        _drop(fresh)
        _on_server(f'CREATE DATABASE "{fresh}"')
        dump = str(folder / DUMP)
        _tool("pg_restore", "--exit-on-error", "--single-transaction", *_PLAIN, f"--dbname={fresh}", dump)
        _renumber(fresh)
        _drop(before)
        _take_the_place(where.name, fresh, before)
        _end_sessions()
        serving = _grant()
    _copy(folder / FILES, _photos())
    print(f"Restored. What stood there before is the database {before}; everybody signs in anew.")
    if not serving:
        print("The serving role could not be made: until it is, requests use the owner's rights.")
    print(f"Now: ./run journal verify{' --head ' + about['head'] if about['head'] else ''}, then ./run")
    return 0


def _about(folder: Path) -> dict[str, str]:
    try:
        about = json.loads((folder / ABOUT).read_text())
        found = {name: str(about[name]) for name in ("instance", "area", "head", "keys")}
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{folder} is no backup made by ./run backup.") from error
    if not (folder / DUMP).is_file():
        raise StoreError(f"{folder / DUMP} is missing: the backup is not whole.")
    return found


@contextmanager
def _nobody_else() -> Iterator[None]:
    """Roles and commands are out, and stay out until this ends. Raises StoreError while one is in."""
    from django.db import connection

    connection.close()
    with store.alone():
        others = _on_server(
            "SELECT string_agg(DISTINCT coalesce(nullif(application_name, ''), 'a client'), ', ') "
            "FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
            store.address().name,
        )
        if others and others[0]:
            raise StoreError(f"The store is in use by {others[0]}: stop the platform everywhere first.")
        yield


def _take_the_place(name: str, fresh: str, before: str) -> None:
    """Two renamings; PostgreSQL refuses them while anybody is connected."""
    import psycopg

    try:
        _on_server(f'ALTER DATABASE "{name}" RENAME TO "{before}"')
    except psycopg.errors.ObjectInUse as error:
        raise StoreError(
            "Somebody connected to the store meanwhile: stop the platform everywhere first."
        ) from error
    try:
        _on_server(f'ALTER DATABASE "{fresh}" RENAME TO "{name}"')
    except psycopg.Error:
        _on_server(f'ALTER DATABASE "{before}" RENAME TO "{name}"')
        raise


def _on_server(statement: str, *values: Any) -> Any:
    """Run one statement outside of the database itself. Raises StoreError where the owner may not."""
    import psycopg

    given = store.address().conninfo(dbname="postgres")
    try:
        with psycopg.connect(**given, autocommit=True) as link:
            done = link.execute(statement.encode(), values or None)
            return done.fetchone() if done.description else None
    except psycopg.errors.InsufficientPrivilege as error:
        raise StoreError(
            "The store's owner may make no databases; docs/operation.md says how a superuser restores by hand."
        ) from error


def _renumber(name: str) -> None:
    """Numbers of transactions that stand in rows are the dumped server's: make them smaller than any of this one's.

    A mark keeps its place between the followers' cursors: what one had followed stays followed, what it had not is
    followed once. No later transaction is taken for the one that wrote an entry of the ledger. A backup from before
    these columns has nothing to number.
    """
    import psycopg

    there = "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
    with psycopg.connect(**store.address().conninfo(dbname=name)) as link:
        for table, column, statements in _NUMBERED:
            if link.execute(there, (table, column)).fetchone():
                link.execute(statements)


def _drop(name: str) -> None:
    _on_server(f'DROP DATABASE IF EXISTS "{name}"')


def _grant() -> bool:
    """Roles are no part of a dump: make the narrow ones anew, with the passwords of keys.json."""
    from kotacerdas.config import grants

    made = grants.apply()
    stamps.mark_in_store("serving", "yes" if "serve" in made else "no")
    stamps.mark_in_store("rights", ",".join(sorted(made)))
    return "serve" in made


def _end_sessions() -> None:
    """Those of the backup's day are over, whatever was ended since; so are its counts of tries."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")


def _head() -> str:
    from kotacerdas.foundation.journal.models import Block

    last = Block.objects.order_by("-first_position").first()
    return bytes(last.hash).hex() if last else ""


def _fingerprint() -> str:
    """Of the keys without which a backup is worthless; it tells nothing of them."""
    given = keys.load()
    text = json.dumps([given["fields"]["index"], given["journal"]["id"]])
    return hashlib.sha256(f"kotacerdas backup {text}".encode()).hexdigest()[:32]


def _tool(name: str, *arguments: str) -> None:
    """A tool of PostgreSQL's, with our address in its environment. Raises StoreError with its last words."""
    where = store.address()
    given = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    given |= {"PGHOST": where.host, "PGPORT": where.port, "PGUSER": where.user, "PGPASSWORD": where.password}
    given |= {f"PG{key.upper()}": value for key, value in where.options if key == "sslmode"}
    command = [str(store.tool(name)), *arguments]
    done = subprocess.run(
        command, check=False, env={k: v for k, v in given.items() if v}, capture_output=True, text=True
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise StoreError(f"{name} failed: {last[0]}")


def _photos() -> Path:
    from django.conf import settings

    return Path(settings.MEDIA_ROOT)


def _copy(source: Path, target: Path) -> None:
    """Files that the target lacks; they are named by their contents, so what is there is the same."""
    for file in source.rglob("*") if source.is_dir() else ():
        there = target / file.relative_to(source)
        if file.is_file() and not file.name.startswith(".new-") and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, there)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="an empty folder to write to, or the one that was written")


COMMANDS = (
    Command(
        name="backup",
        help="write the store and the photos into a folder",
        run=backup,
        add_arguments=_arguments,
    ),
    Command(
        name="restore",
        help="bring a backup back; the platform must be stopped",
        run=restore,
        add_arguments=_arguments,
        any_store=True,
    ),
)
