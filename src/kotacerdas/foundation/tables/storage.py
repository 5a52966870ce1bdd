"""Stores uploaded files: sealed on the disk, since they may hold phone numbers and names of many people."""

from __future__ import annotations

import base64
from pathlib import Path
from uuid import UUID

from django.conf import settings

from kotacerdas.foundation.files import disk
from kotacerdas.foundation.tables.cells import LANGUAGES
from kotacerdas.kernel.fieldcrypt import CannotOpen
from kotacerdas.kernel.keyring import keyring

_LABEL = "tables.upload.bytes"


def folder() -> Path:
    """The folder of all uploaded files; they lie in subfolders of two letters."""
    return Path(settings.MEDIA_ROOT) / "tabel"


def path_of(upload: UUID, part: str = "") -> Path:
    """Where the sealed bytes of an upload lie. `part` is the language of its workbook of wrong rows."""
    name = upload.hex
    return folder() / name[-2:] / f"{name}{part and f'-{part}'}.sealed"


def put(upload: UUID, data: bytes, part: str = "") -> None:
    """Seal the bytes and write them to the disk."""
    sealed = keyring().seal(_LABEL, upload, base64.b64encode(data).decode()).encode()
    disk.write(path_of(upload, part), sealed)


def get(upload: UUID, part: str = "") -> bytes | None:
    """The opened bytes; None where they are gone."""
    try:
        return base64.b64decode(keyring().open(_LABEL, upload, path_of(upload, part).read_text()))
    except (OSError, CannotOpen):
        return None


def drop(upload: UUID) -> None:
    """Delete the bytes from the disk, with the workbooks made of them."""
    path_of(upload).unlink(missing_ok=True)
    drop_made(upload)


def drop_made(upload: UUID) -> None:
    """Delete the workbooks of wrong rows from the disk, since they are out of date."""
    for part in LANGUAGES:
        path_of(upload, part).unlink(missing_ok=True)
