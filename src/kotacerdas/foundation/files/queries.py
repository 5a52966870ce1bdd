"""Everything that reads files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid5

from django.db.models import QuerySet

from kotacerdas.foundation.files import disk, pictures
from kotacerdas.foundation.files.models import StoredFile

_NAMED = UUID("5d1c2f1e-8a3b-4f0e-9d43-0c7a0e5b6f21")


def path_of(stored: StoredFile) -> Path:
    """Where the photo or document lies on disk."""
    return disk.path_of(stored.sha256, "document" if stored.is_document else "full")


def thumb(stored: StoredFile) -> Path:
    """Where its thumbnail lies: WebP, longest side 360 px, at most 15 KB."""
    return disk.path_of(stored.sha256, "thumb")


def thumb_size(stored: StoredFile) -> tuple[int, int]:
    """Width and height of the thumbnail in pixels, so that a page keeps its place free."""
    longest = max(stored.width, stored.height, 1)
    scale = min(1.0, pictures.THUMB_SIDE / longest)
    return max(1, round(stored.width * scale)), max(1, round(stored.height * scale))


def named(draft_key: str, name: str) -> UUID:
    """The id of the photo that the sender of a draft gave a name: it is known before an answer comes, and if none does."""
    return uuid5(_NAMED, f"{draft_key}\x00{name}")


def is_stored(file_id: UUID) -> bool:
    """Whether a photo is here already, claimed or not."""
    return StoredFile.objects.filter(id=file_id).exists()


def of_draft(draft_key: str) -> Sequence[StoredFile]:
    """Photos that wait under a draft's key, in the order they came; none for an empty key."""
    return list(waiting_for(draft_key).order_by("created_at", "id")) if draft_key else []


def waiting_for(draft_key: str) -> QuerySet[StoredFile]:
    """The files that wait under a draft's key until a case claims them."""
    return StoredFile.objects.filter(draft_key=draft_key, claimed_at=None)
