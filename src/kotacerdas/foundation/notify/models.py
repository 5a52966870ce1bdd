"""One message to one recipient over one channel, with its attempts. No personal words are kept in it."""

from __future__ import annotations

from typing import Any

from django.db import models

from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.keyring import keyring

ADDRESS_LABEL, BODY_LABEL = "notify.letter.address", "notify.letter.body"


class Message(models.Model):
    """Keyed by (journal row, effect, recipient, channel): the same message is never made twice.

    `args` are ids and codes from which the text is composed when it is sent. `unknown` is a send of
    which the provider's answer was lost: held, not repeated, unless the provider knows our key. `held` waits for
    the hours at which people may be written to; `held_at`, when it was first told to, stays as a mark.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        HELD = "held"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        UNKNOWN = "unknown"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    row_id = models.UUIDField()
    effect = models.CharField(max_length=60)
    recipient_kind = models.CharField(max_length=20)
    recipient_id = models.UUIDField()
    channel = models.CharField(max_length=12)  # sms | email
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    held_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("row_id", "effect", "recipient_kind", "recipient_id", "channel"),
                name="one_message_per_effect",
            ),
        )
        indexes = (
            models.Index(fields=("state", "created_at"), name="message_state"),
            models.Index(
                fields=("recipient_id",),
                condition=models.Q(held_at__isnull=False, state__in=("held", "waiting", "sending")),
                name="message_in_line",
            ),
        )

    def __str__(self) -> str:
        return f"{self.effect} {self.channel} {self.state}"


class OutboxLetter(models.Model):
    """What the loopback sender "sent": shown on the outbox page of demo and training installations only.

    Numbers, links and codes stand in it, so address and words are sealed, and it goes after thirty days.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    message = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="letter")
    channel = models.CharField(max_length=12)
    address_sealed = models.TextField()
    subject = models.CharField(max_length=200, blank=True)
    body_sealed = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%H:%M}"

    @classmethod
    def of(cls, *, channel: str, address: str, subject: str, body: str, **more: Any) -> OutboxLetter:
        """A new letter, not stored yet, with address and words sealed."""
        letter = cls(channel=channel, subject=subject, at=clock.now(), **more)
        letter.address_sealed = keyring().seal(ADDRESS_LABEL, letter.id, address)
        letter.body_sealed = keyring().seal(BODY_LABEL, letter.id, body)
        return letter

    @property
    def address(self) -> str:
        return keyring().open(ADDRESS_LABEL, self.id, self.address_sealed)

    @property
    def body(self) -> str:
        return keyring().open(BODY_LABEL, self.id, self.body_sealed)
