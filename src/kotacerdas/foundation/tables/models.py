"""Files that somebody wants to import, how their columns are mapped, what is wrong in them and what they would change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.models import Position, User
from kotacerdas.kernel import clock, ids


class Upload(models.Model):
    """One file on its way into a declared sheet.

    sheet       name of the `Sheet`; source a fingerprint of the file's heads, under which its mapping is kept
    sha256      of the file's bytes, which lie sealed on the disk until `dropped_at`
    head        what the reading process said of the file: heads, sheet, evidence, what was noticed
    columns     {column: place}, and for numbers and dates how they are written; empty until known
    refusal     {"code", "given"} where the file cannot be read as a whole
    wrong_lines lines that cannot be taken
    marking_at  when the workbook of wrong rows was asked for, until it is made
    fingerprint of everything that would be changed: what is taken is what was shown
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READING = "reading", _("being read")
        MAPPING = "mapping", _("columns to be named")
        READY = "ready", _("ready to be taken")
        REFUSED = "refused", _("cannot be read")
        TAKING = "taking", _("being taken")
        TAKEN = "taken", _("taken")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    sheet = models.CharField(max_length=60)
    source = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    cancel_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    marking_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    head = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    good = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    sums = models.PositiveIntegerField(default=0)
    wrong_lines = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("sheet", "-created_at"), name="upload_by_sheet"),
            models.Index(fields=("sheet", "sha256"), name="upload_by_bytes"),
        )

    def __str__(self) -> str:
        return f"{self.sheet} {self.id}"


class Mapping(models.Model):
    """How the columns of one kind of file are mapped and written, as somebody chose before."""

    sheet = models.CharField(max_length=60)
    source = models.CharField(max_length=64)
    columns = models.JSONField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "tables_mapping"
        constraints = (models.UniqueConstraint(fields=("sheet", "source"), name="one_mapping_per_source"),)

    def __str__(self) -> str:
        return f"{self.sheet} {self.source[:8]}"


class Problem(models.Model):
    """One cell that cannot be taken, or one row where `column` is ""; words by language: [what, way out]."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField(default=0, help_text="column of the file from 1; 0 is the row")
    column = models.CharField(max_length=60, blank=True)
    given = models.CharField(max_length=120, blank=True)
    words = models.JSONField()

    class Meta:
        ordering = ("line", "place", "id")
        indexes = (models.Index(fields=("upload", "line"), name="problem_by_line"),)

    def __str__(self) -> str:
        return f"{self.upload_id} {self.line}"


class Difference(models.Model):
    """What one row would change: [column, before, after] each; of a row that is new [column, value]."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="differences")
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=160)
    changes = models.JSONField(default=list)

    class Meta:
        ordering = ("line",)

    def __str__(self) -> str:
        return f"{self.upload_id} {self.line}"
