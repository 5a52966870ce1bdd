"""Deposits: what was counted at a closing goes into the regency's treasury account, within one working day."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.payments import ledger
from kotacerdas.foundation.payments.charges import cash_box, cash_locked, next_number
from kotacerdas.foundation.payments.models import Closing, Deposit
from kotacerdas.foundation.payments.permissions import CLOSE_DAY
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.kernel.texts import clean_line

DEPOSIT = "payments.deposit"
WORKDAYS = 1  # regional receipts are paid into the treasury account within one working day
MOST_REFERENCE = 40
AT_ONCE = 100


def deposit_open(*, closing: Closing, actor: Actor) -> Deposit:
    """The slip for what was counted at a closing, in the caller's transaction. The amount is from 1 rupiah on."""
    noon = datetime.combine(closing.day, time(12), tzinfo=clock.local_zone())
    deposit = Deposit.objects.create(
        number=next_number("S"),
        closing=closing,
        agency=closing.agency,
        day=closing.day,
        amount=closing.total,
        due_at=current_calendar().due_at(noon, WORKDAYS),
        made_at=clock.now(),
    )
    _journal(deposit, "open", actor)
    return deposit


def missing_deposits() -> None:
    """Open the slips of closings that have none: those from before there were deposits."""
    for closing in Closing.objects.filter(deposit=None, total__gt=0).select_related("agency")[:AT_ONCE]:
        with transaction.atomic():
            cash_locked(closing.agency_id)
            if not Deposit.objects.filter(closing=closing).exists():
                deposit_open(closing=closing, actor=SYSTEM)


def deposit_bank(
    *, actor: Actor, deposit: Deposit, reference: str, proof: StoredFile | None = None
) -> Deposit:
    """The bank has the money: booked from the cash box to the treasury account, once.

    reference  the bank's number on its proof; proof  a picture or PDF of it

    Raises Refused, Invalid for an empty reference, Conflict for what was deposited before.
    """
    if not actor.grants.may(CLOSE_DAY, agencies=[deposit.agency_id]):
        raise Refused(_("You deposit no money for this agency."))
    reference = clean_line(reference)
    if not 1 <= len(reference) <= MOST_REFERENCE:
        words = _("Write the number on the bank's proof, at most %(most)d letters.") % {
            "most": MOST_REFERENCE
        }
        raise Invalid(_("The deposit was not written down."), fields={"reference": words})
    with transaction.atomic():
        cash_locked(deposit.agency_id)
        deposit = Deposit.objects.select_for_update(of=("self",)).select_related("agency").get(id=deposit.id)
        if deposit.deposited_at is not None:
            raise Conflict(_("This was deposited already."), remedy=_("Look at the slip: it says when."))
        if deposit.amount > cash_box(deposit.agency)[0]:
            raise Conflict(
                _("The books do not have so much cash any more."), remedy=_("Look at the cash book first.")
            )
        deposit.deposited_at, deposit.deposited_by = clock.now(), actor.position
        deposit.reference, deposit.proof = reference, proof
        deposit.save(update_fields=["deposited_at", "deposited_by", "reference", "proof"])
        if proof is not None:
            StoredFile.objects.filter(id=proof.id).update(claimed_at=clock.now())
        ledger.post(
            cause=("deposit", deposit.id),
            lines={
                ledger.account_for("bank"): deposit.amount,
                ledger.account_for("cash"): -deposit.amount,
            },
            journal_id=_journal(deposit, "bank", actor).id,
            agency=deposit.agency,
        )
        return deposit


def _journal(deposit: Deposit, step: str, actor: Actor) -> Row:
    return append(
        verb=f"{DEPOSIT}.{step}",
        subject=(DEPOSIT, deposit.id),
        actor=actor.code,
        codes={
            "agency": deposit.agency.code,
            "area": deposit.agency.area_code,
            "day": deposit.day.isoformat(),
        },
        measures={"rupiah": deposit.amount},
    )
