"""Spreadsheets out: what was written is read back, by us and by others, and nothing of it is a formula."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from kotacerdas.foundation.tables import writing
from kotacerdas.foundation.tables.tests.books import BOOKS, STORE, look
from kotacerdas.foundation.tables.writing import Book, write_csv, write_xlsx
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.sheets import Column, Kind

DANGEROUS = ("=1+1", "+62812", "-5", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")')
BOOK = {
    "code": "007",
    "title": "Laut & <Bercerita>",
    "year": 2017,
    "price": 98_000,
    "weight": Decimal("0.35"),
    "bought": date(2026, 12, 31),
    "lent": True,
    "kind": "science",
}


@pytest.fixture(autouse=True)
def _empty_library():
    STORE.clear()


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_written_is_read_back_the_same(language):
    with override(language):
        for data in (write_xlsx(BOOKS, [BOOK]), "".join(write_csv(BOOKS, [BOOK])).encode()):
            looked = look(data)
            assert looked.wrong == {}
            assert {name: value for name, value in looked.rows[0].items() if value is not None} == BOOK


def test_types_widths_frozen_heads_and_sums_stand_in_the_workbook():
    page = load_workbook(io.BytesIO(write_xlsx(BOOKS, [BOOK, {**BOOK, "code": "008"}]))).active
    assert page.freeze_panes == "A2"
    assert page["A2"].value == "007"
    assert page["F2"].value == datetime(2026, 12, 31)
    assert page["F2"].number_format == "dd/mm/yyyy"
    assert page["D4"].value == "=SUM(D2:D3)"
    assert page.column_dimensions["B"].width > 15
    cached = CalamineWorkbook.from_filelike(io.BytesIO(write_xlsx(BOOKS, [BOOK, BOOK]))).get_sheet_by_index(0)
    assert cached.to_python()[3][3] == 196_000


def test_the_sums_are_passed_over_when_it_comes_back():
    looked = look(write_xlsx(BOOKS, [BOOK]))
    assert (len(looked.rows), looked.sums) == (1, 1)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    rows = [{**BOOK, "title": text}]
    page = load_workbook(io.BytesIO(write_xlsx(BOOKS, rows))).active
    assert page["B2"].data_type == "s"
    assert page["B2"].quotePrefix
    line = "".join(write_csv(BOOKS, rows)).split("\n", 1)[1]
    assert f"'{text[0]}" in line
    assert look("".join(write_csv(BOOKS, rows)).encode()).rows[0]["title"] == text.strip()


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_written_and_is_a_text_for_others(text):
    column = Column(name="t", words=text or "t")
    out = io.BytesIO()
    with Book(out) as book:
        book.page(text, [column], [[text], [None]])
        book.page(text, [column], [])
    found = load_workbook(io.BytesIO(out.getvalue()))
    assert len(set(found.sheetnames)) == 2
    assert found.worksheets[0]["A2"].data_type in ("s", "n", "inlineStr")
    assert not str(found.worksheets[0]["A2"].value or "").startswith("\x00")


def test_numbers_that_no_spreadsheet_keeps_are_written_as_text():
    columns = [Column(name="n", words="n", kind=Kind.WHOLE), Column(name="d", words="d", kind=Kind.DATE)]
    out = io.BytesIO()
    with Book(out) as book:
        book.page("x", columns, [[198_001_012_005_011_003, date(1850, 1, 1)], [float("nan"), None]])
    page = load_workbook(io.BytesIO(out.getvalue())).active
    assert page["A2"].value == "198001012005011003"
    assert page["B2"].value == "1850-01-01"
    assert page["A3"].value == "nan"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    with pytest.raises(Invalid):
        write_xlsx(BOOKS, [BOOK] * 4)
    assert write_xlsx(BOOKS, [BOOK] * 3)
