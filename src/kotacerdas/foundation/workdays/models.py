"""What the working calendar is made of: days that differ from the library, office hours, the training offset."""

from __future__ import annotations

from django.db import models

from kotacerdas.kernel import clock


class CalendarDay(models.Model):
    """A day the pack states itself, by decree; it wins over the library of public holidays.

    `leave` marks collective leave (*cuti bersama*): its year then counts as decreed.
    """

    date = models.DateField(primary_key=True)
    working = models.BooleanField()
    leave = models.BooleanField(default=False)
    name_id = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    basis = models.CharField(max_length=200)

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date} {self.name_id}"


class OfficeHours(models.Model):
    """Opening hours of one weekday (0 Monday to 6 Sunday), all year ("") or in a named season."""

    weekday = models.SmallIntegerField()
    season = models.CharField(max_length=20, blank=True)
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        ordering = ("season", "weekday", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("weekday", "season", "valid_from"), name="one_hours_per_weekday"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="hours_close_after_opening"
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.season} {self.opens}-{self.closes}"


class Season(models.Model):
    """A dated stretch in which other office hours hold, such as Ramadan as decreed; both ends count."""

    name = models.CharField(max_length=20)
    first = models.DateField()
    last = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        ordering = ("first",)
        constraints = (
            models.UniqueConstraint(fields=("name", "first"), name="one_season_per_start"),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="season_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.first}"


class AlmanacPage(models.Model):
    """What one version of the library of holidays knows, as facts. One row; see `almanac`."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    version = models.CharField(max_length=60)
    facts = models.JSONField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_almanac_page"),)

    def __str__(self) -> str:
        return self.version


class TrainingClock(models.Model):
    """How far training time stands from real time. One row; never obeyed in production."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    offset_seconds = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_training_clock"),)

    def __str__(self) -> str:
        return f"{self.offset_seconds:+d} s"
