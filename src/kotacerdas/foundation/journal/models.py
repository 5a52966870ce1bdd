"""Rows as they were written, and their place in the sealed chain.

Rows carry ids, codes and measures, never personal text, and have no foreign keys: a row outlives
what it speaks of.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from kotacerdas.kernel import clock, ids, merkle
from kotacerdas.kernel.canonical import canonical_bytes, instant

FORMAT = 1
_SALT_BYTES = 16


def _salt() -> bytes:
    return secrets.token_bytes(_SALT_BYTES)


class Row(models.Model):
    """One thing that happened. Never updated, never deleted (a trigger and the role both say so)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    format = models.SmallIntegerField(default=FORMAT)
    origin = models.CharField(max_length=16)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    actor = models.CharField(max_length=100)
    codes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    measures = models.JSONField(default=dict)
    payload = models.JSONField(default=dict)
    salt = models.BinaryField(default=_salt)

    class Meta:
        db_table = "journal_row"
        indexes = (
            models.Index(fields=("subject_id", "recorded_at"), name="journal_row_subject"),
            models.Index(fields=("verb", "occurred_at"), name="journal_row_verb"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"

    def as_value(self) -> dict[str, Any]:
        """The JSON value whose canonical bytes are hashed; format 1."""
        return {
            "v": self.format,
            "id": str(self.id),
            "origin": self.origin,
            "occurred_at": instant(self.occurred_at),
            "recorded_at": instant(self.recorded_at),
            "verb": self.verb,
            "subject": {"kind": self.subject_kind, "id": str(self.subject_id)},
            "actor": self.actor,
            "codes": self.codes,
            "measures": self.measures,
            "payload": self.payload,
        }

    def leaf(self) -> bytes:
        """Salted leaf hash (RFC 9162): the salt keeps a guessed row from being confirmed by its hash."""
        return merkle.leaf_hash(bytes(self.salt) + canonical_bytes(self.as_value()))


class Pending(models.Model):
    """Committed rows that have no position yet; filled by a trigger, emptied by the sealer."""

    id = models.BigAutoField(primary_key=True)
    row_id = models.UUIDField()

    class Meta:
        db_table = "journal_pending"

    def __str__(self) -> str:
        return str(self.row_id)


class Key(models.Model):
    """Public halves of the keys that signed blocks (Ed25519, 32 bytes)."""

    id = models.CharField(primary_key=True, max_length=40)
    public = models.BinaryField()
    since = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "journal_key"

    def __str__(self) -> str:
        return self.id


class Block(models.Model):
    """A sealed run of positions: Merkle root, link to the block before, signature."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    origin = models.CharField(max_length=16)
    height = models.BigIntegerField()
    first_position = models.BigIntegerField()
    count = models.IntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    sealed_at = models.DateTimeField()
    hash = models.BinaryField()
    key_id = models.CharField(max_length=40)
    signature = models.BinaryField()

    class Meta:
        db_table = "journal_block"
        constraints = (
            models.UniqueConstraint(fields=("origin", "height"), name="one_block_per_height"),
            models.UniqueConstraint(fields=("first_position",), name="one_block_per_position"),
        )

    def __str__(self) -> str:
        return f"{self.origin} {self.height}"

    @property
    def last_position(self) -> int:
        return self.first_position + self.count - 1

    def header(self) -> dict[str, Any]:
        """The JSON value whose canonical bytes are hashed and signed."""
        return {
            "v": FORMAT,
            "origin": self.origin,
            "height": self.height,
            "first": self.first_position,
            "count": self.count,
            "root": bytes(self.root).hex(),
            "previous": bytes(self.previous).hex(),
            "sealed_at": instant(self.sealed_at),
        }


class Sealed(models.Model):
    """The gapless local arrival order: position → row, with its leaf hash and block."""

    position = models.BigIntegerField(primary_key=True)
    row_id = models.UUIDField(unique=True)
    leaf = models.BinaryField()
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="sealed", db_index=False)

    class Meta:
        db_table = "journal_sealed"

    def __str__(self) -> str:
        return str(self.position)


class Cursor(models.Model):
    """How far a named follower has read, in arrival order."""

    name = models.CharField(primary_key=True, max_length=60)
    position = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "journal_cursor"

    def __str__(self) -> str:
        return f"{self.name} {self.position}"
