"""Files that mean harm, or were only saved by somebody in a hurry, and what each must come to.

`python -m kotacerdas.foundation.tables.tests.corpus FOLDER` writes them to a folder, to be tried by hand.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from odf import table as odf_table
from openpyxl import Workbook

from kotacerdas.foundation.tables.tests import corpus_cells as corpus_cells
from kotacerdas.foundation.tables.tests.books import HEADS
from kotacerdas.foundation.tables.tests.files import (
    CASES,
    CSV_HEAD,
    CSV_ROW,
    GOOD_ROW,
    HEAD_ROW,
    ROW,
    Case,
    case,
    csv,
    inline,
    ods,
    ods_cell,
    patched,
    raw_sheet,
    xls,
    xlsx,
)


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
        row.addElement(ods_cell("x"))
        page.addElement(row)

    return ods(HEADS, ROW, change=more)


@case("cells repeated without end.ods", refused="far")
def _() -> bytes:
    def more(page: Any) -> None:
        row = odf_table.TableRow(numberrowsrepeated=1_000_000)
        row.addElement(ods_cell(1, numbercolumnsrepeated=16_000))
        page.addElement(row)

    return ods(HEADS, ROW, change=more)


@case("empty to the last row.ods", rows=1)
def _() -> bytes:
    def more(page: Any) -> None:
        row = odf_table.TableRow(numberrowsrepeated=1_048_574)
        row.addElement(ods_cell(None, numbercolumnsrepeated=16_384))
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
