"""One byte string per value: RFC 8785 (JSON Canonicalization Scheme)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import rfc8785

_SAFE_INTEGER = 2**53 - 1
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical_bytes(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value. Raises rfc8785.CanonicalizationError for anything else.

    Where a value holds no float and only plain keys, the standard encoder in C writes the same bytes some
    ten times faster; a property test holds the two together.
    """
    return _encode(value).encode() if _is_plain(value) else rfc8785.dumps(value)


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_plain(one) for key, one in value.items())
    if kind is list:
        return all(map(_is_plain, value))
    return kind is int and -_SAFE_INTEGER <= value <= _SAFE_INTEGER


def instant(at: datetime) -> str:
    """An aware instant as text with microseconds, always UTC: equal instants, equal bytes."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
