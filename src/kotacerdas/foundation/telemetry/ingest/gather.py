"""Gathers messages over all connections and commits them together; only then are they acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from kotacerdas.foundation.telemetry.ingest.batch import Aside, Batch, write
from kotacerdas.foundation.telemetry.ingest.registry import Registry
from kotacerdas.foundation.telemetry.store.listening import BEAT_SECONDS, beat
from kotacerdas.kernel import clock

GATHER_SECONDS = 0.002  # what comes within this long is written together
MOST_ROWS = 20_000  # of one batch; nobody is read from while so many wait
_REFRESH_SECONDS = 1.0
_RETRY_SECONDS = (0.1, 0.3, 1.0, 2.0)
_WITHOUT_LOOKING = 50  # batches written with a look, after one that held a repeat

log = structlog.get_logger(__name__)


class Waiting(Protocol):
    """Somebody who waits for a commit."""

    def committed(self, acknowledgements: bytes) -> None:
        """All that was gathered of them is in the store."""


class Gatherer:
    """One per process. Everything but `_commit` runs in the event loop; `_commit` in a thread of its own."""

    def __init__(
        self, name: str, registry: Registry, refreshed: Callable[[bool], None] = lambda _changed: None
    ) -> None:
        self.name = name
        self.registry = registry
        self.batch = Batch()
        self.waiting: dict[Waiting, bytearray] = {}
        self.committed_rows = 0
        self._refreshed = refreshed
        self._thread = ThreadPoolExecutor(1, "writer")
        self._something = asyncio.Event()
        self._looked_at = 0.0
        self._beat_at = -BEAT_SECONDS
        self._looking = 0
        self._wanted = False

    @property
    def is_full(self) -> bool:
        return len(self.batch.rows) >= MOST_ROWS

    def acknowledge(self, who: Waiting, acknowledgement: bytes) -> None:
        """Send this to them once what is gathered now is committed."""
        known = self.waiting.get(who)
        if known is None:
            self.waiting[who] = bytearray(acknowledgement)
        else:
            known += acknowledgement
        self._something.set()

    def look_now(self) -> None:
        """Read the registry at once: somebody unknown is at the door."""
        self._wanted = True
        self._something.set()

    def note(self) -> None:
        """Something was gathered for which nobody waits."""
        self._something.set()

    async def run(self) -> None:
        """Commit what is gathered, until cancelled. What is lost to a crash was never acknowledged."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                await asyncio.wait_for(self._something.wait(), _REFRESH_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
            except TimeoutError:
                pass
            await self._round(loop)

    async def _round(self, loop: asyncio.AbstractEventLoop) -> None:
        self._something.clear()
        batch, waiting = self.batch, self.waiting
        self.batch, self.waiting = Batch(), {}
        if batch:
            await self._persist(loop, batch)
            self.committed_rows += len(batch.rows)
        if self._wanted or time.monotonic() - self._looked_at > _REFRESH_SECONDS:
            self._wanted, self._looked_at = False, time.monotonic()
            self._refreshed(await self._refresh(loop))
        for who, acknowledgements in waiting.items():
            who.committed(bytes(acknowledgements))

    async def _persist(self, loop: asyncio.AbstractEventLoop, batch: Batch) -> None:
        """Commit, however long the store is away. A batch that the store refuses is divided until the part is found."""
        tries = 0
        while True:
            try:
                await loop.run_in_executor(self._thread, self._commit, batch)
                return
            except (OperationalError, InterfaceError):
                wait = _RETRY_SECONDS[min(tries, len(_RETRY_SECONDS) - 1)]
                log.warning("ingest_store_lost", rows=len(batch.rows), again_in=wait, exc_info=tries == 0)
                tries += 1
                await asyncio.sleep(wait)
            except Exception as error:  # whatever it is, it stops nobody but the part that it is in
                log.exception("ingest_batch_refused", rows=len(batch.rows))
                for part in _halves(batch, error):
                    await self._persist(loop, part)
                return

    def _commit(self, batch: Batch) -> None:
        came = clock.now()
        direct = not self._looking
        self._looking = max(0, self._looking - 1)
        try:
            _in_one_transaction(batch, came, direct=direct)
        except IntegrityError:
            if not direct:
                raise
            self._looking = _WITHOUT_LOOKING
            _in_one_transaction(batch, came, direct=False)
        except (OperationalError, InterfaceError):
            connection.close()
            raise

    async def _refresh(self, loop: asyncio.AbstractEventLoop) -> bool:
        try:
            return await loop.run_in_executor(self._thread, self._read_registry)
        except Exception:
            log.warning("ingest_registry_not_read", exc_info=True)
            return False

    def _read_registry(self) -> bool:
        try:
            if time.monotonic() - self._beat_at > BEAT_SECONDS:
                beat(self.name)
                self._beat_at = time.monotonic()
            return self.registry.refresh()
        except (OperationalError, InterfaceError):
            connection.close()
            raise

    async def stop(self) -> None:
        """Commit what is gathered, for at most a few seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._round(asyncio.get_running_loop()), 5)
        self._thread.submit(lambda: connection.close())
        await asyncio.to_thread(self._thread.shutdown)


def _in_one_transaction(batch: Batch, came: datetime, *, direct: bool) -> None:
    keyed = dict(batch.rows) if batch.keyed else None  # a rolled back try must not leave its rows behind
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            write(cursor, batch, came, direct=direct)
    except BaseException:
        if keyed is not None:
            batch.rows = keyed
        raise


def _halves(batch: Batch, error: Exception) -> list[Batch]:
    """Smaller batches of the same; one that cannot be divided any more becomes a line in the quarantine."""
    rows, keyed, aside, seen = (list(batch.rows.items()), list(batch.keyed.items()), batch.aside, batch.seen)
    if len(rows) + len(keyed) + len(aside) + len(seen) <= 1:
        if aside:
            return []
        detail = f"{type(error).__name__} {rows or [key for key, _ in keyed]}"
        return [Batch(aside=[Aside("store", "", "refused", detail=detail)])]
    kinds = [
        [Batch(rows=dict(part)) for part in _cut(rows)],
        [Batch(keyed=dict(part)) for part in _cut(keyed)],
        [Batch(aside=part) for part in _cut(aside)],
        [Batch(seen=dict(part)) for part in _cut(list(seen.items()))],
    ]
    return [one for parts in kinds for one in parts]


def _cut(given: list) -> list[list]:
    middle = len(given) // 2
    return [part for part in (given[:middle], given[middle:]) if part]
