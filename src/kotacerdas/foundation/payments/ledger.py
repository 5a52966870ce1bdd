"""The double-entry ledger: post an entry, take one back, read balances.

That an entry balances is held by the database, whatever writes it (`migrations/0002_ledger.py`); this file is the only
one in the code that writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments.models import Account, Entry, Line
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Unavailable

ROLES = ("cash", "clearing", "bank", "receivable", "fee", "difference")


def account_for(role: str) -> Account:
    """The account that the pack names for a role. Raises Unavailable, in words, where it names none."""
    found = Account.objects.filter(role=role, closed_on=None).first()
    if found is None:
        raise Unavailable(
            _("Payments are not set up here, so nothing was booked."),
            remedy=_("Whoever runs the platform must load the accounts."),
            code="no_account",
        )
    return found


def post(
    *,
    cause: tuple[str, UUID],
    lines: Mapping[Account, int],
    journal_id: UUID,
    agency: Agency | None = None,
    at: datetime | None = None,
    reverses: Entry | None = None,
) -> Entry:
    """Write one entry. Amounts are whole rupiah, debit positive, credit negative; they sum to zero.

    Raises Invalid for an entry that does not balance: nothing is written.
    """
    sides = {account: amount for account, amount in lines.items() if amount}
    if len(sides) < 2 or sum(sides.values()) != 0:
        raise Invalid(_("The two sides of this entry do not agree; nothing was booked."), code="unbalanced")
    with transaction.atomic():
        entry = Entry.objects.create(
            cause_kind=cause[0],
            cause_id=cause[1],
            occurred_at=at or clock.now(),
            agency=agency,
            reverses=reverses,
            journal_id=journal_id,
        )
        Line.objects.bulk_create(
            Line(entry=entry, account=account, amount=amount) for account, amount in sides.items()
        )
    return entry


def reverse(entry: Entry, *, journal_id: UUID) -> Entry:
    """Reverse an entry by one with opposite amounts. Raises Conflict for one that was reversed before."""
    if Entry.objects.filter(reverses=entry).exists() or entry.reverses_id is not None:
        raise Conflict(_("This entry was taken back already."), remedy=_("Look at the ledger again."))
    lines = {line.account: -line.amount for line in entry.lines.select_related("account")}
    return post(
        cause=("reversal", entry.id), lines=lines, journal_id=journal_id, agency=entry.agency, reverses=entry
    )


def balance(account: Account, *, until: datetime | None = None) -> int:
    """An account's balance in whole rupiah, debit positive; of all entries up to an instant."""
    lines = Line.objects.filter(account=account)
    if until is not None:
        lines = lines.filter(entry__occurred_at__lte=until)
    return int(lines.aggregate(total=Sum("amount"))["total"] or 0)
