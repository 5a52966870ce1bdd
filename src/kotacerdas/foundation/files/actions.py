"""Everything that writes files: storing a photo or document, taking one back, and what nobody claimed."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.files import disk, pictures
from kotacerdas.foundation.files.models import PDF, StoredFile
from kotacerdas.foundation.files.queries import named
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Invalid, Unavailable
from kotacerdas.kernel.regency import regency

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PDF_SIGN = b"%PDF-"
_AT_ONCE = 200
log = structlog.get_logger(__name__)


def store_photo(
    data: bytes, *, draft_key: str = "", name: str = "", place: tuple[float, float] | None = None
) -> StoredFile:
    """Check a photo, strip it, make it smaller and keep it; its bytes are on disk before the row commits.

    draft_key  the draft that holds it until a case claims it
    name       what its sender calls it there: sent again under the same, it is stored once
    place      (lat, lng) the sender's device read from the original, for photos made smaller before sending;
               what stands in the bytes themselves goes before it

    Equal photos share their bytes. Raises Invalid and Unavailable in words for people.
    """
    file_id = named(draft_key, name) if name else ids.new_id()
    with _held(str(file_id)):  # no transaction: none stays open while the photo waits for its turn
        return StoredFile.objects.filter(id=file_id).first() or _store(file_id, data, draft_key, place)


def store_document(data: bytes, *, draft_key: str = "", name: str = "") -> StoredFile:
    """Check a PDF and keep it as it came; its bytes are on disk before the row commits.

    draft_key, name  as for a photo. Equal documents share their bytes. Raises Invalid and Unavailable in words.
    """
    document_checked(data)
    file_id = named(draft_key, name) if name else ids.new_id()
    sha256 = hashlib.sha256(data).hexdigest()
    with _held(str(file_id)):
        if (known := StoredFile.objects.filter(id=file_id).first()) is not None:
            return known
        with transaction.atomic():
            _hold(sha256)
            _write(sha256, {"document": data})
            return StoredFile.objects.create(
                id=file_id, sha256=sha256, media_type=PDF, bytes=len(data), draft_key=draft_key[:64]
            )


def store_upload(data: bytes, *, draft_key: str = "") -> StoredFile:
    """A PDF as a document, everything else as a photo. Raises Invalid and Unavailable in words."""
    store = store_document if data.startswith(PDF_SIGN) else store_photo
    return store(data, draft_key=draft_key)


def document_checked(data: bytes) -> None:
    """Raise Invalid for what is no whole PDF, is locked with a password, or is too large."""
    most = regency().limits.most_photo_mb
    if len(data) > most * 1024 * 1024:
        raise Invalid(
            _("The document is too large."),
            remedy=_("At most %(most)d MB; make it smaller.") % {"most": most},
        )
    if not data.startswith(PDF_SIGN) or b"%%EOF" not in data[-1024:]:
        raise Invalid(_("This is no whole PDF."), remedy=_("Save it as PDF again and choose that file."))
    if b"/Encrypt" in data:
        raise Invalid(
            _("This PDF is locked with a password."),
            remedy=_("Save it without a password and choose that file."),
        )


def discard(file_id: UUID, *, draft_key: str) -> bool:
    """The sender takes an unclaimed photo of their draft back; False when it is not theirs or was claimed.

    One that is being stored is waited for.
    """
    chosen = StoredFile.objects.filter(id=file_id, draft_key=draft_key, claimed_at=None).exclude(draft_key="")
    with transaction.atomic():
        _hold(str(file_id))
        stored = chosen.first()
        return stored is not None and _delete(stored)


def hand_on(*, draft_key: str, to: str) -> None:
    """The unclaimed photos of a draft wait under another one's key from now on."""
    StoredFile.objects.filter(draft_key=draft_key, claimed_at=None).exclude(draft_key="").update(draft_key=to)


def sweep() -> int:
    """Delete photos that no case claimed within the pack's `draft_photo_hours`; how many went.

    Each alone: one that cannot be deleted is set aside, and the others go.
    """
    fence, gone = Fence("files"), 0
    before = clock.now() - timedelta(hours=regency().limits.draft_photo_hours)
    old = StoredFile.objects.filter(claimed_at=None, uses=None, created_at__lt=before).order_by("created_at")
    for file_id in list(old.exclude(id__in=fence.waiting()).values_list("id", flat=True)[:_AT_ONCE]):
        with fence.around(str(file_id)):
            gone += _delete(StoredFile.objects.only("id", "sha256").get(id=file_id))
    return gone


def _store(file_id: UUID, data: bytes, draft_key: str, place: tuple[float, float] | None) -> StoredFile:
    made = pictures.make(data, most_mb=regency().limits.most_photo_mb)
    sha256 = hashlib.sha256(made.data).hexdigest()
    lat, lng = (made.lat, made.lng) if made.lat is not None else (place or (None, None))
    with transaction.atomic():
        _hold(sha256)
        _write(sha256, {"full": made.data, "thumb": made.thumb})
        return StoredFile.objects.create(
            id=file_id,
            sha256=sha256,
            media_type=pictures.MEDIA_TYPE,
            bytes=len(made.data),
            width=made.width,
            height=made.height,
            draft_key=draft_key[:64],
            lat=lat,
            lng=lng,
            taken_at=made.taken_at,
        )


def _write(sha256: str, made: Mapping[disk.Size, bytes]) -> None:
    """The files of a photo or document. Raises Unavailable where the disk has no room: the words that came are kept."""
    try:
        for size, data in made.items():
            disk.put(sha256, size, data)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        log.error("disk_full", folder=str(settings.MEDIA_ROOT), error=error.strerror)
        raise Unavailable(
            _("The file could not be stored: our server has no room for it at the moment."),
            remedy=_("Go on without the file; it can be added later."),
            code="disk_full",
        ) from error


def _delete(stored: StoredFile) -> bool:
    """Delete a row that is still unclaimed, and its bytes once no other row has them."""
    with transaction.atomic():
        _hold(stored.sha256)
        gone, _kinds = StoredFile.objects.filter(id=stored.id, claimed_at=None, uses=None).delete()
        if gone and not StoredFile.objects.filter(sha256=stored.sha256).exists():
            disk.remove(stored.sha256)
        return bool(gone)


@contextmanager
def _held(name: str) -> Iterator[None]:
    """Hold a photo while it is stored, over several transactions; discarding it waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 7))", [name])
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:  # a lost connection holds nothing
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 7))", [name])


def _hold(name: str) -> None:
    """Storing and deleting the same photo, or the same bytes, wait for one another until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [name])
