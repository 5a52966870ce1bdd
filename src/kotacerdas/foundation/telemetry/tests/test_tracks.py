"""What is bound to a subject, the readings between two moments, and a track's parts, length and drawing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.actions import binding_end, binding_make, device_bind, device_switch
from kotacerdas.foundation.telemetry.trace import HEIGHT, WIDTH, trace_map
from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.kernel import clock

START = datetime(2026, 11, 24, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def spots(*minutes: float, lat: float = -1.2, step: float = 0.001) -> list[Spot]:
    """Positions at these minutes, each so many degrees farther north."""
    return [Spot(START + n * MINUTE, lat + index * step, 122.5) for index, n in enumerate(minutes)]


def test_a_silence_longer_than_the_gap_breaks_a_track():
    found = tracks.parts(spots(0, 1, 16, 31.5, 32))
    assert [len(one) for one in found] == [3, 2]
    assert tracks.parts([]) == []
    assert [len(one) for one in tracks.parts(spots(0, 5, 6), timedelta(minutes=2))] == [1, 2]


def test_the_length_is_from_position_to_position():
    assert tracks.length_m(spots(0, 1, 2)) == pytest.approx(222.4, abs=0.1)
    assert tracks.length_m(spots(0)) == tracks.length_m([]) == 0


@pytest.fixture
def bound(sari, make_device):
    """Two devices that were bound to one unit one after the other."""
    old, _secret = make_device("truck-old", "vehicle")
    new, _secret = make_device("truck-new", "vehicle")
    today = clock.today()
    since = today - timedelta(days=9)
    device_bind(actor=sari, device=old, kind="unit", subject="U 1", since=since)
    device_bind(actor=sari, device=new, kind="unit", subject="U 1", since=today)
    return old, new


@pytest.mark.django_db
def test_the_device_that_was_bound_last_speaks_for_a_subject(sari, bound):
    old, new = (one.streams.get(code="position") for one in bound)
    today = clock.today()
    assert tracks.streams_of("unit", "U 1", today) == [new.id]
    assert tracks.streams_of("unit", "U 1", today - timedelta(days=1)) == [old.id]
    assert tracks.streams_of("unit", "U 1", today - timedelta(days=10)) == []
    assert tracks.streams_of("asset", "U 1", today) == tracks.streams_of("unit", "U 1", today, "level") == []
    assert tracks.streams_by_subject("unit", today) == {"U 1": new}
    device_switch(actor=sari, device=bound[1], on=False)
    assert tracks.streams_by_subject("unit", today) == {"U 1": old}


@pytest.mark.django_db
def test_a_binding_ends_with_a_day_and_a_mistake_of_the_same_day_goes(sari, bound):
    old, new = bound
    today = clock.today()
    [held] = new.bindings.all()
    binding_end(actor=sari, binding=held, day=today)
    assert not new.bindings.exists()
    made = binding_make(actor=sari, device=new, kind="asset", subject="A 1", since=today - timedelta(days=3))
    for day, until in ((today, today), (today + timedelta(days=1), today), (today - timedelta(days=1),) * 2):
        binding_end(actor=sari, binding=made, day=day)
        made.refresh_from_db()
        assert made.until == until
    assert tracks.streams_of("asset", "A 1", today) == []
    assert tracks.streams_of("asset", "A 1", today - timedelta(days=1)) != []
    assert old.bindings.get().until is None


@pytest.mark.django_db
def test_readings_of_a_span_are_in_order_and_never_more_than_so_many(regency, bound):
    stream = bound[1].streams.get(code="position").id
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    rows = [(began + n * MINUTE, began, stream, -1.2, 122.5 if n != 3 else None) for n in range(100, -1, -1)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO telemetry_observation (at, came, stream, value, value2) VALUES (%s, %s, %s, %s, %s)",
            rows,
        )
    until = began + 99 * MINUTE
    found = tracks.readings([stream], began, until)
    assert [one[0] for one in found] == sorted(row[0] for row in rows)[:100]
    assert len(tracks.track([stream], began, until)) == 99  # one has no longitude
    assert tracks.oldest_that_came(stream, since=began + MINUTE, after=None) is None
    assert tracks.oldest_that_came(stream, since=began + MINUTE, after=began - MINUTE) == began + MINUTE
    thin = tracks.readings([stream], began, until, 10)
    assert (len(thin), thin[0][0]) == (11, began)
    assert tracks.readings([stream], until, began) == tracks.readings([], began, until) == []


@pytest.mark.django_db
def test_a_track_is_drawn_in_its_parts_within_the_frame(regency):
    way = spots(0, 1, 2, 60, 61)
    found = trace_map(way, [(-1.2, 122.5, "A", "stop")])
    assert (len(found.ways), found.count) == (2, 5)
    points = [point.split(",") for one in found.ways for point in one.split()]
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in points)
    assert [one.words for one in found.signs] == ["A"]
    assert trace_map([], []) is None
