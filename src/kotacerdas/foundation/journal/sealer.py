"""The sealer: gives committed rows their gapless position and closes them into signed blocks.

One transaction a block: take what is pending and visible, in order of insertion; number it; write
leaves, root, link and signature; notify. A row whose transaction commits late is simply pending
until then, so its position comes after everything already sealed and no follower skips it. Two
sealers are fenced by an advisory lock and, behind it, by the unique (origin, height). A killed
sealer leaves nothing, since nothing was committed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from functools import lru_cache
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import Error, close_old_connections, connection, transaction

from kotacerdas.foundation import jobs
from kotacerdas.foundation.journal.models import Block, Key, Pending, Row, Sealed
from kotacerdas.kernel import clock, merkle
from kotacerdas.kernel.canonical import canonical_bytes

CHANNEL = "kotacerdas_sealed"
_LOCK = 0x4B4F5441  # "KOTA"
_BATCH = 2000
_NOTIFY_BYTES = 7000
_BUSY_SECONDS = 0.02
_IDLE_SECONDS = 0.25

log = structlog.get_logger(__name__)


def seal_batch(limit: int = _BATCH) -> int:
    """Seal at most `limit` pending rows into one block; the number sealed (0: nothing, or not ours)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        pending = list(Pending.objects.order_by("id").values_list("id", "row_id")[:limit])
        if not pending:
            return 0
        by_id = Row.objects.in_bulk([row_id for _, row_id in pending])
        rows = [by_id[row_id] for _, row_id in pending]
        block = _close(rows)
        Pending.objects.filter(id__in=[number for number, _ in pending]).delete()
        _notify(block, rows)
    return len(rows)


def run(stop: threading.Event) -> None:
    """Seal until told to stop; idle polling backs off to a quarter of a second."""
    pause = _BUSY_SECONDS
    while not stop.is_set():
        try:
            sealed = seal_batch()
        except Error:
            log.warning("sealer_store_lost", exc_info=True)
            close_old_connections()
            connection.close()
            sealed, pause = 0, 1.0
        if sealed:
            pause = _BUSY_SECONDS
        stop.wait(pause)
        pause = min(pause * 1.3, _IDLE_SECONDS)


def _close(rows: list[Row]) -> Block:
    origin = settings.INSTANCE_CODE
    last = Block.objects.filter(origin=origin).order_by("-height").first()
    top = Sealed.objects.order_by("-position").values_list("position", flat=True).first() or 0
    leaves = [row.leaf() for row in rows]
    block = Block(
        origin=origin,
        height=last.height + 1 if last else 1,
        first_position=top + 1,
        count=len(rows),
        root=merkle.root(leaves),
        previous=bytes(last.hash) if last else bytes(32),
        sealed_at=clock.now(),
    )
    block.hash = hashlib.sha256(canonical_bytes(block.header())).digest()
    block.key_id, block.signature = _sign(block.hash)
    block.save(force_insert=True)
    Sealed.objects.bulk_create(
        Sealed(position=top + 1 + offset, row_id=row.id, leaf=leaf, block=block)
        for offset, (row, leaf) in enumerate(zip(rows, leaves, strict=True))
    )
    return block


def _sign(digest: bytes) -> tuple[str, bytes]:
    key_id, private = _signing_key()
    Key.objects.get_or_create(id=key_id, defaults={"public": private.public_key().public_bytes_raw()})
    return key_id, private.sign(digest)


@lru_cache(maxsize=1)
def _signing_key() -> tuple[str, Ed25519PrivateKey]:
    given = settings.JOURNAL_KEY
    return given["id"], Ed25519PrivateKey.from_private_bytes(base64.b64decode(given["private"]))


def _notify(block: Block, rows: list[Row]) -> None:
    """One NOTIFY a block: position and the topics it touches; topics drop out when too many."""
    topics = {row.verb.split(".", 1)[0] for row in rows}
    subjects: set[UUID] = {row.subject_id for row in rows}
    agencies = {str(row.codes["agency"]) for row in rows if row.codes.get("agency")}
    fine = topics | {f"subject:{subject}" for subject in subjects} | {f"agency:{code}" for code in agencies}
    body = json.dumps({"position": block.last_position, "topics": sorted(fine)})
    if len(body) > _NOTIFY_BYTES:
        body = json.dumps({"position": block.last_position, "topics": sorted(topics), "all": True})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, body])
    jobs.wake()
