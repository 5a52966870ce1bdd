"""Files that mean harm, or were only saved by somebody in a hurry, and what each must come to.

`python -m kotacerdas.foundation.tables.tests.corpus FOLDER` writes them to a folder, to be tried by hand.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlwt
from odf import table as odf_table
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

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
            line.addElement(_ods_cell(value))
        page.addElement(line)
    if change:
        change(page)
    document.spreadsheet.addElement(page)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def _ods_cell(value: Any, **more: Any) -> Any:
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


# --- usual files -------------------------------------------------------------------------------
@case("plain.xlsx", rows=1, values={"year": 2017, "price": 98000, "bought": date(2026, 12, 31), "lent": True})
def _() -> bytes:
    return xlsx(HEADS, ROW)


@case("plain.xls", rows=1, values={"year": 2017, "price": 98000, "bought": date(2026, 12, 31)})
def _() -> bytes:
    return xls(HEADS, ROW)


@case("plain.ods", rows=1, values={"year": 2017, "price": 98000, "bought": date(2026, 12, 31)})
def _() -> bytes:
    return ods(HEADS, ROW)


@case("plain.csv", rows=1, values={"year": 2017, "price": 98000, "bought": date(2026, 12, 31), "lent": True})
def _() -> bytes:
    return csv(CSV_HEAD + CSV_ROW)


# --- text tables: encodings, separators, quotes -----------------------------------------------
for name, encoding, mark in (
    ("utf-8 with a mark", "utf-8", b"\xef\xbb\xbf"),
    ("utf-16 little", "utf-16-le", b"\xff\xfe"),
    ("utf-16 big", "utf-16-be", b"\xfe\xff"),
    ("utf-16 without a mark", "utf-16-le", b""),
    ("utf-32", "utf-32-le", b"\xff\xfe\x00\x00"),
):
    CASES.append(
        Case(f"{name}.csv", lambda e=encoding, m=mark: csv(CSV_HEAD + CSV_ROW, e, m), rows=1)  # type: ignore[misc]
    )
CASES.append(
    Case(
        "cp1252.csv",
        lambda: csv(CSV_HEAD + "B-1;Café “Laut” – dua;;;;;;\n", "cp1252"),
        rows=1,
        values={"title": "Café “Laut” – dua"},
    )
)
for separator in ",\t|":
    CASES.append(
        Case(
            f"separator {ord(separator)}.csv",
            lambda s=separator: csv(f"Kode{s}Judul{s}Tahun\nB-1{s}Laut{s}2017\nB-2{s}Bumi{s}1980\n"),  # type: ignore[misc]
            rows=2,
        )
    )


@case("sep line.csv", rows=1)
def _() -> bytes:
    return csv("sep=|\nKode|Judul\nB-1|Laut, dan; lagi\n")


@case("line ends of old.csv", rows=2)
def _() -> bytes:
    return csv("Kode;Judul\rB-1;Laut\rB-2;Bumi\r")


@case("cells of several lines.csv", rows=2, wrong={"C4"})
def _() -> bytes:
    return csv('Kode;Judul;Tahun\nB-1;"Laut\nBercerita";2017\nB-2;Bumi;abad\nB-3;Bulan;1990\n')


@case("quote never closed.csv", refused="quote")
def _() -> bytes:
    return csv('Kode;Judul\nB-1;"Laut\n' + "B-2;Bumi dan bulan\n" * 4000)


@case("empty file.csv", refused="empty")
def _() -> bytes:
    return b""


@case("only line ends.csv", refused="empty")
def _() -> bytes:
    return b"\n\n\n"


@case("nul bytes.csv", refused="encoding")
def _() -> bytes:
    return csv(CSV_HEAD) + b"\x00\x01\x02" * 5000


@case("binary rubbish.csv", refused="encoding")
def _() -> bytes:
    return bytes(range(256)) * 64


@case("one column only.csv", lacking=True)
def _() -> bytes:
    return csv("catatan\nsatu\ndua\n")


@case("too many rows.csv", refused="many")
def _() -> bytes:
    return csv("Kode;Judul\n" + "B;L\n" * 200_001)


@case("too many columns.csv", refused="many")
def _() -> bytes:
    return csv("Kode;Judul\n" + ";" * 501 + "\n")


# --- what is no table -------------------------------------------------------------------------
@case("web page.xls", refused="html")
def _() -> bytes:
    return b"<html><body><table><tr><td>Kode</td><td>Judul</td></tr></table></body></html>"


@case("xml of 2003.xls", refused="html")
def _() -> bytes:
    return b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table></Table></Workbook>'


@case("paper.pdf", refused="kind")
def _() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


@case("letter.docx", refused="kind")
def _() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


@case("cut off.xlsx", refused="broken")
def _() -> bytes:
    return xlsx(HEADS, ROW)[:2000]


@case("damaged part.xlsx", refused="broken")
def _() -> bytes:
    data = bytearray(xlsx(HEADS, *[ROW] * 50))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 90
    data[at : at + 40] = b"\xff" * 40
    return bytes(data)


@case("no workbook part.xlsx", refused="kind")
def _() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/styles.xml", "<styleSheet/>")
    return out.getvalue()


@case("cut off.xls", refused="broken")
def _() -> bytes:
    return xls(HEADS, ROW)[:1500]


@case("rubbish after the mark.xls", refused="broken")
def _() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000


@case("chain of sectors in a ring.xls", refused="broken")
def _() -> bytes:
    data = bytearray(xls(HEADS, *[ROW] * 200))
    fat = struct.unpack_from("<I", data, 76)[0]
    struct.pack_into("<I", data, (fat + 1) * 512, 0)  # the first sector follows itself
    return bytes(data)


# --- passwords and bombs -----------------------------------------------------------------------
def compound(stream: str) -> bytes:
    """The smallest compound file with one entry of a name, as an encrypted XLSX has it."""
    data = bytearray(xls(HEADS, ROW))
    old = "Workbook".encode("utf-16-le")
    at = data.rfind(old)
    name = stream.encode("utf-16-le")
    data[at : at + len(name)] = name
    struct.pack_into("<H", data, at + 64, len(name) + 2)
    return bytes(data)


@case("password.xlsx", refused="password")
def _() -> bytes:
    return compound("EncryptedPackage")


@case("password.xls", refused="password")
def _() -> bytes:
    data = bytearray(xls(HEADS, ROW))
    at = data.find(struct.pack("<HH", 0x42, 2))  # CODEPAGE becomes FILEPASS
    struct.pack_into("<H", data, at, 0x2F)
    return bytes(data)


@case("password.ods", refused="password")
def _() -> bytes:
    return patched(
        ods(HEADS, ROW),
        "META-INF/manifest.xml",
        lambda text: text.replace(
            b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"
        ),
    )


@case("encrypted archive.xlsx", refused="password")
def _() -> bytes:
    data = bytearray(xlsx(HEADS, ROW))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


@case("bomb by its ratio.xlsx", refused="bomb")
def _() -> bytes:
    def zeros(part: Any) -> None:
        for _ in range(64):
            part.write(b" " * 1024 * 1024)

    return raw_sheet(zeros)


@case("bomb by its size.xlsx", refused="bomb")
def _() -> bytes:
    out = io.BytesIO(xlsx(HEADS, ROW))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.bin", "w") as part:
        for _ in range(401):
            part.write(b"\x00" * 1024 * 1024)
    return out.getvalue()


@case("many parts.xlsx", refused="bomb")
def _() -> bytes:
    out = io.BytesIO(xlsx(HEADS, ROW))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(2_100):
            archive.writestr(f"xl/media/{number}", b"")
    return out.getvalue()


@case("entities.xlsx", refused="broken")
def _() -> bytes:
    head = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return raw_sheet(HEAD_ROW + GOOD_ROW, before=head)


@case("entities in the workbook.xlsx", refused="broken")
def _() -> bytes:
    return patched(xlsx(HEADS, ROW), "xl/workbook.xml", lambda text: b'<!DOCTYPE x [<!ENTITY a "a">]>' + text)


# --- extents -------------------------------------------------------------------------------------
@case("A1 and XFD1048576 alone.xlsx", refused="far")
def _() -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return raw_sheet(b'<row r="1">' + inline("A1", "Kode") + b"</row>" + far)


@case("far cell without order.xlsx", refused="far")
def _() -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576"/></row>'
    return raw_sheet(far + HEAD_ROW + GOOD_ROW)


@case("far cell before a near one in its row.xlsx", refused="memory")
def _() -> bytes:
    rows = b"".join(
        b'<row r="%d"><c r="XFD%d"><v>1</v></c><c r="A%d"><v>1</v></c></row>' % (n, n, n)
        for n in (3, 200_000)
    )
    return raw_sheet(HEAD_ROW + GOOD_ROW + rows)


@case("1,048,576 rows of nothing.xlsx", rows=1)
def _() -> bytes:
    def nothing(part: Any) -> None:
        part.write(HEAD_ROW + GOOD_ROW)
        for start in range(3, 1_048_577, 4096):
            rows = range(start, min(start + 4096, 1_048_577))
            part.write(b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in rows))

    return raw_sheet(nothing)


@case("far corner.xls", refused="far")
def _() -> bytes:
    return xls(HEADS, ROW, change=lambda page, book: page.write(65_535, 255, 1))


@case("far rows repeated.ods", refused="far")
def _() -> bytes:
    def more(page: Any) -> None:
        page.addElement(odf_table.TableRow(numberrowsrepeated=1_048_000))
        row = odf_table.TableRow()
        row.addElement(_ods_cell("x"))
        page.addElement(row)

    return ods(HEADS, ROW, change=more)


@case("cells repeated without end.ods", refused="far")
def _() -> bytes:
    def more(page: Any) -> None:
        row = odf_table.TableRow(numberrowsrepeated=1_000_000)
        row.addElement(_ods_cell(1, numbercolumnsrepeated=16_000))
        page.addElement(row)

    return ods(HEADS, ROW, change=more)


@case("empty to the last row.ods", rows=1)
def _() -> bytes:
    def more(page: Any) -> None:
        row = odf_table.TableRow(numberrowsrepeated=1_048_574)
        row.addElement(_ods_cell(None, numbercolumnsrepeated=16_384))
        page.addElement(row)

    return ods(HEADS, ROW, change=more)


@case("too many sheets.xlsx", refused="sheets")
def _() -> bytes:
    return xlsx(HEADS, ROW, change=lambda page, book: [book.create_sheet(str(n)) for n in range(30)] and None)


@case("nothing in it.xlsx", refused="empty")
def _() -> bytes:
    return xlsx()


@case("heads alone.xlsx", rows=0)
def _() -> bytes:
    return xlsx(HEADS)


# --- heads -----------------------------------------------------------------------------------------
@case("letterhead above the heads.xlsx", rows=1)
def _() -> bytes:
    return xlsx(["PEMERINTAH KABUPATEN"], ["Daftar buku, 2026"], [], HEADS, ROW)


@case("two heads.xlsx", rows=1, values={"year": 2017, "price": 98000})
def _() -> bytes:
    def merge(page: Any, book: Any) -> None:
        page.merge_cells("A1:A2")
        page.merge_cells("B1:B2")
        page.merge_cells("C1:D1")

    return xlsx(["Kode", "Judul", "Data buku", None], [None, None, "Tahun", "Harga"], ROW[:4], change=merge)


@case("columns numbered under the heads.xlsx", rows=1)
def _() -> bytes:
    return xlsx(HEADS, [str(n) for n in range(1, 9)], ROW)


@case("heads again on every page.xlsx", rows=2)
def _() -> bytes:
    return xlsx(HEADS, ROW, HEADS, ["B-2", *ROW[1:]])


@case("other order, odd cases, other columns.xlsx", rows=1)
def _() -> bytes:
    return xlsx(["No", "  NAMA BUKU ", "kode", "Rak"], [1, "Laut", "B-1", "3B"])


@case("unknown heads.xlsx", lacking=True)
def _() -> bytes:
    return xlsx(["A", "B", "C"], ROW[:3])


@case("table on the third sheet.xlsx", rows=1)
def _() -> bytes:
    def more(page: Any, book: Workbook) -> None:
        other = book.create_sheet("Data")
        other.append(HEADS)
        other.append(ROW)

    return xlsx(["Petunjuk"], ["Isi lembar Data"], change=more)


@case("sums at the end.xlsx", rows=1)
def _() -> bytes:
    return xlsx(HEADS, ROW, ["Jumlah", None, None, 98000])


# --- cells ------------------------------------------------------------------------------------------
@case("merged cells.xlsx", rows=1, wrong={"B3"})
def _() -> bytes:
    return xlsx(HEADS, ROW, ["B-2"], change=lambda page, book: page.merge_cells("B2:B3"))


@case("merged cells.xls", rows=1, wrong={"B3"})
def _() -> bytes:
    def merge(page: Any, book: Any) -> None:
        page.merge(1, 2, 1, 1)

    return xls(HEADS, ROW, ["B-2"], change=merge)


@case("formula never computed.xlsx", rows=0, wrong={"D2"})
def _() -> bytes:
    return xlsx(HEADS, ["B-1", "Laut", 2017, "=C2*2"])


@case("formula never computed.xls", rows=0, wrong={"D2"})
def _() -> bytes:
    return xls(HEADS, ["B-1", "Laut", 2017, xlwt.Formula("C2*2")])


@case("formula with its result.xlsx", rows=1, values={"price": 4034})
def _() -> bytes:
    row = b'<row r="2">' + inline("A2", "B-1") + inline("B2", "Laut")
    return raw_sheet(HEAD_ROW + row + b'<c r="D2"><f>2017*2</f><v>4034</v></c></row>')


@case("errors of formulas.xlsx", rows=0, wrong={"D2", "E2"})
def _() -> bytes:
    row = b'<row r="2">' + inline("A2", "B-1") + inline("B2", "Laut")
    bad = b'<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E2" t="e"><v>#N/A</v></c></row>'
    return raw_sheet(HEAD_ROW + row + bad)


@case("cells without addresses.xlsx", rows=1)
def _() -> bytes:
    cells = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % one.encode() for one in ("Kode", "Judul"))
    own = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % one.encode() for one in ("B-1", "Laut"))
    return raw_sheet(b"<row>" + cells + b"</row><row>" + own + b"</row>")


@case("numbers as text.xlsx", rows=1, values={"year": 2017, "price": 98000})
def _() -> bytes:
    return xlsx(HEADS, ["B-1", "Laut", "2017", "Rp 98.000", "0,35", "31-12-2026", "Ya", "novel"])


@case("points and commas.csv", rows=2, wrong={"E3"})
def _() -> bytes:
    return csv(CSV_HEAD + "B-1;Laut;;;1.234,56;;;\nB-2;Bumi;;;1.234;;;\nB-3;Bulan;;;1,234.56;;;\n")


@case("a number of two readings.csv", rows=0, wrong={"E2"})
def _() -> bytes:
    return csv(CSV_HEAD + "B-1;Laut;;;1.234;;;\n")


@case("both marks proven.csv", rows=2, wrong={"E4"})
def _() -> bytes:
    return csv(CSV_HEAD + "B-1;Laut;;;1,5;;;\nB-2;Bumi;;;1.5;;;\nB-3;Bulan;;;1.234;;;\n")


@case("months first.csv", rows=2, values={"bought": date(2026, 5, 6)})
def _() -> bytes:
    return csv(CSV_HEAD + "B-1;Laut;;;;5/6/2026;;\nB-2;Bumi;;;;12/31/2026;;\n")


@case("both orders of dates.csv", rows=2, wrong={"F4"})
def _() -> bytes:
    return csv(CSV_HEAD + "B-1;L;;;;31/12/2026;;\nB-2;B;;;;12/31/2026;;\nB-3;C;;;;5/6/2026;;\n")


@case("dates in words.csv", rows=4, values={"bought": date(2026, 12, 31)})
def _() -> bytes:
    days = ("31 Desember 2026", "31-Des-2026", "2026-12-31", "31.12.2026")
    return csv(CSV_HEAD + "".join(f"B-{n};L;;;;{one};;\n" for n, one in enumerate(days)))


@case("dates that cannot be.csv", rows=0, wrong={"F2", "F3", "F4", "F5", "F6"})
def _() -> bytes:
    days = ("31/02/2026", "1/1/26", "kemarin", "45000", "00/00/0000")
    return csv(CSV_HEAD + "".join(f"B-{n};L;;;;{one};;\n" for n, one in enumerate(days)))


@case("serial dates of 1900.xlsx", rows=1, values={"bought": date(2026, 1, 2)})
def _() -> bytes:
    return xlsx(HEADS, ["B-1", "Laut", None, None, None, 46024])


@case("serial dates of 1904.xlsx", rows=1, values={"bought": date(2026, 1, 2)})
def _() -> bytes:
    def old(page: Any, book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    return xlsx(HEADS, ["B-1", "Laut", None, None, None, 44562], change=old)


@case("formatted dates of 1904.xlsx", rows=1, values={"bought": date(2026, 12, 31)})
def _() -> bytes:
    def old(page: Any, book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    return xlsx(HEADS, ROW, change=old)


@case("serial dates of 1904.xls", rows=1, values={"bought": date(2026, 1, 2)})
def _() -> bytes:
    def old(page: Any, book: Any) -> None:
        book.dates_1904 = True

    return xls(HEADS, ["B-1", "Laut", None, None, None, 44562], change=old)


@case("days that never were.xlsx", rows=0, wrong={"F2", "F3", "F4"})
def _() -> bytes:
    return xlsx(
        HEADS, *[[f"B-{n}", "L", None, None, None, value] for n, value in enumerate((60, -4, 3_000_000))]
    )


@case("a time of day and a moment.xlsx", rows=1, wrong={"F3"}, values={"bought": date(2026, 1, 2)})
def _() -> bytes:
    from datetime import time

    rows = [
        ["B-1", "L", None, None, None, datetime(2026, 1, 2, 8, 30)],
        ["B-2", "L", None, None, None, time(8, 30)],
    ]
    return xlsx(HEADS, *rows)


@case("hidden columns and rows.xlsx", rows=2)
def _() -> bytes:
    def hide(page: Any, book: Any) -> None:
        page.column_dimensions["D"].hidden = True
        page.row_dimensions[3].hidden = True

    return xlsx(HEADS, ROW, ["B-2", *ROW[1:]], change=hide)


@case("formulas as text.csv", rows=4, values={"title": "=HYPERLINK(1)"})
def _() -> bytes:
    texts = ("=HYPERLINK(1)", "+62", "-1+1", "@SUM(A1)")
    return csv("Kode;Judul\n" + "".join(f"B-{n};{one}\n" for n, one in enumerate(texts)))


@case("codes that the spreadsheet broke.xlsx", rows=1, wrong={"A2", "A3", "A4"}, values={"code": "12"})
def _() -> bytes:
    codes = (198_001_012_005_011_003, 1.5, date(2026, 1, 2), 12)
    return xlsx(HEADS, *[[one, "Laut"] for one in codes])


@case("codes in powers of ten.csv", rows=0, wrong={"A2"})
def _() -> bytes:
    return csv("Kode;Judul\n1,98E+17;Laut\n")


@case("the same row twice.csv", rows=1, wrong={"A2", "A4"})
def _() -> bytes:
    return csv("Kode;Judul\nB-1;Laut\nB-2;Bumi\nB-1;Laut lagi\n")


@case("required cells empty.csv", rows=1, wrong={"A3", "B4"})
def _() -> bytes:
    return csv("Kode;Judul;Tahun\nB-1;Laut;\n;Bumi;1990\nB-3;;1990\n\n;;\n")


@case("numbers of all kinds that are none.csv", rows=0, wrong={f"C{n}" for n in range(2, 9)})
def _() -> bytes:
    texts = ("abad", "1.23.4", "1,2,3", "1e5", "٢٠١٧", "2.017,5", "99999")
    return csv("Kode;Judul;Tahun\n" + "".join(f"B-{n};L;{one}\n" for n, one in enumerate(texts)))


@case("amounts that are none.csv", rows=2, wrong={"D4", "D5", "D6"}, values={"price": 1500000})
def _() -> bytes:
    texts = ("Rp 1.500.000", "Rp1.500.000,00", "12.50", "lima ribu", "1.5")
    return csv(CSV_HEAD + "".join(f"B-{n};L;;{one};;;;\n" for n, one in enumerate(texts)))


@case("yes, no and neither.csv", rows=3, wrong={"G5", "G6"}, values={"lent": True})
def _() -> bytes:
    texts = ("Ya", "TIDAK", "1", "t", "mungkin")
    return csv(CSV_HEAD + "".join(f"B-{n};L;;;;;{one};\n" for n, one in enumerate(texts)))


@case("choices.csv", rows=2, wrong={"H4"}, values={"kind": "science"})
def _() -> bytes:
    return csv(CSV_HEAD + "B-1;L;;;;;;ILMIAH\nB-2;L;;;;;;novel\nB-3;L;;;;;;Komik\n")


@case("letters of all directions.csv", rows=1, values={"title": "Kitab كتاب"})
def _() -> bytes:
    return csv("Kode;Judul\nB-1;Kitab \u202eكتاب\u202c\u200b\n")


@case("very long cell.csv", rows=0, wrong={"B2"})
def _() -> bytes:
    return csv("Kode;Judul\nB-1;" + "a" * 30_000 + "\n")


@case("ragged rows.csv", rows=2)
def _() -> bytes:
    return csv("Kode;Judul;Tahun\nB-1;Laut\nB-2;Bumi;1980;lebih;banyak;lagi\n")


@case("bold, colours and comments.xlsx", rows=1)
def _() -> bytes:
    def paint(page: Any, book: Any) -> None:
        page["A2"].font = Font(bold=True, color="FF0000")

    return xlsx(HEADS, ROW, change=paint)


def main(folder: str) -> int:
    """Write the corpus to a folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for one in CASES:
        (target / one.name.replace("/", "-")).write_bytes(one.make())
    print(f"{len(CASES)} files in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
