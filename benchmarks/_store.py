"""A database of the benchmarks' own, made fresh and dropped afterwards, and rows to fill it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

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


@contextlib.contextmanager
def fresh() -> Iterator[str]:
    """Migrate an empty database, load the pack, and be connected to it while inside."""
    from kotacerdas.config import grants
    from kotacerdas.config.pack import load_pack

    usual = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{NAME}"')
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        call_command("migrate", interactive=False, verbosity=0)
        grants.apply()
        load_pack(Path(settings.PACK))
        yield NAME
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


def journal_rows(first: int, last: int) -> None:
    """Rows of lives of reports, four to a report, spread over three hundred days."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [first, last])


def span() -> tuple[date, date]:
    """The days over which the rows are spread."""
    return date(2026, 1, 1), date(2026, 12, 31)
