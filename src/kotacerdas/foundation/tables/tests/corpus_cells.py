"""The corpus, second part: heads are found, and single cells mean harm or are unclear."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import xlwt
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kotacerdas.foundation.tables.tests.books import HEADS
from kotacerdas.foundation.tables.tests.files import (
    CSV_HEAD,
    HEAD_ROW,
    ROW,
    case,
    csv,
    inline,
    raw_sheet,
    xls,
    xlsx,
)


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
