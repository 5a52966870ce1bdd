"""Rows of several tables stored by one statement."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kotacerdas.kernel import clock
from kotacerdas.kernel.inserts import insert_together

pytestmark = pytest.mark.django_db


def session(key: str) -> Session:
    return Session(session_key=key, session_data="", expire_date=clock.now())


def kind(number: int) -> ContentType:
    return ContentType(pk=number, app_label="trial", model=f"thing{number}")


def test_rows_of_two_tables_are_one_statement():
    rows = [session("a"), kind(9001), session("b")]
    with CaptureQueriesContext(connection) as found:
        insert_together(rows)
    assert len(found.captured_queries) == 1
    assert (
        Session.objects.filter(pk__in=["a", "b"]).count() == ContentType.objects.filter(pk=9001).count() + 1
    )
    assert not any(row._state.adding for row in rows)


def test_nothing_is_stored_where_one_row_cannot_be():
    insert_together([kind(9001)])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together([session("a"), kind(9001)])
    assert not Session.objects.filter(pk="a").exists()


def test_a_row_without_a_key_raises():
    with pytest.raises(ValueError, match="no key"):
        insert_together([session("a"), ContentType(app_label="trial", model="thing")])
    assert not Session.objects.exists()


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_together([])
