"""Photos and papers of goods: added to what is there; they change no figure, so nobody approves them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.files.actions import store_photo, store_upload
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.actions import row_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.actions.ledger import SUBJECT
from kotacerdas.programs.lada.models import Asset, AssetFile
from kotacerdas.programs.lada.permissions import CHANGE

KINDS = ("photo", "certificate", "bpkb", "stnk", "contract", "other")
LONGEST = 120


def file_add(*, actor: Actor, asset: Asset, kind: str, data: bytes, words: str = "") -> AssetFile:
    """Keep a photo, or a paper (a PDF or a photo of it). Raises Refused, and Invalid in words at `kind`, `words`, `file`."""
    require(actor.grants, CHANGE, agencies=[asset.agency_id])
    if kind not in KINDS:
        raise Invalid(_("Nothing was added."), fields={"kind": _("Choose what it is.")})
    if len(words) > LONGEST:
        raise Invalid(_("Nothing was added."), fields={"words": _("At most 120 letters.")})
    stored = store_photo(data) if kind == "photo" else store_upload(data)
    return file_keep(actor=actor, asset=asset, kind=kind, stored=stored, words=words)


def file_keep(*, actor: Actor, asset: Asset, kind: str, stored: StoredFile, words: str = "") -> AssetFile:
    """A stored file is a good's from now on. The caller has checked the right."""
    return files_keep(actor=actor, goods=[asset], kind=kind, stored=stored, words=words)[0]


def files_keep(
    *, actor: Actor, goods: Sequence[Asset], kind: str, stored: StoredFile, words: str = ""
) -> list[AssetFile]:
    """A stored file is of all these goods from now on. The caller has checked the right."""
    with transaction.atomic():
        StoredFile.objects.filter(id=stored.id).update(claimed_at=clock.now())
        kept = AssetFile.objects.bulk_create(
            AssetFile(asset=one, file=stored, kind=kind, words=words.strip(), added_by=actor.user)
            for one in goods
        )
        if kind == "photo":
            Asset.objects.filter(id__in=[one.id for one in goods]).update(has_photo=True)
        Row.objects.bulk_create(
            row_of(
                verb=f"{SUBJECT}.file",
                subject=(SUBJECT, one.id),
                actor=actor.code,
                codes={"kind": kind, "agency": one.agency.code},
            )
            for one in goods
        )
        return kept
