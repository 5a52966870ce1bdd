"""From a template and data to the bytes of a PDF, by typst. The same input gives the same bytes, always.

What a template gets stands in one JSON input, `sys.inputs.data`: text is text, never markup, so that nobody's words
can change a paper. No network, no packages, no system fonts.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents.declarations import DocumentKind
from kotacerdas.kernel.errors import Invalid

FOLDER = "documents"  # within the pack
_OWN = Path(__file__).parent / "typst"
_STANDARD: Any = ["a-2b"]  # PDF/A-2b: for archives


@dataclass(frozen=True)
class Template:
    """The source of a paper: letterhead and body, and its fingerprint."""

    source: bytes
    digest: str


def template_of(kind: DocumentKind) -> Template:
    """The pack's template of a kind, else its default; with the pack's letterhead, else the house's."""
    source = b"\n".join([_chosen("letterhead", _OWN / "letterhead.typ"), _chosen(kind.code, kind.template)])
    return Template(source, hashlib.sha256(source).hexdigest())


def pdf(template: Template, data: Mapping[str, Any], at: datetime) -> bytes:
    """The bytes of a paper as of an instant, PDF/A-2b. Raises Invalid with typst's words for a broken template."""
    return _compiled(template.source, {**data, "emblem": emblem()}, at)


def qr(text: str) -> str:
    """A QR code as SVG text."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=0, xmldecl=False)
    return out.getvalue().decode()


def emblem() -> str:
    """The regency's emblem as SVG text; "" where the pack brings none."""
    file = Path(settings.PACK) / FOLDER / "emblem.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A sheet of labels on A4: columns and rows, and in millimetres the margins and the gaps between labels."""

    columns: int = 3
    rows: int = 8
    left: float = 7.0
    top: float = 12.0
    gap_x: float = 2.5
    gap_y: float = 0.0

    @property
    def places(self) -> int:
        return self.columns * self.rows


@dataclass(frozen=True, kw_only=True)
class Label:
    """One label: what its QR holds, and the lines beside it."""

    code: str
    lines: tuple[str, ...]


def labels(given: Sequence[Label], at: datetime, *, grid: Grid | None = None, used: int = 0) -> bytes:
    """Sheets of labels as PDF. `used` places of the first sheet are left out: they were peeled off before."""
    grid = grid or Grid()
    if not 0 <= used < grid.places:
        raise Invalid(
            _("No sheet was made."),
            fields={"used": _("Between 0 and %(most)d places are used.") % {"most": grid.places - 1}},
        )
    if not given:
        raise Invalid(_("No sheet was made."), fields={"labels": _("Choose at least one.")})
    places: list[Any] = [None] * used
    places += [{"qr": qr(one.code), "lines": list(one.lines)} for one in given]
    sheets = [places[first : first + grid.places] for first in range(0, len(places), grid.places)]
    source = (_OWN / "labels.typ").read_bytes()
    return _compiled(source, {"grid": grid.__dict__, "sheets": sheets}, at)


def _compiled(source: bytes, data: Mapping[str, Any], at: datetime) -> bytes:
    try:
        made: bytes = typst.compile(
            source,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=_STANDARD,
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise Invalid(
            _("The template could not be set: %(why)s") % {"why": str(error)[:300]},
            remedy=_("Mend the template, and look at its preview."),
            code="template",
        ) from error
    return made


def _chosen(name: str, default: Path) -> bytes:
    own = Path(settings.PACK) / FOLDER / f"{name}.typ"
    return (own if own.is_file() else default).read_bytes()
