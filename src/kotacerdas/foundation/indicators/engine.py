"""Adding up: in arrival order as rows are sealed, or all anew. Both use the same pure function."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import structlog
from django.db import Error, connection, transaction
from django.db.models import Sum

from kotacerdas.foundation.indicators.declarations import Contribution, Fact, Indicator, by_verb, indicators
from kotacerdas.foundation.indicators.models import Contributed, Counted, Parked
from kotacerdas.foundation.jobs.fence import place_of
from kotacerdas.foundation.journal.models import Cursor, Row
from kotacerdas.foundation.journal.queries import arrivals, top_position
from kotacerdas.kernel import clock

FOLLOWER = "indicators"
_BATCH = 2000
_CHUNK = 20_000
_IDLE_SECONDS = 0.3
_MOST, _LONGEST_AGENCY, _LONGEST_AREA, _FIRST_BUCKET, _LAST_BUCKET = 10**15, 40, 16, -1, 2**15 - 1
COPY = "COPY {table} (indicator, position, day, agency, area, numerator, denominator, bucket, subject_id) FROM STDIN"
_FACTS = """
    SELECT s.position, r.verb, r.subject_id, r.occurred_at, r.codes::text, r.measures::text, r.payload::text
    FROM journal_sealed s JOIN journal_row r ON r.id = s.row_id
    WHERE s.position BETWEEN %s AND %s AND r.verb = ANY(%s) ORDER BY s.position
"""
_UPSERT = """
    INSERT INTO indicators_daily AS d (indicator, day, agency, area, bucket, numerator, denominator)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (indicator, day, agency, area, bucket) DO UPDATE
    SET numerator = d.numerator + excluded.numerator, denominator = d.denominator + excluded.denominator
"""

log = structlog.get_logger(__name__)


def fact_of(position: int, row: Row) -> Fact:
    """A sealed row as indicators see it."""
    return Fact(
        position=position,
        verb=row.verb,
        subject_id=row.subject_id,
        occurred_at=row.occurred_at,
        day=clock.local_day(row.occurred_at),
        codes=row.codes,
        measures=row.measures,
        payload=row.payload,
    )


def contributions(fact: Fact, parked: list[Parked]) -> Iterator[tuple[str, Contribution]]:
    """What a fact adds to every indicator that looks at its verb.

    What an indicator cannot count, or the store could not take, is put on `parked` for that indicator alone.
    """
    for indicator in by_verb().get(fact.verb, ()):
        for one in contributions_of(indicator, fact, parked):
            yield indicator.code, one


def contributions_of(indicator: Indicator, fact: Fact, parked: list[Parked]) -> list[Contribution]:
    """What a fact adds to one indicator; nothing, and a row on `parked`, where that cannot be counted or stored."""
    try:
        return [_storable(one) for one in indicator.contribute(fact)]
    except Exception as error:
        parked.append(Parked(indicator=indicator.code, position=fact.position, error=place_of(error)))
        log.error("row_parked", indicator=indicator.code, position=fact.position, exc_info=error)
        return []


def _storable(one: Contribution) -> Contribution:
    """The contribution itself. Raises ValueError for what its line in the store could not hold."""
    if not all(-_MOST <= number <= _MOST for number in (one.numerator, one.denominator)):
        raise ValueError("a contribution's number is out of range")
    if len(one.agency) > _LONGEST_AGENCY or len(one.area) > _LONGEST_AREA or "\0" in one.agency + one.area:
        raise ValueError("a contribution's agency or area is too long")
    if not isinstance(one.day, date) or not _FIRST_BUCKET <= one.bucket <= _LAST_BUCKET:
        raise ValueError("a contribution's day or bucket is out of range")
    return one


def follow_batch(limit: int = _BATCH) -> int:
    """Add the next sealed rows; how many were read. Two followers never add a row twice: the cursor is locked."""
    with transaction.atomic():
        cursor = locked_cursor()
        arrived = arrivals(cursor.position, limit)
        if not arrived:
            return 0
        parked: list[Parked] = []
        facts = [fact_of(one.position, one.row) for one in arrived]
        rows = [(fact, code, one) for fact in facts for code, one in contributions(fact, parked)]
        Parked.objects.bulk_create(parked, ignore_conflicts=True)
        Contributed.objects.bulk_create(_contributed(fact, code, one) for fact, code, one in rows)
        _add_daily((code, one) for _, code, one in rows)
        cursor.position, cursor.moved_at = arrived[-1].position, clock.now()
        cursor.save()
    return len(arrived)


def rebuild() -> int:
    """Compute everything anew from the sealed rows and replace what stands; how many rows were read.

    Readers see the old figures until the new ones are complete. The follower waits meanwhile.
    """
    with transaction.atomic():
        cursor = locked_cursor()
        top = top_position()
        parked: list[Parked] = []
        read = _recompute_into_fresh(top, parked)
        with connection.cursor() as sql:
            sql.execute("DELETE FROM indicators_contributed")
            sql.execute("DELETE FROM indicators_daily")
            sql.execute("DELETE FROM indicators_parked")
            sql.execute(
                """INSERT INTO indicators_contributed
                   (indicator, position, day, agency, area, numerator, denominator, bucket, subject_id)
                   SELECT * FROM fresh_contributed"""
            )
            sql.execute(
                """INSERT INTO indicators_daily (indicator, day, agency, area, bucket, numerator, denominator)
                   SELECT indicator, day, agency, area, bucket, sum(numerator), sum(denominator)
                   FROM fresh_contributed GROUP BY 1, 2, 3, 4, 5"""
            )
            sql.execute("DROP TABLE fresh_contributed")
        Parked.objects.bulk_create(parked, batch_size=_BATCH)
        note_counted(indicators())
        cursor.position, cursor.moved_at = top, clock.now()
        cursor.save()
    return read


def locked_cursor() -> Cursor:
    """The follower's place in the journal, held to the end of the transaction.

    Made at the very first row: then every indicator counts from the beginning, and its version is written down.
    """
    _cursor, is_new = Cursor.objects.get_or_create(name=FOLLOWER)
    if is_new:
        note_counted(indicators())
    return Cursor.objects.select_for_update().get(name=FOLLOWER)


def reached() -> int:
    """Up to which position of the journal figures are counted; 0 when nothing is."""
    return Cursor.objects.filter(name=FOLLOWER).values_list("position", flat=True).first() or 0


def moved_at() -> datetime | None:
    """When figures last moved; None before the first row."""
    return Cursor.objects.filter(name=FOLLOWER).values_list("moved_at", flat=True).first()


def generation() -> int:
    """A number that grows whenever figures were computed anew: who adds up contributions begins again then."""
    return Counted.objects.aggregate(total=Sum("generation"))["total"] or 0


def note_counted(codes: Iterable[str]) -> None:
    """Write down that these indicators' figures were computed by their present formulas."""
    for code in codes:
        counted, is_new = Counted.objects.get_or_create(
            indicator=code, defaults={"version": indicators()[code].version}
        )
        if not is_new:
            counted.version, counted.at = indicators()[code].version, clock.now()
            counted.generation += 1
            counted.save()


