"""One table of observations a month, made ahead and behind as far as late data are taken."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from kotacerdas.kernel import clock

AHEAD_MONTHS = 3
TABLE = "telemetry_observation"
_LOCK = 0x4B4F5445


def ensure(oldest: date, now: datetime | None = None) -> list[str]:
    """Make the months from `oldest` to three ahead that are not there; their names. Needs the owner's rights."""
    now = now or clock.now()
    made = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        there = {name for name, _first in _partitions(cursor)}
        for first in months(oldest, ahead(now.date())):
            name = f"{TABLE}_{first:%Y%m}"
            if name not in there:
                cursor.execute(_make(name, first))
                made.append(name)
    return made


def drop_before(day: date) -> list[str]:
    """Drop the months that lie wholly before a day; their names. Needs the owner's rights."""
    dropped = []
    with connection.cursor() as cursor:
        for name, first in _partitions(cursor):
            if following(first) <= day:
                cursor.execute(f'DROP TABLE "{name}"')
                dropped.append(name)
    return dropped


def first_day() -> date | None:
    """The first day that a partition takes."""
    with connection.cursor() as cursor:
        return min((first for _name, first in _partitions(cursor)), default=None)


def months(oldest: date, last: date) -> list[date]:
    """The first days of the months from one day's to the other's."""
    first, found = oldest.replace(day=1), []
    while first <= last:
        found.append(first)
        first = following(first)
    return found


def following(first: date) -> date:
    """The first day of the next month."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def ahead(day: date) -> date:
    for _step in range(AHEAD_MONTHS):
        day = following(day)
    return day


def _make(name: str, first: date) -> str:
    """Bounds are midnights of UTC, whatever the session's time zone."""
    low, high = (
        datetime(one.year, one.month, 1, tzinfo=UTC).isoformat() for one in (first, following(first))
    )
    return f"CREATE TABLE \"{name}\" PARTITION OF {TABLE} FOR VALUES FROM ('{low}') TO ('{high}')"


def _partitions(cursor: Any) -> list[tuple[str, date]]:
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = %s::regclass ORDER BY 1",
        [TABLE],
    )
    names = [row[0] for row in cursor.fetchall()]
    return [(name, date(int(name[-6:-2]), int(name[-2:]), 1)) for name in names]
