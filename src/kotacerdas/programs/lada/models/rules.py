"""Rules of the pack: codes of goods, how long they last, what an overhaul adds, from when on they are capitalised."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import ids


class GoodsCode(models.Model):
    """A code of goods, whole or of an upper level. Data of the pack.

    card   A to F; "" above the groups
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    card = models.CharField(max_length=1, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class WorkUnit(models.Model):
    """The 14 digits by which a register code names an agency. Data of the pack; without them the code says zeros."""

    agency = models.OneToOneField(
        Agency, primary_key=True, on_delete=models.CASCADE, related_name="asset_unit"
    )
    digits = models.CharField(max_length=14)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(digits__regex=r"^\d{14}$"), name="unit_has_14_digits"),
        )

    def __str__(self) -> str:
        return f"{self.agency_id} {self.digits}"


class LifeRule(models.Model):
    """How long goods of a code last, from a day on. Data of the pack; the longest matching code counts.

    months     of the whole life; 0: never depreciated (land)
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    valid_from = models.DateField()
    code = models.CharField(max_length=18)
    months = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("valid_from", "code")
        constraints = (models.UniqueConstraint(fields=("valid_from", "code"), name="one_life_a_code"),)

    def __str__(self) -> str:
        return f"{self.valid_from} {self.code}"


class OverhaulBand(models.Model):
    """What an overhaul adds to a good's life, by its cost as a share of the acquisition value. Data of the pack.

    from_bp, to_bp   hundredths of a percent; `to_bp` itself belongs to the next band
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    valid_from = models.DateField()
    code = models.CharField(max_length=18)
    from_bp = models.PositiveIntegerField()
    to_bp = models.PositiveIntegerField()
    add_months = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("valid_from", "code", "from_bp")
        constraints = (
            models.UniqueConstraint(fields=("valid_from", "code", "from_bp"), name="one_band_a_share"),
            models.CheckConstraint(
                condition=Q(to_bp__gt=F("from_bp")), name="overhaul_band_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.valid_from} {self.code} {self.from_bp}"


class Threshold(models.Model):
    """From how many rupiah on goods of a code are capitalised, from a day on; below they are extra-comptable. Data of the pack."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    valid_from = models.DateField()
    code = models.CharField(max_length=18)
    least = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("valid_from", "code")
        constraints = (models.UniqueConstraint(fields=("valid_from", "code"), name="one_threshold_a_code"),)

    def __str__(self) -> str:
        return f"{self.valid_from} {self.code}"
