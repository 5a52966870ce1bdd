"""Expiry: files not imported go after a week; of imported ones the bytes and single cells go after a month.

Bytes on the disk without a row (a start that was interrupted between the two) go after a day.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import Q

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.tables import storage
from kotacerdas.foundation.tables.actions import drop
from kotacerdas.foundation.tables.models import Upload
from kotacerdas.kernel import clock

KEPT_DAYS, KEPT_TAKEN_DAYS = 7, 30
ORPHAN_SECONDS, SWEEP_SECONDS = 86_400.0, 600.0
_BATCH, _SWEPT_AT_ONCE = 50, 500
_swept_at = float("-inf")
_State = Upload.State
_fence = Fence("tables.expiry")


def forget_uploads() -> None:
    """Delete expired files; the row of an imported file stays, with its fingerprint and its counts."""
    now = clock.now()
    old = Upload.objects.filter(
        Q(created_at__lt=now - timedelta(days=KEPT_DAYS)) & ~Q(state=_State.TAKEN)
        | Q(taken_at__lt=now - timedelta(days=KEPT_TAKEN_DAYS)),
        dropped_at=None,
    )
    waiting = _fence.waiting()
    for upload in old.exclude(pk__in=waiting).order_by("created_at")[:_BATCH]:
        with _fence.around(str(upload.pk)):
            if upload.state != _State.TAKEN:
                Upload.objects.filter(pk=upload.pk).update(state=_State.CANCELLED)
            drop(upload)


def sweep_orphans() -> int:
    """Remove files that are older than a day and belong to no upload; how many were removed."""
    before = clock.now().timestamp() - ORPHAN_SECONDS
    old = [path for path in storage.folder().glob("*/*") if _changed(path) < before]
    removed = 0
    for first in range(0, len(old), _SWEPT_AT_ONCE):
        chunk = {path: _upload_of(path) for path in old[first : first + _SWEPT_AT_ONCE]}
        ids = [one for one in chunk.values() if one is not None]
        stored = set(Upload.objects.filter(pk__in=ids, dropped_at=None).values_list("pk", flat=True))
        for path, one in chunk.items():
            if one not in stored:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def sweep_now_and_then() -> None:
    """Sweep at most every ten minutes, in whichever process comes first."""
    global _swept_at
    if time.monotonic() - _swept_at < SWEEP_SECONDS:
        return
    _swept_at = time.monotonic()
    sweep_orphans()


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime if path.is_file() else float("inf")
    except OSError:
        return float("inf")


def _upload_of(path: Path) -> UUID | None:
    """The upload that a file is named by; None for another name, as that of a file half written."""
    try:
        return UUID(hex=path.name.partition(".")[0].partition("-")[0])
    except ValueError:
        return None


TICKS = (forget_uploads, sweep_now_and_then)
