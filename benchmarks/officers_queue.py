"""The officer's queue with 200,000 cases in the store: the page as the browser gets it."""

from __future__ import annotations

import re
import statistics
import time

from _store import fresh
from django.db import connection
from django.test import Client

CASES = 200_000
KINDS = ("iceta.report", "telemetry.alert", "evaluation.recommendation", "payments.difference")
TIMES = 30
ROWS = 50  # of a full page
_NUMBER = re.compile(rb"BENCH-[0-9]+")
_FILL = """
WITH made AS (
    INSERT INTO cases_case (id, number, kind, state, version, title_code, priority, channel, area_code,
                            lead_agency_id, opened_at, due_at, is_paused, closed_at, origin, home)
    SELECT gen_random_uuid(), 'BENCH-' || n, kind,
           CASE WHEN NOT is_open THEN 'closed' WHEN kind = 'iceta.report' THEN 'in_progress' ELSE 'open' END,
           1, %(category)s, 'normal', 'phone', %(area)s, agency, now() - n * interval '1 minute',
           now() + (n %% 4000 - 400) * interval '1 hour', n %% 9 = 0, CASE WHEN is_open THEN NULL ELSE now() END,
           'BENCH', 'BENCH'
    FROM (
        SELECT n, agency.id AS agency, n / agency.all %% 10 = 0 AS is_open,
               (%(kinds)s::text[])[n / agency.all / 10 %% 4 + 1] AS kind
        FROM generate_series(0, %(cases)s - 1) AS n
        JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS all FROM parties_agency)
          agency ON agency.place = n %% agency.all
    ) AS one
    RETURNING id, kind, lead_agency_id, opened_at, due_at, is_paused, closed_at
), told AS (
    INSERT INTO iceta_report (case_id, category_id, report_class, is_oversight, words, place_words, is_anonymous,
                              is_secret, was_postponed, is_published, words_published, photos_published)
    SELECT id, %(category_id)s, 'complaint', false, 'Lubang di jalan depan pasar', '', false, false, false, true,
           false, false FROM made WHERE kind = 'iceta.report'
), promised AS (
    INSERT INTO cases_caseclock (id, case_id, name, role, is_ours, policy_key, policy_id, calendar_version, unit,
                                 budget, state, started_at, due_at, paused_days, escalated)
    SELECT gen_random_uuid(), made.id, 'respond', 'lead', true, policy.key, policy.id, '', policy.unit, policy.budget,
           CASE WHEN is_paused THEN 'paused' ELSE 'running' END, opened_at, due_at, '[]', 0
    FROM made, (SELECT * FROM cases_policy WHERE key = 'sp4n.respond' LIMIT 1) AS policy WHERE closed_at IS NULL
)
INSERT INTO cases_assignment (id, case_id, role, agency_id, is_open, assigned_at, outcome, due_at, is_paused)
SELECT gen_random_uuid(), id, 'lead', lead_agency_id, closed_at IS NULL, opened_at, '', due_at, is_paused FROM made
"""


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh():
        user = fill()
        is_open = counted()
        client = Client()
        client.force_login(user)
        page = timed(lambda: _get(client, "/desk/iceta/"))
        bare = timed(_one_query)
    return [
        f"the officer's queue, a page of {ROWS} rows, with {CASES:,} cases of {len(KINDS)} kinds in the store "
        f"({is_open:,} open): p50 {page[0]:.0f} ms, max {page[1]:.0f} ms of {TIMES} "
        f"(a bare query in the same process: {bare[0]:.2f} ms)"
    ]


def fill():  # type: ignore[no-untyped-def]
    """Cases of four kinds over all agencies, one in ten open, and an officer of the agency with the road category."""
    from kotacerdas.foundation.parties.models import Holding, Position, User
    from kotacerdas.foundation.territory.queries import villages
    from kotacerdas.kernel import clock
    from kotacerdas.programs.iceta.models import Category

    category = Category.objects.select_related("lead").order_by("order")[0]
    given = {
        "cases": CASES,
        "kinds": list(KINDS),
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


def counted() -> int:
    """How many cases are open. Raises RuntimeError where the store does not hold what is said of it."""
    from django.db.models import Count, Q

    from kotacerdas.foundation.cases.models import Case

    found = list(
        Case.objects.values_list("kind").annotate(Count("id"), is_open=Count("id", filter=Q(closed_at=None)))
    )
    if {kind for kind, _all, _open in found} != set(KINDS) or sum(
        count for _kind, count, _open in found
    ) != CASES:
        raise RuntimeError(f"the store holds other cases than it should: {found}")
    if min(count for _kind, count, _open in found) < CASES // len(KINDS) // 2:
        raise RuntimeError(f"a kind has too few cases: {found}")
    return sum(is_open for _kind, _all, is_open in found)


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
    rows = len(set(_NUMBER.findall(answer.content))) if answer.status_code == 200 else 0
    if rows != ROWS:
        raise RuntimeError(f"{address} answers {answer.status_code} with {rows} rows instead of {ROWS}")


def _one_query() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM parties_agency")
        cursor.fetchone()
