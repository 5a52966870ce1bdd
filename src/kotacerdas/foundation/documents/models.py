"""Papers with a number: what was issued, by whom, for what, and the fingerprint of its bytes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.kernel import clock, ids


class Document(models.Model):
    """One issued paper. Its bytes never change; a mistake is revoked, and another one is issued.

    kind      of a declared `DocumentKind`; template is the fingerprint of what it was made with
    code      by which anybody checks it: 60 random bits, on the paper as a QR
    sha256    of the PDF as issued; signed_sha256 of the electronically signed one, where there is one
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    code = models.CharField(max_length=16, unique=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    language = models.CharField(max_length=8, default="id")
    template = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField()
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="documents")
    issued_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=clock.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="document_subject"),)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "number"), condition=Q(revoked_at=None), name="one_document_per_number"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_why=""), name="revoked_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Series(models.Model):
    """The last number of a kind in a year; without gaps, so that a missing paper is noticed."""

    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "year"), name="one_series_per_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"
