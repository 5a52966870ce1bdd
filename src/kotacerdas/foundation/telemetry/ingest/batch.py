"""Many messages as one transaction: what is gathered, and how it is written."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from kotacerdas.foundation.telemetry.ingest.payload import Message, Reading, micros
from kotacerdas.kernel import ids

MINUTE_MICROS = 60_000_000
MOST_PAYLOAD = 4_096  # bytes of a quarantined message that are kept
_HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TAIL = struct.pack("!h", -1)
_ONE = struct.Struct("!hiiiqiqidi").pack  # 5 fields: stream, at, came, value, value2 (null)
_TWO = struct.Struct("!hiiiqiqidid").pack
COLUMNS = "stream, at, came, value, value2"
_INTO = f"COPY telemetry_observation ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
_STAGE = (
    "CREATE TEMP TABLE IF NOT EXISTS telemetry_stage"
    " (stream int, at timestamptz, came timestamptz, value float8, value2 float8) ON COMMIT DELETE ROWS"
)
_INTO_STAGE = f"COPY telemetry_stage ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
_MERGE = f"""
    INSERT INTO telemetry_observation AS o ({COLUMNS})
    SELECT {COLUMNS} FROM telemetry_stage ORDER BY stream, at
    ON CONFLICT (stream, at) DO UPDATE SET value = excluded.value, value2 = excluded.value2
    WHERE excluded.value > o.value OR (excluded.value = o.value AND excluded.value2 > o.value2)
"""  # noqa: S608 (names of our own)
_MARK = "INSERT INTO telemetry_batch (at, streams, minutes) VALUES (%s, %s::int[], %s::int[])"
_TAKE = """
    INSERT INTO telemetry_taken (device_id, key, at) SELECT d, k, %s FROM unnest(%s::uuid[], %s::text[]) AS u(d, k)
    ORDER BY d, k ON CONFLICT DO NOTHING RETURNING device_id, key
"""
_SEEN = """
    INSERT INTO telemetry_presence (device_id, seen_at, is_connected)
    SELECT d, %s, c FROM unnest(%s::uuid[], %s::bool[]) AS u(d, c) JOIN telemetry_device k ON k.id = d ORDER BY d
    ON CONFLICT (device_id) DO UPDATE SET seen_at = greatest(telemetry_presence.seen_at, excluded.seen_at),
        is_connected = excluded.is_connected
"""
_ASIDE = """
    INSERT INTO telemetry_quarantined
        (id, came_at, door, device_code, agency_id, reason, detail, topic, payload)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Aside:
    """A message for the quarantine."""

    door: str
    device_code: str
    reason: str
    detail: str = ""
    topic: str = ""
    payload: bytes = b""
    agency_id: UUID | None = None


@dataclass(slots=True)
class Batch:
    """What is written together. Two readings of one stream and instant: the greater value stays, in whatever order.

    keyed  readings of messages that carry the sender's own id: taken once
    seen   devices heard of, and whether they are connected now
    """

    rows: dict[tuple[int, int], tuple[float, float | None]] = field(default_factory=dict)
    keyed: dict[tuple[UUID, str], list[Reading]] = field(default_factory=dict)
    aside: list[Aside] = field(default_factory=list)
    seen: dict[UUID, bool] = field(default_factory=dict)

    def add(self, readings: Iterable[Reading]) -> None:
        """Take readings in."""
        rows = self.rows
        for stream, at, value, value2 in readings:
            key = (stream, at)
            known = rows.get(key)
            if known is None or _greater(value, value2, known):
                rows[key] = (value, value2)

    def take(self, device_id: UUID, message: Message) -> None:
        """Take in what a message of a known device said, apart from its problems."""
        for key, readings in (
            message.parts if message.parts and not message.key else [(message.key, message.readings)]
        ):
            if key and readings:
                self.keyed.setdefault((device_id, key), []).extend(readings)
            else:
                self.add(readings)

    def __bool__(self) -> bool:
        return bool(self.rows or self.keyed or self.aside or self.seen)


def _greater(value: float, value2: float | None, known: tuple[float, float | None]) -> bool:
    if value != known[0]:
        return value > known[0]
    return value2 is not None and known[1] is not None and value2 > known[1]


def write(cursor: Any, batch: Batch, came: datetime, *, direct: bool = False) -> None:
    """Write a batch by a cursor of the store, within the caller's transaction.

    direct  COPY without a look at what is there: a repeat raises UniqueViolation, and the caller writes it
            again without `direct`

    Raises RuntimeError outside a transaction: a mark must not stand without its rows.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a batch is written inside one transaction")
    if batch.keyed:
        _take_keyed(cursor, batch, came)
    if batch.rows:
        rows = sorted(batch.rows.items())  # one order for all writers: none waits for another in a ring
        if direct:
            _copy(cursor, _INTO, rows, came)
        else:
            cursor.execute(_STAGE)
            _copy(cursor, _INTO_STAGE, rows, came)
            cursor.execute(_MERGE)
        touched = sorted({(stream, at // MINUTE_MICROS) for stream, at in batch.rows})
        cursor.execute(_MARK, [came, [one[0] for one in touched], [one[1] for one in touched]])
    if batch.aside:
        cursor.executemany(_ASIDE, [_aside(one, came) for one in batch.aside])
    if batch.seen:
        cursor.execute(_SEEN, [came, list(batch.seen), list(batch.seen.values())])


def _take_keyed(cursor: Any, batch: Batch, came: datetime) -> None:
    keys = list(batch.keyed)
    cursor.execute(_TAKE, [came, [one[0] for one in keys], [one[1] for one in keys]])
    for device_id, key in cursor.fetchall():
        batch.add(batch.keyed[UUID(str(device_id)), key])


def _copy(cursor: Any, statement: str, rows: list[Any], came: datetime) -> None:
    now, parts = micros(came), [_HEAD]
    for (stream, at), (value, value2) in rows:
        if value2 is None:
            parts.append(_ONE(5, 4, stream, 8, at, 8, now, 8, value, -1))
        else:
            parts.append(_TWO(5, 4, stream, 8, at, 8, now, 8, value, 8, value2))
    parts.append(_TAIL)
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write(b"".join(parts))


def _aside(one: Aside, came: datetime) -> tuple[Any, ...]:
    return (
        ids.new_id(),
        came,
        one.door[:16],
        clean(one.device_code)[:64],
        one.agency_id,
        one.reason,
        clean(one.detail)[:200],
        clean(one.topic)[:200],
        one.payload[:MOST_PAYLOAD],
    )


def clean(words: str) -> str:
    """Text that the store takes and gives back: without NUL and without halves of surrogate pairs."""
    return words.replace("\x00", "�").encode("utf-8", "replace").decode()
