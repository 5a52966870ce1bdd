"""How the treasurer's pages show things: states as tags, a day's neighbours, lines of payments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.queries import due_badge
from kotacerdas.foundation.payments.cash_book import CashBook
from kotacerdas.foundation.payments.models import Charge, Deposit, Payment, Refund
from kotacerdas.foundation.payments.papers import book_words
from kotacerdas.foundation.payments.queries import pay_token
from kotacerdas.foundation.ui.shapes import Badge, Crumb, Tag
from kotacerdas.kernel import clock

FIRST_DAY = date(2020, 1, 1)
_CHARGES = {
    Charge.State.OPEN: ("kunyit", "clock"),
    Charge.State.PAID: ("padi", "circle-check"),
    Charge.State.CANCELLED: ("plain", "ban"),
    Charge.State.EXPIRED: ("plain", "circle-x"),
}
_PAYMENTS = {
    Payment.State.PENDING: ("kunyit", "clock"),
    Payment.State.SETTLED: ("padi", "circle-check"),
    Payment.State.EXPIRED: ("plain", "circle-x"),
    Payment.State.FAILED: ("terasi", "triangle-alert"),
}
REFUNDS = {
    "asked": _("asked of the provider"),
    "done": _("given back"),
    "refused": _("refused by the provider"),
}


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """A payment in a list: its state, its receipt's address, and what of it can still be given back."""

    payment: Payment
    tag: Tag
    receipt_url: str
    left: int
    refunds: tuple[tuple[Refund, Any], ...] = ()


def charge_tag(charge: Charge) -> Tag:
    """The state of a bill as a tag."""
    tone, icon = _CHARGES[Charge.State(charge.state)]
    return Tag(text=charge.get_state_display(), tone=tone, icon=icon)  # type: ignore[arg-type]


def payment_lines(payments: Iterable[Payment]) -> list[PaymentLine]:
    """Payments as their lists show them; their charges are loaded."""
    return [_line(one) for one in payments]


def _line(payment: Payment) -> PaymentLine:
    tone, icon = _PAYMENTS[Payment.State(payment.state)]
    is_paid = payment.state == Payment.State.SETTLED
    address = reverse("payments:receipt", args=[pay_token(payment.charge), payment.id]) if is_paid else ""
    return PaymentLine(
        payment=payment,
        tag=Tag(text=payment.get_state_display(), tone=tone, icon=icon),  # type: ignore[arg-type]
        receipt_url=address,
        left=payment.amount - payment.refunded if is_paid else 0,
        refunds=tuple((one, REFUNDS[one.state]) for one in payment.refunds.all()) if payment.refunded else (),
    )


@dataclass(frozen=True, kw_only=True)
class DepositRow:
    """A deposit in a list: its tag once the bank has it, else its clock."""

    deposit: Deposit
    tag: Tag | None
    badge: Badge | None


def deposit_rows(deposits: Iterable[Deposit]) -> list[DepositRow]:
    """Deposits as their list shows them."""
    done = Tag(text=_("deposited"), tone="padi", icon="circle-check")
    return [
        DepositRow(
            deposit=one,
            tag=done if one.deposited_at else None,
            badge=None if one.deposited_at else due_badge(one.due_at, clock.now(), started=one.made_at),
        )
        for one in deposits
    ]


def book_rows(book: CashBook) -> dict[str, Any]:
    """The cash book of a day with the words of each line."""
    return {"book": book, "lines": [(one, book_words(one)) for one in book.lines]}


def crumbs(*more: tuple[Any, str]) -> tuple[Crumb, ...]:
    """The way from the cash desk; the page itself comes last, without an address."""
    return tuple(
        Crumb(text=text, url=url) for text, url in ((_("Cash desk"), reverse("payments:day")), *more)
    )


def neighbours(day: date) -> dict[str, date | None]:
    """The day before, and the day after where it is not to come."""
    after = day + timedelta(days=1)
    return {"before": day - timedelta(days=1), "after": after if after <= clock.today() else None}


def day_asked(text: str) -> date:
    """The day asked for; today for none, or for one that is still to come or out of all reason."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return wanted if FIRST_DAY <= wanted <= clock.today() else clock.today()
