"""New rows of several tables stored by one statement: one way to the store and back instead of one for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

_DEFAULT = "DEFAULT"


def insert_together(rows: Iterable[Model]) -> None:
    """Insert new rows, each with its key, by one statement; all stand or none does.

    Rows may refer to one another in any order, since foreign keys are checked at the end of the transaction; a
    trigger of one table does not see the other rows yet. Raises ValueError for a row whose key the store would make.
    """
    by_model: dict[type[Model], list[Model]] = {}
    for row in rows:
        if row.pk is None:
            raise ValueError(f"a new row of {row._meta.label} has no key yet")
        by_model.setdefault(type(row), []).append(row)
    if not by_model:
        return
    parts, values = [], []
    for model, of_model in by_model.items():
        text, given = insert_text(model, of_model)
        parts.append(text)
        values += given
    *others, last = parts
    first = ", ".join(f"part_{number} AS ({text})" for number, text in enumerate(others))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {first} {last}" if others else last, values)
    for of_model in by_model.values():
        for row in of_model:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_new(row: Model) -> bool:
    """Insert a row unless one that it may not stand beside is there; whether it was inserted."""
    text, values = insert_text(type(row), [row])
    with connection.cursor() as cursor:
        cursor.execute(f"{text} ON CONFLICT DO NOTHING", values)
        is_new = bool(cursor.rowcount)
    row._state.adding, row._state.db = not is_new, DEFAULT_DB_ALIAS
    return is_new


def insert_text(model: type[Model], rows: Iterable[Model]) -> tuple[str, list[Any]]:
    """The text of an INSERT for rows of one table, and what belongs in its places."""
    fields = model._meta.local_concrete_fields
    quoted, given, places = connection.ops.quote_name, [], []
    for row in rows:
        own = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        places.append(", ".join(_DEFAULT if isinstance(one, DatabaseDefault) else "%s" for one in own))
        given += [one for one in own if not isinstance(one, DatabaseDefault)]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    values = ", ".join(f"({one})" for one in places)
    table = quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {values}", given  # noqa: S608 (names of the models' own)
