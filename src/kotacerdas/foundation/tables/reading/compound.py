"""Looks into XLS before loading: the compound file's chain of sectors, then BIFF8's records one by one.

After [MS-CFB] and [MS-XLS]. Old workbooks (BIFF5, Excel 95) are told to be saved anew.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from kotacerdas.foundation.tables.reading.extent import Extent
from kotacerdas.foundation.tables.reading.refused import Unreadable
from kotacerdas.foundation.tables.reading.zipped import MOST_SHEETS

_FREE = 0xFFFFFFF0  # this and above are no sectors
_BOF, _EOF, _FILEPASS, _DATES, _SHEET, _MERGED, _COLUMNS, _ROW = (
    0x809,
    0x0A,
    0x2F,
    0x22,
    0x85,
    0xE5,
    0x7D,
    0x208,
)
_FORMULA, _STRING, _ERROR, _LABEL, _LABEL_SST, _NUMBER, _RK, _MANY_RK = (
    0x06,
    0x207,
    0x205,
    0x204,
    0xFD,
    0x203,
    0x27E,
    0xBD,
)
_VALUES = frozenset({_LABEL, _LABEL_SST, _NUMBER, _RK, _ERROR, _FORMULA, 0xD6})


def workbook_stream(data: bytes) -> bytes:
    """The bytes of the stream `Workbook`. Raises Unreadable."""
    try:
        return _workbook(data)
    except (struct.error, IndexError, ValueError, RecursionError) as error:
        raise Unreadable("broken") from error


def _workbook(data: bytes) -> bytes:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise Unreadable("broken")
    size = 1 << shift
    fats, directory, least, mini_fat, _, extra, extras = struct.unpack_from("<I I 4x I I I I I", data, 44)
    table = list(struct.unpack_from("<109I", data, 76))
    while extra < _FREE and extras > 0:
        more = struct.unpack_from(f"<{size // 4}I", data, (extra + 1) * size)
        table += more[:-1]
        extra, extras = more[-1], extras - 1
    fat: list[int] = []
    for sector in table[:fats]:
        if sector < _FREE:
            fat += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    entries = list(_entries(_chain(data, fat, directory, size)))
    names = {name for name, *_ in entries}
    if "EncryptedPackage" in names:
        raise Unreadable("password")
    root = next((one for one in entries if one[1] == 5), None)
    book = next((one for one in entries if one[0] in ("Workbook", "Book")), None)
    if book is None or root is None:
        raise Unreadable("kind")
    if book[0] == "Book":
        raise Unreadable("old")
    if book[3] >= least:
        return _chain(data, fat, book[2], size)[: book[3]]
    small = _chain(data, fat, root[2], size)
    lookup = _chain(data, fat, mini_fat, size)
    minis = list(struct.unpack(f"<{len(lookup) // 4}I", lookup))
    return b"".join(small[one * 64 : one * 64 + 64] for one in _sectors(minis, book[2]))[: book[3]]


def _sectors(fat: list[int], first: int) -> Iterator[int]:
    seen = 0
    while first < _FREE:
        if first >= len(fat) or seen > len(fat):
            raise Unreadable("broken")
        yield first
        first, seen = fat[first], seen + 1


def _chain(data: bytes, fat: list[int], first: int, size: int) -> bytes:
    return b"".join(data[(one + 1) * size : (one + 2) * size] for one in _sectors(fat, first))


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """(name, type, first sector, bytes) of each entry."""
    for at in range(0, len(directory) - 127, 128):
        length = min(struct.unpack_from("<H", directory, at + 64)[0], 64)
        name = directory[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        kind = directory[at + 66]
        first, size = struct.unpack_from("<II", directory, at + 116)
        if kind:
            yield name, kind, first, size


def xls_extents(data: bytes) -> tuple[dict[str, Extent], bool]:
    """Every sheet's extent by its name, and whether dates count from 1904. Raises Unreadable."""
    book = workbook_stream(data)
    places: dict[int, str] = {}
    found: dict[str, Extent] = {}
    from_1904, extent, awaits = False, None, None
    for at, kind, body in _records(book):
        if awaits is not None and kind != _STRING and extent is not None:
            extent.mark(extent.unvalued, *awaits)
        awaits = None
        if kind == _FILEPASS:
            raise Unreadable("password")
        if kind == _DATES:
            from_1904 = body[:2] == b"\x01\x00"
        elif kind == _SHEET and len(body) > 8 and body[5] == 0:
            places[struct.unpack_from("<I", body)[0]] = _name(body)
        elif kind == _BOF and at in places:
            extent = found.setdefault(places[at], Extent())
            if len(found) > MOST_SHEETS:
                raise Unreadable("sheets", n=MOST_SHEETS)
        elif extent is not None:
            awaits = _cell(extent, kind, body)
    return found, from_1904


def _records(book: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield at, kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _cell(extent: Extent, kind: int, body: bytes) -> tuple[int, int] | None:
    """Note what one record says; the cell that waits for its text, where a formula's follows."""
    if kind in _VALUES and len(body) >= 6:
        row, column = struct.unpack_from("<HH", body)
        extent.reach(row + 1, column + 1)
        if kind == _ERROR and len(body) > 7 and body[7]:
            extent.mark(extent.failed, row + 1, column + 1)
        if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff":
            if body[6] == 2:
                extent.mark(extent.failed, row + 1, column + 1)
            elif body[6] == 3:
                extent.mark(extent.unvalued, row + 1, column + 1)
            elif body[6] == 0:
                return row + 1, column + 1
    elif kind == _MANY_RK and len(body) >= 6:
        extent.reach(
            struct.unpack_from("<H", body)[0] + 1, struct.unpack_from("<H", body, len(body) - 2)[0] + 1
        )
    elif kind == _MERGED and len(body) >= 2:
        for place in range(2, min(len(body) - 7, 2 + 8 * struct.unpack_from("<H", body)[0]), 8):
            first, last, left, right = struct.unpack_from("<4H", body, place)
            if len(extent.merged) < 10_000:
                extent.merged.append((first + 1, left + 1, last + 1, right + 1))
    elif kind == _COLUMNS and len(body) >= 10:
        left, right, _, _, options = struct.unpack_from("<5H", body)
        if options & 1:
            extent.hidden_columns.update(range(left + 1, min(right, left + 300) + 2))
    elif kind == _ROW and len(body) >= 16 and body[12] & 0x20:
        extent.hidden_rows += 1
    return None
