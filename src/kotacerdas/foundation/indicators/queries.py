"""Reading figures, and checking them against the sealed rows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.declarations import indicators, median_of
from kotacerdas.foundation.indicators.engine import contributions_of, sealed_facts
from kotacerdas.foundation.indicators.models import Contributed, Daily, Parked
from kotacerdas.foundation.journal import queries as journal

By = Literal["agency", "district", "area", "month", "year", "day", "week"]
_PERIODS = ("day", "week", "month", "year")
_DISTRICT_LENGTH = len("32.12.01")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure over some days. `value` is None when there is nothing to divide or no median.

    flow, stock: value = numerator; ratio: value = numerator ÷ denominator, 0 to 1; duration: median minutes.
    """

    kind: str
    numerator: int = 0
    denominator: int = 0
    buckets: dict[int, int] = field(default_factory=dict)

    @property
    def value(self) -> float | None:
        if self.kind in ("flow", "stock"):
            return float(self.numerator)
        if self.kind == "ratio":
            return self.numerator / self.denominator if self.denominator > 0 else None
        return median_of(self.buckets)


@dataclass(frozen=True, kw_only=True)
class Check:
    """A figure computed anew from sealed rows, beside the one that was shown; `seconds` is how long it took."""

    shown: Figure
    anew: Figure
    rows: int
    subjects: int
    blocks: tuple[int, int] | None
    journal: journal.Verdict
    seconds: float

    @property
    def agrees(self) -> bool:
        same = (self.shown.numerator, self.shown.denominator, _clean(self.shown.buckets))
        return self.journal.holds and same == (
            self.anew.numerator,
            self.anew.denominator,
            _clean(self.anew.buckets),
        )


def figure(
    code: str, first: date, last: date, *, agencies: Iterable[str] | None = None, area: str = ""
) -> Figure:
    """The figure of an indicator over local days [first, last], for some agencies or below an area code.

    Of a stock it is the value at the last day.
    """
    lines = (
        _lines(code, first, last, agencies, area)
        .values("bucket")
        .annotate(n=Sum("numerator"), d=Sum("denominator"))
    )
    return _figure(code, [(line["bucket"], line["n"], line["d"]) for line in lines])


def figures(
    code: str, first: date, last: date, *, by: By, agencies: Iterable[str] | None = None, area: str = ""
) -> dict[str, Figure]:
    """The figure for each agency, district (code), area, day, week (Monday), month or year in the span.

    Of a stock it is the value at the last day of each; a day, week, month or year without a change has the one before.
    """
    if indicators()[code].kind == "stock" and by in _PERIODS:
        return _levels(code, first, last, by, agencies, area)
    groups: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    lines = (
        _lines(code, first, last, agencies, area)
        .values("day", "agency", "area", "bucket")
        .annotate(n=Sum("numerator"), d=Sum("denominator"))
    )
    for line in lines:
        groups[_group(by, line["day"], line["agency"], line["area"])].append(
            (line["bucket"], line["n"], line["d"])
        )
    return {key: _figure(code, parts) for key, parts in sorted(groups.items())}


def rows_behind(
    code: str, first: date, last: date, *, agencies: Iterable[str] | None = None, area: str = ""
) -> QuerySet[Contributed]:
    """The contributions behind a figure, newest first; behind a stock all up to the last day."""
    chosen = Contributed.objects.filter(indicator=code, day__range=(beginning(code, first), last))
    return _narrowed(chosen, agencies, area).order_by("-position", "-id")


def missing_rows(code: str) -> int:
    """How many sealed rows an indicator could not count; its figures stand without them."""
    return missing_by_indicator().get(code, 0)


def missing_by_indicator() -> dict[str, int]:
    """The same for every indicator that lacks rows."""
    return dict(Parked.objects.values_list("indicator").annotate(Count("position")))


def check(code: str, first: date, last: date) -> Check:
    """Compute a figure anew from the sealed rows, verify the blocks that hold them, and compare, in one snapshot."""
    if connection.in_atomic_block:
        return _check(code, first, last)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _check(code, first, last)


def _check(code: str, first: date, last: date) -> Check:
    began = time.monotonic()
    reached = engine.reached()
    begin = beginning(code, first)
    parts: list[tuple[int, int, int]] = []
    subjects, positions = set(), []
    for fact in sealed_facts(indicators()[code].verbs, reached):
        counted = [one for one in contributions_of(indicators()[code], fact, []) if begin <= one.day <= last]
        if counted:
            subjects.add(fact.subject_id)
            positions.append(fact.position)
            parts += [(one.bucket, one.numerator, one.denominator) for one in counted]
    verdict = journal.verify_rows(positions)
    return Check(
        shown=figure(code, first, last),
        anew=_figure(code, parts),
        rows=len(positions),
        subjects=len(subjects),
        blocks=(positions[0], positions[-1]) if positions else None,
        journal=verdict,
        seconds=time.monotonic() - began,
    )


def beginning(code: str, first: date) -> date:
    """From which day an indicator's contributions count in a span: a stock's from the very first."""
    return date.min if indicators()[code].kind == "stock" else first


def _levels(
    code: str, first: date, last: date, by: By, agencies: Iterable[str] | None, area: str
) -> dict[str, Figure]:
    """A stock at the end of each period of the span."""
    changes: defaultdict[date, int] = defaultdict(int)
    for line in _lines(code, first, last, agencies, area).values("day").annotate(n=Sum("numerator")):
        changes[max(line["day"], first)] += line["n"]
    found: dict[str, Figure] = {}
    level = 0
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        level += changes.get(day, 0)
        found[_group(by, day, "", "")] = Figure(kind="stock", numerator=level)
    return found


def _lines(code: str, first: date, last: date, agencies: Iterable[str] | None, area: str) -> QuerySet[Daily]:
    return _narrowed(
        Daily.objects.filter(indicator=code, day__range=(beginning(code, first), last)), agencies, area
    )


def _narrowed(chosen: QuerySet, agencies: Iterable[str] | None, area: str) -> QuerySet:
    if agencies is not None:
        chosen = chosen.filter(agency__in=list(agencies))
    return chosen.filter(area__startswith=area) if area else chosen


def _figure(code: str, parts: Iterable[tuple[int, int, int]]) -> Figure:
    buckets: defaultdict[int, int] = defaultdict(int)
    numerator = denominator = 0
    for bucket, n, d in parts:
        numerator += n
        denominator += d
        if bucket >= 0:
            buckets[bucket] += d
    kind = indicators()[code].kind
    return Figure(kind=kind, numerator=numerator, denominator=denominator, buckets=dict(buckets))


def _clean(buckets: dict[int, int]) -> dict[int, int]:
    return {bucket: n for bucket, n in buckets.items() if n}


def _group(by: By, day: date, agency: str, area: str) -> str:
    if by == "agency":
        return agency
    if by == "area":
        return area
    if by == "district":
        return area[:_DISTRICT_LENGTH]
    if by == "week":
        return date.fromordinal(day.toordinal() - day.weekday()).isoformat()
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[by]]
