"""A manifest as a paper, with the code by which anybody checks it."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.actions import document_issue, document_revoke
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.ui.tags.words import day, daytime, number
from kotacerdas.programs.gopal.actions.manifests import SUBJECT
from kotacerdas.programs.gopal.document_kinds import MANIFEST
from kotacerdas.programs.gopal.models import Manifest


def manifest_paper(*, actor: Actor, manifest: Manifest, language: str = "id") -> Document:
    """The paper of a manifest as it stands. One that is in force is shown again: whatever changes a manifest revokes it.
    One in another language is revoked. The caller checked that the actor may.
    """
    with transaction.atomic():
        manifest = (
            Manifest.objects.select_for_update(of=("self",))
            .select_related("agency", "unit", "operator", "plant")
            .get(pk=manifest.pk)
        )
        known = Document.objects.filter(
            kind=MANIFEST, subject_kind=SUBJECT, subject_id=manifest.id, revoked_at=None
        ).first()
        with translation.override(language):
            title, data = _("Manifest of sludge"), _data(manifest)
            why = _("The manifest went on: there is a newer paper.")
        changed = manifest.received_at or manifest.left_at
        if known is not None:
            if known.language == language and (changed is None or known.issued_at >= changed):
                return known
            document_revoke(actor=actor, document=known, why=why)
        return document_issue(
            actor=actor,
            kind=MANIFEST,
            subject=(SUBJECT, manifest.id),
            title=title,
            data=data,
            agency=manifest.agency,
            language=language,
            number=manifest.number,
        )


def _data(manifest: Manifest) -> dict[str, object]:
    loads = list(manifest.loads.select_related("order__case", "order__tank"))
    lines = [
        [_("Day"), day(manifest.day)],
        [_("Truck"), f"{manifest.unit.name} ({manifest.unit.asset_number})"],
        [_("Plant"), manifest.plant.name if manifest.plant is not None else "–"],
        [_("State"), str(manifest.get_state_display())],
    ]
    if follower := Manifest.objects.filter(follows=manifest).first():
        lines.append([_("Its load goes on under"), follower.number])
    if manifest.received_at is not None:
        lines.append([_("Received on"), daytime(manifest.received_at)])
    sums = [[_("Pumped"), sum(one.litres for one in loads)]]
    sums += [[_("Carried"), manifest.carried_l]] if manifest.carried_l is not None else []
    sums += [[_("Received"), manifest.received_l]] if manifest.received_l is not None else []
    return {
        "lines": lines,
        "heads": [_("Order"), _("Tank"), _("Pumped at"), _("Litres")],
        "loads": [
            [one.order.case.number, one.order.tank.code, daytime(one.pumped_at), number(one.litres)]
            for one in loads
        ],
        "sums": [[name, f"{number(litres)} L"] for name, litres in sums],
    }
