"""Instruments as versioned data of the pack: measures, weights by year, rubric, classes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.insight.evaluation.models.reference import DatedQuerySet, TwoNames
from kotacerdas.kernel import ids


class Instrument(TwoNames):
    """How something is measured: a scale, how a result is rounded, and how many assess.

    scale_from, scale_to, step   the values a score may have
    factor       the index is the weighted mean times this (IKM: 25)
    rounding     how the index is shown with `places` decimals; it is stored unrounded
    other_weight a weight that some sources use instead of the exact one; its result is shown beside
    """

    class Kind(models.TextChoices):
        PANEL = "panel", _("scored by a panel")
        SURVEY = "survey", _("answered by citizens")

    class Rounding(models.TextChoices):
        HALF_UP = "half_up", _("half is rounded up")
        HALF_EVEN = "half_even", _("half is rounded to the even digit")
        DOWN = "down", _("further digits are cut off")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=24)
    version = models.CharField(max_length=16)
    kind = models.CharField(max_length=8, choices=Kind)
    scale_from = models.DecimalField(max_digits=5, decimal_places=2)
    scale_to = models.DecimalField(max_digits=5, decimal_places=2)
    step = models.DecimalField(max_digits=5, decimal_places=2)
    assessors = models.PositiveSmallIntegerField(default=0)
    factor = models.DecimalField(max_digits=6, decimal_places=2, default=1)
    rounding = models.CharField(max_length=9, choices=Rounding)
    places = models.PositiveSmallIntegerField()
    other_weight = models.DecimalField(max_digits=6, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("code", "version")
        constraints = (models.UniqueConstraint(fields=("code", "version"), name="one_instrument_version"),)

    @property
    def key(self) -> str:
        """Code and version, as the pack's other files name it."""
        return f"{self.code}/{self.version}"


class Measure(TwoNames):
    """One measure (or element of a survey) of an instrument. `question` is what assessors are asked."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField(max_length=24)
    question_id = models.CharField(max_length=300, blank=True)
    question_en = models.CharField(max_length=300, blank=True)
    takes_figures = models.BooleanField(default=False)
    sequence = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("instrument", "sequence")
        constraints = (models.UniqueConstraint(fields=("instrument", "code"), name="one_measure_per_code"),)

    @property
    def question(self) -> str:
        """The question in the language of the page."""
        return self.question_en if (get_language() or "id").startswith("en") else self.question_id


class MeasureWeight(models.Model):
    """The weight of a measure from a year on; None: all measures weigh the same, exactly 1/n."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="weights")
    from_year = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("measure", "from_year"), name="one_weight_per_year"),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gt=0), name="measure_weight_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure.code} {self.from_year}"


class Level(models.Model):
    """What a whole level of a measure means: the rubric."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="levels")
    level = models.PositiveSmallIntegerField()
    text_id = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)

    class Meta:
        ordering = ("measure", "-level")
        constraints = (models.UniqueConstraint(fields=("measure", "level"), name="one_text_per_level"),)

    def __str__(self) -> str:
        return f"{self.measure.code} {self.level}"

    @property
    def text(self) -> str:
        """The words in the language of the page."""
        return self.text_en if (get_language() or "id").startswith("en") else self.text_id


class ScoreClass(TwoNames):
    """A class of the rounded index; both ends count."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="classes")
    code = models.CharField(max_length=8)
    low = models.DecimalField(max_digits=7, decimal_places=4)
    high = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        ordering = ("instrument", "-low")
        constraints = (models.UniqueConstraint(fields=("instrument", "code"), name="one_class_per_code"),)
