"""What a report has beyond the header of its case."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import ids


class Category(models.Model):
    """A kind of trouble, with the agency that leads, its urgency and its first-day words. Data of the pack."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name_id = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    lead = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="led_categories")
    supporting = models.ManyToManyField(Agency, blank=True, related_name="supported_categories")
    report_class = models.CharField(max_length=12)  # complaint | information | aspiration
    is_oversight = models.BooleanField(default=False)
    urgency = models.CharField(max_length=12, default="normal")  # normal | urgent | emergency
    is_public = models.BooleanField(default=True)
    group = models.CharField(max_length=40, blank=True)
    words = models.JSONField(default=list)
    icon = models.CharField(max_length=40, default="circle-question-mark")
    order = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.code


class Report(models.Model):
    """A citizen's report: its words, class and privacy.

    is_anonymous  the agency does not learn who; is_secret  nothing of it is published
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="report")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="reports")
    report_class = models.CharField(max_length=12)
    is_oversight = models.BooleanField(default=False)
    words = models.TextField()
    place_words = models.CharField(max_length=200, blank=True)
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    is_anonymous = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    desk_agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    verified_at = models.DateTimeField(null=True, blank=True)
    postponed_until = models.DateField(null=True, blank=True)
    was_postponed = models.BooleanField(default=False)
    reopen_until = models.DateTimeField(null=True, blank=True)
    is_published = models.BooleanField(default=False)
    words_published = models.BooleanField(default=False)
    photos_published = models.BooleanField(default=False)

    class Meta:
        indexes = (
            GinIndex(OpClass(Upper("words"), "gin_trgm_ops"), name="report_words_upper"),
            GinIndex(OpClass(Upper("place_words"), "gin_trgm_ops"), name="report_place_upper"),
            models.Index(fields=("category",), name="report_category"),
        )

    def __str__(self) -> str:
        return self.case.number
