"""What a phone exported as a file, taken in by a desk: a phone that cannot send loses nothing.

    {"kind": "kotacerdas.outbox", "version": 2, "phone": "<uuid>", "salt": "…", "iv": "…", "data": "<all three base64>"}
    text: {"kind": "kotacerdas.outbox", "version": 2, "phone": "<uuid>", "entries": […], "photos": [{…, "data": "<base64>"}]}

`data` is the text under AES-256-GCM, with a key by HKDF-SHA256 from the phone's export key: nobody reads a file on its
way, and a file is as trustworthy as what the phone sends. Files of before, {"body": "<text of version 1>", "mac": "<hex
of HMAC-SHA256 under the export key>"}, are read too.
Entries run as the phone's user, each once: what the phone has sent before is answered as then.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.sync import uploads
from kotacerdas.foundation.sync.exchange import answer_to
from kotacerdas.foundation.sync.models import Phone, Upload
from kotacerdas.foundation.sync.permissions import MANAGE
from kotacerdas.foundation.sync.phones import export_key, phones_of
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Refused

KIND, VERSION, PLAIN_VERSION = "kotacerdas.outbox", 2, 1
MOST_NEW = 500  # entries of one file that are run in one request
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file whose origin is proved: its phone, its entries as commands in their order, and its photos."""

    phone: Phone
    commands: tuple[Any, ...]
    photos: tuple[Any, ...]
    digest: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """What became of an entry: `taken`, `before`, `refused`, or `left` for later; the reason and the way out."""

    name: str
    at: Any
    outcome: str
    words: str = ""
    remedy: str = ""
    fields: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Rescue:
    """What became of a file. photos: how many were attached now; photo_problems: why others were not."""

    phone: Phone
    lines: list[Line] = field(default_factory=list)
    photos: int = 0
    photo_problems: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many entries came out so."""
        return sum(one.outcome == outcome for one in self.lines)


def export_read(actor: Actor, data: bytes) -> Export:
    """The content of a file for somebody who may look after its phone; of a revoked phone too.

    Invalid for what is no such file, is damaged, or was not written by an enrolled phone. Refused for the file of a
    phone that another desk looks after.
    """
    phone, text = _opened(_json(data))
    body = _json(text)
    if not isinstance(body, dict) or body.get("phone") != str(phone.pk):
        raise _damaged()
    entries, photos = body.get("entries"), body.get("photos")
    if not isinstance(entries, list) or not isinstance(photos, list):
        raise _damaged()
    if not actor.grants.may(MANAGE) or phone not in phones_of(actor.grants):
        raise Refused(
            _("This file is of a phone that another desk looks after. Nothing was taken."),
            remedy=_("Give it to the head or the liaison of that person's agency."),
        )
    return Export(
        phone=phone,
        commands=tuple(_command(one) for one in entries),
        photos=tuple(photos),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def rescue(*, actor: Actor, export: Export) -> Rescue:
    """Run the entries of a file and attach its photos; what was taken before stays as it is.

    The desk stands for when things happened: an entry from before the phone's last empty outbox is taken. Nobody
    stands for themselves: in a file of one's own phone such an entry is refused.
    """
    phone = export.phone
    is_vouched = actor.user is not None and actor.user.pk != phone.user_id
    found, run = Rescue(phone=phone), 0
    before = _taken_before(phone, export.commands)
    refused: set[UUID] = set()
    for command in export.commands:
        is_new = _id_of(command) not in before
        if is_new and run >= MOST_NEW:
            found.lines.append(_line(command, "left"))
            continue
        run += is_new
        answer = answer_to(phone, _freed(command, refused), is_vouched=is_vouched)
        if answer["status"] in ("refused", "conflict") and (named := _id_of(command)):
            refused.add(named)
        found.lines.append(_line(command, _outcome(answer["status"], is_new=is_new), answer))
    for photo in export.photos:
        _take_photo(found, photo)
    if found.count("taken") or found.photos:
        _journal(actor, export, found)
    return found


def _opened(outer: Any) -> tuple[Phone, str]:
    """The phone that wrote a file, and the text in it. Invalid for what is no such file, is damaged or forged."""
    if isinstance(outer, dict) and {"kind", "data"} <= set(outer):
        if outer["kind"] != KIND or outer.get("version") != VERSION:
            raise _damaged()
        phone = _phone_of(outer.get("phone"))
        text = _unsealed(phone, outer) if phone else None
    elif isinstance(outer, dict) and {"body", "mac"} <= set(outer):
        text = outer["body"]
        inner = _json(text) if isinstance(text, str) and isinstance(outer["mac"], str) else None
        if not isinstance(inner, dict) or inner.get("kind") != KIND or inner.get("version") != PLAIN_VERSION:
            raise _damaged()
        phone = _phone_of(inner.get("phone"))
        text = text if phone and _is_signed(phone, text, outer["mac"]) else None
    else:
        raise Invalid(
            _("This is no file exported by a phone."),
            remedy=_("On the phone, open the outbox and choose “Export the outbox to a file”."),
            code="no_export",
        )
    if phone is None or text is None:
        raise Invalid(
            _("This file was changed, or was not written by a phone enrolled here. Nothing was taken."),
            remedy=_("Export it from the phone once more."),
            code="forged",
        )
    return phone, text


def _unsealed(phone: Phone, outer: Mapping[str, Any]) -> str | None:
    """The text of a sealed file; None for one that the phone's export key does not open."""
    try:
        salt, iv, data = (base64.b64decode(outer[name], validate=True) for name in ("salt", "iv", "data"))
        key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=KIND.encode()).derive(
            export_key(phone).encode()
        )
        return AESGCM(key).decrypt(iv, data, f"{KIND} {phone.pk}".encode()).decode()
    except (InvalidTag, KeyError, TypeError, ValueError, binascii.Error):
        return None


