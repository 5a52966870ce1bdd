"""Actions on charges: open, pay by QRIS or in cash, cancel, expire, refund."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.actions import document_revoke
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.models import Agency, Person
from kotacerdas.foundation.payments import ledger, providers
from kotacerdas.foundation.payments.document_kinds import BILL
from kotacerdas.foundation.payments.models import Account, Charge, Deposit, Entry, Line, Payment, Refund
from kotacerdas.foundation.payments.permissions import REFUND, TAKE_CASH
from kotacerdas.foundation.payments.purposes import purposes
from kotacerdas.kernel import clock, ids, money
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

CODE_MINUTES = 15
MOST_NAME = 80


def charge_open(
    *,
    actor: Actor,
    subject: tuple[str, UUID],
    title: str,
    amount: int,
    agency: Agency,
    income: str = "",
    basis: str = "",
    payer: Person | None = None,
    expires_at: datetime | None = None,
) -> Charge:
    """Open a charge for a subject: header, journal row and entry (receivable against income), all or nothing.

    title     code of a declared `Purpose`
    amount    whole rupiah from 1 on
    income    code of the account that earns it; "" the first one of the pack
    basis     the article of the tariff, as it stands on the bill

    The caller has checked that the actor may. Raises Invalid, Unavailable where no accounts are loaded, LookupError for
    an undeclared purpose or account.
    """
    if title not in purposes():
        raise LookupError(f"no purpose {title}")
    if not money.is_amount(amount):
        raise Invalid(
            _("An amount is a whole number of rupiah, from 1 on."),
            fields={"amount": _("Look at the amount.")},
        )
    earning = Account.objects.filter(kind=Account.Kind.INCOME, closed_on=None)
    earns = (earning.filter(code=income) if income else earning.order_by("code")).first()
    if earns is None:
        raise LookupError(f"no income account {income}")
    with transaction.atomic():
        charge = Charge.objects.create(
            number=next_number("T"),
            subject_kind=subject[0],
            subject_id=subject[1],
            title=title,
            basis=basis.strip()[:200],
            amount=amount,
            agency=agency,
            income=earns,
            payer=payer,
            opened_at=clock.now(),
            expires_at=expires_at,
        )
        row = _journal(charge, "open", actor, amount)
        ledger.post(
            cause=("charge", charge.id),
            lines={ledger.account_for("receivable"): amount, earns: -amount},
            journal_id=row.id,
            agency=agency,
        )
        return charge


def charge_end(*, actor: Actor, charge: Charge, state: str) -> Charge:
    """Cancel an open charge, or let it expire; its entry is reversed. Raises Conflict for one that was paid."""
    if state not in (Charge.State.CANCELLED, Charge.State.EXPIRED):
        raise LookupError(state)
    with transaction.atomic():
        charge = _locked(charge)
        if charge.state != Charge.State.OPEN or charge.paid:
            raise Conflict(_("This charge is not open any more."), remedy=_("Look at its payments."))
        row = _journal(charge, state, actor, charge.amount)
        opened = Entry.objects.get(cause_kind="charge", cause_id=charge.id)
        ledger.reverse(opened, journal_id=row.id)
        charge.payments.filter(state=Payment.State.PENDING).update(state=Payment.State.EXPIRED)
        charge.state, charge.ended_at = state, clock.now()
        charge.save(update_fields=["state", "ended_at"])
        papers = Document.objects.filter(kind=BILL, subject_kind="payments.charge", subject_id=charge.id)
        for paper in papers.filter(revoked_at=None):
            document_revoke(actor=actor, document=paper, why=_("The bill ended unpaid."))
        return charge


def payment_begin(*, charge: Charge) -> Payment:
    """A QRIS code for what is still owed: the valid one, else a new one from the provider. Raises Conflict.

    The provider is asked outside of any transaction, by our own reference: asked twice it makes one code.
    """
    living = charge.payments.filter(state=Payment.State.PENDING, expires_at__gt=clock.now()).first()
    if living is not None and living.qris:
        return living
    with transaction.atomic():
        charge = _locked(charge)
        if charge.state != Charge.State.OPEN:
            raise Conflict(_("This charge is not open any more."), remedy=_("Look at its payments."))
        payment = living or Payment.objects.create(
            charge=charge,
            method="qris",
            provider=settings.PAYMENT_PROVIDER,
            reference=f"KC{ids.new_id().hex[-18:].upper()}",
            amount=charge.amount - charge.paid,
            began_at=clock.now(),
            expires_at=clock.now() + timedelta(minutes=CODE_MINUTES),
        )
    code = providers.provider_of(payment.provider).create(payment)
    payment.qris, payment.provider_id = code.qris, code.provider_id
    payment.expires_at = code.expires_at or payment.expires_at
    payment.save(update_fields=["qris", "provider_id", "expires_at"])
    return payment


def payment_settle(*, payment: Payment, actor: Actor = SYSTEM) -> Payment:
    """Record that the money came: payment, charge, journal row and entry. A settled payment is not changed again.

    Runs in a transaction of its own or the caller's; the charge is locked first. Raises Conflict for a charge that is
    paid already by another payment.
    """
    with transaction.atomic():
        charge = _locked(payment.charge)
        payment = Payment.objects.select_for_update().get(id=payment.id)
        if payment.state == Payment.State.SETTLED:
            return payment
        if charge.paid + payment.amount > charge.amount or charge.state == Charge.State.CANCELLED:
            raise Conflict(
                _("This charge is paid already."), remedy=_("The payment is given back, or explained.")
            )
        now = clock.now()
        if charge.state == Charge.State.EXPIRED:  # the money came after all: it is owed again, and paid
            row = _journal(charge, "open", actor, charge.amount)
            lines = {ledger.account_for("receivable"): charge.amount, charge.income: -charge.amount}
            ledger.post(cause=("charge", charge.id), lines=lines, journal_id=row.id, agency=charge.agency)
            charge.state, charge.ended_at = Charge.State.OPEN, None
        payment.state, payment.settled_at = Payment.State.SETTLED, now
        payment.receipt = next_number("K")
        payment.save(update_fields=["state", "settled_at", "receipt"])
        charge.paid += payment.amount
        if charge.paid == charge.amount:
            charge.state, charge.ended_at = Charge.State.PAID, now
        charge.save(update_fields=["paid", "state", "ended_at"])
        row = _journal(charge, "pay", actor, payment.amount, method=payment.method)
        held = ledger.account_for("cash" if payment.method == "cash" else "clearing")
        ledger.post(
            cause=("payment", payment.id),
            lines={held: payment.amount, ledger.account_for("receivable"): -payment.amount},
            journal_id=row.id,
            agency=charge.agency,
        )
        return payment


def cash_take(*, actor: Actor, charge: Charge, amount: int, key: UUID, payer: str = "") -> Payment:
    """Take cash at a desk, with a numbered receipt. `key` is the form's key: sent twice, it is taken once.

    payer  who hands it over, as the receipt says; at most 80 letters

    It is booked when it is told here, and the receipt says when it was taken.

    Raises Refused, Invalid for another amount than is owed, Conflict for a charge that is not open.
    """
    if not actor.grants.may(TAKE_CASH, agencies=[charge.agency_id]):
        raise Refused(_("You take no cash for this agency."), remedy=_("Choose your own desk."))
    with transaction.atomic():
        cash_locked(charge.agency_id)
        charge = _locked(charge)
        reference = f"KAS{key.hex.upper()}"[:40]
        if (known := Payment.objects.filter(reference=reference).first()) is not None:
            if known.charge_id != charge.id or known.amount != amount:
                raise Conflict(_("This was taken already, as it was typed first."))
            return known
        if charge.state != Charge.State.OPEN:
            raise Conflict(_("This charge is not open any more."), remedy=_("Look at its payments."))
        owed = charge.amount - charge.paid
        if amount != owed:
            raise Invalid(
                _("Nothing was taken."),
                fields={
                    "amount": _("Rp%(owed)s is owed; take that amount.")
                    % {"owed": f"{owed:,}".replace(",", ".")}
                },
            )
        payment = Payment(
            charge=charge,
            method="cash",
            reference=reference,
            amount=amount,
            taken_by=actor.position,
            began_at=actor.happened_at or clock.now(),
        )
        if payer.strip():
            payment.set_payer(payer[:MOST_NAME])
        payment.save()
        return payment_settle(payment=payment, actor=actor)


def payment_refund(
    *, actor: Actor, payment: Payment, amount: int, reason: str, key: UUID | None = None
) -> Refund:
    """Give a payment back, whole or in part, by the way it came. Raises Refused, Invalid, Conflict.

    `key` is the form's own: pressed twice, it is given back once.
    """
    if not actor.grants.may(REFUND, agencies=[payment.charge.agency_id]):
        raise Refused(_("You may give no payment back for this agency."))
    with transaction.atomic():
        if payment.method == "cash":
            cash_locked(payment.charge.agency_id)
        charge = _locked(payment.charge)
        payment = Payment.objects.select_for_update().get(id=payment.id)
        if key is not None and (known := Refund.objects.filter(id=key).first()) is not None:
            if known.payment_id != payment.id or known.amount != amount:
                raise Conflict(_("This was given back already, as it was typed first."))
            return known
        if payment.state != Payment.State.SETTLED:
            raise Conflict(_("Only what was paid can be given back."))
        if not money.is_amount(amount) or amount > payment.amount - payment.refunded:
            raise Invalid(
                _("Nothing was given back."),
                fields={"amount": _("At most what was paid and not given back yet.")},
            )
        if payment.method == "cash":
            _in_the_box(charge.agency, amount)
        refund = Refund.objects.create(
            id=key or ids.new_id(),
            payment=payment,
            amount=amount,
            reason=reason.strip()[:40],
            given_by=actor.position,
            at=clock.now(),
        )
        payment.refunded += amount
        payment.save(update_fields=["refunded"])
        charge.refunded += amount
        charge.save(update_fields=["refunded"])
        row = _journal(charge, "refund", actor, amount, method=payment.method)
        held = ledger.account_for("cash" if payment.method == "cash" else "clearing")
        ledger.post(
            cause=("refund", refund.id),
            lines={charge.income: amount, held: -amount},
            journal_id=row.id,
            agency=charge.agency,
        )
        if payment.method == "cash":
            refund.state = "done"
            refund.save(update_fields=["state"])
        return refund


def cash_box(agency: Agency) -> tuple[int, int]:
    """Whole rupiah of cash that an agency holds, and how much of it was counted and waits for the bank."""
    held = Line.objects.filter(entry__agency=agency, account__role="cash")
    waiting = Deposit.objects.filter(agency=agency, deposited_at=None)
    return _total(held), _total(waiting)


def _in_the_box(agency: Agency, amount: int) -> None:
    """Raise Conflict where so much cash does not lie in the box beside what waits for the bank."""
    held, waiting = cash_box(agency)
    if amount > held - waiting:
        left = f"{max(0, held - waiting):,}".replace(",", ".")
        raise Conflict(
            _("Rp%(left)s lies in the cash box: what was counted waits for the bank.") % {"left": left},
            remedy=_("Give back at most that, or ask for the rest from the treasury account."),
            code="box",
        )


def _total(rows: QuerySet) -> int:
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def cash_locked(agency_id: UUID) -> None:
    """Lock an agency's cash until the transaction ends, so that none is taken or refunded while a day is closed."""
    Agency.objects.select_for_update(no_key=True).only("id").get(id=agency_id)


def _locked(charge: Charge) -> Charge:
    return Charge.objects.select_for_update(of=("self",)).select_related("agency", "income").get(id=charge.id)


def next_number(letter: str) -> str:
    """`IDMT-2026-000123-8`: T a charge (*tagihan*), K a receipt (*kuitansi*), S a deposit (*setoran*).

    Without gaps, so others wait for one.
    """
    year = clock.today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_counter AS c (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = c.last + 1 RETURNING last",
            [letter, year],
        )
        return ids.ticket_number(f"{settings.INSTANCE_CODE[:4]}{letter}", year, cursor.fetchone()[0])


def _journal(charge: Charge, step: str, actor: Actor, amount: int, **codes: str) -> Row:
    return append(
        verb=f"payments.charge.{step}",
        subject=("payments.charge", charge.id),
        actor=actor.code,
        codes={
            "agency": charge.agency.code,
            "area": charge.agency.area_code,
            "title": charge.title,
            "income": charge.income.code,
            **codes,
        },
        measures={"rupiah": amount},
    )
