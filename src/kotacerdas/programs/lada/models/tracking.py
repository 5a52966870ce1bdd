"""Goods that carry a device: their fences, alarms and services."""

from __future__ import annotations

from django.db import models

from kotacerdas.foundation.cases.models import Case
from kotacerdas.programs.lada.models.goods import Asset


class Fence(models.Model):
    """Where a good with a device may be, and when it may leave: circle or areas, hours, and how long outside before it counts.

    hours     [["06:00", "20:00"], …] local times of working days in which it may be outside; none: never
    """

    asset = models.OneToOneField(Asset, primary_key=True, on_delete=models.CASCADE, related_name="fence")
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    radius_m = models.PositiveIntegerField(default=0)
    areas = models.JSONField(default=list, blank=True)
    hours = models.JSONField(default=list, blank=True)
    dwell_minutes = models.PositiveSmallIntegerField(default=3)
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.asset_id}"


class Alarm(models.Model):
    """What the header does not know of a good that left its fence: which one, when, and where it was seen last."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="asset_alarm")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="alarms")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id}"


class Service(models.Model):
    """Maintenance that is due by odometer: every so many kilometres, and where it was done last."""

    asset = models.OneToOneField(Asset, primary_key=True, on_delete=models.CASCADE, related_name="service")
    every_km = models.PositiveIntegerField()
    done_at_km = models.PositiveIntegerField(default=0)
    started_at_km = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.asset_id}"
