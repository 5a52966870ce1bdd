"""The papers of money: receipt, bill, proof of money given back, deposit slip, a closed day's cash book.

Each is issued once, at the first request, and has the same bytes at every reprint. Whoever calls has checked the right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.actions import document_issue
from kotacerdas.foundation.documents.declarations import kinds
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.payments.cash_book import BookLine, cash_book
from kotacerdas.foundation.payments.deposits import DEPOSIT
from kotacerdas.foundation.payments.document_kinds import BILL, BOOK, GIVEN_BACK, RECEIPT, SLIP
from kotacerdas.foundation.payments.ledger import account_for
from kotacerdas.foundation.payments.models import Charge, Closing, Deposit, Payment, Refund
from kotacerdas.foundation.ui import formats
from kotacerdas.foundation.ui.tags.words import clock_time, daytime
from kotacerdas.foundation.ui.tags.words import day as day_words
from kotacerdas.kernel import clock, money
from kotacerdas.kernel.errors import Conflict, Missing

SUBJECT = "payments.payment"


def receipt_of(*, actor: Actor, payment: Payment, language: str = "id") -> Document:
    """The receipt of a settled payment under its own receipt number. Raises Conflict before the money is there."""
    payment = Payment.objects.select_related("charge__agency", "charge__payer").get(id=payment.id)
    if payment.state != Payment.State.SETTLED:
        raise Conflict(_("There is no receipt before the money is there."))
    return _paper(
        actor,
        RECEIPT,
        (SUBJECT, payment.id),
        payment.charge.agency,
        payment.receipt,
        language,
        lambda: _of_payment(payment, language),
        payment.taken_by,
    )


def bill_of(*, actor: Actor, charge: Charge, language: str = "id") -> Document:
    """The bill of a charge (*surat ketetapan retribusi*) with its article. Raises Conflict for one that was cancelled."""
    if charge.state == Charge.State.CANCELLED:
        raise Conflict(_("This bill was cancelled: there is no paper of it."))

    def data() -> dict[str, Any]:
        lines = [
            [_("To"), charge.payer.name if charge.payer else ""],
            [_("For"), charge.purpose],
            [_("Basis"), charge.basis],
            [_("Issued on"), daytime(charge.opened_at)],
            [_("To be paid until"), daytime(charge.expires_at) if charge.expires_at else ""],
        ]
        return _money(lines, charge.amount, language)

    subject = ("payments.charge", charge.id)
    return _paper(actor, BILL, subject, charge.agency, charge.number, language, data, None)


def given_back_of(*, actor: Actor, refund: Refund, language: str = "id") -> Document:
    """The paper of money that was given back in cash. Raises Conflict while it is not given back yet."""
    payment = refund.payment
    if refund.state != "done" or payment.method != "cash":
        raise Conflict(_("There is no paper before the money is given back in cash."))

    def data() -> dict[str, Any]:
        lines = [
            [_("Given to"), payment.payer or (payment.charge.payer.name if payment.charge.payer else "")],
            [_("Bill"), payment.charge.number],
            [_("Receipt"), payment.receipt],
            [_("Reason"), refund.reason],
            [_("Given back on"), daytime(refund.at)],
        ]
        return {**_money(lines, refund.amount, language), "taker": _("Received by")}

    subject = ("payments.refund", refund.id)
    agency = payment.charge.agency
    return _paper(actor, GIVEN_BACK, subject, agency, "", language, data, refund.given_by)


def slip_of(*, actor: Actor, deposit: Deposit, language: str = "id") -> Document:
    """The slip with which counted cash goes into the treasury account (*surat tanda setoran*)."""

    def data() -> dict[str, Any]:
        bank = account_for("bank")
        lines = [
            [_("Deposited into"), f"{bank.code} {bank.name}"],
            [_("Cash of"), day_words(deposit.day)],
            [_("Counted and closed"), daytime(deposit.closing.at)],
            [_("To be deposited until"), day_words(deposit.due_at)],
        ]
        return _money(lines, deposit.amount, language)

    subject, post = (DEPOSIT, deposit.id), deposit.closing.closed_by
    return _paper(actor, SLIP, subject, deposit.agency, deposit.number, language, data, post)


def book_of(*, actor: Actor, agency: Agency, day: date, language: str = "id") -> Document:
    """The cash book of a day that is over and counted, with its own closing or with the next one.

    It is issued as it stands then. Raises Conflict for a day that is not over, Missing for one that was not counted yet.
    """
    if day >= clock.today():
        raise Conflict(
            _("The cash book of a day is issued when the day is over."),
            remedy=_("Until then it is on the page."),
        )
    closing = Closing.objects.filter(agency=agency, day__gte=day).order_by("day").first()
    if closing is None:
        raise Missing(_("This day is not closed."), remedy=_("Count the cash and close it first."))
    subject, post = ("payments.cash_day", uuid5(agency.id, day.isoformat())), closing.closed_by
    return _paper(actor, BOOK, subject, agency, "", language, lambda: _of_book(agency, day, language), post)


def _of_book(agency: Agency, day: date, language: str) -> dict[str, Any]:
    book = cash_book(agency, day)

    def money_of(amount: int) -> str:
        return formats.number(amount, language)

    rows = [
        [
            clock_time(one.at),
            str(book_words(one)),
            money_of(one.into) if one.into else "",
            money_of(one.out) if one.out else "",
            money_of(one.balance),
        ]
        for one in book.lines
    ]
    return {
        "day": day_words(day),
        "head": [_("Clock time"), _("Entry"), _("In"), _("Out"), _("Balance")],
        "first": [_("Balance brought forward"), money_of(book.opening)],
        "rows": rows,
        "sums": [_("Held at the end"), money_of(book.into), money_of(book.out), money_of(book.closing)],
        "held": [
            [_("In the cash box"), formats.rupiah(book.cash, language)],
            [_("With the payment service"), formats.rupiah(book.clearing, language)],
        ],
    }


def book_words(line: BookLine) -> str:
    """What a line of the cash book says."""
    if line.what == "payment":
        words = _("Receipt %(number)s in cash") if line.held == "cash" else _("Receipt %(number)s by QRIS")
    else:
        words = {
            "refund": _("Given back of receipt %(number)s"),
            "deposit": _("Deposited by slip %(number)s"),
            "settlement": _("Paid out by the payment service, %(number)s"),
            "closing": _("Found at the count more or less than recorded"),
        }.get(line.what, line.what)
    return words % {"number": line.number}


def _paper(
    actor: Actor,
    kind: str,
    subject: tuple[str, UUID],
    agency: Agency,
    number: str,
    language: str,
    data: Callable[[], Mapping[str, Any]],
    post: Position | None,
) -> Document:
    """The paper of a subject: the one in force, else a new one. The first request decides its language."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"{kind} {subject[0]} {subject[1]}"]
        )
        known = Document.objects.filter(
            kind=kind, subject_kind=subject[0], subject_id=subject[1], revoked_at=None
        )
        if (found := known.first()) is not None:
            return found
        with translation.override(language):
            title, shown = str(kinds()[kind].label), data()
        return document_issue(
            actor=actor,
            kind=kind,
            subject=subject,
            title=title,
            data=shown,
            agency=agency,
            language=language,
            number=number,
            signer=(_post(post, language), ""),
        )


def _post(post: Position | None, language: str) -> str:
    """Who answers for the money: the post at the desk, or the treasurer for whom a provider took it."""
    if post is None:
        with translation.override(language):
            return _("Receiving treasurer")
    return post.title_id if language == "id" else post.title_en


def _of_payment(payment: Payment, language: str) -> dict[str, Any]:
    charge = payment.charge
    lines = [
        [_("Received from"), payment.payer],
        [_("Bill"), charge.number],
        [_("For"), charge.purpose],
        [_("Basis"), charge.basis],
        [_("Received on"), daytime(payment.began_at if payment.method == "cash" else payment.settled_at)],
        [_("How"), _("Cash") if payment.method == "cash" else "QRIS"],
    ]
    return _money(lines, payment.amount, language)


def _money(lines: list[list[str]], amount: int, language: str) -> dict[str, Any]:
    return {
        "lines": [line for line in lines if line[1]],
        "amount": formats.rupiah(amount, language),
        "amount_words": money.in_words(amount) if language == "id" else "",
    }
