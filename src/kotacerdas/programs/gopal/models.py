"""Tanks and buildings, orders, the three-year round, manifests with what was pumped and received, a plant's logbook."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.models import PlannedRoute, Station, Unit
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.models import Agency, ContactPoint, Person, User
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.foundation.telemetry.models import Datastream
from kotacerdas.kernel import clock, ids


class Tank(models.Model):
    """A septic tank that is emptied: where it stands, how large it is, how a truck reaches it.

    code           what people call it: from the list it came with, or the village's code and a number
    tank_class     code of the pack's tank classes, by which it is charged
    volume_l       litres of sludge that it holds; None until somebody measured it
    hose_m         metres of hose from where a truck can stand
    skills         what a truck must be able to do there (`narrow_road`), as `dispatch` has them
    last_emptied_on  None: nobody knows
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="tanks")
    area_code = models.CharField(max_length=16, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    tank_class = models.CharField(max_length=40)
    volume_l = models.PositiveIntegerField(null=True, blank=True)
    hose_m = models.PositiveSmallIntegerField(default=0)
    skills = models.JSONField(default=list, blank=True)
    users = models.PositiveSmallIntegerField(null=True, blank=True)
    last_emptied_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="tanks")
    contact = models.ForeignKey(
        ContactPoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="tanks"
    )
    made_at = models.DateTimeField(default=clock.now)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(lat=None, lng=None) | Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180),
                name="tank_has_a_position_or_none",
            ),
            models.CheckConstraint(
                condition=Q(volume_l=None) | Q(volume_l__gte=1), name="tank_holds_something"
            ),
        )
        indexes = (
            models.Index(fields=("agency", "area_code"), name="tank_agency_area"),
            models.Index(fields=("agency", "last_emptied_on"), name="tank_agency_emptied"),
        )

    def __str__(self) -> str:
        return self.code


class TankPhoto(models.Model):
    """A photo of a tank or of the way to it."""

    tank = models.ForeignKey(Tank, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.tank_id} {self.taken_at}"


class Building(models.Model):
    """A building whose waste water runs into one or several tanks."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    area_code = models.CharField(max_length=16, blank=True)
    tanks = models.ManyToManyField(Tank, blank=True, related_name="buildings")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Order(models.Model):
    """What the header does not know of an order: tank, price and time.

    litres       what the price is for; pumped_l  what was pumped in the end
    base_l       litres within the tariff's price; each cubic metre begun beyond costs extra_per_m3
    price, base_l, extra_per_m3, article, tariff_from   the quote as it was given: it does not move with a new tariff
    extra_agreed the customer agreed on the spot to pay for more litres
    slot_from, slot_until   the promised time in which the truck comes
    """

    class PayBy(models.TextChoices):
        QRIS = "qris", _("QRIS")
        CASH = "cash", _("cash")

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="order")
    tank = models.ForeignKey(Tank, on_delete=models.PROTECT, related_name="orders")
    tank_class = models.CharField(max_length=40)
    litres = models.PositiveIntegerField()
    base_l = models.PositiveIntegerField()
    distance_m = models.PositiveIntegerField()
    zone = models.PositiveSmallIntegerField()
    price = models.PositiveBigIntegerField()
    extra_per_m3 = models.PositiveBigIntegerField(default=0)
    extra_agreed = models.BooleanField(default=False)
    article = models.CharField(max_length=200)
    tariff_from = models.DateField()
    pay_by = models.CharField(max_length=4, choices=PayBy)
    charge = models.ForeignKey(
        Charge, null=True, blank=True, on_delete=models.PROTECT, related_name="desludging_orders"
    )
    slot_from = models.DateTimeField()
    slot_until = models.DateTimeField()
    plant = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="desludging_orders")
    emptied_at = models.DateTimeField(null=True, blank=True)
    pumped_l = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(litres__gte=1, price__gte=1), name="order_is_priced"),
            models.CheckConstraint(condition=Q(slot_until__gt=F("slot_from")), name="slot_ends_after_start"),
        )
        indexes = (models.Index(fields=("slot_from",), name="order_slot"),)

    def __str__(self) -> str:
        return f"{self.case_id}"


class RoundStop(models.Model):
    """A tank's turn in the three-year round: in which week, and what came of it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ORDERED = "ordered", _("ordered")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("skipped")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    tank = models.ForeignKey(Tank, on_delete=models.CASCADE, related_name="round_stops")
    plant = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="round_stops")
    due_on = models.DateField()
    week = models.DateField()  # its Monday
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.SET_NULL, related_name="round_stops"
    )

    class Meta:
        ordering = ("week", "due_on")
        constraints = (
            models.UniqueConstraint(
                fields=("tank",), condition=Q(state__in=("planned", "ordered")), name="one_open_turn_a_tank"
            ),
        )
        indexes = (models.Index(fields=("plant", "week"), name="round_plant_week"),)

    def __str__(self) -> str:
        return f"{self.tank_id} {self.week}"


