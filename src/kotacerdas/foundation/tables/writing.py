"""Writes spreadsheets: XLSX as a stream, and CSV. Typed text is never written as a formula.

The XML is written here rather than by openpyxl: a row is one string and memory stays flat (ADR 30). After
ECMA-376, part 1, chapter 18.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from kotacerdas.foundation.tables.reading.extent import letters
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.sheets import Column, Kind, Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # and one for the heads
LONGEST_CELL = 32_000
_SURE_DIGITS = 10**15
_SAMPLE = 100
_NARROWEST, _WIDEST = 8, 60
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_FIRST_DAY = date(1899, 12, 30)
# Places in cellXfs below.
_PLAIN, _HEAD, _TEXT, _WRONG, _DATE, _WHOLE, _RUPIAH, _TIME, _SUM, _SUM_RUPIAH, _GUARDED, _DECIMAL = range(12)
_STYLES_OF = {Kind.DATE: _DATE, Kind.WHOLE: _WHOLE, Kind.RUPIAH: _RUPIAH, Kind.DECIMAL: _DECIMAL}
_NS = "http://schemas.openxmlformats.org"
_HEAD_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD_XML}<styleSheet xmlns="{_NS}/spreadsheetml/2006/main">'
    '<numFmts count="4"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="166" formatCode="&quot;Rp&quot;\\ #,##0"/>'
    '<numFmt numFmtId="167" formatCode="#,##0.######"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE3EEF3"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFBD9D4"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="12">'
    "<xf/>"
    '<xf fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf fillId="3" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="3" applyNumberFormat="1"/>'
    '<xf numFmtId="166" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="3" fontId="1" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="166" fontId="1" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="167" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A value whose cell is shown as wrong."""

    value: Any


