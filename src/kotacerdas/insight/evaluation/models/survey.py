"""The citizens' survey: who was asked, and answers that no longer know whose they are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.insight.evaluation.models.instruments import Instrument
from kotacerdas.insight.evaluation.models.reference import Programme
from kotacerdas.insight.evaluation.models.rounds import Round
from kotacerdas.kernel import clock, ids


class Survey(models.Model):
    """A survey of those whom one programme served, within a round. `served` is how many could be asked."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="surveys")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="surveys")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="surveys")
    served = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("round", "programme__code")
        constraints = (models.UniqueConstraint(fields=("round", "programme"), name="one_survey_per_round"),)

    def __str__(self) -> str:
        return f"{self.round} {self.programme.code}"


class Invitation(models.Model):
    """Somebody drawn into the sample, by their case. It knows that it was used, not what was answered."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    party = models.ForeignKey(CaseParty, on_delete=models.CASCADE, related_name="+")
    link_hash = models.CharField(max_length=64, unique=True)
    is_used = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("survey", "party"), name="asked_once"),)

    def __str__(self) -> str:
        return f"{self.survey} {self.id}"


class Answer(models.Model):
    """One filled-in form: element → 1 to 4. Its key is random and it has a day only, so that no order leads back."""

    class Channel(models.TextChoices):
        LINK = "link", _("by link")
        PHONE = "phone", _("by telephone")
        COUNTER = "counter", _("at the counter")

    id = models.CharField(primary_key=True, max_length=32)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="answers")
    channel = models.CharField(max_length=8, choices=Channel)
    scores = models.JSONField()
    words = models.TextField(blank=True)
    day = models.DateField(default=clock.today)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.survey} {self.channel}"
