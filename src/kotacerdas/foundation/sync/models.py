"""Phones, what each of them has, and the photos on their way in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.models import Agency, Position, User
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import clock, ids

ANSWERS = "sync.survey.answers"


class Phone(models.Model):
    """A phone (or tablet) on which somebody works in the field.

    token_hash   of the secret with which it comes; the secret itself is on the phone alone
    position     the post in which its user acts; None for the first they hold
    offset_ms    how far its clock stood from ours at the last contact: ours minus theirs
    empty_at     when it last had nothing left to send: nothing that happened before may come later
    waiting, refused, oldest_at   what was left in its outbox at the last contact, as it said
    cursor       the number of the last changes that were sent to it
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="phones")
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.SET_NULL)
    label = models.CharField(max_length=60, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    enrolled_at = models.DateTimeField(default=clock.now)
    enrolled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    wiped_at = models.DateTimeField(null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=24, blank=True)
    protocol = models.PositiveSmallIntegerField(default=0)
    offset_ms = models.BigIntegerField(default=0)
    empty_at = models.DateTimeField(null=True, blank=True)
    waiting = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    oldest_at = models.DateTimeField(null=True, blank=True)
    cursor = models.BigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("user",), condition=Q(revoked_at=None), name="phone_in_use"),)

    def __str__(self) -> str:
        return f"{self.label or 'phone'} of {self.user_id}"


class PhoneKey(models.Model):
    """A key that seals what stands on a phone, kept for the day on which its user forgets the PIN; sealed.

    name  what the phone calls the key: its fingerprint, which opens nothing
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=32)
    key_sealed = models.TextField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("phone", "name"), name="one_key_per_name"),)

    def __str__(self) -> str:
        return f"key {self.name} of {self.phone_id}"


class Enrolment(models.Model):
    """A code with which one phone is enrolled for somebody, once, within ten minutes."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.SET_NULL)
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"enrolment of {self.user_id}"


class Known(models.Model):
    """What a phone has as of one cursor: a keyed fingerprint for each field of each record, and no value.

    Two rows for a phone at most: the one that it has said it has, and the one that was sent after it.
    """

    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="known")
    cursor = models.BigIntegerField()
    state = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("phone", "cursor"), name="one_state_per_cursor"),)

    def __str__(self) -> str:
        return f"{self.phone_id} at {self.cursor}"


class Refusal(models.Model):
    """A command of a phone that was refused or met a conflict: what a desk sees of what is stuck, without the words.

    item      the record that it is for, where that is known
    replaces  the entry that it was the correction of
    """

    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="refusals")
    command_id = models.UUIDField()
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=24)
    item = models.UUIDField(null=True)
    happened_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    replaces = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("phone", "command_id"), name="one_refusal_per_command"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class Upload(models.Model):
    """A photo of a phone on its way in, in parts; it is attached to what its command made when it is whole.

    id        made by the phone, with the record that names it
    field     the field of the form that it belongs to; sha256  of the whole, as the phone counted it
    received  bytes that are stored; error  the code of why it was refused, "" else
    """

    id = models.UUIDField(primary_key=True, editable=False)
    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="uploads")
    command_id = models.UUIDField()
    form = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    happened_at = models.DateTimeField()
    refs = models.JSONField(default=dict)
    received = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL)
    attached_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=24, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=("made_at",), condition=Q(attached_at=None), name="upload_under_way"),)

    def __str__(self) -> str:
        return f"{self.received} of {self.size}"


class Part(models.Model):
    """Bytes of an upload from an offset on; gone when it is attached."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("upload", "start"), name="one_part_per_offset"),)

    def __str__(self) -> str:
        return f"{self.upload_id} from {self.start}"


class SurveyRecord(models.Model):
    """One thing that a survey found: its answers, sealed, as they stand now. The journal has who changed it when.

    survey     the name of its declaration
    version    counts its changes; changed_at  when the last one happened
    field_times   name of a field → when its answer was last changed (ISO 8601)
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    survey = models.CharField(max_length=80)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answers_sealed = models.TextField()
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    field_times = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("survey", "agency", "changed_at"), name="survey_of_agency"),)

    def __str__(self) -> str:
        return f"{self.survey} {self.id}"

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by name of their field."""
        found: dict[str, Any] = json.loads(keyring().open(ANSWERS, self.id, self.answers_sealed) or "{}")
        return found

    def time_of(self, name: str) -> datetime:
        """When an answer was last changed; for an old record when it was last changed itself."""
        told = self.field_times.get(name)
        return datetime.fromisoformat(told) if told else self.changed_at

    def changed(self, names: Iterable[str], at: datetime) -> None:
        """Note when answers were changed; an earlier time changes nothing. Does not save."""
        for name in names:
            if name not in self.field_times or self.time_of(name) < at:
                self.field_times[name] = at.isoformat()

    def set_answers(self, answers: Mapping[str, Any]) -> None:
        """Seal the answers; does not save."""
        self.answers_sealed = keyring().seal(ANSWERS, self.id, json.dumps(dict(answers), ensure_ascii=False))


class SurveyPhoto(models.Model):
    """A photo of what a survey found."""

    record = models.ForeignKey(SurveyRecord, on_delete=models.CASCADE, related_name="photos")
    field = models.CharField(max_length=80)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"
