"""The officer's queue with 200,000 cases in the store: the page as the browser gets it."""

from __future__ import annotations

import statistics
import time

from _store import fresh
from django.db import connection
from django.test import Client

CASES = 200_000
TIMES = 30
LEAST_ROWS = 50  # of a full page; each names its case at least once
_FILL = """
WITH made AS (
    INSERT INTO cases_case (id, number, kind, state, version, title_code, priority, channel, area_code,
                            lead_agency_id, opened_at, due_at, is_paused, closed_at, origin, home)
    SELECT gen_random_uuid(), 'BENCH-' || n, 'iceta.report',
           CASE WHEN n / agency.all %% 20 = 0 THEN 'in_progress' ELSE 'closed' END, 1, %(category)s, 'normal', 'phone', %(area)s,
           agency.id, now() - n * interval '1 minute', now() + (n %% 4000 - 400) * interval '1 hour', n %% 9 = 0,
           CASE WHEN n / agency.all %% 20 = 0 THEN NULL ELSE now() END, 'BENCH', 'BENCH'
    FROM generate_series(1, %(cases)s) AS n
    JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS all FROM parties_agency) agency
      ON agency.place = n %% agency.all
    RETURNING id, lead_agency_id, opened_at, due_at, is_paused, state
), told AS (
    INSERT INTO iceta_report (case_id, category_id, report_class, is_oversight, words, place_words, is_anonymous,
                              is_secret, was_postponed, is_published, words_published, photos_published)
    SELECT id, %(category_id)s, 'complaint', false, 'Lubang di jalan depan pasar', '', false, false, false, true,
           false, false FROM made
)
INSERT INTO cases_assignment (id, case_id, role, agency_id, is_open, assigned_at, outcome, due_at, is_paused)
SELECT gen_random_uuid(), id, 'lead', lead_agency_id, state <> 'closed', opened_at, '', due_at, is_paused FROM made
"""


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh():
        user = fill()
        client = Client()
        client.force_login(user)
        page = timed(lambda: _get(client, "/desk/iceta/"))
        bare = timed(_one_query)
    return [
        f"the officer's queue with {CASES:,} cases ({CASES // 20:,} open): p50 {page[0]:.0f} ms, "
        f"max {page[1]:.0f} ms of {TIMES} (a bare query in the same process: {bare[0]:.2f} ms)"
    ]


def fill():  # type: ignore[no-untyped-def]
    """Cases over all agencies, one in twenty open, and an officer of the agency with the road category."""
    from kotacerdas.foundation.parties.models import Holding, Position, User
    from kotacerdas.foundation.territory.queries import villages
    from kotacerdas.kernel import clock
    from kotacerdas.programs.iceta.models import Category

    category = Category.objects.select_related("lead").order_by("order")[0]
    given = {
        "cases": CASES,
        "category": category.code,
        "category_id": category.id,
        "area": villages()[0].code,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILL, given)
        cursor.execute("ANALYZE")
    user = User.objects.create(username="bench", name="Bench", is_staff=True, is_demo=True)
    position = Position.objects.get(agency=category.lead, code="officer")
    Holding.objects.create(position=position, user=user, since=clock.today())
    return user


def timed(act) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Median and maximum in milliseconds, after three unmeasured runs."""
    for _ in range(3):
        act()
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent), max(spent)


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    rows = answer.content.count(b"BENCH-") if answer.status_code == 200 else 0
    if rows < LEAST_ROWS:
        raise RuntimeError(
            f"{address} answers {answer.status_code} with {rows} rows: nothing worth measuring"
        )


def _one_query() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM parties_agency")
        cursor.fetchone()
