"""Rounds of an evaluation: items of agencies, their figures and evidence, what is frozen at the end."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.insight.evaluation.models.instruments import Instrument, Measure
from kotacerdas.insight.evaluation.models.reference import Dimension, IndicatorSheet
from kotacerdas.kernel import clock, ids


class Round(models.Model):
    """One evaluation of a year. `index` is exact, as a fraction like 663/200.

    frozen_position  up to where rows of the journal were counted, in the order they arrived
    key_sealed       private half of the round's own key, made at the closing, sealed as a field
    """

    class State(models.TextChoices):
        ASSESSING = "assessing", _("self-assessment and evidence")
        SCORING = "scoring", _("blind scoring")
        CONSENSUS = "consensus", _("consensus")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    year = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField(default=1)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=10, choices=State, default=State.ASSESSING)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    is_demo = models.BooleanField(default=False)
    score_until = models.DateField()
    opened_at = models.DateTimeField(default=clock.now)
    scoring_at = models.DateTimeField(null=True, blank=True)
    opened_scores_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    frozen_position = models.BigIntegerField(null=True, blank=True)
    instrument_digest = models.CharField(max_length=64)
    index = models.CharField(max_length=60, blank=True)
    public_key = models.CharField(max_length=64, blank=True)
    key_sealed = models.TextField(blank=True)
    pack_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-year", "-stage")
        constraints = (models.UniqueConstraint(fields=("year", "stage"), name="one_round_per_stage"),)

    def __str__(self) -> str:
        return self.slug

    @property
    def slug(self) -> str:
        """Year and stage, as addresses and the journal name it."""
        return f"{self.year}-{self.stage}"


class Item(models.Model):
    """One measure of one dimension: what its agency says of it, and what the team made of that."""

    class State(models.TextChoices):
        INVITED = "invited", _("to be filled in")
        SUBMITTED = "submitted", _("with the programme team")
        RETURNED = "returned", _("sent back")
        VERIFIED = "verified", _("verified")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="items")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="items")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="items")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="evaluation_items")
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    version = models.PositiveIntegerField(default=1)
    claimed_level = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    words = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    started_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("measure__sequence", "dimension__sequence")
        constraints = (
            models.UniqueConstraint(fields=("round", "measure", "dimension"), name="one_item_per_cell"),
        )

    def __str__(self) -> str:
        return f"{self.round.slug} {self.measure.code} {self.dimension.code}"


class Mark(models.TextChoices):
    """What stands behind a figure or a claim."""

    MISSING = "missing", _("missing")
    CLAIMED = "claimed", _("claimed")
    PROVEN = "proven", _("proven")


class ItemFigure(models.Model):
    """A figure of an item: an indicator's value in the round's year, as the agency states it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(IndicatorSheet, on_delete=models.PROTECT, related_name="item_figures")
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    mark = models.CharField(max_length=8, choices=Mark, default=Mark.MISSING)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("indicator__programme__code", "indicator__sequence")
        constraints = (models.UniqueConstraint(fields=("item", "indicator"), name="one_figure_per_item"),)

    def __str__(self) -> str:
        return f"{self.item} {self.indicator.code}"


class Evidence(models.Model):
    """A piece of evidence of an item. Changing it makes a new row; the old one names what replaced it.

    sha256      of the file's bytes, of the list of numbers, of the link with its date, of the frozen figure
    checked     what the team found when it looked: "", same, changed, gone
    """

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        LINK = "link", _("link")
        RECORDS = "records", _("list of records")
        LIVE = "live", _("live indicator")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="evidence")
    figure = models.ForeignKey(
        ItemFigure, null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=200)
    mark = models.CharField(max_length=8, choices=Mark, default=Mark.CLAIMED)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=160, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    url = models.CharField(max_length=500, blank=True)
    url_day = models.DateField(null=True, blank=True)
    records = models.JSONField(default=list)
    indicator_code = models.CharField(max_length=60, blank=True)
    position = models.BigIntegerField(null=True, blank=True)
    frozen = models.JSONField(default=dict)
    checked = models.CharField(max_length=8, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("added_at", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"

    @property
    def is_current(self) -> bool:
        """Whether it stands: neither replaced nor taken away."""
        return self.replaced_by_id is None and self.removed_at is None


class InterviewNote(models.Model):
    """A question of the panel or an agency's answer, read by all four assessors."""

    class Side(models.TextChoices):
        PANEL = "panel", _("panel asks")
        AGENCY = "agency", _("agency answers")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="notes")
    side = models.CharField(max_length=8, choices=Side)
    words = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.side} {self.item}"


class FrozenFigure(models.Model):
    """An indicator as it was counted when the round closed: rows up to the frozen position, no later one."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(IndicatorSheet, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    buckets = models.JSONField(default=dict)

    class Meta:
        ordering = ("indicator__code",)
        constraints = (models.UniqueConstraint(fields=("round", "indicator"), name="one_frozen_figure"),)

    def __str__(self) -> str:
        return f"{self.round} {self.indicator.code}"


class Recommendation(models.Model):
    """What a case of kind `evaluation.recommendation` asks for."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="recommendation"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="recommendations")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="recommendations")
    words = models.TextField()
    report = models.TextField(blank=True)

    class Meta:
        ordering = ("case__number",)

    def __str__(self) -> str:
        return self.case.number
