"""Everything that reads money, within the agencies whose ledger somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments.models import Charge, Closing, Deposit, Line, Payment
from kotacerdas.foundation.payments.permissions import VIEW_LEDGER
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing

_SALT = "payments.charge"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A desk's day in whole rupiah: charged, paid by QRIS and in cash, given back; and its closing, if any."""

    day: date
    charged: int
    qris: int
    cash: int
    refunded: int
    closing: Closing | None


def pay_token(charge: Charge) -> str:
    """The token of a charge's pay page; signed, so that nobody can guess the next one."""
    return signing.Signer(salt=_SALT).sign(charge.id.hex)


def charge_of(token: str) -> Charge:
    """The charge behind a pay page. Missing for a forged token as for none."""
    try:
        found = Charge.objects.select_related("agency").filter(
            id=UUID(hex=signing.Signer(salt=_SALT).unsign(token))
        )
        charge = found.first()
    except (signing.BadSignature, ValueError):
        charge = None
    if charge is None:
        raise Missing(_("There is no such bill here."), remedy=_("Open the link from your message again."))
    return charge


def payments_for(grants: Grants) -> QuerySet[Payment]:
    """Payments of the agencies whose ledger somebody may see."""
    return Payment.objects.filter(charge__in=charges_for(grants)).select_related("charge__agency")


def charges_for(grants: Grants) -> QuerySet[Charge]:
    """Charges of the agencies whose ledger somebody may see; none for everybody else."""
    scope = grants.scope(VIEW_LEDGER)
    if scope.everywhere:
        return Charge.objects.all()
    return Charge.objects.filter(agency__in=scope.agencies)


def desk_of(grants: Grants) -> Agency:
    """The agency whose money the user handles. Missing for who handles none."""
    scope = grants.scope(VIEW_LEDGER)
    found = Agency.objects.filter(id__in=scope.agencies, closed_on=None).first()
    if found is None:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    return found


def deposits_for(grants: Grants) -> QuerySet[Deposit]:
    """Deposits of the agencies whose ledger somebody may see."""
    scope = grants.scope(VIEW_LEDGER)
    found = Deposit.objects.select_related("agency", "closing__closed_by", "deposited_by", "proof")
    return found if scope.everywhere else found.filter(agency__in=scope.agencies)


def day_of(agency: Agency, day: date) -> Day:
    """The figures of a desk's local day."""
    start, end = bounds_of(day)
    settled = Payment.objects.filter(
        charge__agency=agency, state=Payment.State.SETTLED, settled_at__gte=start, settled_at__lt=end
    )
    refunds = Payment.objects.filter(
        charge__agency=agency, refunds__at__gte=start, refunds__at__lt=end
    ).aggregate(total=Sum("refunds__amount"))
    charged = Charge.objects.filter(agency=agency, opened_at__gte=start, opened_at__lt=end)
    return Day(
        day=day,
        charged=_sum(charged),
        qris=_sum(settled.filter(method="qris")),
        cash=_sum(settled.filter(method="cash")),
        refunded=int(refunds["total"] or 0),
        closing=Closing.objects.filter(agency=agency, day=day).first(),
    )


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """The first moment of a local day, and of the next."""
    start = datetime.combine(day, time.min, tzinfo=clock.local_zone())
    return start, start + timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """An account of an agency's ledger with its balance in whole rupiah, on the one side or the other."""

    code: str
    name: str
    debit: int
    credit: int


def ledger_of(agency: Agency) -> list[Balance]:
    """The balance of each account that an agency's entries touch."""
    lines = Line.objects.filter(entry__agency=agency).select_related("account")
    found: dict[str, tuple[str, str, int]] = {}
    for line in lines.values("account__code", "account__name_id", "account__name_en").annotate(
        total=Sum("amount")
    ):
        found[line["account__code"]] = (
            line["account__name_id"],
            line["account__name_en"],
            int(line["total"]),
        )
    english = _is_english()
    return [
        Balance(
            code=code,
            name=str(name_en if english else name_id),
            debit=max(0, total),
            credit=max(0, -total),
        )
        for code, (name_id, name_en, total) in sorted(found.items())
    ]


def _is_english() -> bool:
    from django.utils.translation import get_language

    return (get_language() or "id").startswith("en")


def _sum(rows: QuerySet) -> int:
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)
