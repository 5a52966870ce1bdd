"""Reading the journal: in arrival order for followers, by subject for people, whole for the verifier."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kotacerdas.foundation.journal.models import Block, Key, Row, Sealed
from kotacerdas.kernel import clock, merkle
from kotacerdas.kernel.canonical import canonical_bytes

_CHUNK = 2000


@dataclass(frozen=True)
class Arrived:
    """A row with its local position and the block that holds it."""

    position: int
    row: Row
    block_height: int
    leaf: bytes


@dataclass(frozen=True)
class Finding:
    """The first thing that does not hold: which position, row and block, and what is wrong."""

    what: str  # "altered", "gone", "root", "chain", "signature", "gap", "begin", "head"
    height: int
    position: int | None = None
    row_id: UUID | None = None


@dataclass(frozen=True)
class Verdict:
    """What `verify` read and the first finding, if any."""

    blocks: int
    rows: int
    head: str
    finding: Finding | None = None

    @property
    def holds(self) -> bool:
        return self.finding is None


def arrivals(after: int, limit: int = 1000) -> list[Arrived]:
    """Sealed rows with position > after, in order. What is not sealed yet comes later, never skipped."""
    marks = list(
        Sealed.objects.filter(position__gt=after).order_by("position").select_related("block")[:limit]
    )
    rows = Row.objects.in_bulk([mark.row_id for mark in marks])
    return [_arrived(mark, rows[mark.row_id]) for mark in marks if mark.row_id in rows]


def of_subject(subject_id: UUID) -> list[tuple[Row, Sealed | None]]:
    """All rows of one subject, oldest first, each with its seal or None while unsealed."""
    rows = list(Row.objects.filter(subject_id=subject_id).order_by("recorded_at", "id"))
    seals = {
        mark.row_id: mark
        for mark in Sealed.objects.filter(row_id__in=[row.id for row in rows]).select_related("block")
    }
    return [(row, seals.get(row.id)) for row in rows]


def top_position() -> int:
    """The newest sealed position; 0 when nothing is sealed."""
    return Sealed.objects.order_by("-position").values_list("position", flat=True).first() or 0


def day_head(day: date) -> Block | None:
    """The last block sealed on or before a local day: what is published as that day's head."""
    end = datetime.combine(day, datetime.max.time(), tzinfo=clock.local_zone())
    return Block.objects.filter(sealed_at__lte=end).order_by("-first_position").first()


def verify(first: int = 1, last: int | None = None, head: str = "") -> Verdict:
    """Recompute every leaf, root, link and signature of the blocks that touch [first, last].

    head  hash (hex) of a block that must be among them: a published day's head shows a cut tail

    Stops at the first finding and names it. From position 1 on the chain is checked from its beginning;
    a later start trusts the link of the block before.
    """
    keys = _keys()
    blocks = rows = 0
    previous: Block | None = None
    seen = not head
    for block in _blocks(first, last):
        blocks += 1
        if previous is None and first <= 1 and (block.height, block.first_position) != (1, 1):
            return Verdict(blocks, rows, bytes(block.hash).hex(), Finding("begin", block.height))
        finding, count = _check_block(block, previous, keys)
        rows, previous = rows + count, block
        seen = seen or bytes(block.hash).hex() == head
        if finding:
            return Verdict(blocks, rows, bytes(block.hash).hex(), finding)
    end = bytes(previous.hash).hex() if previous else ""
    missing = Finding("head", previous.height if previous else 0)
    return Verdict(blocks, rows, end, None if seen else missing)


def verify_rows(positions: Iterable[int]) -> Verdict:
    """Verify just the blocks in which these positions stand, each by its root and signature."""
    keys = _keys()
    wanted = sorted(set(positions))
    blocks = rows = 0
    head = ""
    for low in range(0, len(wanted), _CHUNK):
        heights = Sealed.objects.filter(position__in=wanted[low : low + _CHUNK]).values("block_id")
        for block in Block.objects.filter(id__in=heights).order_by("first_position"):
            finding, count = _check_block(block, None, keys)
            blocks, rows, head = blocks + 1, rows + count, bytes(block.hash).hex()
            if finding:
                return Verdict(blocks, rows, head, finding)
    return Verdict(blocks, rows, head)


def _keys() -> dict[str, Ed25519PublicKey]:
    return {key.id: Ed25519PublicKey.from_public_bytes(bytes(key.public)) for key in Key.objects.all()}


def _blocks(first: int, last: int | None) -> Iterator[Block]:
    start = Block.objects.filter(first_position__lte=first).order_by("-first_position").first()
    chosen = Block.objects.filter(first_position__gte=start.first_position if start else 0)
    if last is not None:
        chosen = chosen.filter(first_position__lte=last)
    yield from chosen.order_by("first_position").iterator(chunk_size=500)


def _check_block(
    block: Block, previous: Block | None, keys: dict[str, Ed25519PublicKey]
) -> tuple[Finding | None, int]:
    within = (block.first_position, block.last_position)
    marks = list(Sealed.objects.filter(position__range=within).order_by("position"))
    rows = Row.objects.in_bulk([mark.row_id for mark in marks])
    for offset, mark in enumerate(marks):
        row = rows.get(mark.row_id)
        where = (block.height, mark.position, mark.row_id)
        if mark.position != block.first_position + offset:
            return Finding("gap", *where), len(marks)
        if row is None:
            return Finding("gone", *where), len(marks)
        if row.leaf() != bytes(mark.leaf):
            return Finding("altered", *where), len(marks)
    return _check_header(block, previous, marks, keys), len(marks)


def _check_header(
    block: Block, previous: Block | None, marks: list[Sealed], keys: dict[str, Ed25519PublicKey]
) -> Finding | None:
    if len(marks) != block.count:
        return Finding("gap", block.height)
    if merkle.root([bytes(mark.leaf) for mark in marks]) != bytes(block.root):
        return Finding("root", block.height)
    if hashlib.sha256(canonical_bytes(block.header())).digest() != bytes(block.hash):
        return Finding("chain", block.height)
    expected = (
        bytes(previous.hash) if previous else (bytes(32) if block.height == 1 else bytes(block.previous))
    )
    if bytes(block.previous) != expected or (previous and block.height != previous.height + 1):
        return Finding("chain", block.height)
    try:
        keys[block.key_id].verify(bytes(block.signature), bytes(block.hash))
    except (KeyError, InvalidSignature):
        return Finding("signature", block.height)
    return None


def _arrived(mark: Sealed, row: Row) -> Arrived:
    return Arrived(mark.position, row, mark.block.height, bytes(mark.leaf))
