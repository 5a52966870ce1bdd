"""Actions on papers: issue, revoke, sign electronically."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents import rendering
from kotacerdas.foundation.documents.declarations import DocumentKind, kinds
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.documents.signing import Signer
from kotacerdas.foundation.files import disk
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.tags.words import day
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.regency import regency

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing is taken for another letter
_CODE_LENGTH = 12
_NO_CODE = "PRATINJAU000"
LONGEST_REASON = 200


def document_issue(
    *,
    actor: Actor,
    kind: str,
    subject: tuple[str, UUID],
    title: str,
    data: Mapping[str, Any],
    agency: Agency | None = None,
    language: str = "id",
    signer: tuple[str, str] = ("", ""),
    number: str = "",
) -> Document:
    """Issue a paper: number, bytes on disk, row and journal row, all or nothing. The caller checked that the actor may.

    title   as it stands on the paper; data what the template shows, text only
    signer  (title of the post, name) under the paper; no signature of theirs is made here
    number  the one that the subject carries already, as a receipt does; else the next of the kind's series

    Raises Invalid for a template that cannot be set, LookupError for an undeclared kind.
    """
    declared, now = kinds()[kind], clock.now()
    with transaction.atomic():
        number = number or _next_number(declared, agency, now)
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        template = rendering.template_of(declared)
        head = _head(declared, title, number, code, agency, language, now, signer)
        made = rendering.pdf(template, {**data, **head}, now)
        sha256 = hashlib.sha256(made).hexdigest()
        disk.write(path_of(sha256), made)
        document = Document.objects.create(
            kind=kind,
            number=number,
            code=code,
            subject_kind=subject[0],
            subject_id=subject[1],
            language=language,
            template=template.digest,
            sha256=sha256,
            bytes=len(made),
            agency=agency,
            issued_by=actor.position,
            issued_at=now,
        )
        _journal(document, "issue", actor, {"sha256": sha256, "template": template.digest})
        return document


def document_revoke(*, actor: Actor, document: Document, why: str) -> Document:
    """Take a paper out of force; the check page says so from now on. Raises Invalid, Conflict. The caller checked the right."""
    why = why.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(_("Nothing was revoked."), fields={"why": _("Say why, in at most 200 letters.")})
    with transaction.atomic():
        document = Document.objects.select_for_update().get(id=document.id)
        if document.revoked_at is not None:
            raise Conflict(_("This paper was revoked already."))
        document.revoked_at, document.revoked_why = clock.now(), why
        document.save(update_fields=["revoked_at", "revoked_why"])
        _journal(document, "revoke", actor, {})
        return document


def document_sign(*, actor: Actor, document: Document, signer: Signer, nik: str, passphrase: str) -> Document:
    """Have a paper signed by the certified electronic signature of whoever signs it (BSrE).

    The signed bytes are kept beside the issued ones; both are known to the check page. The passphrase is passed on and
    kept nowhere. Raises Conflict for one that is signed or revoked, Unavailable and Refused from the service.
    """
    if document.signed_at is not None or document.revoked_at is not None:
        raise Conflict(_("This paper is signed already, or revoked."))
    signed = signer.sign(path_of(document.sha256).read_bytes(), nik=nik, passphrase=passphrase)
    sha256 = hashlib.sha256(signed).hexdigest()
    disk.write(path_of(sha256), signed)
    with transaction.atomic():
        document = Document.objects.select_for_update().get(id=document.id)
        if document.signed_at is not None:
            raise Conflict(_("This paper is signed already, or revoked."))
        document.signed_at, document.signed_sha256 = clock.now(), sha256
        document.save(update_fields=["signed_at", "signed_sha256"])
        _journal(document, "sign", actor, {"sha256": sha256})
        return document


def preview(kind: str, language: str) -> bytes:
    """The paper of a kind with its sample data, marked as a sample: for whoever edits a template. Raises Invalid."""
    declared, now = kinds()[kind], clock.now()
    number = f"000000/{declared.prefix}/{now.year}"
    with translation.override(language):
        title = str(declared.label)
    head = _head(declared, title, number, _NO_CODE, None, language, now, ("Kepala (contoh)", "Wati (contoh)"))
    return rendering.pdf(
        rendering.template_of(declared), {**declared.sample(), **head, "is_sample": True}, now
    )


def path_of(sha256: str) -> Path:
    """Where a paper's bytes lie."""
    return Path(settings.MEDIA_ROOT) / "dokumen" / sha256[:2] / f"{sha256}.pdf"


def _head(
    kind: DocumentKind,
    title: str,
    number: str,
    code: str,
    agency: Agency | None,
    language: str,
    at: datetime,
    signer: tuple[str, str],
) -> dict[str, Any]:
    pack = regency()
    english = language.startswith("en")
    name = pack.instance.name_en if english else pack.instance.name_id
    url = f"{settings.PUBLIC_URL}/periksa/{code}/"
    with translation.override(language):
        government = _("Government of %(region)s") % {"region": name}
        place_and_day = f"{pack.instance.short_name}, {day(at)}"
    return {
        "lang": "en" if english else "id",
        "kind": kind.code,
        "title": title,
        "number": number,
        "regency": name,
        "government": government,
        "agency": agency.name if agency else name,
        "address": _address(agency, language),
        "check_url": url.split("://", 1)[-1],
        "qr": rendering.qr(url),
        "place_and_day": place_and_day,
        "signer_title": signer[0],
        "signer_name": signer[1],
        "is_sample": False,
    }


def _address(agency: Agency | None, language: str) -> str:
    """The pack's public address, on papers of the regency or of the agency that coordinates; others have their own."""
    pack = regency()
    known = pack.contact.address
    if not known or (agency is not None and agency.code != pack.desks.coordinating_agency):
        return ""
    with translation.override(language):
        return _("%(address)s (example)") % {"address": known} if pack.contact.is_example else known


def _next_number(kind: DocumentKind, agency: Agency | None, at: datetime) -> str:
    """The next number, as `000123/KWT/BKD/2026`. There are no gaps, so a second request waits for the first."""
    year = clock.local_day(at).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_series AS s (kind, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (kind, year) DO UPDATE SET last = s.last + 1 RETURNING last",
            [kind.code, year],
        )
        last = cursor.fetchone()[0]
    return "/".join(filter(None, (f"{last:06d}", kind.prefix, agency.code if agency else "", str(year))))


def _journal(document: Document, step: str, actor: Actor, payload: Mapping[str, Any]) -> None:
    append(
        verb=f"documents.document.{step}",
        subject=("documents.document", document.id),
        actor=actor.code,
        codes={
            "kind": document.kind,
            "number": document.number,
            "agency": document.agency.code if document.agency else "",
        },
        payload={"subject": document.subject_id, **payload},
    )
