"""Case and what hangs on it. A program's own table hangs on a case one-to-one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.models import Agency, ContactPoint, Person, Position, User
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.texts import clean_line

PARTY_NAME = "cases.party.name"


def _instance() -> str:
    return str(settings.INSTANCE_CODE)


class Case(models.Model):
    """One header for all programs. Its title is a code, so a header never leaks a person's story.

    `state` is written by `cases.actions.take` alone. `due_at` caches the nearest running promise of
    ours; `is_paused` says that every promise of ours stands still. `turned_at` is when the last step happened that
    changed state, assignment or a clock: no step that comes late can have happened before it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=24)
    version = models.PositiveIntegerField(default=1)
    title_code = models.CharField(max_length=60)
    priority = models.CharField(max_length=16, default="normal")
    channel = models.CharField(max_length=24)
    area_code = models.CharField(max_length=16, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    lead_agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="led_cases")
    opened_at = models.DateTimeField(default=clock.now)
    turned_at = models.DateTimeField(default=clock.now, db_default=Now())
    due_at = models.DateTimeField(null=True, blank=True)
    is_paused = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    origin = models.CharField(max_length=16, default=_instance)
    home = models.CharField(max_length=16, default=_instance)

    class Meta:
        indexes = (
            models.Index(fields=("kind", "state"), name="case_kind_state"),
            models.Index(fields=("due_at",), condition=Q(closed_at=None), name="case_open_due"),
            models.Index(fields=("opened_at",), name="case_opened"),
            models.Index(fields=("area_code",), condition=Q(closed_at=None), name="case_open_area"),
        )

    def __str__(self) -> str:
        return self.number


class CaseParty(models.Model):
    """Somebody a case concerns. Each has a secret link of their own.

    `stands_for` is, on a case that others were merged into, the party of the merged case: whoever holds that one's
    link acts here as this one and as nobody else, whatever number either of them gave. `is_proved` says that the
    number is theirs: they were signed in with it, called from it, or opened the link that was sent to it.

    The link's token is derived from the row and `link_version` by the keyring, so it can be sent anew
    without being stored; `link_hash` finds the row again.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=24)  # as the kind declares them
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="parties"
    )
    stands_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="stand_ins"
    )
    contact = models.ForeignKey(
        ContactPoint, null=True, blank=True, on_delete=models.PROTECT, related_name="parties"
    )
    name_sealed = models.TextField(blank=True)  # as given this time; "" where only the person has one
    is_anonymous = models.BooleanField(default=False)
    is_proved = models.BooleanField(default=False, db_default=False)
    channel = models.CharField(max_length=24, blank=True)
    language = models.CharField(max_length=8, default="id")
    link_version = models.PositiveSmallIntegerField(default=1)
    link_hash = models.CharField(max_length=64, blank=True, db_index=True)
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.role} of {self.case_id}"

    @property
    def name(self) -> str:
        """The name given this time, else the person's."""
        own = keyring().open(PARTY_NAME, self.id, self.name_sealed)
        return own or (self.person.name if self.person else "")

    def set_name(self, text: str) -> None:
        """Seal the name given this time; does not save."""
        self.name_sealed = keyring().seal(PARTY_NAME, self.id, clean_line(text))

    @property
    def phone(self) -> str:
        """The number used this time, opened; "" for none."""
        return self.contact.phone if self.contact else ""

    @property
    def phone_masked(self) -> str:
        return self.contact.phone_masked if self.contact else ""


class Assignment(models.Model):
    """A part of the work given to an agency, and within it to a post and a person."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=24)  # as the kind declares them
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="assignments")
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT)
    holder = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    is_open = models.BooleanField(default=True)
    assigned_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, blank=True)  # done | returned | void
    due_at = models.DateTimeField(null=True, blank=True)
    is_paused = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=("agency", "is_paused", "due_at"), condition=Q(is_open=True), name="assignment_queue"
            ),
            models.Index(fields=("case", "role"), name="assignment_case"),
            models.Index(fields=("agency", "case"), name="assignment_agency"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(is_open=True, role="lead"), name="one_open_lead"
            ),
            models.UniqueConstraint(
                fields=("case", "role", "agency"),
                condition=Q(is_open=True)
                & ~Q(role="escalation"),  # posts of an agency are called in one by one
                name="one_open_part_per_agency",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.agency_id}"


class Policy(models.Model):
    """A dated promise: its budget and to whom it escalates. Data of the pack.

    unit        workdays (due at 23:59:59 local of the nth) or minutes (round the clock)
    escalation  [{"to": "agency.head" | "<AGENCY>.<position>", "after": n}], n in the unit, past due
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    key = models.CharField(max_length=60)
    unit = models.CharField(max_length=10, choices=[("workdays", "workdays"), ("minutes", "minutes")])
    budget = models.PositiveIntegerField()
    escalation = models.JSONField(default=list)
    reopen_minimum = models.PositiveIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "valid_from"), name="one_policy_per_day"),)

    def __str__(self) -> str:
        return f"{self.key} {self.budget} {self.unit}"


class CaseClock(models.Model):
    """One promise of a case or of one assignment, as it was given.

    Frozen when started: policy, budget, calendar version. `due_at` moves by pausing only.
    `overdue_at` is set once. It is taken back by one thing alone: a step that happened in time and came late (ADR 33).
    """

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        KEPT = "kept"
        BROKEN = "broken"
        VOID = "void"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    assignment = models.ForeignKey(Assignment, null=True, blank=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=24)
    role = models.CharField(max_length=60, blank=True)
    is_ours = models.BooleanField(default=True)
    policy_key = models.CharField(max_length=60)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    calendar_version = models.CharField(max_length=64, blank=True)
    unit = models.CharField(max_length=10)
    budget = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    remaining = models.IntegerField(null=True, blank=True)
    paused_days = models.JSONField(default=list)
    overdue_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, blank=True, db_default="")  # the step that ended it
    escalated = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True, blank=True)
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        indexes = (
            models.Index(
                fields=("next_look_at",),
                condition=Q(state__in=("running", "paused")) & Q(next_look_at__isnull=False),
                name="clock_next_look",
            ),
            models.Index(fields=("case", "state"), name="clock_case"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case", "name"),
                condition=Q(state__in=("running", "paused"), assignment=None),
                name="one_live_clock_per_name",
            ),
            models.UniqueConstraint(
                fields=("case", "name", "assignment"),
                condition=Q(state__in=("running", "paused")) & Q(assignment__isnull=False),
                name="one_live_clock_per_assignment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.state} {self.due_at}"

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.PAUSED)


class Note(models.Model):
    """Words on a case: inside ones stay among staff, others go to its parties or come from them."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=24)  # as the kind of the case declares them
    body = models.TextField()
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT)
    party = models.ForeignKey(CaseParty, null=True, blank=True, on_delete=models.PROTECT)
    is_published = models.BooleanField(default=False)
    journal_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=("case", "created_at"), name="note_case"),)

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"


class CaseFile(models.Model):
    """A photo or document of a case, for the staff alone (`is_inside`) or for its parties too."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="uses")
    moment = models.CharField(max_length=24)  # as the kind of the case declares them
    is_inside = models.BooleanField(default=False)
    is_published = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.moment} of {self.case_id}"


class Feedback(models.Model):
    """A party's rating of the work, 1 (not satisfied) to 4 (very satisfied), one a resolution."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="feedback")
    party = models.ForeignKey(CaseParty, null=True, on_delete=models.PROTECT)
    rating = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=4), name="rating_1_to_4"),
        )

    def __str__(self) -> str:
        return f"{self.rating} for {self.case_id}"
