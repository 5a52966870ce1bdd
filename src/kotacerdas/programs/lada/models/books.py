"""Semesters whose books are locked, with each good's depreciation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.models import Agency, Position, User
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.lada.models.goods import Asset


class Period(models.Model):
    """A semester whose books are locked: no event of its days, or of days before, is written any more.

    half   1 or 2; figures  sums by card in whole rupiah, as they were locked
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    year = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField()
    locked_at = models.DateTimeField(default=clock.now)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ("year", "half")
        constraints = (
            models.UniqueConstraint(fields=("year", "half"), name="locked_once"),
            models.CheckConstraint(condition=Q(half__in=(1, 2)), name="a_year_has_two_halves"),
        )

    def __str__(self) -> str:
        return f"{self.year}/{self.half}"


class Figures(models.Model):
    """A good's depreciation in a semester, with the lines of arithmetic that explain it, and whose it was at its end."""

    amount = models.BigIntegerField()
    accumulated = models.BigIntegerField()
    book = models.BigIntegerField()
    lines = models.JSONField(default=list)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    card = models.CharField(max_length=1)

    class Meta:
        abstract = True


class Depreciation(Figures):
    """A good's depreciation in a locked semester."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="lines")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="depreciation")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("period", "asset"), name="depreciated_once"),)

    def __str__(self) -> str:
        return f"{self.period_id} {self.asset_id}"


class Locking(models.Model):
    """A lock that was asked for, and how far it is. The period is there only once all of it is done.

    done, total     goods whose figures are worked out, and all of them
    since           the newest event of the ledger when it began: goods with later ones are reckoned anew at the end
    reached         the good up to which the figures are there; None: none yet
    rules           a digest of the rules of the pack that it goes by
    error, about    code of what went wrong, and the goods code that it is about
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting")
        RUNNING = "running", _("being worked out")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    year = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    since = models.BigIntegerField(default=0)
    reached = models.UUIDField(null=True, blank=True)
    rules = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=120)
    post = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=18, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("year", "half"),
                condition=Q(state__in=("asked", "running")),
                name="one_locking_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}/{self.half} {self.state}"


class LockingLine(Figures):
    """A figure of a lock under way; it goes once the lock has ended, however it did."""

    locking = models.ForeignKey(Locking, on_delete=models.CASCADE, related_name="lines_so_far")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    value = models.BigIntegerField()
    is_intra = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("locking", "asset"), name="one_figure_in_a_locking"),)

    def __str__(self) -> str:
        return f"{self.locking_id} {self.asset_id}"
