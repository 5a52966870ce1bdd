"""Makers of small files for the corpus: each kind as usual software writes it, or by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlwt
from odf import table as odf_table
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P
from openpyxl import Workbook

from kotacerdas.foundation.tables.tests.books import HEADS

ROW = ["B-1", "Laut Bercerita", 2017, 98000, 0.35, date(2026, 12, 31), "ya", "Novel"]


@dataclass(frozen=True)
class Case:
    """One file. `refused` is a code, or else: rows that can be taken, the wrong cells, columns to be named."""

    name: str
    make: Callable[[], bytes]
    refused: str = ""
    rows: int = 0
    wrong: frozenset[str] = frozenset()
    lacking: bool = False
    values: dict[str, Any] = field(default_factory=dict)


CASES: list[Case] = []


def case(name: str, **expected: Any) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Put a maker of a file into the corpus."""

    def note(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES.append(Case(name, make, **{**expected, "wrong": frozenset(expected.get("wrong", ()))}))
        return make

    return note


def xlsx(*rows: list[Any], change: Callable[[Any, Workbook], None] | None = None) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if change:
        change(page, book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(*rows: list[Any], change: Callable[[Any, Any], None] | None = None) -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet("Buku")
    if change:
        change(page, book)
    dates = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None:
                page.write(line, place, value, *((dates,) if isinstance(value, date) else ()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(*rows: list[Any], change: Callable[[Any], None] | None = None) -> bytes:
    document = OpenDocumentSpreadsheet()
    page = odf_table.Table(name="Buku")
    for row in rows:
        line = odf_table.TableRow()
        for value in row:
            line.addElement(ods_cell(value))
        page.addElement(line)
    if change:
        change(page)
    document.spreadsheet.addElement(page)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def ods_cell(value: Any, **more: Any) -> Any:
    if value is None:
        return odf_table.TableCell(**more)
    if isinstance(value, date):
        cell = odf_table.TableCell(valuetype="date", datevalue=value.isoformat(), **more)
    elif isinstance(value, (int, float)):
        cell = odf_table.TableCell(valuetype="float", value=value, **more)
    else:
        cell = odf_table.TableCell(valuetype="string", **more)
    cell.addElement(P(text=str(value)))
    return cell


def csv(text: str, encoding: str = "utf-8", mark: bytes = b"") -> bytes:
    return mark + text.encode(encoding)


def patched(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    return out.getvalue()


def raw_sheet(rows: bytes | Callable[[Any], None], *, before: bytes = b"", after: bytes = b"") -> bytes:
    """An XLSX whose one sheet is written by hand: bytes, or what writes them as a stream."""
    base = xlsx(HEADS)
    out = io.BytesIO()
    space = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != "xl/worksheets/sheet1.xml":
                new.writestr(one, old.read(one))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(before + space + b"<sheetData>")
            if callable(rows):
                rows(part)
            else:
                part.write(rows)
            part.write(b"</sheetData>" + after + b"</worksheet>")
    return out.getvalue()


def inline(at: str, text: str) -> bytes:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


HEAD_ROW = (
    b'<row r="1">' + b"".join(inline(f"{chr(65 + n)}1", one) for n, one in enumerate(HEADS)) + b"</row>"
)
GOOD_ROW = b'<row r="2">' + inline("A2", "B-1") + inline("B2", "Laut Bercerita") + b"</row>"
CSV_HEAD = "Kode;Judul;Tahun;Harga;Berat;Dibeli;Dipinjam;Jenis\n"
CSV_ROW = "B-1;Laut Bercerita;2017;Rp 98.000;0,35;31/12/2026;ya;Novel\n"
