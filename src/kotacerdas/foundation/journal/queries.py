"""Reading the journal: in arrival order for followers, by subject for people, whole for the verifier."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from django.db.models import Exists, OuterRef, Q

from kotacerdas.foundation.journal.models import Block, Pending, Row, Sealed
from kotacerdas.foundation.journal.trust import Keys, Known, own_keys
from kotacerdas.kernel import clock, merkle
from kotacerdas.kernel.canonical import canonical_bytes

_CHUNK = 2000
_LONGEST_WAIT = timedelta(hours=1)


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

    what: (
        str  # "altered", "gone", "root", "chain", "signature", "stranger", "gap", "begin", "head", "unsealed"
    )
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
    """All rows of one subject in the order in which it happened, each with its seal or None while unsealed."""
    rows = list(Row.objects.filter(subject_id=subject_id).order_by("occurred_at", "recorded_at", "id"))
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


def verify(first: int = 1, last: int | None = None, known: Known | None = None) -> Verdict:
    """Recompute every leaf, root, link and signature of the blocks that touch [first, last].

    known  heads that must be among them, and keys beside our own: what somebody kept of what was published

    Stops at the first finding and names it. From position 1 on the chain is checked from its beginning;
    a later start trusts the link of the block before. Over the whole journal, a row that was never sealed is a
    finding too.
    """
    known = known or Known()
    keys = {**known.keys, **own_keys()}
    blocks = rows = 0
    previous: Block | None = None
    missing = set(known.heads)
    for block in _blocks(first, last):
        blocks += 1
        if previous is None and first <= 1 and (block.height, block.first_position) != (1, 1):
            return Verdict(blocks, rows, bytes(block.hash).hex(), Finding("begin", block.height))
        finding, count = _check_block(block, previous, keys)
        rows, previous = rows + count, block
        missing.discard(bytes(block.hash).hex())
        if finding:
            return Verdict(blocks, rows, bytes(block.hash).hex(), finding)
    end = bytes(previous.hash).hex() if previous else ""
    if missing:
        return Verdict(blocks, rows, end, Finding("head", previous.height if previous else 0))
    left = _never_sealed() if first <= 1 and last is None else None
    return Verdict(blocks, rows, end, left)


def waiting() -> int:
    """Rows that the sealer has not come to yet."""
    return Pending.objects.count()


def _never_sealed() -> Finding | None:
    """A row that is neither sealed nor waits for it, or has waited for an hour: nothing vouches for it."""
    unknown = Row.objects.filter(~Exists(Sealed.objects.filter(row_id=OuterRef("id"))))
    waits = Exists(Pending.objects.filter(row_id=OuterRef("id")))
    is_late = Q(recorded_at__lte=clock.now() - _LONGEST_WAIT)
    lost = unknown.filter(~waits | is_late).order_by("recorded_at", "id").first()
    return Finding("unsealed", 0, None, lost.id) if lost else None


def verify_rows(positions: Iterable[int]) -> Verdict:
    """Verify just the blocks in which these positions stand, each by its root and signature."""
    keys = own_keys()
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


def _blocks(first: int, last: int | None) -> Iterator[Block]:
    start = Block.objects.filter(first_position__lte=first).order_by("-first_position").first()
    chosen = Block.objects.filter(first_position__gte=start.first_position if start else 0)
    if last is not None:
        chosen = chosen.filter(first_position__lte=last)
    yield from chosen.order_by("first_position").iterator(chunk_size=500)


def _check_block(block: Block, previous: Block | None, keys: Keys) -> tuple[Finding | None, int]:
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


def _check_header(block: Block, previous: Block | None, marks: list[Sealed], keys: Keys) -> Finding | None:
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
    if block.key_id not in keys:
        return Finding("stranger", block.height)
    try:
        keys[block.key_id].verify(bytes(block.signature), bytes(block.hash))
    except InvalidSignature:
        return Finding("signature", block.height)
    return None


def _arrived(mark: Sealed, row: Row) -> Arrived:
    return Arrived(mark.position, row, mark.block.height, bytes(mark.leaf))