class Manifest(models.Model):
    """One trip of a truck from its first tank to the plant: what was pumped, carried and received.

    token        what its QR code says
    carried_l    by the truck's own level sensor before unloading; None where the truck has none
    received_l   by the plant's meter; received_why  why it was taken all the same, where something was unusual
    refused_l    pumped by then, where a plant did not take it: the loads themselves go on under the one that follows
    is_complete  whether it counts: received, and the sums agree or what differed was accepted
    difference   the case that was opened over it
    follows      the refused manifest whose load goes on under this one
    """

    class State(models.TextChoices):
        OPEN = "open", _("being filled")
        CARRYING = "carrying", _("on the way to the plant")
        RECEIVED = "received", _("received")
        REFUSED = "refused", _("refused by the plant")
        VOID = "void", _("void")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    token = models.CharField(max_length=40, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="manifests")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="manifests")
    operator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="manifests")
    route = models.ForeignKey(
        PlannedRoute, null=True, blank=True, on_delete=models.SET_NULL, related_name="manifests"
    )
    day = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    plant = models.ForeignKey(
        Station, null=True, blank=True, on_delete=models.PROTECT, related_name="manifests"
    )
    carried_l = models.PositiveIntegerField(null=True, blank=True)
    received_l = models.PositiveIntegerField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    received_why = models.CharField(max_length=200, blank=True)
    refused_l = models.PositiveIntegerField(null=True, blank=True)
    refused_why = models.CharField(max_length=200, blank=True)
    is_complete = models.BooleanField(default=False)
    difference = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="differing_manifests"
    )
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )

    class Meta:
        ordering = ("-opened_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("unit",), condition=Q(state="open"), name="one_open_manifest_a_unit"
            ),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_l__isnull=False, received_at__isnull=False),
                name="received_manifest_has_litres",
            ),
        )
        indexes = (models.Index(fields=("agency", "day"), name="manifest_agency_day"),)

    def __str__(self) -> str:
        return self.number


class ManifestCounter(models.Model):
    """The last number of a year's manifests."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class ManifestLoad(models.Model):
    """What one order put into a manifest, in litres."""

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="loads")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="load")
    litres = models.PositiveIntegerField()
    pumped_at = models.DateTimeField()

    class Meta:
        ordering = ("pumped_at",)
        constraints = (models.CheckConstraint(condition=Q(litres__gte=1), name="load_has_litres"),)

    def __str__(self) -> str:
        return f"{self.manifest_id} {self.litres}"


class SludgeDifference(models.Model):
    """What the header does not know of a difference: which manifest, and what each side says in litres.

    cause   mass: the sums differ; outside: the level fell outside a plant's fence
    asked   the operator who is asked to explain
    falls   each fall of the level outside a plant's fence: from when to when (ISO 8601), and litres
    fell_l  litres of all falls, from fell_at of the first to fell_until of the last
    """

    class Cause(models.TextChoices):
        MASS = "mass", _("sums differ")
        OUTSIDE = "outside", _("emptied outside a plant")

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="sludge_difference"
    )
    manifest = models.ForeignKey(
        Manifest, null=True, blank=True, on_delete=models.PROTECT, related_name="differences"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="differences")
    cause = models.CharField(max_length=8, choices=Cause)
    asked = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pumped_l = models.PositiveIntegerField(null=True, blank=True)
    carried_l = models.PositiveIntegerField(null=True, blank=True)
    received_l = models.PositiveIntegerField(null=True, blank=True)
    falls = models.JSONField(default=list, blank=True)
    fell_l = models.PositiveIntegerField(null=True, blank=True)
    fell_at = models.DateTimeField(null=True, blank=True)
    fell_until = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = (models.Index(fields=("unit", "fell_at"), name="difference_unit_fall"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.cause}"


class LevelLook(models.Model):
    """Up to which coming a truck's level was looked at for falls; what comes later is looked at anew, however old."""

    stream = models.OneToOneField(
        Datastream, primary_key=True, on_delete=models.CASCADE, related_name="level_look"
    )
    came_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.stream_id} {self.came_at}"


class LogEntry(models.Model):
    """A line of a plant's logbook: a laboratory result, maintenance, an incident.

    values  figures by name with their unit in it (`bod_mg_per_l`)
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    plant = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="log")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    words = models.CharField(max_length=500, blank=True)
    values = models.JSONField(default=dict, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("plant", "-at"), name="log_plant_newest"),)

    def __str__(self) -> str:
        return f"{self.plant_id} {self.kind} {self.at}"


class TankClass(models.Model):
    """A class of tanks that is charged alike: a house, a shop, an office. Data of the pack."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name_id = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.code


class TariffRow(models.Model):
    """One price: a class of tanks within a band of distance from the plant, from a day on. Data of the pack.

    from_m, to_m   metres on the road; `to_m` itself belongs to the next band
    base_l         litres that the price is for; extra_per_m3  for each cubic metre begun beyond
    article        of the regulation, as it stands on the bill
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    valid_from = models.DateField()
    tank_class = models.CharField(max_length=40)
    zone = models.PositiveSmallIntegerField()
    from_m = models.PositiveIntegerField()
    to_m = models.PositiveIntegerField()
    base_l = models.PositiveIntegerField()
    price = models.PositiveBigIntegerField()
    extra_per_m3 = models.PositiveBigIntegerField(default=0)
    article = models.CharField(max_length=200)

    class Meta:
        ordering = ("valid_from", "tank_class", "from_m")
        constraints = (
            models.UniqueConstraint(fields=("valid_from", "tank_class", "from_m"), name="one_price_a_band"),
            models.CheckConstraint(condition=Q(to_m__gt=F("from_m")), name="band_ends_after_start"),
        )

    def __str__(self) -> str:
        return f"{self.valid_from} {self.tank_class} {self.zone}"
