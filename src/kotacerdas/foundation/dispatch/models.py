"""Units, crews, shifts and stations; jobs to be done; plans with their routes and stops; and the runs that make them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.kernel import clock, ids


class Station(models.Model):
    """A place that units start from, end at, or are emptied at.

    unload_seconds, daily_limit_l  of one that units are emptied at: how long it takes, and litres a day (none: any)
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="stations")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    lat = models.FloatField()
    lng = models.FloatField()
    is_home = models.BooleanField(default=False)
    is_reload_site = models.BooleanField(default=False)
    unload_seconds = models.PositiveIntegerField(default=0)
    daily_limit_l = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_home=True) | Q(is_reload_site=True), name="station_is_for_something"
            ),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180),
                name="station_has_a_position",
            ),
        )

    def __str__(self) -> str:
        return self.code


class StationHours(models.Model):
    """When a station is open on a weekday (Monday is 0); several rows a day where it closes in between."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ("weekday", "opens")
        constraints = (
            models.UniqueConstraint(fields=("station", "weekday", "opens"), name="one_opening_at_a_time"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, closes__gt=F("opens")), name="station_closes_after_opening"
            ),
        )

    def __str__(self) -> str:
        return f"{self.station_id} {self.weekday} {self.opens}-{self.closes}"


class Unit(models.Model):
    """Something that goes out to work: a truck, a boat, a team's car.

    asset_number  its permanent number in the asset register; it never changes
    skills        codes of what it can do (`narrow_road`, `long_hose`)
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=60)
    asset_number = models.CharField(max_length=60, unique=True)
    capacity_l = models.PositiveIntegerField(default=0)
    skills = models.JSONField(default=list, blank=True)
    home = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="units")
    may_end_loaded = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("agency", "name"), name="one_unit_per_name"),)

    def __str__(self) -> str:
        return self.name


class UnitState(models.Model):
    """What a unit's state is from a moment on; the newest row counts, and none means available."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("available")
        BROKEN = "broken", _("broken down")
        OFF = "off", _("out of service")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="states")
    state = models.CharField(max_length=9, choices=State)
    since = models.DateTimeField(default=clock.now)
    why = models.CharField(max_length=200, blank=True)
    set_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-since", "-id")
        indexes = (models.Index(fields=("unit", "-since"), name="unit_state_newest"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state}"


class UnitPosition(models.Model):
    """Where a unit was last seen by one source. Its age is reckoned from `measured_at`, never from when it came."""

    class Source(models.TextChoices):
        DEVICE = "device", _("tracker")
        PHONE = "phone", _("phone")
        DESK = "desk", _("by word of mouth")

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="positions")
    source = models.CharField(max_length=6, choices=Source)
    lat = models.FloatField()
    lng = models.FloatField()
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    measured_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "source"), name="one_position_per_source"),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180),
                name="unit_has_a_position",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.source} {self.measured_at}"


class Crew(models.Model):
    """People who go out together."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="crews")
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("agency", "name"), name="one_crew_per_name"),)

    def __str__(self) -> str:
        return self.name


