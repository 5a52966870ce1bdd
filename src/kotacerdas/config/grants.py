"""What the serving role may do in the store, from the apps' `grants.py`.

An app may declare tables that requests may only add to, only read, or not touch:

    INSERT_ONLY = ("journal_row",)
    READ_ONLY = ("journal_block",)
    OWNER_ONLY = ("journal_pending",)

Everything else may be read and written by it. It never owns anything, so it cannot alter a table or
drop a trigger.
"""

from __future__ import annotations

import os
import sys

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


def apply() -> bool:
    """Make the serving role where that is allowed, and set its rights anew; whether it can serve."""
    serving = store.address("serve")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [serving.user])
        exists = cursor.fetchone() is not None
    if not exists and not _create(serving):
        return False
    if exists and not _enters(serving):
        _change_password(serving)
    statements = [*_open(serving.user), *_narrow(serving.user)]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return True


def _create(serving: store.Address) -> bool:
    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(serving.user), sql.Literal(serving.password)
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Exception as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        print(
            f"The store's owner may not make the serving role; until a superuser runs "
            f"CREATE ROLE {serving.user} LOGIN PASSWORD '<password>'; "
            "and KOTACERDAS_SERVE_URL names it, requests use the owner's rights.",
            file=sys.stderr,
        )
        return False
    return True


def _enters(serving: store.Address) -> bool:
    """Whether the role opens this store: after a restore it may be another instance's, with another password."""
    import psycopg

    if os.environ.get("KOTACERDAS_SERVE_URL"):
        return True  # the operator's own affair
    given = serving.conninfo(dbname=connection.settings_dict["NAME"], connect_timeout=5)
    try:
        psycopg.connect(**given).close()
    except psycopg.OperationalError as error:
        return "authentication" not in str(error)
    return True


def _change_password(serving: store.Address) -> None:
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(serving.user), sql.Literal(serving.password)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _open(role: str) -> list[sql.Composed]:
    name = sql.Identifier(role)
    return [
        sql.SQL(text).format(name)
        for text in (
            "GRANT USAGE ON SCHEMA public TO {}",
            f"GRANT SELECT, {_WRITES} ON ALL TABLES IN SCHEMA public TO {{}}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        )
    ]


def _narrow(role: str) -> list[sql.Composed]:
    tables = set(connection.introspection.table_names())
    found: list[sql.Composed] = []
    for kind, rights in _REVOKED.items():
        declared = {name for module in discover("grants") for name in getattr(module, kind, ())}
        for table in sorted((declared | set(_OWN.get(kind, ()))) & tables):
            revoke = sql.SQL(f"REVOKE {rights} ON {{}} FROM {{}}")
            found.append(revoke.format(sql.Identifier(table), sql.Identifier(role)))
    return found
