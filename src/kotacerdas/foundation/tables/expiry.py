"""Files that nobody took are dropped after a week; of taken ones the bytes and single cells after a month."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.tables.actions import drop
from kotacerdas.foundation.tables.models import Upload
from kotacerdas.kernel import clock

KEPT_DAYS, KEPT_TAKEN_DAYS = 7, 30
_BATCH = 50
_State = Upload.State
_fence = Fence("tables.expiry")


def forget_uploads() -> None:
    """Drop what is past its time; the row of a taken file stays, with its fingerprint and its counts."""
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


TICKS = (forget_uploads,)