class CrewMember(models.Model):
    """Who is in a crew from when to when; both ends count. The one who leads it answers for its stops."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    crew = models.ForeignKey(Crew, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="crews")
    leads = models.BooleanField(default=False)
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="crew_member_ends_after_start"
            ),
            models.UniqueConstraint(fields=("crew", "user"), condition=Q(until=None), name="once_in_a_crew"),
        )

    def __str__(self) -> str:
        return f"{self.crew_id} {self.user_id}"


class Shift(models.Model):
    """A unit and its crew on one day. A break of so many minutes begins between the two moments, where there is one."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    crew = models.ForeignKey(Crew, null=True, blank=True, on_delete=models.PROTECT, related_name="shifts")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    break_minutes = models.PositiveSmallIntegerField(default=0)
    break_earliest = models.DateTimeField(null=True, blank=True)
    break_latest = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("day", "unit__name")
        constraints = (
            models.UniqueConstraint(fields=("unit", "day"), name="one_shift_of_a_unit_a_day"),
            models.UniqueConstraint(fields=("crew", "day"), name="one_shift_of_a_crew_a_day"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
            models.CheckConstraint(
                condition=Q(break_minutes=0)
                | Q(break_earliest__isnull=False, break_latest__gte=F("break_earliest")),
                name="break_has_its_moments",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class Job(models.Model):
    """Work that a program wants done at a place; what it is about stands with the program (`subject`).

    day       on which it is to be done; none: as soon as a plan takes it
    windows   [["08:00", "12:00"], …] local times between which the whole work lies; none: at any time
    promised  the work begins between the two moments, as somebody was told
    weight    how much it counts against others when not all can be done
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be done")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("called off")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="jobs")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    lat = models.FloatField()
    lng = models.FloatField()
    area_code = models.CharField(max_length=16, blank=True)
    volume_l = models.PositiveIntegerField(default=0)
    service_seconds = models.PositiveIntegerField()
    skills = models.JSONField(default=list, blank=True)
    windows = models.JSONField(default=list, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    day = models.DateField(null=True, blank=True)
    pinned_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="pinned_jobs"
    )
    promised_from = models.DateTimeField(null=True, blank=True)
    promised_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("opened_at",)
        indexes = (models.Index(fields=("agency", "state", "day"), name="job_agency_state_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id"),
                condition=Q(state="open"),
                name="one_open_job_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(promised_from=None, promised_until=None)
                | Q(promised_until__gte=F("promised_from")),
                name="job_promise_has_two_ends",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="job_has_a_weight"),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180), name="job_has_a_position"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


class Plan(models.Model):
    """A plan of an agency's day. A published one is replaced by the next, never changed in its stops' order.

    figures    of the solver and the checker: cost, metres, litres, seconds, seed, travel's source, violations
    unplanned  [{"job": id, "code": …, "figures": {…}}, …]: every job that is in no route, and why
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        REPLACED = "replaced", _("replaced")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="plans")
    day = models.DateField()
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    figures = models.JSONField(default=dict, blank=True)
    unplanned = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-day", "-version")
        constraints = (
            models.UniqueConstraint(fields=("agency", "day", "version"), name="one_plan_per_version"),
            models.UniqueConstraint(
                fields=("agency", "day"), condition=Q(state="published"), name="one_published_plan_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day} v{self.version}"


class PlannedRoute(models.Model):
    """A unit's day in a plan. In published plans a unit stands once a day, whatever the agency."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="routes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="routes")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="routes")
    day = models.DateField()
    is_published = models.BooleanField(default=False)
    metres = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("unit__name",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "unit"), name="one_route_of_a_unit_in_a_plan"),
            models.UniqueConstraint(
                fields=("unit", "day"),
                condition=Q(is_published=True),
                name="one_published_route_a_unit_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.unit_id}"


class PlannedStop(models.Model):
    """One line of a route: what is planned, and what was done.

    position   its order in the route, from 0
    volume_l   litres taken on board (a job) or given off (a reload site); taken_l: as it really was
    """

    class Kind(models.TextChoices):
        START = "start", _("start")
        TASK = "task", _("job")
        RELOAD = "reload", _("unloading")
        BREAK = "break", _("break")
        END = "end", _("end")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("done")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    route = models.ForeignKey(PlannedRoute, on_delete=models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.PROTECT, related_name="stops")
    station = models.ForeignKey(
        Station, null=True, blank=True, on_delete=models.PROTECT, related_name="stops"
    )
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    arrive_at = models.DateTimeField()
    begin_at = models.DateTimeField()
    leave_at = models.DateTimeField()
    volume_l = models.PositiveIntegerField(default=0)
    load_after_l = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    began_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    taken_l = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("route", "position")
        constraints = (
            models.UniqueConstraint(fields=("route", "position"), name="one_stop_per_position"),
            models.CheckConstraint(
                condition=(Q(kind="task", job__isnull=False) | ~Q(kind="task"))
                & (Q(kind="reload", station__isnull=False) | ~Q(kind="reload")),
                name="stop_names_its_job_or_station",
            ),
            models.CheckConstraint(
                condition=Q(begin_at__gte=F("arrive_at"), leave_at__gte=F("begin_at")), name="stop_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.route_id} {self.position} {self.kind}"


class SolveRun(models.Model):
    """One asking for a plan: by whom, how far it is, and what came of it.

    seconds    how long the solver may look for better ones
    progress   percent of that time; unplanned, cost: of the best plan so far
    seen_at    when the worker last wrote; a run under way that was not heard of for long is lost
    rest_of    the published plan whose rest is planned anew, in mid-day
    error      code of what went wrong: "lost", "crashed", "flawed", "violations", "too_long"
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting")
        RUNNING = "running", _("being worked out")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="solve_runs")
    day = models.DateField()
    seconds = models.PositiveSmallIntegerField(default=30)
    seed = models.PositiveIntegerField(default=1)
    rest_of = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    progress = models.PositiveSmallIntegerField(default=0)
    unplanned = models.PositiveIntegerField(null=True, blank=True)
    cost = models.BigIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=120, default="system")
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    cancel_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True)
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "day"),
                condition=Q(state__in=("asked", "running")),
                name="one_solve_run_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day} {self.state}"