def _json(data: bytes | str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise _damaged() from None


def _damaged() -> Invalid:
    return Invalid(
        _("This file is damaged and cannot be read. Nothing was taken."),
        remedy=_("Export it from the phone once more."),
        code="damaged",
    )


def _phone_of(named: Any) -> Phone | None:
    try:
        return Phone.objects.select_related("user", "position").filter(pk=UUID(named)).first()
    except (AttributeError, TypeError, ValueError):
        return None


def _is_signed(phone: Phone, text: str, mac: str) -> bool:
    try:
        right = hmac.new(export_key(phone).encode(), text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(right.encode(), mac.lower().encode())
    except UnicodeEncodeError:
        return False


def _command(entry: Any) -> Any:
    """An entry of the outbox as the phone would send it; what is none stays as it is, and is refused one by one."""
    if not isinstance(entry, dict):
        return entry
    names = ("id", "at", "item", "after", "values", "base", "files", "replaces")
    return {"name": entry.get("form"), **{name: entry[name] for name in names if name in entry}}


def _freed(command: Any, refused: set[UUID]) -> Any:
    """A command that waits no longer for what was refused, as the phone would send it then."""
    after = command.get("after") if isinstance(command, dict) else None
    if not isinstance(after, list):
        return command
    return {**command, "after": [one for one in after if _id_of({"id": one}) not in refused]}


def _id_of(command: Any) -> UUID | None:
    try:
        return UUID(command["id"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _taken_before(phone: Phone, commands: tuple[Any, ...]) -> set[UUID]:
    named = [one for one in map(_id_of, commands) if one]
    rows = TakenCommand.objects.filter(actor=f"user:{phone.user_id}", command_id__in=named)
    return set(rows.values_list("command_id", flat=True))


def _outcome(status: str, *, is_new: bool) -> str:
    if status == "done":
        return "taken" if is_new else "before"
    return "left" if status == "later" else "refused"


def _line(command: Any, outcome: str, answer: Mapping[str, Any] | None = None) -> Line:
    told, known = answer or {}, command if isinstance(command, dict) else {}
    return Line(
        name=str(known.get("name") or "")[:80],
        at=known.get("at"),
        outcome=outcome,
        words=told.get("words", ""),
        remedy="" if told.get("code") == "damaged" else told.get("remedy", ""),
        fields=tuple(told.get("fields", {}).values()),
    )


def _take_photo(found: Rescue, raw: Any) -> None:
    """Store a photo of the file in parts and attach it; a problem with it stops no other."""
    try:
        named = UUID(raw["id"])
        data = base64.b64decode(raw["data"], validate=True)
    except (AttributeError, KeyError, TypeError, ValueError, binascii.Error):
        found.photo_problems.append(_("A photo in the file is damaged."))
        return
    try:
        upload = uploads.upload_of(found.phone, named)
        if upload.attached_at is not None:
            return
        found.photos += _stored(upload, data)
    except KotaError as error:
        found.photo_problems.append(str(error.message))
    except Exception:
        log.exception("rescue_photo_failed", upload=str(named))
        found.photo_problems.append(_("The server failed on a photo. The operator was told."))


def _stored(upload: Upload, data: bytes) -> bool:
    """Whether the photo is attached now. Invalid for bytes that are not those announced, and for what is no photo."""
    if upload.error:
        raise Invalid(_("A file that the phone sent as a photo is none."), code=upload.error)
    if len(data) != upload.size or hashlib.sha256(data).hexdigest() != upload.sha256:
        raise Invalid(_("A photo in the file is damaged."), code="damaged")
    try:
        return _whole(upload, data)
    except Conflict as error:
        if error.code != "damaged":
            raise
        upload.refresh_from_db()  # what the phone had sent of it was damaged: all of it anew
        return _whole(upload, data)


def _whole(upload: Upload, data: bytes) -> bool:
    while upload.received < upload.size:
        start = upload.received
        upload = uploads.part_add(upload, start, data[start : start + uploads.MOST_PART])
    return uploads.finish(upload).attached_at is not None


@transaction.atomic
def _journal(actor: Actor, export: Export, found: Rescue) -> None:
    append(
        verb="sync.phone.rescue",
        subject=("sync.phone", export.phone.pk),
        actor=actor.code,
        codes={"user": export.phone.user_id, "file": export.digest[:16]},
        measures={
            "taken_entries": found.count("taken"),
            "earlier_entries": found.count("before"),
            "refused_entries": found.count("refused"),
            "attached_photos": found.photos,
        },
    )
