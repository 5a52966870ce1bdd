"""The sealer and the indicators over many rows: sealing, the increment, and rebuilding a million."""

from __future__ import annotations

import time

from _store import fresh, journal_rows, span

SEALED, ALL = 100_000, 1_000_000


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh():
        return [*sealing(), *increment(), *rebuilding()]


def sealing() -> list[str]:
    """Rows sealed a second, beside SHA-256 of the same bytes alone."""
    from kotacerdas.foundation.journal import sealer
    from kotacerdas.foundation.journal.models import Row

    journal_rows(1, SEALED)
    began, sealed = time.perf_counter(), 0
    while count := sealer.seal_batch():
        sealed += count
    spent = time.perf_counter() - began
    rows = list(Row.objects.all()[:5000])
    began = time.perf_counter()
    for row in rows:
        row.leaf()
    bare = len(rows) / (time.perf_counter() - began)
    return [
        f"sealing {sealed:,} rows: {sealed / spent:,.0f} rows/s "
        f"({sealed / spent / bare:.0%} of hashing their canonical bytes alone, {bare:,.0f} rows/s)"
    ]


def increment() -> list[str]:
    """From the commit of one more row to its being in the figure, with everything before followed."""
    from kotacerdas.foundation.indicators import engine, queries
    from kotacerdas.foundation.journal import sealer

    began, followed = time.perf_counter(), 0
    while count := engine.follow_batch():
        followed += count
    rate = followed / (time.perf_counter() - began)
    before = queries.figure("iceta.received", *span()).numerator
    journal_rows(SEALED + 3, SEALED + 4)  # ends with a receipt
    began = time.perf_counter()
    sealer.seal_batch()
    engine.follow_batch()
    counted = queries.figure("iceta.received", *span()).numerator - before
    spent = time.perf_counter() - began
    if counted != 1:
        raise RuntimeError(f"{counted} receipts were counted, not one")
    return [
        f"one more row sealed, followed and read from the figure over {SEALED:,} rows: {spent * 1000:.0f} ms",
        f"following: {rate:,.0f} rows/s",
    ]


def rebuilding() -> list[str]:
    """All figures anew over a million sealed rows, beside only reading those rows."""
    from kotacerdas.foundation.indicators import engine
    from kotacerdas.foundation.indicators.declarations import by_verb
    from kotacerdas.foundation.journal import sealer
    from kotacerdas.foundation.journal.queries import top_position

    for first in range(SEALED + 5, ALL + 1, 100_000):
        journal_rows(first, min(first + 99_999, ALL))
        while sealer.seal_batch():
            pass
    began = time.perf_counter()
    read = sum(1 for _ in engine.sealed_facts(by_verb(), top_position()))
    reading = time.perf_counter() - began
    began = time.perf_counter()
    rebuilt = engine.rebuild()
    spent = time.perf_counter() - began
    return [
        f"rebuilding all indicators over {rebuilt:,} rows: {spent:.0f} s "
        f"(only reading the {read:,} rows: {reading:.0f} s)"
    ]
