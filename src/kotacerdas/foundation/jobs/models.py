"""Items that a loop failed at: set aside, and tried again later."""

from __future__ import annotations

from django.db import models


class SetAside(models.Model):
    """One item that a loop failed at, from its first failure until it succeeds.

    loop   name of the loop or process role: "clocks", "files", "indicators"
    item   what failed, as the loop names it: an id, never personal text
    error  class of the error and the place in our code, never its message, which may quote a person
    """

    loop = models.CharField(max_length=40)
    item = models.CharField(max_length=120)
    error = models.CharField(max_length=200)
    tries = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, help_text="when it is tried again; empty: only by hand")

    class Meta:
        db_table = "jobs_set_aside"
        ordering = ("loop", "first_at")
        constraints = (models.UniqueConstraint(fields=("loop", "item"), name="one_row_per_item_set_aside"),)

    def __str__(self) -> str:
        return f"{self.loop} {self.item}"
