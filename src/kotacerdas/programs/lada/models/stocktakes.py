"""Stocktakes: what was expected, what was found, and what is followed up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.lada.models.goods import Asset, Room


class Session(models.Model):
    """A stocktake of an agency: which rooms or area, by whom, until when.

    number   INV-2026-0017; rooms  those that are counted, as they were when it began
    figures  its sums as it was closed, and what the goods count as that nobody scanned (`rest`)
    """

    class State(models.TextChoices):
        OPEN = "open", _("running")
        CLOSED = "closed", _("closed and locked")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="stocktakes")
    name = models.CharField(max_length=120)
    area_code = models.CharField(max_length=16, blank=True)
    rooms = models.ManyToManyField(Room, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-opened_at",)

    def __str__(self) -> str:
        return self.number


class SessionTeam(models.Model):
    """Who counts in a stocktake, and in which rooms; without a room: everywhere in it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="teams")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("session", "user", "room"), name="once_in_a_stocktake", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.user_id}"


class Expected(models.Model):
    """A good that a stocktake expects, and in which room, as it was when the session began."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="expected")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("session", "asset"), name="expected_once"),)

    def __str__(self) -> str:
        return f"{self.session_id} {self.asset_id}"


class Scan(models.Model):
    """What somebody found, or did not find, in a stocktake: kept as it came; of a good the newest by `at` counts.

    asset     None for a thing without a known label, or one that nobody recorded: `words` say what it is
    is_there  False: looked for and not found
    classes   result classes (see `stocktake.classes`); several at once
    is_late   it came from a phone after the stocktake was closed: kept, and not counted
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="scans")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="scans")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_there = models.BooleanField(default=True)
    is_late = models.BooleanField(default=False)
    condition = models.CharField(max_length=5, blank=True)
    classes = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    came_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    photo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("session", "asset", "-at"), name="scan_newest"),)

    def __str__(self) -> str:
        return f"{self.session_id} {self.at}"


class Finding(models.Model):
    """What the header does not know of a finding: the session, the good (None: unrecorded), what was found."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="asset_finding"
    )
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="findings")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    scan = models.ForeignKey(Scan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    classes = models.JSONField(default=list)
    outcome = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id}"
