"""Looks into XLSX and ODS before loading: sizes first, then each sheet as a stream of tags."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from kotacerdas.foundation.tables.reading.extent import Extent, column_of
from kotacerdas.foundation.tables.reading.refused import Unreadable

MOST_BYTES = 400 * 1024 * 1024  # unpacked, all parts together
MOST_RATIO = 150  # unpacked to packed, of a part beyond the size below
SURE_BYTES = 16 * 1024 * 1024
MOST_PARTS = 2_000
MOST_SHEETS = 20
_PART = 1024 * 1024
_LONGEST_ROW = 32 * 1024 * 1024
_LEAST_XML = 8 * 1024 * 1024  # of a workbook's own small parts

_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])([^>]*)>")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)(?=[\s>])(?![^>]*/>)")
_AT = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW_AT = re.compile(rb'^[^>]*?\br="(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'^[^>]*?\bhidden="(?:1|true)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s/>])")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col(?=\s)([^>]*)>")
_SPAN = re.compile(rb'\b(min|max)="(\d{1,6})"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def parts_of(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, after checking that its announced sizes are not too large. Raises Unreadable."""
    try:
        archive = zipfile.ZipFile(file)
        listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Unreadable("broken") from error
    if len(listed) > MOST_PARTS or sum(one.file_size for one in listed) > MOST_BYTES:
        raise Unreadable("bomb")
    for one in listed:
        if one.file_size > SURE_BYTES and one.file_size > MOST_RATIO * max(1, one.compress_size):
            raise Unreadable("bomb")
        if one.flag_bits & 1:
            raise Unreadable("password")
    return archive


