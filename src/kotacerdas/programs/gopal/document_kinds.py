"""The papers of desludging."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.documents.declarations import DocumentKind

MANIFEST = "gopal.manifest"


def _sample() -> Mapping[str, Any]:
    return {
        "lines": [[_("Truck"), "Truk 01 (contoh)"], [_("Plant"), "IPLT (contoh)"]],
        "heads": [_("Order"), _("Tank"), _("Pumped at"), _("Litres")],
        "loads": [["PSN-2026-000001-0", "TS-0001", "24 November 2026 09.00", "1.800"]],
        "sums": [[_("Pumped"), "1.800 L"], [_("Received"), "1.790 L"]],
    }


KINDS = (
    DocumentKind(
        code=MANIFEST,
        label=gettext_lazy("Manifest of sludge"),
        template=Path(__file__).parent / "typst" / "manifest.typ",
        prefix="MLT",
        proves=gettext_lazy("This truck carried this sludge, and the plant measured what is written here."),
        unproven=gettext_lazy("Not proven: what was decided about a difference afterwards."),
        sample=_sample,
    ),
)
