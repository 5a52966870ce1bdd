"""The job queue: declare a job with `@job`, call it with `.defer(...)` inside the transaction.

The queue is procrastinate's, in the same database, so a deferred job is part of the transaction that
needs it: a transactional outbox. Jobs run at least once; each must stand being run twice. Arguments
are ids only. Declare jobs in an app's `tasks.py`, which is imported at start.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from kotacerdas.kernel.inserts import insert_text

__all__ = ["insert_and_defer", "job", "wake"]

_CHANNEL = "procrastinate_any_queue_v1"
_DEFER = """
    SELECT procrastinate_defer_jobs_v1(array_agg(
        ROW(%s, %s, %s, %s, %s, jsonb_build_object(%s::text, id::text), NULL)::procrastinate_job_to_defer_v1
    )) FROM made HAVING count(*) > 0
"""


class Patience(BaseRetryStrategy):
    """Try again after 3, 9, 27 … seconds, then every half hour, for two days."""

    LONGEST_SECONDS = 1800
    ATTEMPTS = 100

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None when it has been tried long enough."""
        if job.attempts >= self.ATTEMPTS:
            return None
        wait = min(3 ** min(job.attempts + 1, 8), self.LONGEST_SECONDS)
        return RetryDecision(retry_in={"seconds": wait})


def job(name: str, *, lock: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Declare a job under a stable name; what it raises is tried again with `Patience`.

    lock  jobs that share a lock never run side by side
    """
    return app.task(name=name, retry=Patience(), lock=lock)


def insert_and_defer(rows: Sequence[Model], task: Task[Any, Any, Any], argument: str) -> None:
    """Insert new rows of one table, and defer a job for each, by one statement; a row that is there already gets none.

    argument  under which the job is given the row's id
    """
    if not rows:
        return
    text, values = insert_text(type(rows[0]), rows)
    job_values: list[Any] = [task.queue, task.name, task.priority, task.lock, task.queueing_lock, argument]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH made AS ({text} ON CONFLICT DO NOTHING RETURNING id) {_DEFER}",
            [*values, *job_values],
        )


def wake() -> None:
    """Wake the workers when the current transaction commits.

    The queue's own trigger would notify once per job, which halves commit throughput; it is dropped
    by this room's first migration, and the sealer calls this once a block.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, %s) WHERE EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo')",
            [_CHANNEL, json.dumps({"type": "job_inserted", "job_id": 0})],
        )
