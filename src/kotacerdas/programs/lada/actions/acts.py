"""Acts as papers: handing over, handing back, transfer; both parties sign, and anybody checks them by their code."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kotacerdas.foundation.casework.papers import SUBJECT
from kotacerdas.foundation.documents.actions import document_issue
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Person
from kotacerdas.foundation.ui.tags.words import day, rupiah
from kotacerdas.kernel.errors import Conflict
from kotacerdas.programs.lada import document_kinds, events
from kotacerdas.programs.lada.actions import ledger
from kotacerdas.programs.lada.models import Asset, Change, Event

KINDS = {
    "hand_over": document_kinds.HANDED_OVER,
    "hand_back": document_kinds.HANDED_BACK,
    "transfer": document_kinds.TRANSFERRED,
}


def act_issue(*, actor: Actor, change: Change, language: str = "id") -> Document:
    """The act of a change that is in the ledger; issued once in each language, then the same paper.

    The caller checked that the actor may read the change. Raises Conflict for one that is not in the ledger, or of
    which there is no act.
    """
    kind = KINDS.get(change.kind)
    written = list(Event.objects.filter(change=change).select_related("asset").order_by("id"))
    if kind is None or not written:
        raise Conflict(
            _("There is no act of this change."),
            remedy=_("Acts are of handing over, handing back and transfer, once these are in the ledger."),
            code="no_act",
        )
    with transaction.atomic():
        Change.objects.select_for_update().get(pk=change.pk)
        about = {"kind": kind, "subject_kind": SUBJECT, "subject_id": change.case_id, "revoked_at": None}
        known = Document.objects.filter(**about, language=language).first()
        if known is not None:
            return known
        with translation.override(language):
            declared = {one.code: one for one in document_kinds.KINDS}[kind]
            title, data = str(declared.label), _data(change, written)
        return document_issue(
            actor=actor,
            kind=kind,
            subject=(SUBJECT, change.case_id),
            title=title,
            data=data,
            agency=change.agency,
            language=language,
        )


def acts_of(asset: Asset) -> list[Document]:
    """The acts that were issued of a good, newest first."""
    changes = Event.objects.filter(asset=asset, kind__in=KINDS).exclude(change=None).values("change__case")
    issued = Document.objects.filter(kind__in=KINDS.values(), subject_kind=SUBJECT, subject_id__in=changes)
    return list(issued.order_by("-issued_at"))


def _data(change: Change, written: list[Event]) -> dict[str, Any]:
    first, second = _parties(change, written)
    statements = {
        "hand_over": _("The first party hands over, and the second party takes into custody:"),
        "hand_back": _("The second party hands back, and the first party takes back from custody:"),
        "transfer": _("The first party transfers, and the second party receives:"),
    }
    duties = {
        "hand_over": [
            _("It is used for the work of the office alone, and is kept in good order."),
            _("It is not lent, rented, sold or given to others."),
            _("Loss and damage are told at once to the asset officer."),
            _("It is handed back when the post ends, or when it is asked for."),
        ],
    }
    return {
        "opening": _("On %(day)s these two:") % {"day": day(written[0].on)},
        "parties": [[_("First party"), *first], [_("Second party"), *second]],
        "statement": statements[change.kind],
        "heads": [_("NIBAR"), _("Goods"), _("Condition"), _("Value")],
        "goods": [_row(one) for one in written],
        "remark": str(written[0].data.get("basis", "")),
        "duties": duties.get(change.kind, []),
        "signers": [[_("First party"), first[0]], [_("Second party"), second[0]]],
        "sample_note": _("Sample of an act: the regency's own wording takes its place."),
    }


def _parties(change: Change, written: list[Event]) -> tuple[list[str], list[str]]:
    """Name and post of both: who proposed it for the agency, and who took it into custody or received it."""
    officer = [change.made_by.name, _("asset officer, %(agency)s") % {"agency": change.agency.name}]
    if change.kind == "transfer":
        to = change.to_agency.name if change.to_agency is not None else ""
        receiver = change.received_by.name if change.received_by is not None else ""
        return officer, [receiver, _("asset officer, %(agency)s") % {"agency": to}]
    return officer, [_keeper(written[0]), change.agency.name]


def _keeper(event: Event) -> str:
    """Who took, or had, the good in custody."""
    holder = event.data.get("holder", "")
    if event.kind == "hand_back":
        before = [one for one in ledger.ledger_of(event.asset) if one.number < event.number]
        state = events.fold(before)
        holder = state.holder if state is not None else ""
    person = Person.objects.filter(id=holder).first() if holder else None
    return person.name if person is not None else "–"


def _row(event: Event) -> list[str]:
    state = events.fold([one for one in ledger.ledger_of(event.asset) if one.number <= event.number])
    assert state is not None  # it is the event of an act: the good is there
    condition = str(dict(Asset.Condition.choices).get(state.condition, state.condition))
    return [event.asset.nibar, state.name, condition, rupiah(state.value)]
