"""An indicator whose formula changed is computed anew by itself, in the background, while all others go on."""

from __future__ import annotations

import threading
from itertools import islice

import structlog
from django.db import Error, connection, transaction
from django.db.models import F

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.declarations import Fact, indicators
from kotacerdas.foundation.indicators.models import Contributed, Counted, Daily, Parked
from kotacerdas.foundation.jobs.fence import Fence

NONE = 0  # in place of a version: by no formula
_SECONDS = 30
_CHUNK = 20_000
_FRESH = """
    CREATE TEMP TABLE indicators_fresh (
        indicator text, position bigint, day date, agency text, area text, numerator bigint, denominator bigint,
        bucket smallint, subject_id uuid)
"""
_TAKE = """
    INSERT INTO indicators_contributed
        (indicator, position, day, agency, area, numerator, denominator, bucket, subject_id)
    SELECT indicator, position, day, agency, area, numerator, denominator, bucket, subject_id
    FROM indicators_fresh ORDER BY position
"""
_ADD_UP = """
    INSERT INTO indicators_daily (indicator, day, agency, area, bucket, numerator, denominator)
    SELECT indicator, day, agency, area, bucket, sum(numerator), sum(denominator)
    FROM indicators_fresh GROUP BY 1, 2, 3, 4, 5
"""
_fence = Fence("indicators.recount")
log = structlog.get_logger(__name__)


def outdated() -> list[str]:
    """Indicators whose figures stand by another formula than the declared one, or by none."""
    counted = dict(Counted.objects.values_list("indicator", "version"))
    return [code for code, one in indicators().items() if counted.get(code) != one.version]


def forget_undeclared() -> int:
    """Forget with which formula an indicator that nobody declares any more was counted; how many were forgotten.

    When it comes back it is computed anew, since rows were sealed meanwhile. Its figures stay until then.
    """
    gone = Counted.objects.exclude(indicator__in=list(indicators())).exclude(version=NONE)
    return gone.update(version=NONE, generation=F("generation") + 1)


def recount(code: str) -> int:
    """Compute one indicator anew from all sealed rows and replace its figures; how many rows were read.

    The old figures stand, and the follower goes on, until the new ones are complete up to where the follower is;
    then what it added meanwhile is read and all is replaced in one transaction, during which the follower waits.
    """
    parked: list[Parked] = []
    top = engine.reached()
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS indicators_fresh")
        sql.execute(_FRESH)
        read = _compute(code, 1, top, parked)
        with transaction.atomic():
            cursor = engine.locked_cursor()
            read += _compute(code, top + 1, cursor.position, parked)
            for table in (Contributed, Daily, Parked):
                table.objects.filter(indicator=code).delete()
            sql.execute(_TAKE)
            sql.execute(_ADD_UP)
            Parked.objects.bulk_create(one for one in parked if one.position <= cursor.position)
            engine.note_counted([code])
        sql.execute("DROP TABLE indicators_fresh")
    log.info("indicator_recounted", indicator=code, rows=read)
    return read


def recount_outdated() -> int:
    """Recount what is outdated, each for itself: one that raises is tried again later. How many were recounted."""
    forget_undeclared()
    waiting, done = set(_fence.waiting()), 0
    for code in outdated():
        if code not in waiting:
            with _fence.around(code, in_transaction=False):
                recount(code)
                done += 1
    return done


def run(stop: threading.Event) -> None:
    """Look every half minute until told to stop."""
    while not stop.is_set():
        try:
            recount_outdated()
        except Error:
            log.warning("indicators_store_lost", exc_info=True)
            connection.close()
        stop.wait(_SECONDS)


def _compute(code: str, first: int, last: int, parked: list[Parked]) -> int:
    """Write one indicator's contributions at positions [first, last] to the fresh table, a chunk at a time."""
    read = 0
    facts = engine.sealed_facts(indicators()[code].verbs, last, first)
    while chunk := list(islice(facts, _CHUNK)):
        read += len(chunk)
        with connection.cursor() as sql, sql.copy(engine.COPY.format(table="indicators_fresh")) as copy:
            for fact in chunk:
                _write(copy, code, fact, parked)
    return read


def _write(copy, code: str, fact: Fact, parked: list[Parked]) -> None:  # type: ignore[no-untyped-def]
    for one in engine.contributions_of(indicators()[code], fact, parked):
        copy.write_row(engine.values_of(fact, code, one))
