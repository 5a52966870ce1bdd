"""The cash book of a desk's day (*buku kas umum*): what came in and went out, in order, with the balance after each line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments.models import Closing, Deposit, Line, Payment, Refund, SettlementLine
from kotacerdas.foundation.payments.queries import bounds_of

HELD = ("cash", "clearing")


@dataclass(frozen=True, kw_only=True)
class BookLine:
    """One line of the book in whole rupiah.

    what     payment | refund | deposit | settlement | closing (cash more or less than recorded)
    number   of the receipt, slip or provider's reference; bill  the number of the charge it is about
    held     cash: in the box; clearing: with the payment service
    balance  of both together after this line
    """

    at: datetime
    what: str
    number: str
    bill: str
    held: str
    into: int
    out: int
    balance: int


@dataclass(frozen=True, kw_only=True)
class CashBook:
    """A day of the book: the balance before, its lines, and what is held at the end, by where it is."""

    day: date
    opening: int
    lines: tuple[BookLine, ...]
    cash: int
    clearing: int

    @property
    def into(self) -> int:
        return sum(one.into for one in self.lines)

    @property
    def out(self) -> int:
        return sum(one.out for one in self.lines)

    @property
    def closing(self) -> int:
        return self.opening + self.into - self.out


def cash_book(agency: Agency, day: date) -> CashBook:
    """The book of a local day, from the ledger: what the desk holds in its cash box and with the payment service."""
    first, end = bounds_of(day)
    held = Line.objects.filter(entry__agency=agency, account__role__in=HELD)
    before = _by_role(held.filter(entry__occurred_at__lt=first))
    after = _by_role(held.filter(entry__occurred_at__lt=end))
    rows = held.filter(entry__occurred_at__gte=first, entry__occurred_at__lt=end)
    found = list(rows.select_related("entry", "account").order_by("entry__occurred_at", "id"))
    names = _names(found)
    balance = opening = sum(before.values())
    lines = []
    for row in found:
        balance += row.amount
        number, bill = names.get(row.entry.cause_id, ("", ""))
        lines.append(
            BookLine(
                at=row.entry.occurred_at,
                what=row.entry.cause_kind,
                number=number,
                bill=bill,
                held=row.account.role,
                into=max(0, row.amount),
                out=max(0, -row.amount),
                balance=balance,
            )
        )
    return CashBook(
        day=day,
        opening=opening,
        lines=tuple(lines),
        cash=after.get("cash", 0),
        clearing=after.get("clearing", 0),
    )


def _by_role(lines: object) -> dict[str, int]:
    summed = lines.order_by().values("account__role").annotate(total=Sum("amount"))  # type: ignore[attr-defined]
    return {str(role): int(total) for role, total in summed.values_list("account__role", "total")}


def _names(lines: Iterable[Line]) -> dict[UUID, tuple[str, str]]:
    """Number and bill of what each line stands for, by the row that caused it."""
    causes: dict[str, set[UUID]] = {}
    for line in lines:
        causes.setdefault(line.entry.cause_kind, set()).add(line.entry.cause_id)
    paid = Payment.objects.filter(id__in=causes.get("payment", ()))
    given = Refund.objects.filter(id__in=causes.get("refund", ()))
    deposits = Deposit.objects.filter(id__in=causes.get("deposit", ()))
    settled = SettlementLine.objects.filter(id__in=causes.get("settlement", ()))
    closings = Closing.objects.filter(id__in=causes.get("closing", ()))
    return {
        **{
            row: (str(no), str(bill)) for row, no, bill in paid.values_list("id", "receipt", "charge__number")
        },
        **{
            row: (str(no), str(bill))
            for row, no, bill in given.values_list("id", "payment__receipt", "payment__charge__number")
        },
        **{row: (str(no), "") for row, no in deposits.values_list("id", "number")},
        **{row: (str(no), "") for row, no in settled.values_list("id", "reference")},
        **{row: (day.isoformat(), "") for row, day in closings.values_list("id", "day")},
    }
