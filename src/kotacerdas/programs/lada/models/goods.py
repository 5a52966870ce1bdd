"""Goods and their ledger, changes that wait for approval, rooms, files and labels."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.models import Agency, Person, User
from kotacerdas.kernel import clock, ids


class Room(models.Model):
    """A room of an agency, for the list of what is in it (KIR) and for stocktakes."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="asset_rooms")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    area_code = models.CharField(max_length=16, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("agency", "code")
        constraints = (models.UniqueConstraint(fields=("agency", "code"), name="one_room_a_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Asset(models.Model):
    """A good as it is today: the projection of its ledger, written by `actions.ledger` alone.

    nibar        never changes
    search       words to find it by, lower case: name, codes, plate, holder's agency, room, address
    facts        the columns of its card by name (see `cards`)
    tax_until, plate_until, insured_until   due days that lists go by; kept beside `facts` for their index
    """

    class Condition(models.TextChoices):
        GOOD = "good", _("good")
        LIGHT = "light", _("lightly damaged")
        HEAVY = "heavy", _("heavily damaged")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    nibar = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="assets")
    goods_code = models.CharField(max_length=18)
    card = models.CharField(max_length=1)
    register_no = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=10)
    acquired_on = models.DateField()
    owner = models.CharField(max_length=2, default="12")
    is_intra = models.BooleanField(default=True)
    value = models.BigIntegerField()
    accumulated = models.BigIntegerField(default=0)
    opened_on = models.DateField(null=True, blank=True)
    condition = models.CharField(max_length=5, choices=Condition, default=Condition.GOOD)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="assets")
    holder = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="held_assets"
    )
    use = models.CharField(max_length=5, blank=True)
    area_code = models.CharField(max_length=16, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    outline = models.JSONField(null=True, blank=True)  # [[lat, lng], …]
    facts = models.JSONField(default=dict, blank=True)
    certificate = models.CharField(max_length=60, blank=True)
    certified_on = models.DateField(null=True, blank=True)
    tax_until = models.DateField(null=True, blank=True)
    plate_until = models.DateField(null=True, blank=True)
    insured_until = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    disposed_on = models.DateField(null=True, blank=True)
    has_photo = models.BooleanField(default=False)
    has_label = models.BooleanField(default=False)
    last_number = models.PositiveIntegerField(default=0)
    last_on = models.DateField()
    search = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("nibar",)
        constraints = (
            models.CheckConstraint(condition=Q(value__gte=0), name="asset_value_is_not_negative"),
            models.CheckConstraint(
                condition=Q(lat=None, lng=None) | Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180),
                name="asset_has_a_position_or_none",
            ),
            models.UniqueConstraint(
                fields=("agency", "goods_code", "register_no"),
                condition=Q(is_active=True, register_no__gt=0),
                name="one_register_number_at_a_holder",
            ),
        )
        indexes = (
            models.Index(fields=("agency", "card", "nibar"), name="asset_agency_card"),
            models.Index(fields=("card", "nibar"), name="asset_card"),
            models.Index(fields=("room",), name="asset_room"),
            models.Index(fields=("plate_until",), condition=~Q(plate_until=None), name="asset_plate_due"),
            GinIndex(fields=("search",), opclasses=("gin_trgm_ops",), name="asset_search"),
        )

    def __str__(self) -> str:
        return self.nibar


class Counter(models.Model):
    """The last number given: of NIBAR by region, of a register by holder, code and year, of sessions by year."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class Change(models.Model):
    """What somebody proposes for the ledger, and who approved it. Its lines are events that wait.

    to_agency    who receives a transfer
    approved_by  never who made it
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="asset_change")
    kind = models.CharField(max_length=12)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="incoming_changes"
    )
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="maker_does_not_approve",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class ChangeLine(models.Model):
    """One event that a change would write. `asset` is None for a good that it would begin: `asset_id_new` is then its id."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="lines")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asset_id_new = models.UUIDField(default=ids.new_id)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    on = models.DateField()
    data = models.JSONField(default=dict)
    amount = models.BigIntegerField(default=0)
    accumulated = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("change", "position"), name="one_line_a_position"),)

    def __str__(self) -> str:
        return f"{self.change_id} {self.position} {self.kind}"


class Event(models.Model):
    """A line of the ledger: it is added, never changed (the database holds that). See `events.Event`."""

    id = models.BigAutoField(primary_key=True)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    on = models.DateField()
    data = models.JSONField(default=dict)
    amount = models.BigIntegerField(default=0)
    accumulated = models.BigIntegerField(default=0)
    reverses = models.PositiveIntegerField(null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    goods_code = models.CharField(max_length=18)
    is_intra = models.BooleanField(default=True)
    change = models.ForeignKey(Change, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    recorded_at = models.DateTimeField(default=clock.now)
    journal_id = models.UUIDField()

    class Meta:
        ordering = ("asset", "number")
        constraints = (
            models.UniqueConstraint(fields=("asset", "number"), name="one_event_a_number"),
            models.UniqueConstraint(
                fields=("asset", "reverses"), condition=~Q(reverses=None), name="reversed_once"
            ),
        )
        indexes = (models.Index(fields=("agency", "on"), name="event_agency_day"),)

    def __str__(self) -> str:
        return f"{self.asset_id} {self.number} {self.kind}"


class AssetFile(models.Model):
    """A photo or a paper of a good. `kind`: photo, certificate, bpkb, stnk, contract, other."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    words = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-added_at",)

    def __str__(self) -> str:
        return f"{self.asset_id} {self.kind}"


class Notice(models.Model):
    """What a stranger who scanned a label wrote about a good: a note that its agency reads, and says what came of it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="asset_notices")
    words = models.CharField(max_length=500)
    came_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-came_at",)
        indexes = (
            models.Index(fields=("agency", "-came_at"), condition=Q(read_at=None), name="notice_unread"),
        )

    def __str__(self) -> str:
        return f"{self.agency_id} {self.came_at}"


class Label(models.Model):
    """A printed QR code: bound to a good or a room, or blank until somebody binds it.

    token   what it says, as the end of an address; 60 random bits in Crockford's letters
    """

    token = models.CharField(primary_key=True, max_length=12)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="asset_labels")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="labels")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="labels")
    made_at = models.DateTimeField(default=clock.now)
    bound_at = models.DateTimeField(null=True, blank=True)
    bound_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(asset=None) | Q(room=None), name="label_is_of_one_thing"),
        )

    def __str__(self) -> str:
        return self.token
