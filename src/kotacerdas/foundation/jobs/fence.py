"""Fences of loops: when one item fails, its error is stored and the loop goes on with the others.

    fence = Fence("files")
    for file_id in overdue.exclude(id__in=fence.waiting()):
        with fence.around(str(file_id)):
            delete(file_id)

An item that failed is tried again after 10 s, doubling up to the fence's longest wait. What is set aside is
counted in `/metrics` and listed for the operator. A lost connection to the store is nobody's failure: it is
raised, for the loop to wait.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

FIRST_WAIT_SECONDS = 10
LONGEST_WAIT_SECONDS = 3600
_WRITE = """
    INSERT INTO jobs_set_aside AS a (loop, item, error, tries, first_at, last_at, next_at)
    VALUES (%(loop)s, %(item)s, %(error)s, 1, statement_timestamp(), statement_timestamp(),
            statement_timestamp() + make_interval(secs => LEAST(%(first)s, %(longest)s)))
    ON CONFLICT (loop, item) DO UPDATE SET
        error = excluded.error, tries = a.tries + 1, last_at = statement_timestamp(),
        next_at = statement_timestamp()
            + make_interval(secs => LEAST(%(first)s * power(2, LEAST(a.tries, 20)), %(longest)s))
    RETURNING tries
"""
log = structlog.get_logger(__name__)


class Fence:
    """The fence of one loop. Safe to use in several processes at once."""

    def __init__(self, loop: str, *, longest_seconds: int = LONGEST_WAIT_SECONDS) -> None:
        self.loop = loop
        self.longest_seconds = longest_seconds
        self._failed: set[str] = set()

    def waiting(self) -> list[str]:
        """Items that failed and must wait before the next try. Call it once a round, before choosing items."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT item, next_at IS NULL OR next_at > clock_timestamp() FROM jobs_set_aside WHERE loop = %s",
                [self.loop],
            )
            rows = cursor.fetchall()
        self._failed = {item for item, _ in rows}
        return [item for item, waits in rows if waits]

    @contextmanager
    def around(
        self, item: str, *, longest_seconds: int | None = None, in_transaction: bool = True
    ) -> Iterator[None]:
        """A transaction around one item. On an error it is rolled back and the item is set aside; the loop goes on.

        longest_seconds  the longest wait for this item, where it differs from the fence's
        in_transaction   no for an item that asks somebody outside: nothing may be locked meanwhile
        """
        try:
            with transaction.atomic() if in_transaction else nullcontext():
                yield
                if item in self._failed:
                    self.forget(item)
        except Exception as error:
            if isinstance(error, (OperationalError, InterfaceError)) and _store_is_lost(error):
                raise
            self.set_aside(item, error, longest_seconds=longest_seconds)

    def set_aside(self, item: str, error: Exception, *, longest_seconds: int | None = None) -> None:
        """Write down that an item failed, and when to try again."""
        longest = self.longest_seconds if longest_seconds is None else longest_seconds
        given: dict[str, str | int] = {
            "loop": self.loop,
            "item": item[:120],
            "error": place_of(error),
            "first": FIRST_WAIT_SECONDS,
            "longest": longest,
        }
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, given)
            tries = cursor.fetchone()[0]
        self._failed.add(item)
        log.error("set_aside", loop=self.loop, item=item, tries=tries, exc_info=error)

    def forget(self, item: str) -> None:
        """Forget an item's failures: it succeeded, or is gone."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM jobs_set_aside WHERE loop = %s AND item = %s", [self.loop, item])
        self._failed.discard(item)


def try_now(loop: str = "") -> None:
    """Let items that were set aside (by one loop, or all) be tried again at the next round."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_set_aside SET next_at = clock_timestamp() WHERE %s IN ('', loop)", [loop])


def _store_is_lost(error: Exception) -> bool:
    """Whether the connection itself is gone (SQLSTATE 08…, 57P…, or none); a deadlock or a timeout is the item's own."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def place_of(error: BaseException) -> str:
    """`ValueError at cases/clocks.py:120`: the innermost line of ours, without the error's message."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/kotacerdas/" in frame.filename]
    where = ""
    if ours:
        path = ours[-1].filename.rsplit("/kotacerdas/", 1)[1]
        where = f" at {path}:{ours[-1].lineno}"
    return f"{type(error).__name__}{where}"[:200]
