"""The bytes of files that wait: sealed on the disk, for they may hold phone numbers and names of many people."""

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
    """Where all of them lie, in folders of two letters."""
    return Path(settings.MEDIA_ROOT) / "tabel"


def path_of(upload: UUID, part: str = "") -> Path:
    """Where the sealed bytes of an upload lie. `part` is the language of its workbook of wrong rows."""
    name = upload.hex
    return folder() / name[-2:] / f"{name}{part and f'-{part}'}.sealed"


def put(upload: UUID, data: bytes, part: str = "") -> None:
    """Seal and write them."""
    sealed = keyring().seal(_LABEL, upload, base64.b64encode(data).decode()).encode()
    disk.write(path_of(upload, part), sealed)


def get(upload: UUID, part: str = "") -> bytes | None:
    """The bytes; None where they are gone."""
    try:
        return base64.b64decode(keyring().open(_LABEL, upload, path_of(upload, part).read_text()))
    except (OSError, CannotOpen):
        return None


def drop(upload: UUID) -> None:
    """Take them from the disk, with the workbooks that were made of them."""
    path_of(upload).unlink(missing_ok=True)
    drop_made(upload)


def drop_made(upload: UUID) -> None:
    """Take the workbooks of wrong rows from the disk: they say no longer what is wrong."""
    for part in LANGUAGES:
        path_of(upload, part).unlink(missing_ok=True)
