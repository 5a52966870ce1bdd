"""The papers of a case: its sheet, and what the journal proves of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.documents.declarations import DocumentKind

SHEET, EVIDENCE = "casework.sheet", "casework.evidence"
_TEMPLATES = Path(__file__).parent / "typst"


def _facts() -> list[list[str]]:
    return [[_("Number"), "CTH-2026-000001-0"], [_("Place"), "Karang Putih (contoh)"]]


def _sample_sheet() -> Mapping[str, Any]:
    return {
        "facts": _facts(),
        "heads": {"clocks": _("Deadlines"), "entries": _("What happened")},
        "clocks": [["Contoh", "3", "2", "9 Maret 2026"]],
        "entries": [{"at": "9 Maret 2026", "who": "Wati (contoh)", "title": "Contoh", "body": "Isi contoh."}],
        "note": "",
    }


def _sample_evidence() -> Mapping[str, Any]:
    return {
        "facts": _facts(),
        "heads": {"columns": ["1", "2", "3", "4", "5"]},
        "blocks": [
            {"title": "Blok 1", "verdict": "", "root": "00" * 32, "rows": [["1", "2", "3", "4", "5"]]}
        ],
        "note": "",
    }


KINDS = (
    DocumentKind(
        code=SHEET,
        label=gettext_lazy("Case sheet"),
        template=_TEMPLATES / "sheet.typ",
        prefix="LPK",
        proves=gettext_lazy("This office stated the case so on that day."),
        unproven=gettext_lazy("Not proven: what happened after that day; inside notes are not part of it."),
        sample=_sample_sheet,
    ),
    DocumentKind(
        code=EVIDENCE,
        label=gettext_lazy("Evidence sheet"),
        template=_TEMPLATES / "evidence.typ",
        prefix="LBK",
        proves=gettext_lazy("The journal held these rows on that day, sealed as printed."),
        unproven=gettext_lazy(
            "Not proven: what was said or done outside of the system. The evidence pack proves each row by itself."
        ),
        sample=_sample_evidence,
    ),
)
