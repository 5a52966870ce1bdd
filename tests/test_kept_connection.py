"""A kept connection: looked at without a statement, made anew once the store closed it."""

from __future__ import annotations

import time

import pytest
from django.db import connection, connections


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_store_closed_is_made_anew():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        first = cursor.fetchone()[0]
    assert connection.is_usable()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [first])
    finally:
        other.close()
    until = time.monotonic() + 5
    while connection.is_usable() and time.monotonic() < until:
        time.sleep(0.01)
    assert not connection.is_usable()
    connection.close_if_unusable_or_obsolete()
    connection.health_check_enabled, connection.health_check_done = True, False
    connection.close_if_health_check_failed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != first


@pytest.mark.django_db
def test_a_statement_that_comes_again_is_prepared_by_the_store():
    with connection.cursor() as cursor:
        for number in range(4):
            cursor.execute("SELECT %s::int AS asked_again", [number])
            assert cursor.fetchone() == (number,)
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%asked_again%'")
        assert cursor.fetchone() == (1,)
