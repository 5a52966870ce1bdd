"""Reference data of the evaluation: dimensions, programmes, indicator sheets, published figures, targets.

All of it is dated data of the pack; only targets are entered in the pages.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.kernel import clock, ids


class TwoNames(models.Model):
    """Something whose name the pack gives in Indonesian and English."""

    name_id = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if (get_language() or "id").startswith("en") else self.name_id


class DatedQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> DatedQuerySet:
        """Rows in force on a local day; both ends count."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def in_year(self, year: int) -> DatedQuerySet:
        """Rows in force on the last day of a calendar year: the mapping that the year's score uses."""
        return self.on(date(year, 12, 31))


class Dimension(TwoNames):
    """One of the six dimensions of the movement, in the order the instrument lists them."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=24, unique=True)
    icon = models.CharField(max_length=40, help_text="name in the lucide set")
    sequence = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("sequence",)


class Programme(models.Model):
    """A Quick Win or flagship programme; its name is a proper name and is not translated."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    icon = models.CharField(
        max_length=40, blank=True, db_default="", help_text="a lucide icon; its dimension's where empty"
    )
    owner_code = models.CharField(max_length=40, blank=True, help_text="code of the owning agency")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="programme_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ProgrammeDimension(models.Model):
    """Which dimension a programme serves, from when to when."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="dimensions")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="programmes")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("dimension__sequence", "programme__code", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "dimension", "valid_from"), name="one_dimension_per_programme_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="mapping_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme.code} {self.dimension.code} {self.valid_from}"


class IndicatorSheet(TwoNames):
    """What an indicator means: unit, kind, direction, and which published series speak of it.

    A published ratio is numerator ÷ denominator of the same period; without a denominator the published
    figure is the numerator itself.
    """

    class Kind(models.TextChoices):
        FLOW = "flow", _("flow")
        STOCK = "stock", _("stock")
        RATIO = "ratio", _("ratio")
        DURATION = "duration", _("duration")

    class Direction(models.TextChoices):
        MORE = "more", _("more is better")
        LESS = "less", _("less is better")
        NEUTRAL = "neutral", _("neither better nor worse")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="indicators")
    unit = models.CharField(max_length=24)
    kind = models.CharField(max_length=8, choices=Kind)
    direction = models.CharField(max_length=7, choices=Direction)
    definition_id = models.TextField()
    definition_en = models.TextField()
    published_numerator = models.CharField(max_length=60, blank=True)
    published_denominator = models.CharField(max_length=60, blank=True)
    sequence = models.PositiveSmallIntegerField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("programme__code", "sequence")

    @property
    def definition(self) -> str:
        """The definition in the language of the page."""
        return self.definition_en if (get_language() or "id").startswith("en") else self.definition_id


class PublishedFigure(models.Model):
    """A figure somebody published about a programme, as published, with its source."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="published")
    series = models.CharField(max_length=60)
    period_start = models.DateField()
    period_end = models.DateField()
    period = models.CharField(max_length=24)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=24)
    published = models.CharField(max_length=10, help_text="day, month or year of publication, ISO 8601")
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("programme__code", "series", "period_start")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "series", "period_start", "period_end"), name="one_figure_per_period"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="figure_period_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.period_start}"

    @property
    def covers_year(self) -> bool:
        """Whether the period is one whole calendar year."""
        year = self.period_start.year
        return (self.period_start, self.period_end) == (date(year, 1, 1), date(year, 12, 31))


class Target(models.Model):
    """What an indicator should reach in a year, and its weight in the dimension (equal until entered)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    indicator = models.ForeignKey(IndicatorSheet, on_delete=models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=20, decimal_places=4)
    weight = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True, help_text="plan or decree that sets it")
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("indicator", "year")
        constraints = (
            models.UniqueConstraint(fields=("indicator", "year"), name="one_target_per_year"),
            models.CheckConstraint(condition=Q(weight=None) | Q(weight__gt=0), name="weight_is_positive"),
        )

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.year}"


class Label(TwoNames):
    """Words for a code of the pack's own: units, published series, periods, groups of categories."""

    domain = models.CharField(max_length=16)
    code = models.CharField(max_length=60)

    class Meta:
        ordering = ("domain", "code")
        constraints = (models.UniqueConstraint(fields=("domain", "code"), name="one_label_per_code"),)
