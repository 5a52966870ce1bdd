"""Photos and documents: content-addressed bytes on disk, and who may still claim them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models

from kotacerdas.kernel import clock, ids

PDF = "application/pdf"
EARLIEST, LATEST = datetime(1989, 12, 31, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class StoredFile(models.Model):
    """One checked file: a photo, made anew, or a document (PDF), as it came. `sha256` names its bytes.

    Equal bytes are stored once. An upload waits under its draft's key until a case claims it; unclaimed ones go after 24 hours.
    `lat`/`lng` is the place the camera wrote, kept apart from the bytes, from which it is stripped.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=40)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    draft_key = models.CharField(max_length=64, blank=True, db_index=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(taken_at=None) | models.Q(taken_at__gte=EARLIEST, taken_at__lt=LATEST),
                name="files_taken_at_can_be",
            ),
        )

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"

    @property
    def is_document(self) -> bool:
        return self.media_type == PDF
