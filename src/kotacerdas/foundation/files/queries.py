"""Everything that reads files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kotacerdas.foundation.files import disk, pictures
from kotacerdas.foundation.files.models import StoredFile


def path_of(stored: StoredFile) -> Path:
    """Where the photo lies on disk."""
    return disk.path_of(stored.sha256)


def thumb(stored: StoredFile) -> Path:
    """Where its thumbnail lies: WebP, longest side 360 px, at most 15 KB."""
    return disk.path_of(stored.sha256, "thumb")


def thumb_size(stored: StoredFile) -> tuple[int, int]:
    """Width and height of the thumbnail in pixels, so that a page keeps its place free."""
    longest = max(stored.width, stored.height, 1)
    scale = min(1.0, pictures.THUMB_SIDE / longest)
    return max(1, round(stored.width * scale)), max(1, round(stored.height * scale))


def of_draft(draft_key: str) -> Sequence[StoredFile]:
    """Photos that wait under a draft's key, in the order they came; none for an empty key."""
    if not draft_key:
        return []
    return list(StoredFile.objects.filter(draft_key=draft_key, claimed_at=None).order_by("created_at", "id"))
