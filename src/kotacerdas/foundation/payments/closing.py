"""Closing a desk's day: counted cash against payments taken; a provider's file against settled payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments import ledger
from kotacerdas.foundation.payments.charges import cash_locked
from kotacerdas.foundation.payments.deposits import deposit_open
from kotacerdas.foundation.payments.differences import difference_open
from kotacerdas.foundation.payments.models import Account, Closing, Payment, Refund, SettlementLine
from kotacerdas.foundation.payments.permissions import CLOSE_DAY
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

DENOMINATIONS = (100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50)
MOST_PIECES = 1_000_000
MOST_OPEN_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """A line of a provider's settlement file: our reference, the day, whole rupiah before and of the fee."""

    reference: str
    day: date
    gross: int
    fee: int = 0


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """The result of a file: lines that agree, that differ, that were read before; and payments that are missing."""

    matched: int
    differing: int
    repeated: int
    missing: int


def cash_expected(agency: Agency, day: date) -> int:
    """The cash expected at the end of a local day: taken minus refunded, since the closing before.

    A closing reaches to the end of its day, or to the moment of counting where that came first.
    """
    before = Closing.objects.filter(agency=agency, day__lt=day).order_by("-day").first()
    since = min(_end(before.day), before.at) if before else None
    payments = Payment.objects.filter(
        charge__agency=agency, method="cash", state=Payment.State.SETTLED, settled_at__lt=_end(day)
    )
    given = Refund.objects.filter(payment__charge__agency=agency, payment__method="cash", at__lt=_end(day))
    if since is not None:
        payments, given = payments.filter(settled_at__gte=since), given.filter(at__gte=since)
    return _total(payments) - _total(given)


def open_days(agency: Agency) -> list[date]:
    """Days that can be closed, newest first: after the last closing up to today, at most a week of them."""
    last = Closing.objects.filter(agency=agency).order_by("-day").first()
    days = [clock.today() - timedelta(days=back) for back in range(MOST_OPEN_DAYS)]
    return [day for day in days if last is None or day > last.day]


def day_close(*, actor: Actor, agency: Agency, day: date, counted: Mapping[int, int]) -> Closing:
    """Close a desk's day. `counted` is how many notes and coins of each value lie there.

    A difference is booked and becomes a case; the day is closed all the same, and what was counted is to be deposited. It
    covers the days since the closing before. Raises Refused, Invalid with the fields,
    Conflict for a day that is closed or not over for this desk's days before.
    """
    if not actor.grants.may(CLOSE_DAY, agencies=[agency.id]):
        raise Refused(_("You close no days for this agency."))
    wrong = {
        str(value): _("A whole number of pieces, 0 or more.")
        for value, count in counted.items()
        if value not in DENOMINATIONS or not isinstance(count, int) or not 0 <= count <= MOST_PIECES
    }
    if wrong:
        raise Invalid(_("The day was not closed."), fields=wrong)
    if day > clock.today():
        raise Invalid(_("The day was not closed."), fields={"day": _("This day is still to come.")})
    total = sum(value * count for value, count in counted.items())
    with transaction.atomic():
        cash_locked(agency.id)
        if Closing.objects.filter(agency=agency, day__gte=day).exists():
            raise Conflict(_("This day is closed already."), remedy=_("Look at its closing."))
        expected = cash_expected(agency, day)
        closing = Closing.objects.create(
            agency=agency,
            day=day,
            counted={str(value): count for value, count in counted.items() if count},
            expected=expected,
            total=total,
            closed_by=actor.position,
            at=clock.now(),
        )
        row = append(
            verb="payments.day.close",
            subject=("payments.closing", closing.id),
            actor=actor.code,
            codes={"agency": agency.code, "area": agency.area_code, "day": day.isoformat()},
            measures={"expected": expected, "counted": total},
        )
        if total != expected:
            cash, rest = ledger.account_for("cash"), ledger.account_for("difference")
            ledger.post(
                cause=("closing", closing.id),
                lines={cash: total - expected, rest: expected - total},
                journal_id=row.id,
                agency=agency,
            )
            difference_open(
                kind="cash", agency=agency, ours=expected, theirs=total, reference=day.isoformat(), day=day
            )
        if total:
            deposit_open(closing=closing, actor=actor)
        return closing


def file_reconcile(
    *, provider: str, lines: Iterable[FileLine], agency: Agency, is_whole: bool = True
) -> Reconciled:
    """Compare a provider's settlement file with what was settled, line by line; what differs becomes cases.

    A reference is booked once, to the agency of its payment: read again it counts as read before, whatever its day.
    agency    whose missing payments are looked for, and who has a line that nobody knows
    is_whole  whether all lines of the file are here; only then a payment of its days that it does not name is missing
    """
    counts = {"matched": 0, "differing": 0, "repeated": 0, "missing": 0}
    seen, days = set(), set()
    with transaction.atomic():
        with connection.cursor() as cursor:  # one file at a time
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payments.settlement'))")
        for line in lines:
            seen.add(line.reference)
            days.add(line.day)
            counts[_line(provider, line, agency)] += 1
        for day in sorted(days) if is_whole else ():
            settled = Payment.objects.filter(
                provider=provider,
                state=Payment.State.SETTLED,
                charge__agency=agency,
                settled_at__gte=_start(day),
                settled_at__lt=_end(day),
            ).exclude(reference__in=seen)
            for payment in settled.select_related("charge__agency"):
                if SettlementLine.objects.filter(provider=provider, reference=payment.reference).exists():
                    continue
                counts["missing"] += 1
                difference_open(
                    kind="missing",
                    agency=payment.charge.agency,
                    ours=payment.amount,
                    theirs=None,
                    payment=payment,
                    reference=payment.reference,
                    day=day,
                )
    return Reconciled(**counts)


def _line(provider: str, line: FileLine, agency: Agency) -> str:
    if SettlementLine.objects.filter(provider=provider, reference=line.reference).exists():
        return "repeated"
    found = Payment.objects.filter(provider=provider, reference=line.reference, state="settled")
    payment = found.select_related("charge__agency").first()
    agency = payment.charge.agency if payment else agency
    outcome = "unknown" if payment is None else "matched" if payment.amount == line.gross else "amount"
    made = SettlementLine.objects.create(
        provider=provider,
        reference=line.reference[:80],
        day=line.day,
        gross=line.gross,
        fee=line.fee,
        outcome=outcome,
        at=clock.now(),
    )
    row = append(
        verb=f"payments.settlement.{outcome}",
        subject=("payments.settlement", made.id),
        actor="system",
        codes={"agency": agency.code, "area": agency.area_code, "provider": provider},
        measures={"rupiah": line.gross, "fee": line.fee},
    )
    if outcome == "matched":
        sides: dict[Account, int] = {
            ledger.account_for("bank"): line.gross - line.fee,
            ledger.account_for("fee"): line.fee,
            ledger.account_for("clearing"): -line.gross,
        }
        ledger.post(cause=("settlement", made.id), lines=sides, journal_id=row.id, agency=agency)
        return "matched"
    difference_open(
        kind=outcome,
        agency=agency,
        ours=payment.amount if payment else None,
        theirs=line.gross,
        payment=payment,
        reference=line.reference,
        day=line.day,
    )
    return "differing"


def _total(rows: object) -> int:
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)  # type: ignore[attr-defined]


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.local_zone())


def _end(day: date) -> datetime:
    return _start(day + timedelta(days=1))