def stream(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part of the archive, chunk by chunk. Raises Unreadable if it is broken, or larger than announced."""
    try:
        declared = archive.getinfo(name).file_size
        size = 0
        with archive.open(name) as part:
            while piece := part.read(_PART):
                size += len(piece)
                if size > declared:
                    raise Unreadable("bomb")
                yield piece
    except (
        zipfile.BadZipFile,
        KeyError,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Unreadable("broken") from error
    except Exception as error:  # zlib.error has no name to import it by in every build
        if type(error).__name__ == "error":
            raise Unreadable("broken") from error
        raise


def small(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A small part of the archive as an XML tree, without entities. Raises Unreadable."""
    text = b""
    for piece in stream(archive, name):
        text += piece
        if len(text) > _LEAST_XML:
            raise Unreadable("bomb")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Unreadable("broken")
    try:
        return ElementTree.fromstring(text)  # noqa: S314  without entities, in the confined process
    except ElementTree.ParseError as error:
        raise Unreadable("broken") from error


def xlsx_extents(archive: zipfile.ZipFile) -> tuple[dict[str, Extent], bool]:
    """Every worksheet's extent by its name, and whether dates count from 1904."""
    book = small(archive, "xl/workbook.xml")
    links = small(archive, "xl/_rels/workbook.xml.rels")
    targets = {one.get("Id", ""): one.get("Target", "") for one in links.iter() if one.get("Target")}
    from_1904 = any(
        one.get("date1904") in ("1", "true") for one in book.iter() if one.tag.endswith("workbookPr")
    )
    found: dict[str, Extent] = {}
    for one in book.iter():
        if not one.tag.endswith("}sheet"):
            continue
        link = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" not in path or path not in archive.namelist():
            continue  # a chart or a macro sheet
        if len(found) >= MOST_SHEETS:
            raise Unreadable("sheets", n=MOST_SHEETS)
        found[one.get("name", "")] = _xlsx_extent(stream(archive, path))
    return found, from_1904


def _xlsx_extent(parts: Iterator[bytes]) -> Extent:
    """One pass over a worksheet, a row at a time."""
    extent, rest, is_first, number = Extent(), b"", True, 0
    for piece in parts:
        if is_first and b"<!DOCTYPE" in piece[:4096]:
            raise Unreadable("broken")
        before, *rows = _ROW.split(rest + piece)
        if not rows:
            rest = before
        else:
            if is_first:
                _columns(extent, before)
                is_first = False
            rest = b"<row" + rows.pop()
            for row in rows:
                number = _xlsx_row(extent, row, number)
        if len(rest) > _LONGEST_ROW:
            raise Unreadable("bomb")
    if is_first:
        return extent
    for row in _ROW.split(rest)[1:]:
        number = _xlsx_row(extent, row, number)
    for found in _MERGED.finditer(rest):
        first, last = (
            (int(found[2]), column_of(found[1].decode())),
            (int(found[4]), column_of(found[3].decode())),
        )
        if len(extent.merged) < 10_000:
            extent.merged.append((*first, *last))
    return extent


def _columns(extent: Extent, head: bytes) -> None:
    for found in _HIDDEN_COLUMNS.finditer(head):
        if b'hidden="1"' in found[1] or b'hidden="true"' in found[1]:
            span = {name: int(value) for name, value in _SPAN.findall(found[1])}
            first, last = span.get(b"min", 1), span.get(b"max", 1)
            extent.hidden_columns.update(range(first, min(last, first + 1_000) + 1))


def _xlsx_row(extent: Extent, row: bytes, before: int) -> int:
    """Judge one row's bytes; the row's number. Only rows with something odd are looked at cell by cell."""
    at = _ROW_AT.match(row)
    number = int(at[1]) if at else before + 1
    if b"hidden=" in row[:200] and _HIDDEN_ROW.match(row):
        extent.hidden_rows += 1
    if b'"e"' in row or _FORMULA.search(row) or b' r="' not in row:
        _xlsx_cells(extent, row, number)
        return number
    end = max(row.rfind(b"<v>"), row.rfind(b":v>"), row.rfind(b"<is"), row.rfind(b":is>"), row.rfind(b"<v "))
    if end < 0:
        return number
    place = row.rfind(b' r="', 0, end)
    found = _AT.search(row, place) if place >= 0 else None
    if found:
        extent.reach(int(found[2]), column_of(found[1].decode()))
    return number


def _xlsx_cells(extent: Extent, row: bytes, number: int) -> None:
    column = 0
    cells = list(_CELL.finditer(row))
    for cell, after in zip(cells, [*cells[1:], None], strict=False):
        inside = row[cell.end() : after.start() if after else len(row)] if not cell[1].endswith(b"/") else b""
        at = _AT.search(b" " + cell[1])
        column = column_of(at[1].decode()) if at else column + 1
        line = int(at[2]) if at else number
        has_value = _VALUE.search(inside) is not None
        if b't="e"' in cell[1]:
            extent.mark(extent.failed, line, column)
            extent.reach(line, column)
        elif has_value:
            extent.reach(line, column)
        elif _FORMULA.search(inside):
            extent.mark(extent.unvalued, line, column)
            extent.reach(line, column)


_ODS_TAG = re.compile(
    rb"<(/?)table:(table-row|table-cell|covered-table-cell|table-column|table)(?=[\s/>])([^>]*)>"
)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
_SPANNED = re.compile(rb'number-(rows|columns)-spanned="(\d{1,7})"')
_NAMED = re.compile(rb'table:name="([^"]*)"')


def ods_extents(archive: zipfile.ZipFile) -> dict[str, Extent]:
    """Every table's extent by its name."""
    manifest = (
        b"".join(stream(archive, "META-INF/manifest.xml"))
        if "META-INF/manifest.xml" in archive.namelist()
        else b""
    )
    if b"encryption-data" in manifest:
        raise Unreadable("password")
    look, rest = _Ods(), b""
    for piece in stream(archive, "content.xml"):
        if not rest and b"<!DOCTYPE" in piece[:4096]:
            raise Unreadable("broken")
        text = rest + piece
        end = 0
        for found in _ODS_TAG.finditer(text):
            look.tag(found[1] == b"/", found[2], found[3])
            end = found.end()
        cut = text.rfind(b"<")
        rest = text[max(end, cut) :]
        if len(rest) > _LONGEST_ROW:
            raise Unreadable("bomb")
    return look.found


class _Ods:
    """The state of reading the stream of ODS tags."""

    def __init__(self) -> None:
        self.found: dict[str, Extent] = {}
        self.extent = Extent()
        self.row = self.column = self.depth = 0
        self.row_times = 1
        self.columns = 0

    def tag(self, is_end: bool, name: bytes, attributes: bytes) -> None:
        """One tag of the table's structure; tables within cells are passed over."""
        if name == b"table":
            self.depth += -1 if is_end else (0 if attributes.endswith(b"/") else 1)
            if not is_end and self.depth == 1:
                self._begin(attributes)
        elif self.depth == 1 and not is_end:
            {b"table-row": self._row, b"table-column": self._columns}.get(name, self._cell)(attributes)

    def _begin(self, attributes: bytes) -> None:
        if len(self.found) >= MOST_SHEETS:
            raise Unreadable("sheets", n=MOST_SHEETS)
        named = _NAMED.search(attributes)
        self.extent = self.found.setdefault(named[1].decode("utf-8", "replace") if named else "", Extent())
        self.row = self.column = self.columns = 0
        self.row_times = 1

    def _columns(self, attributes: bytes) -> None:
        times = _times(attributes)
        if b'visibility="collapse"' in attributes:
            self.extent.hidden_columns.update(range(self.columns + 1, self.columns + min(times, 1_000) + 1))
        self.columns += times

    def _row(self, attributes: bytes) -> None:
        self.row += self.row_times
        self.row_times, self.column = _times(attributes), 0
        if b'visibility="collapse"' in attributes or b'visibility="filter"' in attributes:
            self.extent.hidden_rows += min(self.row_times, 1_000)

    def _cell(self, attributes: bytes) -> None:
        times = _times(attributes)
        if b"office:value-type=" in attributes or b"formula=" in attributes:
            row = self.row
            self.extent.reach(row + self.row_times - 1, self.column + times)
            spans = {name: int(value) for name, value in _SPANNED.findall(attributes)}
            down, across = spans.get(b"rows", 1), spans.get(b"columns", 1)
            if (down > 1 or across > 1) and len(self.extent.merged) < 10_000:
                first = (row, self.column + 1)
                self.extent.merged.append((*first, row + down - 1, self.column + across))
            if b"office:value-type=" not in attributes:
                self.extent.mark(self.extent.unvalued, row, self.column + 1)
        self.column += times


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1
