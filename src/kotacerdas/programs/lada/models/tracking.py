"""Goods that carry a device: their fences, alarms, days on the road and services."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.telemetry.models import Datastream
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.models.goods import Asset


class Fence(models.Model):
    """Where a good with a device may be, and when it may leave: a circle, areas, or both; none: anywhere.

    radius_m       of the circle round lat, lng; 0: no circle
    areas          [[[lat, lng], …], …]: polygons
    hours          [["06:00", "20:00"], …] local times of working days in which it may be outside and move; none: it may
                   never be outside
    dwell_minutes  how long it must last before it counts
    since          what was before is not asked about: the device was on something else, or no fence was drawn
    """

    asset = models.OneToOneField(Asset, primary_key=True, on_delete=models.CASCADE, related_name="fence")
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    radius_m = models.PositiveIntegerField(default=0)
    areas = models.JSONField(default=list, blank=True)
    hours = models.JSONField(default=list, blank=True)
    dwell_minutes = models.PositiveSmallIntegerField(default=3)
    is_on = models.BooleanField(default=True)
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.asset_id}"


class Alarm(models.Model):
    """What the header does not know of a good that left its fence, or moved outside its hours; one for each time.

    seen_at  the newest position of it; the header has where it was then
    until    when it was seen to be over; None: not yet
    """

    class Cause(models.TextChoices):
        OUTSIDE = "outside", _("outside its fence")
        MOVING = "moving", _("moving outside its hours")

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="asset_alarm")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="alarms")
    cause = models.CharField(max_length=8, choices=Cause, default=Cause.OUTSIDE)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id}"


class Service(models.Model):
    """Maintenance that is due every so many kilometres of its trips, every so many months, or both; 0: not by that.

    started_on  the day on which it was done last, or on which counting began
    dial_km     what its odometer showed then, where somebody read it
    """

    asset = models.OneToOneField(Asset, primary_key=True, on_delete=models.CASCADE, related_name="service")
    every_km = models.PositiveIntegerField(default=0)
    every_months = models.PositiveSmallIntegerField(default=0)
    started_on = models.DateField(default=clock.today)
    dial_km = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.asset_id}"


class TrackDay(models.Model):
    """How far a good went on a local day, by its device: the sum of its trips."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="track_days")
    day = models.DateField()
    metres = models.PositiveIntegerField()
    trips = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("-day",)
        constraints = (models.UniqueConstraint(fields=("asset", "day"), name="one_track_a_day"),)

    def __str__(self) -> str:
        return f"{self.asset_id} {self.day}"

    @property
    def km(self) -> float:
        return self.metres / 1000


class TrackLook(models.Model):
    """Up to which coming a good's positions were looked at; what comes later is looked at anew, however old.

    look_at  when time alone may make an alarm of what is known
    """

    stream = models.OneToOneField(
        Datastream, primary_key=True, on_delete=models.CASCADE, related_name="track_look"
    )
    came_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.stream_id} {self.came_at}"
