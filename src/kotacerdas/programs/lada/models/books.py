"""Semesters whose books are locked, with each good's depreciation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

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


class Depreciation(models.Model):
    """A good's depreciation in a locked semester, with the lines of arithmetic that explain it."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="lines")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="depreciation")
    amount = models.BigIntegerField()
    accumulated = models.BigIntegerField()
    book = models.BigIntegerField()
    lines = models.JSONField(default=list)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    card = models.CharField(max_length=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("period", "asset"), name="depreciated_once"),)

    def __str__(self) -> str:
        return f"{self.period_id} {self.asset_id}"
