"""The one table of idempotency: which commands were taken, and what they made."""

from __future__ import annotations

from django.db import models

from kotacerdas.kernel import clock, ids


class TakenCommand(models.Model):
    """One command that was taken. Rows are kept for ever: the same id never does a second thing.

    actor        whose id it is: `user:<id>`, `browser:<mark>`, or what a migration brought (`reporter`)
    command_id   made by the client before it sends
    digest       keyed hash of the bytes as they were queued, from which nobody guesses a number that stood in
                 them; "" in rows of before this table of which nothing is known
    happened_at  when the actor did it; came_at, when it reached us
    refs         what it made: name to id as text
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    actor = models.CharField(max_length=80)
    command_id = models.UUIDField()
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, blank=True)
    happened_at = models.DateTimeField(default=clock.now)
    came_at = models.DateTimeField(default=clock.now)
    refs = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("actor", "command_id"), name="a_command_is_taken_once"),
        )
        indexes = (models.Index(fields=("actor", "name", "came_at"), name="command_actor_name"),)

    def __str__(self) -> str:
        return f"{self.name} {self.command_id}"
