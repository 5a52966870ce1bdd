"""A provider's settlement file as a table: reference, day, amount and fee, reconciled line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.payments.closing import FileLine, file_reconcile
from kotacerdas.foundation.payments.models import Payment, SettlementLine
from kotacerdas.foundation.payments.permissions import CLOSE_DAY
from kotacerdas.foundation.payments.queries import desk_of
from kotacerdas.kernel import clock, money
from kotacerdas.kernel.errors import Missing
from kotacerdas.kernel.sheets import Column, Key, Kind, Row, RowRefused, Rows, Sheet, Wrong

SETTLEMENT = "payments.settlement"


def current(keys: Sequence[Key]) -> Mapping[Key, Mapping[str, Any]]:
    """The lines of this provider that were read before, by reference."""
    references = [reference for (reference,) in keys]
    found = SettlementLine.objects.filter(provider=settings.PAYMENT_PROVIDER, reference__in=references)
    return {
        (one.reference,): {
            "reference": one.reference,
            "day": one.day,
            "gross": one.gross,
            "fee": one.fee,
        }
        for one in found
    }


def check(rows: Sequence[Row], actor: Any) -> Iterator[tuple[int, Wrong]]:
    """No line of a day to come, no fee above its amount, and none that was read with another amount."""
    today, foreign = clock.today(), _foreign(rows, actor)
    for row in rows:
        if row.values["reference"] in foreign:
            yield (
                row.line,
                Wrong(
                    column="reference",
                    message=_("This payment is of another desk: %(desk)s."),
                    remedy=_("Leave the line out; that desk's treasurer imports it."),
                    given={"desk": foreign[row.values["reference"]]},
                ),
            )
        gross, fee = row.values["gross"], row.get("fee") or 0
        if row.values["day"] > today:
            yield (
                row.line,
                Wrong(column="day", message=_("This day is still to come."), remedy=_("Check the date.")),
            )
        if fee > gross:
            yield (
                row.line,
                Wrong(
                    column="fee", message=_("The fee is above the amount."), remedy=_("Check both columns.")
                ),
            )
        if row.before is not None and (gross, fee, row.values["day"]) != tuple(
            row.before[name] for name in ("gross", "fee", "day")
        ):
            yield (
                row.line,
                Wrong(
                    column="gross",
                    message=_("This reference was read before, with Rp%(before)s of %(day)s."),
                    remedy=_("What was read stays; ask the provider, and explain the difference."),
                    given={
                        "before": f"{row.before['gross']:,}".replace(",", "."),
                        "day": f"{row.before['day']:%d/%m/%Y}",
                    },
                ),
            )


def _foreign(rows: Sequence[Row], actor: Any) -> dict[str, str]:
    """References of payments of desks that the actor does not close, and whose they are."""
    scope = actor.grants.scope(CLOSE_DAY)
    references = [row.values["reference"] for row in rows]
    found = Payment.objects.filter(provider=settings.PAYMENT_PROVIDER, reference__in=references)
    if scope.everywhere:
        return {}
    others = found.exclude(charge__agency__in=scope.agencies)
    return dict(others.values_list("reference", "charge__agency__short_name"))


def take(rows: Rows, actor: Any) -> None:
    """Reconcile the lines for the actor's desk; what differs, is unknown or missing becomes a case."""
    lines, last = [], 0
    for row in rows:
        last = row.line
        lines.append(
            FileLine(
                reference=row.values["reference"],
                day=row.values["day"],
                gross=int(row.values["gross"]),
                fee=int(row.get("fee") or 0),
            )
        )
    try:
        agency = desk_of(actor.grants)
    except Missing as error:
        raise RowRefused(last, Wrong(message=error.message, remedy=error.remedy)) from error
    file_reconcile(provider=settings.PAYMENT_PROVIDER, lines=lines, agency=agency, is_whole=not rows.left_out)


SHEETS = (
    Sheet(
        name=SETTLEMENT,
        words=_("Settlement file"),
        about=_(
            "Compares what the payment service paid out with what was paid here, line by line. What differs, is unknown or missing becomes a case of the cash desk."
        ),
        permission=CLOSE_DAY,
        key=("reference",),
        columns=(
            Column(
                name="reference",
                words=_("Reference"),
                kind=Kind.CODE,
                required=True,
                longest=80,
                aliases=("order id", "external id", "reference id", "referensi", "nomor referensi"),
            ),
            Column(
                name="day",
                words=_("Day"),
                kind=Kind.DATE,
                required=True,
                aliases=(
                    "transaction date",
                    "settlement date",
                    "transaction time",
                    "tanggal",
                    "tanggal transaksi",
                ),
            ),
            Column(
                name="gross",
                words=_("Amount"),
                kind=Kind.RUPIAH,
                required=True,
                least=Decimal(1),
                most=Decimal(money.MOST),
                aliases=("gross amount", "amount", "gross", "nominal", "nilai"),
                total=True,
            ),
            Column(
                name="fee",
                words=_("Fee"),
                kind=Kind.RUPIAH,
                least=Decimal(0),
                most=Decimal(money.MOST),
                aliases=("mdr", "fee amount", "transaction fee", "biaya", "potongan"),
                total=True,
            ),
        ),
        check=check,
        current=current,
        take=take,
        onward=("payments:day", _("See what does not agree")),
    ),
)