def run(stop: threading.Event) -> None:
    """Follow until told to stop."""
    while not stop.is_set():
        try:
            read = follow_batch()
        except Error:
            log.warning("indicators_store_lost", exc_info=True)
            connection.close()
            read = 0
        if not read:
            stop.wait(_IDLE_SECONDS)


def sealed_facts(verbs: Iterable[str], top: int, first: int = 1) -> Iterator[Fact]:
    """Facts of the named verbs at positions [first, top], in arrival order, read a window at a time."""
    wanted = list(verbs)
    for low in range(first, top + 1, _CHUNK):
        with connection.cursor() as sql:
            sql.execute(_FACTS, [low, min(top, low + _CHUNK - 1), wanted])
            rows = sql.fetchall()
        for position, verb, subject_id, occurred_at, codes, measures, payload in rows:
            yield Fact(
                position=position,
                verb=verb,
                subject_id=subject_id,
                occurred_at=occurred_at,
                day=clock.local_day(occurred_at),
                codes=json.loads(codes),
                measures=json.loads(measures) if measures != "{}" else {},
                payload=json.loads(payload) if payload != "{}" else {},
            )


def _recompute_into_fresh(top: int, parked: list[Parked]) -> int:
    read = 0
    with connection.cursor() as sql:
        sql.execute(
            """CREATE TEMPORARY TABLE fresh_contributed
               (indicator text, position bigint, day date, agency text, area text,
                numerator bigint, denominator bigint, bucket smallint, subject_id uuid) ON COMMIT DROP"""
        )
        facts = sealed_facts(by_verb(), top)
        while chunk := list(islice(facts, _CHUNK)):  # a chunk is read whole: one command at a time
            read += len(chunk)
            with sql.copy(COPY.format(table="fresh_contributed")) as copy:
                for fact in chunk:
                    for code, one in contributions(fact, parked):
                        copy.write_row(values_of(fact, code, one))
    return read


def values_of(fact: Fact, code: str, one: Contribution) -> tuple[Any, ...]:
    return (
        code,
        fact.position,
        one.day,
        one.agency,
        one.area,
        one.numerator,
        one.denominator,
        one.bucket,
        fact.subject_id,
    )


def _contributed(fact: Fact, code: str, one: Contribution) -> Contributed:
    return Contributed(
        indicator=code,
        position=fact.position,
        day=one.day,
        agency=one.agency,
        area=one.area,
        numerator=one.numerator,
        denominator=one.denominator,
        bucket=one.bucket,
        subject_id=fact.subject_id,
    )


def _add_daily(rows: Iterable[tuple[str, Contribution]]) -> None:
    sums: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for code, one in rows:
        line = sums[(code, one.day, one.agency, one.area, one.bucket)]
        line[0] += one.numerator
        line[1] += one.denominator
    if sums:
        with connection.cursor() as sql:
            sql.executemany(_UPSERT, [(*key, *line) for key, line in sorted(sums.items(), key=str)])
