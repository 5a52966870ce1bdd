"""The only place where untrusted tables are loaded: a process of its own, without secrets or store.

`tables.child` starts it as `python -m kotacerdas.foundation.tables.reading.opening <file descriptor> <asked>`.
It answers with lines of JSON: the head, then batches of rows, then the end; or one error.

    {"head": {...}}    sheet, line of the heads, their texts, evidence of each column, rows to come, what was noticed
    {"rows": [[line, [cells]], ...]}
    {"end": true}      | {"error": code, "given": {...}}

A cell is null, text, a number, true or false, or an object: {"d": date}, {"t": time, date or span as text},
{"x": "failed" | "unvalued" | "merged"}.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from kotacerdas.foundation.tables.notation import Evidence
from kotacerdas.foundation.tables.reading import compound, heads, zipped
from kotacerdas.foundation.tables.reading.extent import Extent
from kotacerdas.foundation.tables.reading.refused import Unreadable
from kotacerdas.foundation.tables.reading.text import Text

MOST_MEMORY_BYTES = 400 * 1024 * 1024  # of addresses, libraries included
MOST_CPU_SECONDS = 120
BATCH_ROWS = 500
_NICENESS = 5
_SUMS = frozenset(
    {"jumlah", "total", "jumlah total", "grand total", "sub total", "subtotal", "jumlah seluruhnya"}
)
Cells = list[Any]
Rows = Callable[[], Iterator[tuple[int, Cells]]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One sheet of a file; `rows` begins anew at every call."""

    name: str
    rows: Rows
    is_visible: bool = True
    extent: Extent = field(default_factory=Extent)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file that can be read."""

    kind: str
    pages: list[Page]
    from_1904: bool = False
    encoding: str = ""
    separator: str = ""


def opened(file: BinaryIO) -> Opened:
    """What kind of file it is, by its bytes alone, and its sheets. Raises Unreadable."""
    start = file.read(8)
    file.seek(0)
    if not start:
        raise Unreadable("empty")
    if start.startswith(b"PK"):
        return _zip(file)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        data = file.read()
        extents, from_1904 = compound.xls_extents(data)
        file.seek(0)
        return _loaded("xls", file, extents, from_1904)
    data = file.read()
    _refuse_others(data)
    text = Text(data)
    page = Page(
        name="", rows=lambda: ((line, [one.strip() or None for one in row]) for line, row in text.rows())
    )
    return Opened(kind="csv", pages=[page], encoding=text.encoding, separator=text.separator)


def _zip(file: BinaryIO) -> Opened:
    archive = zipped.parts_of(file)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        extents, from_1904 = zipped.xlsx_extents(archive)
        return _loaded("xlsx", file, extents, from_1904)
    if "content.xml" in names and "mimetype" in names:
        if b"spreadsheet" not in b"".join(zipped.stream(archive, "mimetype")):
            raise Unreadable("kind")
        return _loaded("ods", file, zipped.ods_extents(archive), False)
    raise Unreadable("old" if "xl/workbook.bin" in names else "kind")


def _refuse_others(data: bytes) -> None:
    """Raise Unreadable for what is no table: web pages, for example, are often named .xls."""
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(
        (b"<html", b"<!doctype html", b"<table", b"<head", b"<style", b"<meta", b"mime-version")
    ):
        raise Unreadable("html")
    if start.startswith((b"<?xml", b"<")):
        raise Unreadable("html" if b"<table" in data[:20_000].lower() or b"<workbook" in start else "kind")
    if start.startswith(
        (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")
    ):
        raise Unreadable("kind")


def _loaded(kind: str, file: BinaryIO, extents: dict[str, Extent], from_1904: bool) -> Opened:
    """The sheets as calamine loads them, after checking that none is too large."""
    import python_calamine

    for name, extent in extents.items():
        extent.must_fit(name)
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        visible = python_calamine.SheetVisibleEnum.Visible
        pages = [
            Page(
                name=one.name,
                rows=_calamine_rows(book, one.name, extents.get(one.name, Extent())),
                is_visible=one.visible == visible,
                extent=extents.get(one.name, Extent()),
            )
            for one in book.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as error:
        raise Unreadable("password") from error
    except Exception as error:
        raise Unreadable("broken") from error
    return Opened(kind=kind, pages=pages, from_1904=from_1904)


def _calamine_rows(book: Any, name: str, extent: Extent) -> Rows:
    odd: dict[int, dict[int, str]] = {}
    for cells, why in ((extent.unvalued, "unvalued"), (extent.failed, "failed")):
        for row, column in cells:
            odd.setdefault(row, {})[column] = why
    for top, left, bottom, right in extent.merged:
        for row in range(top, min(bottom, top + 5_000) + 1):
            for column in range(left, min(right, left + 500) + 1):
                if (row, column) != (top, left):
                    odd.setdefault(row, {}).setdefault(column, "merged")
    opened: list[Any] = []

    def rows() -> Iterator[tuple[int, Cells]]:
        try:
            if not opened:
                opened.append(book.get_sheet_by_name(name))
            sheet = opened[0]
            before = [None] * (sheet.start[1] if sheet.start else 0)
            for line, row in enumerate(sheet.iter_rows(), 1):
                cells = [*before, *map(_cell, row)]
                for column, why in odd.get(line, {}).items():
                    cells += [None] * (column - len(cells))
                    if cells[column - 1] is None or why == "failed":
                        cells[column - 1] = {"x": why}
                yield line, cells
        except (Unreadable, MemoryError):
            raise
        except Exception as error:
            raise Unreadable("broken") from error

    return rows


def _cell(value: Any) -> Any:
    """A value of calamine as JSON has it; whole numbers without a point."""
    kind = type(value)
    if kind is str:
        return value.strip() or None
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < 1e17 else value
    if kind is date:
        return {"d": value.isoformat()}
    if kind is datetime:
        is_day = not (value.hour or value.minute or value.second)
        return {"d": value.date().isoformat()} if is_day else {"t": value.isoformat(" ", "minutes")}
    if kind is bool or kind is int or value is None:
        return value
    return {"t": str(value)}


def chosen(found: Opened, names: frozenset[str], sheet: str | None) -> tuple[Page, heads.Heads, int]:
    """The sheet whose heads name most of what is wanted; the first visible one where none does. Raises Unreadable."""
    best: tuple[int, Page, heads.Heads] | None = None
    for page in found.pages:
        if sheet is not None and page.name != sheet:
            continue
        first = [one for _, one in zip(range(heads.LOOKED_AT), page.rows(), strict=False)]
        score, head = heads.find([(line, [_shown(one) for one in cells]) for line, cells in first], names)
        rank = 2 * score + page.is_visible
        if head is not None and (best is None or rank > best[0]):
            best = (rank, page, head)
    if best is None:
        raise Unreadable("empty")
    return best[1], best[2], best[0] // 2


def _shown(cell: Any) -> Any:
    return (
        next(iter(cell.values()))
        if isinstance(cell, dict) and "x" not in cell
        else (None if isinstance(cell, dict) else cell)
    )


def body(page: Page, head: heads.Heads) -> Iterator[tuple[int, Cells]]:
    """The rows under the heads: without empty ones, heads that are repeated, and a row that numbers the columns."""
    texts = [heads.folded(one) for one in head[2]]
    names = {one for one in texts if one}
    for line, cells in page.rows():
        if line <= head[1] or not any(cell is not None and cell != {"x": "merged"} for cell in cells):
            continue
        words = {heads.folded(one) for one in cells if isinstance(one, str)}
        if len(names) > 1 and words == names:
            continue
        if line <= head[1] + 2 and _numbers_columns(cells):
            continue
        yield line, cells


def _numbers_columns(cells: Cells) -> bool:
    """`1 2 3 …` or `(1) (2) (3) …` under the heads, as forms have it."""
    found = [str(one).strip("() ") for one in cells if one is not None]
    return len(found) >= 3 and found == [str(place) for place in range(1, len(found) + 1)]


def is_sum(cells: Cells) -> bool:
    """Whether the row's first text says that it is a sum."""
    first = next((one for one in cells if one is not None), None)
    return isinstance(first, str) and heads.folded(first) in _SUMS


