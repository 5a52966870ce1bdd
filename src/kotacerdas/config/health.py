"""Liveness, readiness and metrics."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

_QUEUE_AGE = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(coalesce(scheduled_at, at))), 0)
    FROM procrastinate_jobs JOIN LATERAL (
        SELECT min(e.at) AS at FROM procrastinate_events e WHERE e.job_id = procrastinate_jobs.id
    ) AS first ON true
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
"""
_SEALER_LAG = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(r.recorded_at)), 0)
    FROM journal_row r LEFT JOIN journal_sealed s ON s.row_id = r.id
    WHERE s.row_id IS NULL AND r.recorded_at > now() - interval '1 day'
"""
_CLOCK_LAG = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(next_look_at)), 0)
    FROM cases_caseclock WHERE state = 'running' AND next_look_at <= now()
"""
_FOLLOWER_LAG = """
    SELECT coalesce((SELECT max(position) FROM journal_sealed), 0) - coalesce(max(position), 0), 0
    FROM journal_cursor WHERE name = 'indicators'
"""
_UNSENT = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)
    FROM notify_message WHERE state IN ('failed', 'unknown')
"""
_UNCOUNTED = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(at)), 0) FROM telemetry_batch
    WHERE xid > (SELECT min(xid) FROM telemetry_cursor)
"""
_SET_ASIDE = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(first_at)), 0) FROM jobs_set_aside
"""
_PARKED = "SELECT count(*), 0 FROM indicators_parked"
_FAILED_JOBS = "SELECT count(*), 0 FROM procrastinate_jobs WHERE status = 'failed'"
LEAST_FREE = 64 * 1024 * 1024  # less, and the next photos may not fit
_MEGABYTE = 1024 * 1024
_MEASURES = (
    ("observations", "batches of observations not counted yet", "telemetry_batch", _UNCOUNTED),
    ("set_aside", "items that a loop failed at and tries again later", "jobs_set_aside", _SET_ASIDE),
    ("parked", "sealed rows that an indicator could not count", "indicators_parked", _PARKED),
    ("failed_jobs", "jobs that were given up", "procrastinate_jobs", _FAILED_JOBS),
    ("messages", "messages that failed or whose fate is unknown", "notify_message", _UNSENT),
    ("queue", "jobs that are due and not taken", "procrastinate_jobs", _QUEUE_AGE),
    ("sealer", "journal rows not sealed yet", "journal_sealed", _SEALER_LAG),
    ("clocks", "promises whose time has come and nobody looked", "cases_caseclock", _CLOCK_LAG),
    ("indicators", "sealed rows not counted yet", "journal_cursor", _FOLLOWER_LAG),
)


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the store answers and has every migration; 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return HttpResponse("the store does not answer\n", status=503, content_type="text/plain")
    if missing:
        return HttpResponse(f"{missing} migrations are missing\n", status=503, content_type="text/plain")
    lines = ["ready", *_no_room(), *_set_aside()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def _no_room() -> list[str]:
    """Folders whose disk is full: the house goes on without photos, so it stays ready, and says so."""
    folders: dict[str, str | Path] = {
        "photos": settings.MEDIA_ROOT,
        "uploads": settings.SPOOL_FOLDER or tempfile.gettempdir(),
    }
    return [
        f"no room for {what}: {_free(folder) // _MEGABYTE} MB left"
        for what, folder in folders.items()
        if _free(folder) < LEAST_FREE
    ]


def _free(folder: str | Path) -> int:
    """Bytes that may still be written below a folder, whether it is there yet or not."""
    there = next((one for one in (Path(folder), *Path(folder).parents) if one.exists()), Path("/"))
    found = os.statvfs(there)
    return found.f_bavail * found.f_frsize


def _set_aside() -> list[str]:
    """What loops failed at and wait to try again, by loop."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT loop, count(*) FROM jobs_set_aside GROUP BY loop ORDER BY loop")
        return [f"{count} set aside in the loop {loop}" for loop, count in cursor.fetchall()]


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text for `Authorization: Bearer <KOTACERDAS_METRICS_TOKEN>`; without a token there is no such page.

    The address that asks proves nothing: behind a proxy that nobody declared, all come from this machine.
    """
    if not _has_token(request):
        raise Http404
    registry = CollectorRegistry()
    free = Gauge("kotacerdas_photos_free_bytes", "room left for photos", registry=registry)
    free.set(_free(settings.MEDIA_ROOT))
    for name, words, table, query in _MEASURES:
        found = _measure(table, query)
        if found is not None:
            Gauge(f"kotacerdas_{name}_waiting", words, registry=registry).set(found[0])
            Gauge(f"kotacerdas_{name}_age_seconds", f"age of the oldest: {words}", registry=registry).set(
                found[1]
            )
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _measure(table: str, query: str) -> tuple[float, float] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute(query)
        count, age = cursor.fetchone()
        return float(count), max(0.0, float(age))


def _has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    return bool(token) and secrets.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")
