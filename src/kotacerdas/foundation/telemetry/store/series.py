"""A datastream over a span of time, in as many points as a chart has room for; from the rollup that fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from kotacerdas.foundation.telemetry.models import Datastream
from kotacerdas.kernel import clock

SPANS = {"hari": 1, "minggu": 7, "bulan": 30, "tahun": 365}
_TABLE = {"hari": "minute", "minggu": "minute", "bulan": "hour", "tahun": "day"}
_STEP = {
    "hari": timedelta(minutes=5),
    "minggu": timedelta(minutes=30),
    "bulan": timedelta(hours=2),
    "tahun": timedelta(days=1),
}
_READ = """
    SELECT date_bin(%(step)s, at, %(since)s), sum(n)::int, sum(total) / sum(n), min(low), max(high)
    FROM telemetry_{table} WHERE stream = %(stream)s AND at >= %(since)s AND at < %(until)s GROUP BY 1 ORDER BY 1
"""
_LAST = """
    SELECT at, came, value, value2 FROM telemetry_observation
    WHERE stream = %s AND at > %s ORDER BY at DESC LIMIT %s
"""
_TRACK = """
    SELECT at, last, last2 FROM telemetry_minute WHERE stream = %s AND at >= %s AND last2 IS NOT NULL ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One step of the chart: how many observations, their mean, lowest and highest."""

    at: datetime
    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Series:
    """The steps that hold something; `gap` is the silence from which on the line is broken."""

    since: datetime
    until: datetime
    step: timedelta
    gap: timedelta
    buckets: tuple[Bucket, ...]

    @property
    def count(self) -> int:
        return sum(one.n for one in self.buckets)


def series(stream: Datastream, span: str, until: datetime | None = None) -> Series:
    """The span that ends now, one of SPANS. A year is 365 rows, whatever was measured in it."""
    until = until or clock.now()
    step = _STEP[span]
    since = _start(until, span)
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"step": step, "since": since, "until": until, "stream": stream.id}
        cursor.execute(_READ.format(table=_TABLE[span]), given)
        buckets = tuple(Bucket(*row) for row in cursor.fetchall())
    gap = max(step * 1.5, timedelta(seconds=3 * stream.every_s))
    return Series(since, until, step, gap, buckets)


def _start(until: datetime, span: str) -> datetime:
    """From the beginning of a local day for a year, of an hour for the others."""
    since = (until - timedelta(days=SPANS[span])).astimezone(clock.local_zone())
    whole = since.replace(minute=0, second=0, microsecond=0)
    return whole.replace(hour=0) + timedelta(days=1) if span == "tahun" else whole


def last_observations(stream: Datastream, count: int = 10) -> list[tuple[Any, ...]]:
    """(time, when it came, value, second value), the newest first; of the last 60 days."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [stream.id, clock.now() - timedelta(days=60), count])
        return list(cursor.fetchall())


def track(stream: Datastream, since: datetime) -> list[tuple[datetime, float, float]]:
    """(minute, latitude, longitude) of a datastream of positions, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACK, [stream.id, since])
        return list(cursor.fetchall())
