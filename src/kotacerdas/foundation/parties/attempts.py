"""Django's cache for allauth: limits of sign-in, codes and second factors, and used codes.

They stand in a table of their own, and nothing but time takes a row away: neither a number of rows, as in
Django's cache in a database, nor a crash. Values are JSON, so that whoever writes the table runs no code of ours.
Nothing else may use it: a cache that may forget is another one, under another name in the settings.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

_EVERY_SECONDS = 60.0
_GET = "SELECT value FROM parties_attempt WHERE key = %s AND expires > clock_timestamp()"
_SET = """
    INSERT INTO parties_attempt (key, value, expires)
    VALUES (%(key)s, %(value)s, coalesce(clock_timestamp() + make_interval(secs => %(seconds)s), 'infinity'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
_ADD = f"{_SET} WHERE parties_attempt.expires <= clock_timestamp()"
_TOUCH = """
    UPDATE parties_attempt
    SET expires = coalesce(clock_timestamp() + make_interval(secs => %(seconds)s), 'infinity')
    WHERE key = %(key)s AND expires > clock_timestamp()
"""
_forgotten_at = float("-inf")


class Attempts(BaseCache):
    """A cache with one row for each key. Times come from the database, so that all machines count alike."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self._run(_GET, [self._key(key, version)], lambda cursor: cursor.fetchone())
        return default if found is None else json.loads(found[0])

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(_SET, self._row(key, value, timeout, version), bool)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a key unless it exists; of two at once, one succeeds."""
        return bool(self._run(_ADD, self._row(key, value, timeout, version), lambda cursor: cursor.rowcount))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        given = {"key": self._key(key, version), "seconds": self._seconds(timeout)}
        return bool(self._run(_TOUCH, given, lambda cursor: cursor.rowcount))

    def delete(self, key: Any, version: int | None = None) -> bool:
        gone = "DELETE FROM parties_attempt WHERE key = %s"
        return bool(self._run(gone, [self._key(key, version)], lambda cursor: cursor.rowcount))

    def clear(self) -> None:
        """Delete everything; for tests."""
        self._run("DELETE FROM parties_attempt", [], bool)

    def _row(self, key: Any, value: Any, timeout: Any, version: int | None) -> dict[str, Any]:
        seconds = self._seconds(timeout)
        return {"key": self._key(key, version), "value": json.dumps(value), "seconds": seconds}

    def _seconds(self, timeout: Any) -> float | None:
        until = self.get_backend_timeout(timeout)
        return None if until is None else max(0.0, until - time.time())

    def _key(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _run(self, statement: str, given: Any, answer: Callable[[Any], Any]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return answer(cursor)


def forget_attempts() -> None:
    """Delete expired rows, once a minute, and rate-limit buckets that are full again."""
    global _forgotten_at
    if time.monotonic() - _forgotten_at < _EVERY_SECONDS:
        return
    _forgotten_at = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM parties_attempt WHERE expires <= clock_timestamp()")
        cursor.execute("DELETE FROM parties_bucket WHERE at < clock_timestamp() - interval '8 days'")
