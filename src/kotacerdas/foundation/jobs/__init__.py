"""The work queue behind one small face: declare with `@job`, call with `.defer(...)`, in the transaction.

The queue is procrastinate's, in the same database, so a deferred job is part of the transaction that
needs it: a transactional outbox. Jobs run at least once; each must stand being run twice. Arguments
are ids only. Declare jobs in an app's `tasks.py`, which is imported at start.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

__all__ = ["job", "wake"]

_CHANNEL = "procrastinate_any_queue_v1"


def job(name: str, *, attempts: int = 8, lock: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Declare a job under a stable name.

    attempts  tries in all, with exponentially longer waits between them (3 s, 9 s, 27 s, …)
    lock      jobs that share a lock never run side by side
    """
    retry = RetryStrategy(max_attempts=attempts, exponential_wait=3)
    return app.task(name=name, retry=retry, lock=lock)


def wake() -> None:
    """Tell the workers to look, on commit of the current transaction.

    The queue's own trigger would notify once per job, which halves commit throughput; it is dropped
    by this room's first migration, and the sealer calls this once a block.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, %s) WHERE EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo')",
            [_CHANNEL, json.dumps({"type": "job_inserted", "job_id": 0})],
        )