def _describe(found: Opened, page: Page, head: heads.Heads, score: int) -> dict[str, Any]:
    """The head line: one pass over all rows counts them and gathers the evidence."""
    width = len(head[2])
    evidence = [Evidence() for _ in range(width)]
    looks = [one.look for one in evidence]
    count, sample = 0, list[Cells]()
    for _line, cells in body(page, head):
        count += 1
        if len(sample) < 3:
            sample.append(cells[:width])
        for look, cell in zip(looks, cells, strict=False):
            if type(cell) is str:
                look(cell)
    return {
        "kind": found.kind,
        "sheet": page.name,
        "sheets": [one.name for one in found.pages],
        "first": head[0],
        "last": head[1],
        "heads": head[2],
        "score": score,
        "marks": [sorted(one.marks) for one in evidence],
        "orders": [sorted(one.orders) for one in evidence],
        "rows": count,
        "sample": sample,
        "from_1904": found.from_1904,
        "hidden_columns": sorted(page.extent.hidden_columns)[:50],
        "hidden_rows": page.extent.hidden_rows,
        "encoding": found.encoding,
        "separator": found.separator,
    }


def answer(file: BinaryIO, asked: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
    """Read the file and say what it holds. Raises Unreadable."""
    found = opened(file)
    page, head, score = chosen(found, frozenset(asked["names"]), asked.get("sheet"))
    say({"head": _describe(found, page, head, score)})
    batch: list[list[Any]] = []
    for line, cells in body(page, head):
        batch.append([line, cells, True] if is_sum(cells) else [line, cells])
        if len(batch) >= BATCH_ROWS:
            say({"rows": batch})
            batch = []
    say({"rows": batch})
    say({"end": True})


def confine() -> None:
    """Limit memory and processor time of this process, and let it write no file."""
    os.nice(_NICENESS)
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(kind, (most, most))


def main() -> int:
    """Answer one file and end."""
    confine()
    out = sys.stdout

    def say(answer: dict[str, Any]) -> None:
        out.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n")
        out.flush()

    try:
        with os.fdopen(int(sys.argv[1]), "rb") as file:
            answer(file, json.loads(sys.argv[2]), say)
    except Unreadable as error:
        say({"error": error.code, "given": error.given})
    except MemoryError:
        say({"error": "memory", "given": {}})
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
