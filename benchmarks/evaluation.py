"""The evaluation over 10,000,000 rows of the journal: the year's page and the result of a round, as the browser gets them.

The rows are written by SQL as the sealer and the follower would leave them; what the pages show of them is counted.
"""

from __future__ import annotations

import os
import statistics
import time

from _store import fresh
from django.db import connection
from django.test import Client

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
TIMES = 40
CHUNK = 1_000_000
PER_BLOCK = 1000
_FILL = (
    """
    INSERT INTO journal_row (id, format, origin, occurred_at, recorded_at, verb, subject_kind, subject_id, actor,
                             codes, measures, payload, salt)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 1, 'BENCH', at, at,
           'iceta.report.' || (ARRAY['receive', 'verify', 'resolve', 'rate'])[n %% 4 + 1], 'iceta.report',
           lpad(to_hex(n / 4), 32, '0')::uuid, 'system', '{}', '{}', '{}', decode(md5(n::text), 'hex')
    FROM (SELECT n, date_trunc('year', now()) + (n %% 300) * interval '1 day' AS at
          FROM generate_series(%(first)s, %(last)s) AS n) AS made
    """,
    """
    INSERT INTO journal_block (id, origin, height, first_position, count, root, previous, sealed_at, hash, key_id,
                               signature)
    SELECT lpad(to_hex(h), 32, '0')::uuid, 'BENCH', h, (h - 1) * %(block)s + 1, %(block)s, '', '', now(),
           decode(md5('hash' || h), 'hex'), 'bench', ''
    FROM generate_series((%(first)s - 1) / %(block)s + 1, %(last)s / %(block)s) AS h
    """,
    """
    INSERT INTO journal_sealed (position, row_id, leaf, block_id)
    SELECT n, lpad(to_hex(n), 32, '0')::uuid, '', lpad(to_hex((n - 1) / %(block)s + 1), 32, '0')::uuid
    FROM generate_series(%(first)s, %(last)s) AS n
    """,
    """
    INSERT INTO indicators_contributed (indicator, position, day, agency, area, numerator, denominator, bucket,
                                        subject_id)
    SELECT (ARRAY['iceta.received', 'iceta.on_time_share', 'iceta.resolved_share', 'iceta.satisfied_share'])[n %% 4 + 1],
           n, date_trunc('year', now())::date + (n %% 300)::int, 'A' || abs(hashint8(n / 4)) %% 60,
           '32.12.' || lpad((abs(hashint8(n / 4 + 7)) %% 31 + 1)::text, 2, '0') || '.2001', 1, CASE WHEN n %% 4 = 0 THEN 0 ELSE 1 END, -1,
           lpad(to_hex(n / 4), 32, '0')::uuid
    FROM generate_series(%(first)s, %(last)s) AS n
    """,
)
_DAILY = """
    INSERT INTO indicators_daily (indicator, day, agency, area, bucket, numerator, denominator)
    SELECT indicator, day, agency, area, bucket, sum(numerator), sum(denominator)
    FROM indicators_contributed GROUP BY 1, 2, 3, 4, 5
"""
_DAYS_ADDED_UP = """
    SELECT indicator, sum(numerator), sum(denominator) FROM indicators_daily
    WHERE day BETWEEN date_trunc('year', now())::date AND now()::date GROUP BY indicator
"""


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh():
        began = time.perf_counter()
        fill()
        filled = time.perf_counter() - began
        user, slug = a_closed_round()
        client = Client()
        client.force_login(user)
        first = timed(lambda: get(client, "/desk/evaluasi/"), 1)
        year = timed(lambda: get(client, "/desk/evaluasi/"), TIMES)
        one_more()
        after = timed(lambda: get(client, "/desk/evaluasi/"), 1)
        result = timed(lambda: get(client, f"/desk/evaluasi/putaran/{slug}/hasil/"), TIMES)
        days = timed(added_up, 5)
    return [
        f"the year's page over {ROWS:,} rows of the journal: p50 {year[0]:.0f} ms, p95 {year[1]:.0f} ms of {TIMES}; "
        f"after one more row {after[0]:.0f} ms, the very first one {first[0]:.0f} ms",
        f"the result of a round (index, dimensions, 30 items, late rows) over the same: p50 {result[0]:.0f} ms, "
        f"p95 {result[1]:.0f} ms of {TIMES}",
        f"adding up the year's daily lines alone, as a page would without sums by year: {days[0]:.0f} ms "
        f"(the rows were written in {filled:.0f} s)",
    ]


def fill() -> None:
    """Rows, blocks, positions, contributions and daily lines, without the triggers of the journal."""
    tables = ("journal_row", "journal_block", "journal_sealed", "indicators_contributed")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for first in range(1, ROWS + 1, CHUNK):
            given = {"first": first, "last": min(first + CHUNK - 1, ROWS), "block": PER_BLOCK}
            for statement in _FILL:
                cursor.execute(statement, given)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        cursor.execute(_DAILY)
        cursor.execute(
            "INSERT INTO journal_cursor (name, position, moved_at) VALUES ('indicators', %s, now())", [ROWS]
        )
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM journal_sealed")
        if cursor.fetchone()[0] != ROWS:
            raise RuntimeError("not all rows were written")


def a_closed_round():  # type: ignore[no-untyped-def]
    """A round of this year by the real actions, closed over the rows; who may see it, and its name."""
    from _round import closed_round, planner

    return planner().user, closed_round().slug


def one_more() -> None:
    """One contribution more, as the follower would add it."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL[3], {"first": ROWS + 4, "last": ROWS + 4})
        cursor.execute("UPDATE journal_cursor SET position = %s WHERE name = 'indicators'", [ROWS + 4])


def added_up() -> None:
    """What the page shows, by the days; the sums by year must be the same."""
    from kotacerdas.insight.evaluation.models import YearSum

    with connection.cursor() as cursor:
        cursor.execute(_DAYS_ADDED_UP)
        by_days = {code: (int(n), int(d)) for code, n, d in cursor.fetchall()}
    received = YearSum.objects.filter(indicator="iceta.received").first()
    if received is None or received.numerator != by_days["iceta.received"][0] + 1:
        raise RuntimeError(f"the sums by year are not those of the days: {received} {by_days}")


def get(client: Client, address: str) -> None:
    answer = client.get(address, follow=True)
    if answer.status_code != 200 or len(answer.content) < 10_000:
        raise RuntimeError(f"{address}: {answer.status_code}")


def timed(act, times: int) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Median and 95th percentile in milliseconds."""
    found = []
    for _time in range(times):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    ordered = sorted(found)
    return statistics.median(found), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
