"""Telephone calls at the desks of agencies."""

from __future__ import annotations

from django.db import models

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock, ids

STORED = "case"  # the outcome of a call that became something


class Call(models.Model):
    """One telephone call at a desk; the shift page counts these.

    outcome       case | prank | missed | abandoned | advice
    is_anonymous  the caller did not want to be known: the number is shown in no list
    story_sealed  what was written of a caller who hung up in the middle, until they are spoken to, a week at most
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="calls")
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone_sealed = models.TextField(blank=True)
    is_anonymous = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, default=STORED)
    story_sealed = models.TextField(blank=True, default="", db_default="")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="calls")
    began_at = models.DateTimeField(default=clock.now)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("agency", "began_at"), name="calls_shift"),)

    def __str__(self) -> str:
        return f"{self.outcome} {self.began_at:%Y-%m-%d %H:%M}"
