"""The specimen: a sample paper that shows letterhead and signature."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.documents.declarations import DocumentKind


def _sample() -> Mapping[str, Any]:
    return {"lines": [["Nama", "Wati (contoh)"], ["Keperluan", "Contoh surat"]], "body": "Isi surat contoh."}


KINDS = (
    DocumentKind(
        code="documents.specimen",
        label=_("Specimen"),
        template=Path(__file__).parent / "typst" / "specimen.typ",
        prefix="CTH",
        proves=_("This paper was issued by this office on that day, with this text."),
        unproven=_("Not proven: who holds it, and whether what it says is still so."),
        sample=_sample,
    ),
)
