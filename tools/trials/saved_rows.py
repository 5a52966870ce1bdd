"""Rows that many tests begin with, made once in a process and written back later; and the emptying of all tables.

Loading a pack takes some 0.3 s, writing its rows back some 0.01 s.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname),
       string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
       string_agg('%L', ', ' ORDER BY a.attnum),
       max(pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname)),
       max(quote_ident(a.attname)) FILTER (
         WHERE pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) IS NOT NULL)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND n.nspname = 'public'
GROUP BY 1 ORDER BY 1
"""
_MOVE = "SELECT setval('{sequence}', greatest((SELECT max({column}) FROM {table}), (SELECT last_value FROM {sequence})))"
_FULL = "SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})"
Rows = dict[str, list[str]]  # the beginning of an INSERT → its rows as literals
_TRIES = 5  # to lock all tables while a request of before is still at work
_saved: dict[str, str] = {}  # name → the statements that write its rows back
_ALWAYS = {"django_content_type", "auth_permission"}  # made by migrations, the same for every test


def bring(name: str, make: Callable[[], object]) -> None:
    """Have the rows that `make` adds to the store: the first time by calling it, later by writing them back.

    The store must be the same each time before. Raises ValueError where `make` changes or removes what was there.
    """
    with transaction.atomic():
        if name in _saved:
            connection.ensure_connection()
            connection.connection.execute(_saved[name], prepare=False)
            return
        before = _rows()
        make()
        _saved[name] = _statements(before, _rows())


def _rows() -> Rows:
    """All rows of all tables."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for table, columns, places, *_sequence in cursor.fetchall():
            cursor.execute(f"SELECT format('({places})', {columns}) FROM {table}")  # noqa: S608 (from the catalog)
            found[f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES"] = [
                row for (row,) in cursor.fetchall()
            ]
    return found


def _statements(before: Rows, after: Rows) -> str:
    """What writes the new rows, and moves the sequences beyond them."""
    statements = []
    for insert, rows in after.items():
        known = set(before[insert])
        if gone := known - set(rows):
            raise ValueError(f"Rows that were there went or changed: {insert} {sorted(gone)[:3]}")
        if new := [row for row in rows if row not in known]:
            # A stamp of the store outlives the emptying of tables.
            statements.append(f"{insert} {', '.join(new)} ON CONFLICT DO NOTHING")
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for table, _columns, _places, sequence, column in cursor.fetchall():
            if sequence and any(one.startswith(f"INSERT INTO {table} (") for one in statements):
                statements.append(_MOVE.format(sequence=sequence, column=column, table=table))
    return ";\n".join(statements) or "SELECT 1"


def empty_tables() -> None:
    """Remove all rows of Django's tables, those too that refuse it in earnest; waits for whoever still writes.

    A request that is still at work takes its locks in another order: where PostgreSQL ends this side of the deadlock,
    it begins anew.
    """
    for left in reversed(range(_TRIES)):
        try:
            _empty_tables()
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, DeadlockDetected):
                raise
        else:
            return


def _empty_tables() -> None:
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [f'"{table}"' for table in known if table not in _ALWAYS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(" UNION ALL ".join(_FULL.format(table=table) for table in tables))
        full = [table for (table,) in cursor.fetchall()]
        for words in (
            "ALTER TABLE {} DISABLE TRIGGER USER",
            "DELETE FROM {}",
            "SET CONSTRAINTS ALL IMMEDIATE",  # a table with checks to come may not be altered
            "ALTER TABLE {} ENABLE TRIGGER USER",
        ):
            cursor.execute(";".join(dict.fromkeys(words.format(table) for table in full)) or "SELECT 1")
