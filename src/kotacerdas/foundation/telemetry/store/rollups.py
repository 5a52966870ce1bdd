"""Minutes, hours and days of each datastream, and its latest value: counted anew wherever something came.

The doors leave a mark per transaction: which minutes of which streams it touched. Marks are followed up to the
oldest transaction that is still under way, so that one that commits late is never skipped. A minute is counted
from its observations, an hour from its minutes, a day from its hours: late data restate them, repeats change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, connection, transaction

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.kernel import clock

ROLLUPS, RULES = "rollups", "rules"
MOST_MINUTES = 20_000  # of one round
_MARKS = """
    SELECT b.xid::text, cardinality(b.streams) FROM telemetry_batch b
    WHERE b.xid > (SELECT xid FROM telemetry_cursor WHERE name = %s)
      AND b.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY b.xid LIMIT 2000
"""
_TOUCHED = """
    SELECT DISTINCT s.stream, s.minute FROM telemetry_batch b
    CROSS JOIN LATERAL unnest(b.streams, b.minutes) AS s(stream, minute)
    WHERE b.xid > (SELECT xid FROM telemetry_cursor WHERE name = %s) AND b.xid <= %s::xid8
"""
_MOVE = "UPDATE telemetry_cursor SET xid = %s::xid8, moved_at = clock_timestamp() WHERE name = %s"
_CAME = (
    "SELECT max(at) FROM telemetry_batch WHERE xid > (SELECT xid FROM telemetry_cursor WHERE name = %s)"
    " AND xid <= %s::xid8"
)
_PURGE = "DELETE FROM telemetry_batch WHERE xid <= (SELECT min(xid) FROM telemetry_cursor)"
_COLUMNS = "stream, at, n, total, low, high, last_at, last, last2"
_REPLACE = """
    ON CONFLICT (stream, at) DO UPDATE SET n = excluded.n, total = excluded.total, low = excluded.low,
        high = excluded.high, last_at = excluded.last_at, last = excluded.last, last2 = excluded.last2
"""
_MINUTE = f"""
    INSERT INTO telemetry_minute ({_COLUMNS})
    SELECT p.stream, p.at, x.* FROM unnest(%(streams)s::int[], %(ats)s::timestamptz[]) AS p(stream, at)
    CROSS JOIN LATERAL (
        SELECT count(*)::int, sum(o.value), min(o.value), max(o.value), max(o.at),
               (array_agg(o.value ORDER BY o.at DESC))[1], (array_agg(o.value2 ORDER BY o.at DESC))[1]
        FROM telemetry_observation o
        WHERE o.stream = p.stream AND o.at >= p.at AND o.at < p.at + interval '1 minute'
    ) x(n, total, low, high, last_at, last, last2)
    WHERE x.n > 0 ORDER BY p.stream, p.at {_REPLACE}
"""  # noqa: S608 (names of our own)
_LARGER = f"""
    INSERT INTO telemetry_{{larger}} ({_COLUMNS})
    SELECT p.stream, p.at, x.* FROM (
        SELECT DISTINCT u.stream, {{start}} AS at
        FROM unnest(%(streams)s::int[], %(ats)s::timestamptz[]) AS u(stream, at)
    ) p CROSS JOIN LATERAL (
        SELECT sum(o.n)::int, sum(o.total), min(o.low), max(o.high), max(o.last_at),
               (array_agg(o.last ORDER BY o.at DESC))[1], (array_agg(o.last2 ORDER BY o.at DESC))[1]
        FROM telemetry_{{smaller}} o
        WHERE o.stream = p.stream AND o.at >= p.at AND o.at < p.at + interval '1 {{larger}}'
    ) x(n, total, low, high, last_at, last, last2)
    WHERE x.n > 0 ORDER BY p.stream, p.at {_REPLACE}
"""  # noqa: S608 (names of our own)
_HOUR = _LARGER.format(larger="hour", smaller="minute", start="date_trunc('hour', u.at)")
_DAY = _LARGER.format(
    larger="day",
    smaller="hour",
    start="date_trunc('day', u.at AT TIME ZONE %(zone)s) AT TIME ZONE %(zone)s",
)
_LATEST = """
    INSERT INTO telemetry_latest AS l (stream_id, at, value, value2, came_at)
    SELECT DISTINCT ON (m.stream) m.stream, m.last_at, m.last, m.last2, %(came)s
    FROM unnest(%(streams)s::int[], %(ats)s::timestamptz[]) AS p(stream, at)
    JOIN telemetry_minute m ON m.stream = p.stream AND m.at = p.at
    JOIN telemetry_datastream d ON d.id = m.stream
    ORDER BY m.stream, m.at DESC
    ON CONFLICT (stream_id) DO UPDATE SET at = excluded.at, value = excluded.value, value2 = excluded.value2,
        came_at = excluded.came_at
    WHERE excluded.at >= l.at
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """What came since a follower's cursor: pairs of stream and minute, and where the cursor moves to."""

    pairs: list[tuple[int, int]]
    upto: str
    came: datetime


def touched(follower: str, most: int = MOST_MINUTES) -> Touched | None:
    """The next marks of a follower, about `most` pairs of stream and minute; None when there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, [follower])
        upto, count = "", 0
        for xid, size in cursor.fetchall():
            if upto and count + size > most:
                break
            upto, count = xid, count + size
        if not upto:
            return None
        cursor.execute(_CAME, [follower, upto])
        came = cursor.fetchone()[0]
        cursor.execute(_TOUCHED, [follower, upto])
        return Touched(cursor.fetchall(), upto, came)


def move(follower: str, upto: str) -> None:
    """Move a follower's cursor, in the transaction of what it did."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [upto, follower])


def follow_batch(most: int = MOST_MINUTES) -> int:
    """Count what came since the last call; how many minutes of streams were counted."""
    with transaction.atomic():
        if not alone(ROLLUPS):
            return 0
        found = touched(ROLLUPS, most)
        if found is None:
            return 0
        try:
            with transaction.atomic():
                count(found.pairs, found.came)
        except DataError:
            _one_by_one(found)
        move(ROLLUPS, found.upto)
        with connection.cursor() as cursor:
            cursor.execute(_PURGE)
    return len(found.pairs)


def alone(follower: str) -> bool:
    """Whether this transaction is the only one of its follower; held until its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"telemetry.{follower}"])
        return bool(cursor.fetchone()[0])


def _one_by_one(found: Touched) -> None:
    """One stream that cannot be counted stops that stream alone."""
    fence = Fence("telemetry.rollups")
    by_stream: dict[int, list[tuple[int, int]]] = {}
    for pair in found.pairs:
        by_stream.setdefault(pair[0], []).append(pair)
    for stream, pairs in by_stream.items():
        with fence.around(str(stream)):
            count(pairs, found.came)


def count(pairs: list[tuple[int, int]], came: datetime) -> None:
    """Count minutes (pairs of stream and minute since 2000), and the hours and days that hold them."""
    from kotacerdas.foundation.telemetry.ingest.batch import MINUTE_MICROS
    from kotacerdas.foundation.telemetry.ingest.payload import instant

    given: dict[str, Any] = {
        "streams": [stream for stream, _minute in pairs],
        "ats": [instant(minute * MINUTE_MICROS) for _stream, minute in pairs],
        "came": came,
        "zone": str(clock.local_zone()),
    }
    with connection.cursor() as cursor:
        for statement in (_MINUTE, _HOUR, _DAY, _LATEST):
            cursor.execute(statement, given)
