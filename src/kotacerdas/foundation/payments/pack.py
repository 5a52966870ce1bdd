"""What the pack says of money: the accounts of the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.payments.demo import SECTIONS as DEMO_SECTIONS
from kotacerdas.foundation.payments.ledger import ROLES
from kotacerdas.foundation.payments.models import Account
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    """One line of accounts.csv."""

    code: str
    name_id: str
    name_en: str
    kind: Literal["asset", "liability", "income", "expense"]
    role: Literal["", "cash", "clearing", "bank", "receivable", "fee", "difference"] = ""


def check_accounts(rows: Sequence[AccountRow], pack: Pack) -> Iterator[tuple[AccountRow | None, str]]:
    """A pack with accounts names one for every role, and one that earns: else the first payment would be refused."""
    if not rows:
        return
    by_role: Counter[str] = Counter(row.role for row in rows)
    for role in ROLES:
        if by_role[role] != 1:
            yield None, _("role: exactly one account has the role %(role)s") % {"role": role}
    if not any(row.kind == "income" for row in rows):
        yield None, _("kind: without an income account nothing can be charged")


def load_accounts(rows: Sequence[AccountRow], pack: Pack) -> Counts:
    """Accounts by code; those gone from the pack are closed, never deleted: lines stand on them."""
    wanted = [
        {
            "code": row.code,
            "name_id": row.name_id,
            "name_en": row.name_en,
            "kind": row.kind,
            "role": row.role,
            "closed_on": None,
        }
        for row in rows
    ]
    return upsert(Account, ("code",), wanted, gone=_closed)


def _closed(row: Any) -> dict[str, date | str]:
    return {"closed_on": row.closed_on or clock.today(), "role": ""}


SECTIONS = (
    *DEMO_SECTIONS,
    Section(
        name="accounts",
        file="accounts.csv",
        row=AccountRow,
        stored=Account,
        key=("code",),
        load=load_accounts,
        check=check_accounts,
        optional=True,
    ),
)
