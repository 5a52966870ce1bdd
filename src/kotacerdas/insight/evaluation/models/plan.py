"""The master plan with its versions, and budgets in the words of SIPD."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from kotacerdas.insight.evaluation.models.reference import (
    DatedQuerySet,
    Dimension,
    IndicatorSheet,
    Programme,
    TwoNames,
)
from kotacerdas.kernel import ids


class SubDimension(TwoNames):
    """A part of a dimension, as the master plan divides it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="parts")
    code = models.CharField(max_length=24, unique=True)
    sequence = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("dimension__sequence", "sequence")


class Plan(TwoNames):
    """One version of the master plan. A new version is a new row; the old one ends and stays readable."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=24, unique=True)
    vision_id = models.TextField(blank=True)
    vision_en = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="plan_ends_after_start"
            ),
        )

    @property
    def vision(self) -> str:
        """The vision in the language of the page; empty where the pack has none."""
        return self.vision_en if (get_language() or "id").startswith("en") else self.vision_id


class PlanIndicator(models.Model):
    """An indicator's place in a version of the plan. What is not known is empty, never 0.

    costed  whether a programme's spending is divided by this indicator's results
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="indicators")
    indicator = models.ForeignKey(IndicatorSheet, on_delete=models.PROTECT, related_name="places")
    part = models.ForeignKey(
        SubDimension, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    baseline = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    owner_code = models.CharField(max_length=40, blank=True)
    sdgs = models.CharField(max_length=40, blank=True, help_text="numbers of goals, parted by semicolons")
    costed = models.BooleanField(default=False)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ("indicator__programme__code", "indicator__sequence")
        constraints = (models.UniqueConstraint(fields=("plan", "indicator"), name="one_place_per_plan"),)

    def __str__(self) -> str:
        return f"{self.plan.code} {self.indicator.code}"


class PlanTarget(models.Model):
    """What a version of the plan wants an indicator to reach in a year."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    place = models.ForeignKey(PlanIndicator, on_delete=models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        ordering = ("year",)
        constraints = (
            models.UniqueConstraint(fields=("place", "year"), name="one_plan_target_per_year"),
            models.CheckConstraint(condition=Q(value__gt=0), name="plan_target_positive"),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.year}"


class Budget(models.Model):
    """A line of a programme's budget in a year: sub-kegiatan and account as SIPD codes them; whole rupiah.

    None is not known. What was realised is never more than what was budgeted last.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="budgets")
    year = models.PositiveSmallIntegerField()
    activity = models.CharField(max_length=40, help_text="code of the sub-kegiatan")
    activity_name = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=40, help_text="code of the account")
    planned = models.BigIntegerField(null=True, blank=True)
    revised = models.BigIntegerField(null=True, blank=True)
    realised = models.BigIntegerField(null=True, blank=True)
    as_of = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    from_pack = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("programme__code", "year", "activity", "account")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "year", "activity", "account"), name="one_budget_line"
            ),
            models.CheckConstraint(
                condition=(Q(planned=None) | Q(planned__gte=0))
                & (Q(revised=None) | Q(revised__gte=0))
                & (Q(realised=None) | Q(realised__gte=0)),
                name="budget_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme.code} {self.year} {self.activity}"

    @property
    def budgeted(self) -> int | None:
        """What holds now: the revised budget, else the planned one."""
        return self.planned if self.revised is None else self.revised
