"""What each narrow role may do in the store, from the apps' `grants.py`.

An app may declare tables that the serving role may only add to, only read, or not touch:

    INSERT_ONLY = ("journal_row",)
    READ_ONLY = ("journal_block",)
    OWNER_ONLY = ("journal_pending",)

Everything else may be read and written by it. What clocks and followers write and requests may not, the app
declares as well, and all that the sealer may do:

    FOLLOW = {"cases_policy": "SELECT"}
    SEAL = {"journal_pending": "SELECT, DELETE"}

No narrow role owns anything, so none can alter a table or drop a trigger.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from django.db import connection
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from kotacerdas.config import store
from kotacerdas.kernel.discover import discover

_WRITES = "INSERT, UPDATE, DELETE"
_REVOKED = {
    "INSERT_ONLY": "UPDATE, DELETE, TRUNCATE",
    "READ_ONLY": f"{_WRITES}, TRUNCATE",
    "OWNER_ONLY": "ALL",
}
_OWN = {"READ_ONLY": ("django_migrations", "kotacerdas_stamp")}


def apply() -> frozenset[str]:
    """Make the narrow roles where that is allowed, and set their rights anew; the names of those that can be used."""
    made = set()
    for name in store.NARROW:
        address = store.address(name)
        if _exists(address.user):
            if not _enters(name, address):
                _change_password(address)
        elif not _create(name, address):
            continue
        with connection.cursor() as cursor:
            for statement in (*_open(address.user, name), *_narrow(address.user, name)):
                cursor.execute(statement)
        made.add(name)
    return frozenset(made)


def _exists(user: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [user])
        return cursor.fetchone() is not None


def _create(name: str, address: store.Address) -> bool:
    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(address.user), sql.Literal(address.password)
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Exception as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        if name == "serve":
            print(
                f"The store's owner may not make the serving role; until a superuser runs "
                f"CREATE ROLE {address.user} LOGIN PASSWORD '<password>'; "
                "and KOTACERDAS_SERVE_URL names it, requests use the owner's rights.",
                file=sys.stderr,
            )
        return False
    return True


def _enters(name: str, address: store.Address) -> bool:
    """Whether a role opens this store: after a restore it may be another instance's, with another password."""
    import psycopg

    if os.environ.get(f"KOTACERDAS_{name.upper()}_URL"):
        return True  # the operator's own affair
    given = address.conninfo(dbname=connection.settings_dict["NAME"], connect_timeout=5)
    try:
        psycopg.connect(**given).close()
    except psycopg.OperationalError as error:
        return "authentication" not in str(error)
    return True


def _change_password(address: store.Address) -> None:
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(address.user), sql.Literal(address.password)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _open(user: str, name: str) -> list[sql.Composed]:
    """All tables for those who serve and follow; nothing but the schema for the sealer."""
    wanted = ["GRANT USAGE ON SCHEMA public TO {}"]
    if name != "seal":
        wanted += [
            f"GRANT SELECT, {_WRITES} ON ALL TABLES IN SCHEMA public TO {{}}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ]
    else:
        wanted.append("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}")
    return [sql.SQL(text).format(sql.Identifier(user)) for text in wanted]


def _narrow(user: str, name: str) -> Iterator[sql.Composed]:
    tables = set(connection.introspection.table_names())
    if name != "seal":
        for kind, rights in _REVOKED.items():
            for table in sorted((_declared(kind) | set(_OWN.get(kind, ()))) & tables):
                if name != "follow" or table not in _rights("FOLLOW"):
                    yield _statement(f"REVOKE {rights} ON {{}} FROM {{}}", table, user)
    wanted = _rights(name.upper())
    if name == "seal":
        wanted |= dict.fromkeys(_OWN["READ_ONLY"], "SELECT")
    for table, rights in sorted(wanted.items()):
        if table in tables:
            yield _statement("REVOKE ALL ON {} FROM {}", table, user)
            yield _statement(f"GRANT {rights} ON {{}} TO {{}}", table, user)


def _statement(text: str, table: str, user: str) -> sql.Composed:
    return sql.SQL(text).format(sql.Identifier(table), sql.Identifier(user))


def _declared(kind: str) -> set[str]:
    return {name for module in discover("grants") for name in getattr(module, kind, ())}


def _rights(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for module in discover("grants"):
        found.update(getattr(module, kind, {}))
    return found
