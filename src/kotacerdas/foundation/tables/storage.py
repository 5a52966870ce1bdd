"""The bytes of files that wait: sealed on the disk, for they may hold phone numbers and names of many people."""

from __future__ import annotations

import base64
from pathlib import Path
from uuid import UUID

from django.conf import settings

from kotacerdas.foundation.files import disk
from kotacerdas.kernel.fieldcrypt import CannotOpen
from kotacerdas.kernel.keyring import keyring

_LABEL = "tables.upload.bytes"


def path_of(upload: UUID) -> Path:
    """Where the sealed bytes of an upload lie."""
    name = upload.hex
    return Path(settings.MEDIA_ROOT) / "tabel" / name[-2:] / f"{name}.sealed"


def put(upload: UUID, data: bytes) -> None:
    """Seal and write them."""
    disk.write(path_of(upload), keyring().seal(_LABEL, upload, base64.b64encode(data).decode()).encode())


def get(upload: UUID) -> bytes | None:
    """The bytes; None where they are gone."""
    try:
        return base64.b64decode(keyring().open(_LABEL, upload, path_of(upload).read_text()))
    except (OSError, CannotOpen):
        return None


def drop(upload: UUID) -> None:
    """Take them from the disk."""
    path_of(upload).unlink(missing_ok=True)
