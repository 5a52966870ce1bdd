"""Ledger entries a second, beside the same rows in tables without the checks that balance them and keep them."""

from __future__ import annotations

import time
from collections.abc import Callable

from _store import fresh
from django.db import connection, transaction

ENTRIES = 2_000
_PLAIN = """
CREATE TABLE plain_entry (LIKE payments_entry INCLUDING ALL);
CREATE TABLE plain_line (LIKE payments_line INCLUDING ALL);
ALTER TABLE plain_line ADD FOREIGN KEY (entry_id) REFERENCES plain_entry (id);
"""


def main() -> list[str]:
    """Lines for RESULTS.md."""
    from kotacerdas.foundation.payments import ledger
    from kotacerdas.foundation.payments.models import Entry, Line
    from kotacerdas.kernel import clock, ids

    with fresh():
        with connection.cursor() as cursor:
            cursor.execute(_PLAIN)
        cash, owed = ledger.account_for("cash"), ledger.account_for("receivable")

        def posted(amount: int) -> None:
            ledger.post(
                cause=("payment", ids.new_id()), lines={cash: amount, owed: -amount}, journal_id=ids.new_id()
            )

        def plain(amount: int) -> None:
            now, one = clock.now(), ids.new_id()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO plain_entry (id, cause_kind, cause_id, occurred_at, recorded_at, journal_id) "
                    "VALUES (%s, 'payment', %s, %s, %s, %s)",
                    [one, ids.new_id(), now, now, ids.new_id()],
                )
                cursor.execute(
                    "INSERT INTO plain_line (id, entry_id, account_id, amount) VALUES "
                    "(%s, %s, %s, %s), (%s, %s, %s, %s)",
                    [2 * amount, one, cash.id, amount, 2 * amount + 1, one, owed.id, -amount],
                )

        kept, bare = rate(posted), rate(plain)
        if Entry.objects.count() != ENTRIES or Line.objects.count() != 2 * ENTRIES:
            raise AssertionError("not every entry was stored")
        if ledger.balance(cash) != sum(range(1, ENTRIES + 1)):
            raise AssertionError("the balance is not the sum of what was posted")
    return [
        f"ledger entries of two lines, each in a transaction of its own: {kept:,.0f}/s "
        f"({kept / bare:.0%} of plain inserts of the same rows by SQL, {bare:,.0f}/s)"
    ]


def rate(act: Callable[[int], None]) -> float:
    """How many a second."""
    began = time.monotonic()
    for amount in range(1, ENTRIES + 1):
        act(amount)
    return ENTRIES / (time.monotonic() - began)
