"""Writing the journal: one call inside the transaction that changes what the row tells of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from kotacerdas.foundation.journal.models import Row
from kotacerdas.kernel import clock
from kotacerdas.kernel.canonical import canonical_bytes


def append(
    *,
    verb: str,
    subject: tuple[str, UUID],
    actor: str,
    codes: Mapping[str, Any] | None = None,
    measures: Mapping[str, int | float] | None = None,
    payload: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> Row:
    """Write one row in the caller's transaction, made as `row_of` makes it."""
    row = row_of(
        verb=verb,
        subject=subject,
        actor=actor,
        codes=codes,
        measures=measures,
        payload=payload,
        occurred_at=occurred_at,
    )
    row.save(force_insert=True)
    return row


def row_of(
    *,
    verb: str,
    subject: tuple[str, UUID],
    actor: str,
    codes: Mapping[str, Any] | None = None,
    measures: Mapping[str, int | float] | None = None,
    payload: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> Row:
    """A new row, which the caller stores in this transaction together with the change that it tells of.

    verb       `<program>.<entity>.<step>`
    subject    (kind, id)
    actor      `post:<AGENCY>.<code>`, `user:<id>`, "reporter" or "system": see parties.Actor.code
    codes      short codes and ids by which rows are counted and filtered, as they were then
    measures   numbers with their unit in the name (`taken_work_minutes`)
    payload    further ids and codes; never personal text

    Raises RuntimeError outside a transaction: a row must not stand without its change. Raises
    rfc8785.CanonicalizationError for what has no canonical form, such as a whole number beyond ±(2^53 - 1).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the journal is written inside the transaction that makes the change")
    kind, subject_id = subject
    now = clock.now()
    row = Row(
        origin=settings.INSTANCE_CODE,
        occurred_at=occurred_at or now,
        recorded_at=now,
        verb=verb,
        subject_kind=kind,
        subject_id=subject_id,
        actor=actor,
        codes=_plain(codes),
        measures=dict(measures or {}),
        payload=_plain(payload),
    )
    canonical_bytes(
        row.as_value()
    )  # what the sealer could not hash must not come in: it would stop the journal
    return row


def _plain(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, UUID) else value for key, value in (given or {}).items()}
