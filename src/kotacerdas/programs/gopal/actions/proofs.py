"""Papers of manifests prove what is true now: a change takes the ones before it out of force."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.actions import document_revoke
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.programs.gopal.document_kinds import MANIFEST


def papers_end(actor: Actor, subject: tuple[str, UUID]) -> None:
    """Revoke the papers of a manifest that changes. Called in the transaction that holds the manifest."""
    known = Document.objects.filter(
        kind=MANIFEST, subject_kind=subject[0], subject_id=subject[1], revoked_at=None
    )
    for document in known:
        with translation.override(document.language):
            why = _("The manifest went on: ask for a newer paper.")
        document_revoke(actor=actor, document=document, why=why)
