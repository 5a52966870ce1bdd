"""Bytes on disk under MEDIA_ROOT, named by what they are: `ab/cd/<sha256>.webp` and its `-thumb.webp`, or `.pdf`.

A file appears whole or not at all, and is on the disk before anybody says that it is stored.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

from django.conf import settings

Size = Literal["full", "thumb", "document"]
_SUFFIX: dict[Size, str] = {"full": ".webp", "thumb": "-thumb.webp", "document": ".pdf"}


def path_of(sha256: str, size: Size = "full") -> Path:
    """Where these bytes lie, whether they are there or not."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / f"{sha256}{_SUFFIX[size]}"


def put(sha256: str, size: Size, data: bytes) -> None:
    """Write bytes durably under their name; bytes that are there already stay."""
    write(path_of(sha256, size), data)


def write(target: Path, data: bytes) -> None:
    """Write bytes durably to a path three folders deep under MEDIA_ROOT; bytes that are there already stay."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync(folder)


def remove(sha256: str) -> None:
    """Take the files of a photo or document from the disk; those that are gone already are no matter."""
    for size in _SUFFIX:
        path_of(sha256, size).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
