"""What rows contributed, and the same added up by day."""

from __future__ import annotations

from django.db import models

from kotacerdas.kernel import clock


class Contributed(models.Model):
    """One contribution of one sealed row: the way from a figure back to the rows behind it."""

    id = models.BigAutoField(primary_key=True)
    indicator = models.CharField(max_length=60)
    position = models.BigIntegerField()
    day = models.DateField()
    agency = models.CharField(max_length=40)
    area = models.CharField(max_length=16)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    bucket = models.SmallIntegerField(default=-1)
    subject_id = models.UUIDField()

    class Meta:
        db_table = "indicators_contributed"
        indexes = (
            models.Index(fields=("indicator", "day"), name="contributed_day"),
            models.Index(fields=("indicator", "subject_id"), name="contributed_subject"),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.position}"


class Parked(models.Model):
    """A sealed row that an indicator could not count: it waits here, and every other row and indicator goes on.

    `error` is the error's class and place in our code. A rebuild tries it again.
    """

    id = models.BigAutoField(primary_key=True)
    indicator = models.CharField(max_length=60)
    position = models.BigIntegerField()
    error = models.CharField(max_length=200)

    class Meta:
        db_table = "indicators_parked"
        constraints = (
            models.UniqueConstraint(fields=("indicator", "position"), name="one_parked_row_per_indicator"),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.position}"


class Counted(models.Model):
    """With which version of its formula an indicator's figures stand, and how often they were computed anew."""

    indicator = models.CharField(max_length=60, primary_key=True)
    version = models.IntegerField()
    generation = models.BigIntegerField(default=1)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "indicators_counted"

    def __str__(self) -> str:
        return f"{self.indicator} {self.version}"


class Daily(models.Model):
    """Contributions added up: one line per indicator, day, agency, area and bucket."""

    id = models.BigAutoField(primary_key=True)
    indicator = models.CharField(max_length=60)
    day = models.DateField()
    agency = models.CharField(max_length=40)
    area = models.CharField(max_length=16)
    bucket = models.SmallIntegerField(default=-1)
    numerator = models.BigIntegerField(default=0)
    denominator = models.BigIntegerField(default=0)

    class Meta:
        db_table = "indicators_daily"
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "day", "agency", "area", "bucket"), name="one_daily_line"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.day}"
