"""Areas with their official codes, and the places people name."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.kernel import clock, ids


class Area(models.Model):
    """A regency, district (*kecamatan*) or village (*desa* or *kelurahan*), by its Kemendagri code.

    `lat`, `lng` (WGS 84 degrees) is a point surely inside, not the office; both are empty where it is not known,
    and nothing is then drawn there. `name_key` is the name as
    `names.name_key` folds it for search. `point_basis` says where the point comes from when it is not the
    pack's; the pack's load leaves such a point alone.
    """

    class Level(models.TextChoices):
        REGENCY = "regency", _("regency")
        DISTRICT = "district", _("district")
        VILLAGE = "village", _("village")

    class Kind(models.TextChoices):
        KABUPATEN = "kabupaten", "Kabupaten"
        KOTA = "kota", "Kota"
        KECAMATAN = "kecamatan", "Kecamatan"
        DISTRIK = "distrik", "Distrik"
        DESA = "desa", "Desa"
        KELURAHAN = "kelurahan", "Kelurahan"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=16, unique=True)
    level = models.CharField(max_length=8, choices=Level)
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    postcode = models.CharField(max_length=5, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    point_basis = models.CharField(max_length=200, blank=True)
    area_km2 = models.FloatField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(lat=None, lng=None) | Q(lat__isnull=False, lng__isnull=False),
                name="area_has_both_or_neither",
            ),
        )
        indexes = (GinIndex(fields=("name_key",), opclasses=("gin_trgm_ops",), name="area_name_trigrams"),)

    def __str__(self) -> str:
        return self.full_name

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude of the reference point; None where it is not known."""
        return (self.lat, self.lng) if self.lat is not None and self.lng is not None else None

    @property
    def full_name(self) -> str:
        """The kind and the name as Indonesians write them: "Desa Jatibarang"."""
        return f"{self.get_kind_display()} {self.name}"


class Place(models.Model):
    """A landmark of the pack, or a place as somebody at a desk once typed it.

    `feature` says what a landmark is ("hospital", "market"). A typed place may have no position.
    """

    class Kind(models.TextChoices):
        LANDMARK = "landmark", _("landmark")
        TYPED = "typed", _("typed place")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    feature = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="places")
    basis = models.CharField(max_length=200, blank=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        indexes = (GinIndex(fields=("name_key",), opclasses=("gin_trgm_ops",), name="place_name_trigrams"),)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "name_key", "area"), nulls_distinct=False, name="one_place_per_name_and_area"
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lng=None) | Q(lat__isnull=False, lng__isnull=False),
                name="place_has_both_or_neither",
            ),
        )

    def __str__(self) -> str:
        return self.name
