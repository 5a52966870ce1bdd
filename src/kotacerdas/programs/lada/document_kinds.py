"""The papers of goods: acts of handing over, of handing back, and of transfer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.documents.declarations import DocumentKind

HANDED_OVER, HANDED_BACK, TRANSFERRED = "lada.hand_over", "lada.hand_back", "lada.transfer"
_TEMPLATE = Path(__file__).parent / "typst" / "act.typ"
_PROVES = gettext_lazy(
    "These goods changed hands as written here, and two people of the region agreed to it."
)
_UNPROVEN = gettext_lazy("Not proven: in whose hands they are today, and who signed by hand.")


def _sample() -> Mapping[str, Any]:
    return {
        "opening": _("On 24 November 2026 these two:"),
        "parties": [
            [_("First party"), "Rudi (contoh)", "Pengurus barang (contoh)"],
            [_("Second party"), "Nani (contoh)", "Sopir (contoh)"],
        ],
        "statement": _("The first party hands over, and the second party takes into custody:"),
        "heads": [_("NIBAR"), _("Goods"), _("Condition"), _("Value")],
        "goods": [["9901-0000-0001", "Minibus (contoh)", "baik", "Rp322.000.000"]],
        "remark": "",
        "duties": [_("It is used for the work of the office alone.")],
        "signers": [[_("First party"), "Rudi (contoh)"], [_("Second party"), "Nani (contoh)"]],
        "sample_note": _("Sample of an act: the regency's own wording takes its place."),
    }


def _kind(code: str, label: Any, prefix: str) -> DocumentKind:
    return DocumentKind(
        code=code,
        label=label,
        template=_TEMPLATE,
        prefix=prefix,
        proves=_PROVES,
        unproven=_UNPROVEN,
        sample=_sample,
    )


KINDS = (
    _kind(HANDED_OVER, gettext_lazy("Act of handing over (BAST)"), "BAST"),
    _kind(HANDED_BACK, gettext_lazy("Act of handing back (BAST)"), "BASTK"),
    _kind(TRANSFERRED, gettext_lazy("Act of transfer (BAST)"), "BASTM"),
)
