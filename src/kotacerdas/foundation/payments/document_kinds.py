"""The paper of this room: a receipt for money that came."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.documents.declarations import DocumentKind
from kotacerdas.foundation.payments.charge_purposes import PURPOSES

RECEIPT = "payments.receipt"


def _sample() -> Mapping[str, Any]:
    return {
        "lines": [[_("Bill"), "CTHT-2026-000001-0"], [_("For"), str(PURPOSES[0].label)]],
        "amount": "Rp150.000",
        "amount_words": "seratus lima puluh ribu rupiah",
    }


KINDS = (
    DocumentKind(
        code=RECEIPT,
        label=gettext_lazy("Receipt"),
        template=Path(__file__).parent / "typst" / "receipt.typ",
        prefix="KWT",
        proves=gettext_lazy("This office received this amount on that day for this bill."),
        unproven=gettext_lazy(
            "Not proven: whether the money was given back afterwards, and who holds the paper."
        ),
        sample=_sample,
    ),
)
