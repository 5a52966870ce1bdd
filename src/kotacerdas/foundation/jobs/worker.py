"""The worker role: runs jobs, and takes back those of workers that died.

A killed worker leaves its jobs marked as being done. Workers write a heartbeat; whoever sees a
heartbeat stand still puts that worker's jobs back in the queue.
"""

from __future__ import annotations

import asyncio
import threading

import structlog
from procrastinate import App
from procrastinate.contrib.django import app

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 20.0
POLL_SECONDS = 1.0
KEEP_DONE_HOURS = 72


def run(stop: threading.Event) -> None:
    """Work until told to stop; jobs under way may finish."""
    asyncio.run(_run(stop))


def run_until_empty() -> None:
    """Do everything that is due and return: for commands and tests."""

    async def run_due() -> None:
        async with _opened().open_async() as worker:
            await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(run_due())


async def take_back_orphans(worker: App) -> int:
    """Put jobs of dead workers back in the queue; how many."""
    stalled = list(await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS))
    back = 0
    for lost in stalled:
        try:
            await worker.job_manager.retry_job(lost)
            back += 1
            log.warning("job_taken_back", job=lost.id, task=lost.task_name)
        except Exception:  # tried again at the next sweep; the others come back now
            log.exception("job_not_taken_back", job=lost.id, task=lost.task_name)
    return back


async def _run(stop: threading.Event) -> None:
    async with _opened().open_async() as worker:
        running = asyncio.create_task(
            worker.run_worker_async(
                concurrency=2,
                install_signal_handlers=False,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                shutdown_graceful_timeout=10,
                delete_jobs="never",
            )
        )
        sweeping = asyncio.create_task(_sweep(worker))
        watching = asyncio.create_task(asyncio.to_thread(stop.wait))
        done, _ = await asyncio.wait({running, sweeping, watching}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        sweeping.cancel()
        running.cancel()
        await asyncio.gather(running, sweeping, return_exceptions=True)
        for task in done - {watching}:
            task.result()


async def _sweep(worker: App) -> None:
    while True:
        await take_back_orphans(worker)
        await worker.job_manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS)
        await asyncio.sleep(HEARTBEAT_SECONDS)


def _opened() -> App:
    connector = app.connector
    worker_connector = connector.get_worker_connector()  # type: ignore[attr-defined]
    return app.with_connector(worker_connector)
