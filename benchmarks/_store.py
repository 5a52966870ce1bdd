"""A database of the benchmarks' own, made fresh and dropped afterwards, and rows to fill it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date

from django.db import connection
from trials.house import fresh_store

NAME = "kotacerdas_bench"
_ROWS = """
INSERT INTO journal_row (id, format, origin, occurred_at, recorded_at, verb, subject_kind, subject_id, actor,
                         codes, measures, payload, salt)
SELECT gen_random_uuid(), 1, 'BENCH', at, at, verb, 'iceta.report', md5('case' || (n / 4))::uuid, 'system',
       jsonb_build_object('kind', 'iceta.report', 'agency', 'A' || (n / 4) %% 60, 'agency_before', 'A0',
                          'area', '32.12.' || lpad(((n / 4) %% 31 + 1)::text, 2, '0') || '.2001',
                          'received_on', to_char(at, 'YYYY-MM-DD')),
       '{}'::jsonb,
       jsonb_build_object('rating', n %% 4 + 1, 'clocks', jsonb_build_array(jsonb_build_object(
           'name', 'respond', 'policy', 'sp4n.respond', 'end', CASE WHEN n %% 7 = 0 THEN 'broken' ELSE 'kept' END,
           'ours', true, 'agency', 'A' || (n / 4) %% 60, 'used_minutes', n %% 3000))),
       decode(md5(n::text), 'hex')
FROM (SELECT n, timestamptz '2026-01-01 08:00+07' + (n %% 300) * interval '1 day' AS at,
             'iceta.report.' || (ARRAY['receive', 'verify', 'resolve', 'rate'])[n %% 4 + 1] AS verb
      FROM generate_series(%s, %s) AS n) AS made
"""


def fresh() -> AbstractContextManager[str]:
    """An empty database with the pack; connected to it while inside."""
    return fresh_store(NAME)


def journal_rows(first: int, last: int) -> None:
    """Rows of lives of reports, four to a report, spread over three hundred days."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [first, last])


def span() -> tuple[date, date]:
    """The days over which the rows are spread."""
    return date(2026, 1, 1), date(2026, 12, 31)
