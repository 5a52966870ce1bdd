"""A report as a workbook and as a paper (PDF)."""

from __future__ import annotations

import hashlib
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.foundation.documents import rendering
from kotacerdas.foundation.tables.writing import Book
from kotacerdas.foundation.ui.tags.words import day, daytime, number
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.regency import regency
from kotacerdas.kernel.sheets import Column, Kind
from kotacerdas.programs.lada.books.reports import Part, Report

_TEMPLATE = Path(__file__).parent.parent / "typst" / "report.typ"
MOST_ROWS = 5000  # of a paper; a workbook takes all


def workbook(report: Report) -> bytes:
    """The report as XLSX, a sheet for each of its tables."""
    out = io.BytesIO()
    with Book(out) as book:
        for part in report.parts or (_nothing(report),):
            book.page(part.name, part.columns, part.rows)
    return out.getvalue()


def paper(report: Report, at: datetime) -> bytes:
    """The report as PDF, lying A4, marked as a sample. Raises Invalid for one that is too long for a paper."""
    rows = sum(len(part.rows) for part in report.parts)
    if rows > MOST_ROWS:
        raise Invalid(
            _("%(rows)s rows are too many for a paper.") % {"rows": number(rows)},
            remedy=_("Take the workbook, or one agency or card."),
        )
    source = _TEMPLATE.read_bytes()
    data = {
        "lang": "en" if (get_language() or "").startswith("en") else "id",
        "title": report.title,
        "regency": regency().instance.name_id,
        "of": report.of,
        "at": report.at,
        "made": _("Made on %(day)s from the ledger; sample rules and codes (contoh).") % {"day": daytime(at)},
        "empty": _("Nothing to show."),
        "sum": _("Total"),
        "parts": [_section(part) for part in report.parts],
    }
    return rendering.pdf(rendering.Template(source, hashlib.sha256(source).hexdigest()), data, at)


def _section(part: Part) -> dict[str, Any]:
    """A table with what is empty in all its rows left out: a paper is narrow."""
    kept = [
        place
        for place, column in enumerate(part.columns)
        if column.total or any(row[place] not in (None, "") for row in part.rows)
    ]
    columns = [part.columns[place] for place in kept]
    sums = part.sums
    return {
        "name": part.name,
        "heads": [str(one.words) for one in columns],
        "right": [one.total or one.kind in (Kind.WHOLE, Kind.DECIMAL, Kind.RUPIAH) for one in columns],
        "rows": [[_cell(row[place], part.columns[place]) for place in kept] for row in part.rows],
        "sums": [number(sums[one.name]) if one.name in sums else "" for one in columns],
    }


def _cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    for choice in column.choices:
        if choice.value == value:
            return str(choice.words)
    if (
        isinstance(value, (int, Decimal))
        and column.kind != Kind.CODE
        and column.name not in ("year", "made_year")
    ):
        return number(value)
    return str(value)


def _nothing(report: Report) -> Part:
    return Part(name=report.title, columns=(Column(name="empty", words=_("Nothing to show.")),), rows=[])
