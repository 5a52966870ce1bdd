"""The papers of this room: bill, receipt, money given back, deposit slip, cash book."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.documents.declarations import DocumentKind
from kotacerdas.foundation.payments.charge_purposes import PURPOSES

BILL = "payments.bill"
RECEIPT = "payments.receipt"
GIVEN_BACK = "payments.given_back"
SLIP = "payments.slip"
BOOK = "payments.book"
_TYPST = Path(__file__).parent / "typst"


def _sample() -> Mapping[str, Any]:
    return {
        "lines": [[_("Bill"), "CTHT-2026-000001-0"], [_("For"), str(PURPOSES[0].label)]],
        "amount": "Rp150.000",
        "amount_words": "seratus lima puluh ribu rupiah",
        "taker": "",
    }


def _sample_book() -> Mapping[str, Any]:
    return {
        "day": "23/11/2026",
        "head": [_("Clock time"), _("Entry"), _("In"), _("Out"), _("Balance")],
        "first": [_("Balance brought forward"), "0"],
        "rows": [
            [
                "09.10",
                _("Receipt %(number)s in cash") % {"number": "CTHK-2026-000001-0"},
                "150.000",
                "",
                "150.000",
            ]
        ],
        "sums": [_("Held at the end"), "150.000", "0", "150.000"],
        "held": [[_("In the cash box"), "Rp150.000"]],
    }


KINDS = (
    DocumentKind(
        code=BILL,
        label=gettext_lazy("Levy assessment"),
        template=_TYPST / "money.typ",
        prefix="SKRD",
        proves=gettext_lazy("This office charged this amount on that day on this basis."),
        unproven=gettext_lazy("Not proven: whether it was paid since."),
        sample=_sample,
    ),
    DocumentKind(
        code=RECEIPT,
        label=gettext_lazy("Receipt"),
        template=_TYPST / "money.typ",
        prefix="KWT",
        proves=gettext_lazy("This office received this amount on that day for this bill."),
        unproven=gettext_lazy(
            "Not proven: whether the money was given back afterwards, and who holds the paper."
        ),
        sample=_sample,
    ),
    DocumentKind(
        code=GIVEN_BACK,
        label=gettext_lazy("Money given back"),
        template=_TYPST / "money.typ",
        prefix="KMB",
        proves=gettext_lazy("This office gave this amount back in cash on that day."),
        unproven=gettext_lazy("Not proven: who took it, but for the signature on the paper."),
        sample=lambda: {**_sample(), "taker": _("Received by")},
    ),
    DocumentKind(
        code=SLIP,
        label=gettext_lazy("Deposit slip"),
        template=_TYPST / "money.typ",
        prefix="STS",
        proves=gettext_lazy("This office counted this cash, to be paid into the treasury account."),
        unproven=gettext_lazy("Not proven: that the bank received it; the bank's own proof says that."),
        sample=_sample,
    ),
    DocumentKind(
        code=BOOK,
        label=gettext_lazy("Cash book"),
        template=_TYPST / "book.typ",
        prefix="BKU",
        proves=gettext_lazy("These are the receipts and payments of that day as the ledger has them."),
        unproven=gettext_lazy("Not proven: what lay in the cash box; the count of the day says that."),
        sample=_sample_book,
    ),
)
