"""Months of observations, and how long what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.foundation.telemetry.ingest.batch import Batch, write
from kotacerdas.foundation.telemetry.ingest.payload import Stream, Window, instant, micros, read
from kotacerdas.foundation.telemetry.models import Retention
from kotacerdas.foundation.telemetry.store import partitions, retention
from kotacerdas.kernel import clock

pytestmark = pytest.mark.alone  # followers wait for transactions of the whole server

NUMBER = {"level": Stream(1, False, -5.0, 50.0), "position": Stream(2, True, -1e300, 1e300)}
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["t", "v", "id", "level", "position", "x"]), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["", "level", "position", "x"]))
def test_whatever_is_said_is_readings_in_range_or_problems(said, code):
    import json

    found = read(NUMBER, code, json.dumps(said).encode(), Window(0.0, 1e9))
    for stream, at, value, value2 in found.readings:
        assert stream in (1, 2)
        assert 0 < at < 2**62
        assert abs(value) <= 90
        assert value2 is None or abs(value2) <= 180


@given(st.binary(max_size=100))
def test_bytes_of_any_sort_are_readings_or_problems(raw):
    found = read(NUMBER, "", raw, Window(0.0, 1e9))
    assert found.readings or found.problems or raw.strip() in (b"[]", b"{}")


@given(st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_an_instant_is_read_as_it_was_written(at):
    assert instant(micros(at)) == at or abs(instant(micros(at)) - at) < timedelta(microseconds=2)


@pytest.mark.django_db(transaction=True)
def test_months_are_made_ahead_and_those_past_the_retention_go(regency, plain_tables):
    today = clock.today()
    Retention.objects.create(what="raw", days=60, valid_from=today - timedelta(days=1))
    dropped = retention.make_room()
    assert partitions.first_day() == (today - timedelta(days=60)).replace(day=1)
    assert dropped
    far = datetime(today.year + 1, today.month, 1, tzinfo=UTC)
    with clock.frozen(far):
        made = retention.make_room()
    assert f"telemetry_observation_{far:%Y%m}" in made
    Retention.objects.all().delete()
    retention.make_room()


@pytest.mark.django_db
def test_a_policy_holds_from_its_day_on(regency):
    today = clock.today()
    Retention.objects.create(what="hour", days=10, valid_from=today + timedelta(days=5))
    assert retention.days_of("hour") == retention.DEFAULT_DAYS["hour"]
    assert retention.days_of("hour", today + timedelta(days=5)) == 10


@pytest.mark.django_db(transaction=True)
def test_what_is_past_its_time_is_cleared(regency, plain_tables):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telemetry_minute (stream, at, n, total, low, high, last_at, last)"
            " SELECT 1, at, 1, 1, 1, 1, at, 1 FROM unnest(%s::timestamptz[]) at",
            [[clock.now() - timedelta(days=days) for days in (1, 399, 402, 800)]],
        )
    assert retention.clear() == 2
    assert retention.clear() == 0


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2024, 2, 29), date(2026, 12, 31)])
def test_the_next_month_begins_on_its_first_day(day):
    found = partitions.following(day)
    assert found.day == 1
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"), connection.cursor() as cursor:
        write(cursor, Batch(), clock.now())
    with transaction.atomic(), connection.cursor() as cursor:
        write(cursor, Batch(), clock.now())
