"""The panel: who assesses, what each scored, and what was settled.

Until all have sent, a score stands only sealed, under its own row; `value` and `note` are empty.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.models import Membership, User
from kotacerdas.insight.evaluation.models.rounds import Evidence, Item, Round
from kotacerdas.kernel import clock, ids


class Seat(models.Model):
    """An assessor of a round, from outside. `commitment` is all that is known of scores sent before the last."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        MEMBER = "member", _("member")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    membership = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=6, choices=Role)
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(null=True, blank=True)
    salt_sealed = models.TextField(blank=True)
    commitment = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("round", "user"), name="one_seat_per_person"),
            models.UniqueConstraint(fields=("round", "number"), name="one_person_per_seat"),
            models.UniqueConstraint(fields=("round",), condition=Q(role="chair"), name="one_chair"),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.number}"


class Score(models.Model):
    """One assessor's score of one item. `sealed` holds it while the round is blind."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="scores")
    sealed = models.TextField()
    value = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="scores")
    scored_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("item", "seat__number")
        constraints = (models.UniqueConstraint(fields=("seat", "item"), name="one_score_per_item"),)

    def __str__(self) -> str:
        return f"{self.seat} {self.item_id}"


class Ruling(models.Model):
    """How an item was settled: all alike, half a step apart (the mean), or by the chair."""

    class Kind(models.TextChoices):
        SAME = "same", _("all four alike")
        MEAN = "mean", _("half a step apart: their mean")
        CHAIR = "chair", _("the chair's ruling")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="ruling")
    kind = models.CharField(max_length=6, choices=Kind)
    value = models.CharField(max_length=40, help_text="exact, as a fraction")
    words = models.TextField(blank=True)
    advice = models.TextField(blank=True, help_text="what becomes a recommendation when the round closes")
    by = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="rulings")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.item} {self.value}"
