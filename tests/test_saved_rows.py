"""Emptying the tables after a test outlasts a request that is still at work."""

from __future__ import annotations

import contextlib
import threading
import time

import psycopg
import pytest
from django.db import connection
from trials import saved_rows

pytestmark = pytest.mark.django_db(transaction=True)


def test_tables_are_emptied_beside_a_request_that_locks_in_another_order() -> None:
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    first, last = known[0], known[-1]
    with psycopg.connect(**_parameters()) as other:
        other.execute(f'LOCK TABLE "{last}" IN ACCESS SHARE MODE')
        late = threading.Thread(target=_ask_soon, args=(other, first))
        late.start()
        saved_rows.empty_tables()
        late.join()


def _ask_soon(other: psycopg.Connection, table: str) -> None:
    """Ask for a table that the emptying already holds, and go on whichever side the store ends."""
    time.sleep(0.3)
    with contextlib.suppress(psycopg.errors.DeadlockDetected):
        other.execute(f'LOCK TABLE "{table}" IN ACCESS SHARE MODE')
    other.rollback()


def _parameters() -> dict[str, object]:
    given = connection.get_connection_params()
    return {key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)}
