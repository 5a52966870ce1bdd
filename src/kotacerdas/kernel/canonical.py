"""One byte string per value: RFC 8785 (JSON Canonicalization Scheme) and its SHA-256."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import rfc8785


def canonical_bytes(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value. Raises rfc8785.CanonicalizationError for anything else."""
    return rfc8785.dumps(value)


def instant(at: datetime) -> str:
    """An aware instant as text with microseconds, always UTC: equal instants, equal bytes."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(*parts: bytes) -> bytes:
    """SHA-256 over the parts, each preceded by its length so that no two splits collide."""
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(len(part).to_bytes(8, "big"))
        hasher.update(part)
    return hasher.digest()
