"""HEIC photos of any size and number, made of the one small picture in `data` (ISO/IEC 14496-12 and 23008-12)."""

from __future__ import annotations

from pathlib import Path

TILE = 64  # pixels: width and height of the picture they are made of
_SMALL = Path(__file__).parent / "data" / "small.heic"
_CODED, _CODED_BYTES = 0x1E2, 0x11D


def heic(columns: int, rows: int, pictures: int = 1, announced: tuple[int, int] | None = None) -> bytes:
    """A file of so many pictures, each a grid of tiles: `columns` times 64 px wide, `rows` times 64 px high.

    Its head says so, or announces another size. Its decoder takes no more than 1,000 tiles.
    """
    small = _SMALL.read_bytes()
    head = small.index(b"hvcC") - 4
    config = small[head : head + int.from_bytes(small[head : head + 4], "big")]
    tiles, coded = columns * rows, small[_CODED : _CODED + _CODED_BYTES]
    wide, high = announced or (columns * TILE, rows * TILE)
    size = wide.to_bytes(4, "big") + high.to_bytes(4, "big")
    grid = bytes((0, 1, rows - 1, columns - 1)) + size
    ids = [(number + 1, b"grid") for number in range(pictures)]
    ids += [(pictures + number + 1, b"hvc1") for number in range(tiles)]
    side = TILE.to_bytes(4, "big")
    properties = _box(b"ipco", config, _full(b"ispe", side, side), _full(b"ispe", size))
    associated = b"".join(_short(one) + (b"\1\3" if kind == b"grid" else b"\2\x81\2") for one, kind in ids)
    parts = [
        _full(b"hdlr", bytes(4), b"pict", bytes(13)),
        _full(b"pitm", _short(1)),
        _full(b"iinf", _short(len(ids)), *(_infe(*one) for one in ids)),
        _box(b"iprp", properties, _full(b"ipma", len(ids).to_bytes(4, "big"), associated)),
        _full(b"iref", *(_made_of(one, pictures, tiles) for one in range(1, pictures + 1))),
    ]
    ftyp = _box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    before = len(ftyp) + len(_full(b"meta", *parts, _where(ids, 0, len(grid)))) + 8
    return ftyp + _full(b"meta", *parts, _where(ids, before, len(grid))) + _box(b"mdat", grid, coded)


def _where(ids: list[tuple[int, bytes]], start: int, grid_bytes: int) -> bytes:
    """All grids lie at the same place, and all tiles behind it."""
    rows = b"".join(
        _short(one)
        + bytes(2)
        + _short(1)
        + (start if kind == b"grid" else start + grid_bytes).to_bytes(4, "big")
        + (grid_bytes if kind == b"grid" else _CODED_BYTES).to_bytes(4, "big")
        for one, kind in ids
    )
    return _full(b"iloc", b"\x44\0", _short(len(ids)), rows)


def _made_of(one: int, pictures: int, tiles: int) -> bytes:
    return _box(b"dimg", _short(one), _short(tiles), *(_short(pictures + n + 1) for n in range(tiles)))


def _infe(one: int, kind: bytes) -> bytes:
    return _box(
        b"infe", b"\2\0\0" + (b"\0" if kind == b"grid" else b"\1"), _short(one), bytes(2), kind, b"\0"
    )


def _short(number: int) -> bytes:
    return number.to_bytes(2, "big")


def _full(kind: bytes, *parts: bytes) -> bytes:
    return _box(kind, bytes(4), *parts)


def _box(kind: bytes, *parts: bytes) -> bytes:
    return (8 + sum(map(len, parts))).to_bytes(4, "big") + kind + b"".join(parts)
