"""Live figures added up by year: what a year's page reads instead of every day of every district."""

from __future__ import annotations

from django.db import models


class YearSum(models.Model):
    """Contributions of one indicator, year and bucket, added up. Made from `indicators_contributed` alone."""

    id = models.BigAutoField(primary_key=True)
    indicator = models.CharField(max_length=60)
    year = models.SmallIntegerField()
    bucket = models.SmallIntegerField(default=-1)
    numerator = models.BigIntegerField(default=0)
    denominator = models.BigIntegerField(default=0)
    last_day = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "year", "bucket"), name="one_sum_per_year_and_bucket"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"


class SummedUpTo(models.Model):
    """The newest contribution that the sums hold, and of which generation of figures. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    last_id = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    generation = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_id)
