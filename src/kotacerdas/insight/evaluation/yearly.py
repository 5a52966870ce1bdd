"""A year's live figure in a few milliseconds over any number of rows.

The daily lines of a year are as many as its days, agencies and villages; a page that shows six figures cannot add them
up each time. The sums by year are brought up to date when somebody looks: what was contributed since is added, and
after a rebuild of the indicators everything is added anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q, Sum
from django.db.models.functions import ExtractYear

from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.indicators.engine import generation as recounted
from kotacerdas.foundation.indicators.engine import reached
from kotacerdas.foundation.indicators.models import Contributed
from kotacerdas.foundation.indicators.queries import Figure, figure
from kotacerdas.insight.evaluation.models.sums import SummedUpTo, YearSum
from kotacerdas.kernel import clock

_ADD = """
    INSERT INTO evaluation_yearsum AS s (indicator, year, bucket, numerator, denominator, last_day)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (indicator, year, bucket) DO UPDATE SET
        numerator = s.numerator + excluded.numerator, denominator = s.denominator + excluded.denominator,
        last_day = GREATEST(s.last_day, excluded.last_day)
"""


def figure_of_year(code: str, year: int) -> Figure | None:
    """The live figure of a whole year, up to today in the present one; None where nothing had happened.

    LookupError for an indicator that nobody declares.
    """
    return figures_of_year([code], year).get(code)


def figures_of_year(codes: Collection[str], year: int) -> dict[str, Figure]:
    """The same for several indicators, in three small reads; those of which nothing had happened are left out."""
    refresh()
    kinds = {code: indicators()[code].kind for code in codes}
    stocks = [code for code, kind in kinds.items() if kind == "stock"]
    lines: defaultdict[str, list[YearSum]] = defaultdict(list)
    wanted = Q(indicator__in=codes, year=year) | Q(indicator__in=stocks, year__lt=year)
    for line in YearSum.objects.filter(wanted):
        lines[line.indicator].append(line)
    return {code: _figure(kinds[code], code, year, wanted) for code, wanted in lines.items()}


def _figure(kind: Any, code: str, year: int, lines: list[YearSum]) -> Figure:
    if max(line.last_day for line in lines) > clock.today():
        # the clock was moved back: days to come do not count
        return figure(code, date(year, 1, 1), clock.today())
    buckets: defaultdict[int, int] = defaultdict(int)
    for line in lines:
        if line.bucket >= 0:
            buckets[line.bucket] += line.denominator
    return Figure(
        kind=kind,
        numerator=sum(line.numerator for line in lines),
        denominator=sum(line.denominator for line in lines),
        buckets=dict(buckets),
    )


def refresh() -> None:
    """Add what was contributed since the last look; nothing to do costs three small reads."""
    top, generation = reached(), recounted()
    seen = SummedUpTo.objects.filter(pk=1).first()
    if seen is not None and (seen.position, seen.generation) == (top, generation):
        return
    with transaction.atomic():
        SummedUpTo.objects.bulk_create([SummedUpTo(pk=1)], ignore_conflicts=True)
        state = SummedUpTo.objects.select_for_update().get(pk=1)
        if state.generation != (generation := recounted()):
            YearSum.objects.all().delete()
            state.last_id, state.generation = 0, generation
        fresh = _since(state.last_id)
        with connection.cursor() as cursor:
            cursor.executemany(
                _ADD,
                [
                    (one["indicator"], one["year"], one["bucket"], one["n"], one["d"], one["day"])
                    for one in fresh
                ],
            )
        state.last_id = max((one["newest"] for one in fresh), default=state.last_id)
        state.position = top
        state.save()


def _since(last_id: int) -> list[dict[str, Any]]:
    """Contributions after one, by indicator, year and bucket: sums, last day and newest row, in one snapshot."""
    sums = (
        Contributed.objects.filter(pk__gt=last_id)
        .annotate(year=ExtractYear("day"))
        .values("indicator", "year", "bucket")
        .annotate(n=Sum("numerator"), d=Sum("denominator"), day=Max("day"), newest=Max("id"))
        .order_by()
    )
    return [dict(one) for one in sums]
