"""The receipt of a payment as a paper: issued once, the same bytes at every reprint."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.actions import document_issue
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.payments.document_kinds import RECEIPT
from kotacerdas.foundation.payments.models import Payment
from kotacerdas.foundation.ui import formats
from kotacerdas.foundation.ui.tags.words import daytime
from kotacerdas.kernel import money
from kotacerdas.kernel.errors import Conflict

SUBJECT = "payments.payment"


def receipt_of(*, actor: Actor, payment: Payment, language: str = "id") -> Document:
    """The receipt of a settled payment, issued at the first request under the payment's own receipt number.

    The first request decides its language. The caller checked that the actor may. Raises Conflict before the money is
    there.
    """
    with transaction.atomic():
        payment = (
            Payment.objects.select_for_update(of=("self",))
            .select_related("charge__agency")
            .get(id=payment.id)
        )
        if payment.state != Payment.State.SETTLED:
            raise Conflict(_("There is no receipt before the money is there."))
        known = Document.objects.filter(
            kind=RECEIPT, subject_kind=SUBJECT, subject_id=payment.id, revoked_at=None
        )
        if (found := known.first()) is not None:
            return found
        with translation.override(language):
            title, data = _("Receipt"), _data(payment, language)
        return document_issue(
            actor=actor,
            kind=RECEIPT,
            subject=(SUBJECT, payment.id),
            title=title,
            data=data,
            agency=payment.charge.agency,
            language=language,
            number=payment.receipt,
            signer=(_post(payment, language), ""),
        )


def _post(payment: Payment, language: str) -> str:
    """Who received the money: the post at the desk, or the treasurer for whom a provider took it."""
    if payment.taken_by is None:
        with translation.override(language):
            return _("Receiving treasurer")
    return payment.taken_by.title_id if language == "id" else payment.taken_by.title_en


def _data(payment: Payment, language: str) -> dict[str, object]:
    charge = payment.charge
    lines = [
        [_("Bill"), charge.number],
        [_("For"), charge.purpose],
        [_("Basis"), charge.basis],
        [_("Received on"), daytime(payment.settled_at)],
        [_("How"), _("Cash") if payment.method == "cash" else "QRIS"],
    ]
    return {
        "lines": [line for line in lines if line[1]],
        "amount": formats.rupiah(payment.amount, language),
        "amount_words": money.in_words(payment.amount) if language == "id" else "",
    }
