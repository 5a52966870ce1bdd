"""Rows of the journal with what proves them: their block's header and signature, and the way from row to root."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kotacerdas.foundation.journal.models import Block, Key, Row, Sealed
from kotacerdas.kernel.canonical import canonical_bytes

_CHUNK = 2000


def proven(positions: Iterable[int]) -> dict[str, Any]:
    """Rows at these positions and the blocks they stand in, as JSON values; each row as its canonical text."""
    by_block = defaultdict(list)
    wanted = sorted(set(positions))
    for low in range(0, len(wanted), _CHUNK):
        chunk = wanted[low : low + _CHUNK]
        for position, row_id, block_id in Sealed.objects.filter(position__in=chunk).values_list(
            "position", "row_id", "block_id"
        ):
            by_block[block_id].append((position, row_id))
    blocks: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    for block in Block.objects.filter(id__in=list(by_block)).order_by("first_position"):
        blocks[str(block.height)] = {
            "header": block.header(),
            "key": block.key_id,
            "signature": bytes(block.signature).hex(),
        }
        rows += _rows_of(block, by_block[block.id])
    return {"blocks": blocks, "rows": rows}


def journal_keys(blocks: dict[str, Any]) -> dict[str, str]:
    """Public keys (hex) that signed these blocks, by id."""
    wanted = {block["key"] for block in blocks.values()}
    return {key.id: bytes(key.public).hex() for key in Key.objects.filter(id__in=wanted)}


def _rows_of(block: Block, wanted: list[tuple[int, Any]]) -> list[dict[str, Any]]:
    within = (block.first_position, block.last_position)
    leaves = [
        bytes(leaf)
        for leaf in Sealed.objects.filter(position__range=within)
        .order_by("position")
        .values_list("leaf", flat=True)
    ]
    levels = _levels(leaves)
    rows = Row.objects.in_bulk([row_id for _position, row_id in wanted])
    return [
        {
            "position": position,
            "block": block.height,
            "salt": bytes(rows[row_id].salt).hex(),
            "row": canonical_bytes(rows[row_id].as_value()).decode(),
            "path": _path(levels, position - block.first_position),
        }
        for position, row_id in sorted(wanted)
    ]


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    """All levels of the tree, leaves first: made once, so that many rows of a block cost one hashing."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        last = levels[-1]
        paired = [
            hashlib.sha256(b"\x01" + last[i] + last[i + 1]).digest() for i in range(0, len(last) - 1, 2)
        ]
        levels.append(paired + ([last[-1]] if len(last) % 2 else []))
    return levels


def _path(levels: list[list[bytes]], at: int) -> list[str]:
    found = []
    for level in levels[:-1]:
        if at ^ 1 < len(level):
            found.append(level[at ^ 1].hex())
        at //= 2
    return found