class Book:
    """A workbook that is written sheet by sheet, row by row, and closed at the end."""

    def __init__(self, into: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self.names: list[str] = []

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None:
            self._end()
        self.archive.close()

    def page(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
        """One sheet with its frozen heads, and the sums of columns that have one; how many rows it got.

        Raises Invalid for more rows than a sheet can hold.
        """
        self.names.append(self._sheet_name(name))
        with self.archive.open(f"xl/worksheets/sheet{len(self.names)}.xml", "w", force_zip64=True) as part:
            return _write_page(part, columns, rows)

    def _sheet_name(self, name: str) -> str:
        """A sheet name that Excel accepts: at most 31 letters, no forbidden ones, and not used twice."""
        made = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '")[:31] or "1"
        used = {one.lower() for one in self.names}
        number = 2
        while made.lower() in used:
            made, number = f"{made[:27]} {number}", number + 1
        return made

    def _end(self) -> None:
        count = range(1, len(self.names) + 1)
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{one}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for one in count
        )
        listed = "".join(
            f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{one}" r:id="rId{one}"/>'
            for one, name in enumerate(self.names, 1)
        )
        relations = f"{_NS}/officeDocument/2006/relationships"
        links = "".join(
            f'<Relationship Id="rId{one}" Type="{relations}/worksheet" Target="worksheets/sheet{one}.xml"/>'
            for one in count
        )
        parts = {
            "xl/styles.xml": _STYLES,
            "xl/workbook.xml": f'{_HEAD_XML}<workbook xmlns="{_NS}/spreadsheetml/2006/main" xmlns:r="{relations}">'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'{_HEAD_XML}<Relationships xmlns="{_NS}/package/2006/relationships">{links}'
            f'<Relationship Id="rId0" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
            "_rels/.rels": f'{_HEAD_XML}<Relationships xmlns="{_NS}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'{_HEAD_XML}<Types xmlns="{_NS}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" '
            f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{types}</Types>',
        }
        for name, text in parts.items():
            self.archive.writestr(name, text)


def write_xlsx(
    sheet: Sheet, rows: Iterable[Mapping[str, Any] | Sequence[Any]], *, into: IO[bytes] | None = None
) -> bytes:
    """The rows of a declared sheet as XLSX, in the active language.

    rows  mappings by column name, or values in the order of the columns
    into  an open file to write to, for much; else the bytes are returned. Raises Invalid for too many rows
    """
    out = io.BytesIO() if into is None else into
    with Book(out) as book:
        book.page(str(sheet.words), sheet.columns, _ordered(sheet, rows))
    return out.getvalue() if isinstance(out, io.BytesIO) and into is None else b""


def write_csv(
    sheet: Sheet, rows: Iterable[Mapping[str, Any] | Sequence[Any]], *, separator: str = ";"
) -> Iterator[str]:
    """The rows as lines of CSV: a byte order mark first, as Excel wants it, decimals with a comma."""
    yield "\ufeff"
    yield _csv_line([csv_text(str(one.words)) for one in sheet.columns], separator)
    for row in _ordered(sheet, rows):
        cells = [_csv_cell(value, column) for value, column in zip(row, sheet.columns, strict=False)]
        yield _csv_line(cells, separator)


def csv_text(text: str) -> str:
    """A text that no spreadsheet reads as a formula: an apostrophe is put before one that begins like a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _csv_line(cells: Sequence[str], separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerow(cells)
    return out.getvalue()


def _csv_cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_yes_or_no(value))
    if isinstance(value, (int, float, Decimal)):
        return str(value).replace(".", ",") if column.kind == Kind.DECIMAL else str(value)
    if isinstance(value, (date, datetime)):
        return value.strftime("%d/%m/%Y %H:%M" if isinstance(value, datetime) else "%d/%m/%Y")
    return csv_text(_words(value, column))


def _ordered(sheet: Sheet, rows: Iterable[Mapping[str, Any] | Sequence[Any]]) -> Iterator[Sequence[Any]]:
    names = [one.name for one in sheet.columns]
    for row in rows:
        yield [row.get(name) for name in names] if isinstance(row, Mapping) else row


def _write_page(part: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    source = iter(rows)
    sample = list(islice(source, _SAMPLE))
    part.write(_beginning(columns, sample).encode())
    writers = [_writer(column, letters(place)) for place, column in enumerate(columns, 1)]
    sums: dict[int, int | Decimal] = {place: 0 for place, one in enumerate(columns) if one.total}
    number, pending = 1, []
    for number, row in enumerate(chain(sample, source), 2):
        if number > MOST_ROWS + 1:
            raise Invalid(
                _("A sheet holds at most %(n)s rows.") % {"n": MOST_ROWS}, remedy=_("Narrow the selection.")
            )
        cells = "".join(
            [write(value, number) for write, value in zip(writers, row, strict=False) if value is not None]
        )
        pending.append(f'<row r="{number}">{cells}</row>')
        for place in sums:
            value = row[place]
            if isinstance(value, (int, Decimal)):
                sums[place] += value
        if len(pending) >= 500:
            part.write("".join(pending).encode())
            pending = []
    if sums and number > 1:
        pending.append(_sum_row(columns, sums, number))
    part.write(("".join(pending) + _end_of(columns, number)).encode())
    return number - 1


def _beginning(columns: Sequence[Column], sample: Sequence[Sequence[Any]]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_width(column, place - 1, sample)}" customWidth="1"/>'
        for place, column in enumerate(columns, 1)
    )
    heads = "".join(
        f'<c r="{letters(place)}1" s="{_HEAD}" t="inlineStr"><is><t xml:space="preserve">{_xml(str(one.words))}</t></is></c>'
        for place, one in enumerate(columns, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_HEAD_XML}<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">{pane}'
        f'</sheetView></sheetViews><cols>{widths}</cols><sheetData><row r="1">{heads}</row>'
    )


def _end_of(columns: Sequence[Column], last: int) -> str:
    reach = f'<autoFilter ref="A1:{letters(len(columns))}{last}"/>' if columns and last > 1 else ""
    return f"</sheetData>{reach}</worksheet>"


def _width(column: Column, place: int, sample: Sequence[Sequence[Any]]) -> int:
    if column.width:
        return column.width
    least = {Kind.DATE: 12, Kind.RUPIAH: 16}.get(column.kind, _NARROWEST)
    longest = max((len(_line(row[place])) for row in sample if place < len(row)), default=0)
    return min(_WIDEST, max(least, longest + 2, min(len(str(column.words)) + 3, 24)))


def _line(value: Any) -> str:
    text = str(value.value if isinstance(value, Marked) else value if value is not None else "")
    return text.partition("\n")[0]


def _writer(column: Column, letter: str) -> Any:
    """A function that writes one cell of a column."""
    style = _STYLES_OF.get(column.kind, _PLAIN)

    def write(value: Any, row: int) -> str:
        kind = type(value)
        if kind is str:
            return _text_cell(value, f"{letter}{row}") if value else ""
        if kind is Marked:
            text = _words(value.value, column)
            return f'<c r="{letter}{row}" s="{_WRONG}" t="inlineStr"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'
        if kind is bool:
            return _text_cell(str(_yes_or_no(value)), f"{letter}{row}")
        if kind in (int, float, Decimal) and column.kind not in (Kind.CODE, Kind.TEXT) and _fits(value):
            return f'<c r="{letter}{row}" s="{style}"><v>{value}</v></c>'
        if kind in (int, float, Decimal) and column.kind == Kind.TEXT and _fits(value):
            return f'<c r="{letter}{row}"><v>{value}</v></c>'
        if isinstance(value, date):
            return _date_cell(value, f"{letter}{row}")
        return _text_cell(_words(value, column), f"{letter}{row}")

    return write


def _fits(value: int | float | Decimal) -> bool:
    """Whether a spreadsheet can store the number with all its digits; not for infinity and NaN."""
    return -_SURE_DIGITS < value < _SURE_DIGITS


def _text_cell(text: str, at: str) -> str:
    style = (
        _GUARDED if text.startswith(_DANGEROUS) else _TEXT if len(text) > _WIDEST or "\n" in text else _PLAIN
    )
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'


def _date_cell(value: date, at: str) -> str:
    days = (date(value.year, value.month, value.day) - _FIRST_DAY).days
    if days < 61:
        return _text_cell(value.isoformat(), at)
    if isinstance(value, datetime):
        part = (value.hour * 3600 + value.minute * 60 + value.second) / 86400
        return f'<c r="{at}" s="{_TIME}"><v>{days + part}</v></c>'
    return f'<c r="{at}" s="{_DATE}"><v>{days}</v></c>'


def _sum_row(columns: Sequence[Column], sums: Mapping[int, int | Decimal], last: int) -> str:
    row = last + 1
    cells = []
    for place, column in enumerate(columns):
        at = f"{letters(place + 1)}{row}"
        if place in sums:
            style = _SUM_RUPIAH if column.kind == Kind.RUPIAH else _SUM
            reach = f"{letters(place + 1)}2:{letters(place + 1)}{last}"
            cells.append(f'<c r="{at}" s="{style}"><f>SUM({reach})</f><v>{sums[place]}</v></c>')
        elif place == 0:
            cells.append(f'<c r="{at}" s="{_HEAD}" t="inlineStr"><is><t>{_xml(str(_("Total")))}</t></is></c>')
    return f'<row r="{row}">{"".join(cells)}</row>'


def _words(value: Any, column: Column) -> str:
    """A value as people read it; a choice by its words."""
    if column.kind == Kind.CHOICE:
        for one in column.choices:
            if one.value == value:
                return str(one.words)
    return "" if value is None else str(value)


def _yes_or_no(value: bool) -> Any:
    return _("yes") if value else _("no")


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub(" ", text)[:LONGEST_CELL])
