"""Devices, their datastreams and credentials, rules and alerts. Observations stand in plain tables: see `store`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.kernel import clock, ids


class Device(models.Model):
    """A thing that reports: a terminal, a gauge, a tracked vehicle, a tank's sensor.

    code      what it signs in as, and the first word of its topics (`d/<code>/…`)
    kind      a declared kind: see `declarations.DeviceKind`
    settings  what rules may ask of this one device: its tolerance, its alarm level, its fence
    lat, lng  where it stands (WGS 84 degrees); a moving one has a datastream of positions instead
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="devices")
    area_code = models.CharField(max_length=16, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    muted_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=("agency", "kind"), name="device_agency_kind"),)

    def __str__(self) -> str:
        return self.code


class Binding(models.Model):
    """What a device belongs to from day to day: a unit, an asset, a village, a plant; both ends count."""

    class Kind(models.TextChoices):
        VILLAGE = "village", _("village")
        UNIT = "unit", _("unit")
        ASSET = "asset", _("asset")
        PLANT = "plant", _("treatment plant")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="bindings")
    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-since",)
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="binding_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.device_id} {self.kind} {self.subject}"


class Credential(models.Model):
    """A device's password: 160 random bits, shown once, kept as a keyed fingerprint.

    A rotated one works until `ends_at`, so that the device can be given the new one first.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="credentials")
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"credential of {self.device_id}"


class ApiKey(models.Model):
    """A key for a machine: its scopes, whose devices it reaches (an agency's, or all), kept as a fingerprint."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    name = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    made_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name


class Sensor(models.Model):
    """What measures (SensorThings: Sensor): a make and where its sheet is found."""

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    encoding = models.CharField(max_length=120, default="text/plain")
    metadata = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


class ObservedProperty(models.Model):
    """What is measured (SensorThings: ObservedProperty)."""

    name = models.CharField(max_length=120)
    definition = models.CharField(max_length=500, blank=True)
    description = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


class Datastream(models.Model):
    """One measured quantity of a device. Its small number stands in every observation (ADR 25).

    unit       by UCUM ("m", "Cel", "%", "V"); empty for a count, a state or a position
    shape      number | position (WGS 84 degrees)
    low, high  what is physically possible; a value beyond it is quarantined
    every_s    how often it reports, in seconds; a chart draws a longer silence as a gap
    """

    class Shape(models.TextChoices):
        NUMBER = "number", _("number")
        POSITION = "position", _("position")

    id = models.AutoField(primary_key=True)
    uid = models.UUIDField(default=ids.new_id, editable=False, unique=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="streams")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=24, blank=True)
    shape = models.CharField(max_length=8, choices=Shape, default=Shape.NUMBER)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    every_s = models.PositiveIntegerField(default=60)
    sensor = models.ForeignKey(Sensor, null=True, blank=True, on_delete=models.PROTECT)
    observed_property = models.ForeignKey(ObservedProperty, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("device", "code"), name="one_stream_per_code"),)

    def __str__(self) -> str:
        return f"{self.code} of {self.device_id}"


class Latest(models.Model):
    """The newest observation of a datastream, and when it came. Written by the follower alone."""

    stream = models.OneToOneField(Datastream, primary_key=True, on_delete=models.CASCADE)
    at = models.DateTimeField()
    value = models.FloatField()
    value2 = models.FloatField(null=True)
    came_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.stream_id} {self.value}"


class Presence(models.Model):
    """When a device was last heard, and whether it is connected. Written by the doors."""

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE)
    seen_at = models.DateTimeField()
    is_connected = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.device_id} {self.seen_at}"


class Quarantined(models.Model):
    """A message that was not taken, with the reason; it is acknowledged, so that nobody repeats it for ever.

    reason  unknown_device | unknown_stream | garbage | not_finite | out_of_range | future | too_old | topic | too_large
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    came_at = models.DateTimeField(default=clock.now)
    door = models.CharField(max_length=16)
    device_code = models.CharField(max_length=64)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=24)
    detail = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=200, blank=True)
    payload = models.BinaryField()

    class Meta:
        ordering = ("-came_at",)
        indexes = (models.Index(fields=("device_code", "reason"), name="quarantined_device"),)

    def __str__(self) -> str:
        return f"{self.reason} {self.device_code}"


class Rule(models.Model):
    """What is watched for. Its words and numbers stand in versions; one of them is live, or none.

    code      of a declared rule, its declaration's name; else made from the id
    declared  by which app's `telemetry.py`; empty for one made in the interface
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    declared = models.BooleanField(default=False)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.code


class RuleVersion(models.Model):
    """One wording of a rule, never changed once it was live.

    kind    threshold | absence | geofence
    params  see `rules.params`
    tested  what it would have done on history: {"days", "devices", "alerts", "at"}
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    params = models.JSONField()
    tested = models.JSONField(null=True, blank=True)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField(default=clock.now)
    live_from = models.DateTimeField(null=True, blank=True)
    live_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("rule", "number"), name="one_rule_version_per_number"),
            models.UniqueConstraint(
                fields=("rule",),
                condition=Q(live_from__isnull=False, live_until=None),
                name="one_live_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"


class RuleState(models.Model):
    """Where a live version stands on one device, as `rules.machine` left it."""

    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    state = models.JSONField(default=dict)
    look_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "device"), name="one_state_per_device"),)
        indexes = (models.Index(fields=("look_at",), name="rule_state_look"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.device_id}"


class Alert(models.Model):
    """One breach of a rule by one device, from its first sign to its recovery; at most one case.

    extreme  the worst value meanwhile
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="alerts")
    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="alerts")
    stream = models.ForeignKey(Datastream, null=True, blank=True, on_delete=models.SET_NULL)
    first_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    value = models.FloatField(null=True, blank=True)
    extreme = models.FloatField(null=True, blank=True)
    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="alert")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    recovered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-raised_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("rule", "device"), condition=Q(recovered_at=None), name="one_open_alert"
            ),
        )
        indexes = (models.Index(fields=("raised_at",), name="alert_raised"),)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.device_id} {self.raised_at}"


class Retention(models.Model):
    """How many days observations and rollups are kept, from a day on. Data of the pack."""

    class What(models.TextChoices):
        RAW = "raw"
        MINUTE = "minute"
        HOUR = "hour"
        DAY = "day"

    what = models.CharField(max_length=8, choices=What)
    days = models.PositiveIntegerField()
    valid_from = models.DateField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("what", "valid_from"), name="one_retention_per_day"),)

    def __str__(self) -> str:
        return f"{self.what} {self.days}"
