"""Bytes of evidence on disk, named by what they are: `evidence/ab/<sha256>`.

What a file is, is told by its content, never by its name. It is stored as it came: a changed byte shows.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.foundation.files import disk
from kotacerdas.kernel.errors import Invalid

MOST_MB = 10
_SIGNS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)
_OFFICE = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".pptx",
    ),
}
_UNSAFE = re.compile(r"[^\w .()-]+")


@dataclass(frozen=True, kw_only=True)
class StoredEvidence:
    """A file that was stored."""

    sha256: str
    media_type: str
    name: str
    bytes: int


def keep(data: bytes, name: str) -> StoredEvidence:
    """Store the bytes durably. Raises Invalid in words for what is empty, too large, or of no allowed kind."""
    if not data:
        raise Invalid(_("The file is empty."), fields={"file": _("Choose another file.")})
    if len(data) > MOST_MB * 1024 * 1024:
        raise Invalid(
            _("The file is too large."),
            fields={
                "file": _("At most %(most)d MB. Make it smaller, or give a link to it.") % {"most": MOST_MB}
            },
        )
    media_type, ending = kind_of(data)
    sha256 = hashlib.sha256(data).hexdigest()
    put(sha256, data)
    return StoredEvidence(sha256=sha256, media_type=media_type, name=_safe(name, ending), bytes=len(data))


def kind_of(data: bytes) -> tuple[str, str]:
    """Media type and ending by content. Raises Invalid for anything but PDF, office files, pictures and plain text."""
    for sign, media_type, ending in _SIGNS:
        if data.startswith(sign):
            return media_type, ending
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if data.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(BytesIO(data)).namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            names = set()
        for inside, found in _OFFICE.items():
            if inside in names and not any("vbaProject" in one for one in names):
                return found
    elif _is_text(data):
        return "text/plain; charset=utf-8", ".txt"
    raise Invalid(
        _("This kind of file is not taken."),
        fields={
            "file": _(
                "Send a PDF, a Word, Excel or PowerPoint file without macros, a picture, or plain text."
            )
        },
    )


def read(sha256: str) -> bytes:
    """The stored bytes. Raises FileNotFoundError."""
    return path_of(sha256).read_bytes()


def is_intact(sha256: str) -> bool:
    """Whether the bytes on the disk are still those that were stored. A file is read again when its inode changed."""
    path = path_of(sha256)
    try:
        found = path.stat()
        return _digest(path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns) == sha256
    except OSError:
        return False


@lru_cache(maxsize=20_000)
def _digest(path: Path, *_state: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def path_of(sha256: str) -> Path:
    """Where these bytes lie, whether they are there or not."""
    return Path(settings.MEDIA_ROOT) / "evidence" / sha256[:2] / sha256


def put(sha256: str, data: bytes) -> None:
    """Write bytes durably under their name; a file appears whole or not at all, and one altered is mended."""
    target = path_of(sha256)
    if target.exists() and not is_intact(sha256):
        target.unlink()
    disk.write(target, data)


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    head = text.lstrip("\ufeff \t\r\n")[:1]
    return (
        not any(ord(one) < 32 and one not in "\t\r\n" for one in text)
        and head != "<"
        and not text.startswith("#!")
    )


def _safe(name: str, ending: str) -> str:
    """The sender's name for it without anything a path or header could misread; with the ending of what it is."""
    stem = Path(name.replace("\\", "/")).name.rsplit(".", 1)[0]
    return (_UNSAFE.sub(" ", stem).strip(" .")[:100] or "bukti") + ending
