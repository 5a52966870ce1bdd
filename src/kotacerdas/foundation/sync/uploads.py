"""Photos that follow their record: in parts, resumable by offset, attached when they are whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.files.actions import store_photo
from kotacerdas.foundation.sync.declarations import FieldForm, forms
from kotacerdas.foundation.sync.models import Part, Phone, Upload
from kotacerdas.foundation.sync.phones import actor_of
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing
from kotacerdas.kernel.regency import regency

MOST_PART = 256 * 1024
MOST_FILES = 40  # of one record


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A photo that will follow: its id, the field that it answers, its size in bytes and SHA-256 in hex."""

    id: UUID
    field: str
    size: int
    sha256: str


def announced(raw: Any) -> Announced:
    """A photo as a phone announced it. ValueError, TypeError or KeyError for what is none."""
    size, sha256 = int(raw["size"]), str(raw["sha256"])
    if size <= 0 or len(sha256) != 64:
        raise ValueError("no photo")
    return Announced(id=UUID(raw["id"]), field=str(raw["field"])[:80], size=size, sha256=sha256.lower())


def expect(
    phone: Phone, form: FieldForm, command_id: UUID, files: Iterable[Announced], refs: Refs, at: datetime
) -> None:
    """Write down the photos that will follow a record. Invalid for too many or too large ones."""
    chosen = list(files)
    most = regency().limits.most_photo_mb * 1024 * 1024
    if len(chosen) > MOST_FILES or any(one.size > most for one in chosen):
        raise Invalid(_("These are too many photos, or one is too large."), code="files")
    if chosen and form.attach is None:
        raise Invalid(_("This form takes no photos."), code="files")
    if Upload.objects.filter(id__in=[one.id for one in chosen]).exists():
        raise Invalid(_("One of these photos belongs to another entry."), code="files")
    Upload.objects.bulk_create(
        Upload(
            id=one.id,
            phone=phone,
            command_id=command_id,
            form=form.name,
            field=one.field,
            size=one.size,
            sha256=one.sha256,
            happened_at=at,
            refs=dict(refs),
        )
        for one in chosen
    )


def upload_of(phone: Phone, upload_id: UUID) -> Upload:
    """A photo that this phone announced. Missing for one of another user's."""
    found = (
        Upload.objects.filter(id=upload_id, phone__user=phone.user_id).select_related("phone__user").first()
    )
    if found is None:
        raise Missing(
            _("The record of this photo has not arrived."), remedy=_("It is sent again with the record.")
        )
    return found


@transaction.atomic
def part_add(upload: Upload, start: int, data: bytes) -> Upload:
    """Store a part that begins at an offset. Conflict, with what is stored, for another offset than the next one."""
    row = Upload.objects.select_for_update(of=("self",)).select_related("phone__user").get(pk=upload.pk)
    if start != row.received or row.attached_at is not None:
        if start < row.received:
            return row  # the answer to this part was lost: what is stored is said again
        raise Conflict(_("A part of this photo is missing."), code="offset")
    if not data or len(data) > MOST_PART or start + len(data) > row.size:
        raise Invalid(_("This is more than was announced."), code="size")
    Part.objects.create(upload=row, start=start, data=data)
    row.received += len(data)
    row.save(update_fields=["received"])
    return row


def finish(upload: Upload) -> Upload:
    """Attach a photo that is whole to what its command made, once. Invalid where it is no photo: it is kept and told.

    A photo whose bytes are not those announced begins anew.
    """
    if upload.received < upload.size or upload.attached_at is not None or upload.error:
        return upload
    data = b"".join(bytes(one.data) for one in upload.parts.order_by("start"))
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        Part.objects.filter(upload=upload).delete()
        Upload.objects.filter(pk=upload.pk).update(received=0)
        raise Conflict(_("The photo arrived damaged and is sent once more."), code="damaged")
    try:
        stored = store_photo(data, draft_key=f"sync:{upload.phone_id}"[:64], name=str(upload.id))
    except Invalid as error:
        Upload.objects.filter(pk=upload.pk).update(error=error.code[:24] or "invalid")
        raise
    with transaction.atomic():
        row = Upload.objects.select_for_update(of=("self",)).select_related("phone__user").get(pk=upload.pk)
        if row.attached_at is None:
            attach = forms()[row.form].attach
            if attach is not None:
                attach(
                    actor_of(row.phone, happened_at=row.happened_at),
                    row.refs,
                    row.field,
                    stored,
                    row.happened_at,
                )
            row.file, row.attached_at = stored, clock.now()
            row.save(update_fields=["file", "attached_at"])
            Part.objects.filter(upload=row).delete()
    return row
