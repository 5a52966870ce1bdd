"""Drafts of public forms: sealed rows that go after a day."""

from __future__ import annotations

from django.db import models

from kotacerdas.kernel import clock, ids


class SealedDraft(models.Model):
    """What a browser typed and has not sent yet, or what a page keeps of it for the next one.

    browser   keyed fingerprint of the secret in the browser's cookie
    draft_id  made by the browser or for it; counts within the browser alone
    sealed    opens with the browser's secret and a key of the server together
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    browser = models.CharField(max_length=64)
    draft_id = models.UUIDField()
    form = models.CharField(max_length=40)
    sealed = models.TextField()
    changed_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("browser", "draft_id"), name="one_draft_per_id"),)

    def __str__(self) -> str:
        return f"{self.form} {self.draft_id}"
