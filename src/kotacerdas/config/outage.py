"""The store is away: how that is recognised, and that the log says it once a while instead of at each request."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

SAID_EVERY_SECONDS = 30.0
# PostgreSQL's classes 08 (connection) and 57P (shut down, crashed, starting), and "no connection left"
_AWAY = ("08", "57P", "53300")


def is_one(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, says that the store cannot be reached now."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if _says_so(error):
            return True
        error = error.__cause__ or error.__context__
    return False


class Seldom(logging.Filter):
    """Lets the first line about an outage through, without its traceback, then one every half minute with a count."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._logged_at = float("-inf")
        self._since = 0

    def filter(self, record: logging.LogRecord) -> bool:
        error = _error_of(record)
        if not is_one(error):
            return True
        with self._lock:
            self._since += 1
            now = time.monotonic()
            if now - self._logged_at < SAID_EVERY_SECONDS:
                return False
            self._logged_at, count, self._since = now, self._since, 0
        words = str(error).strip().splitlines()[:1]
        record.exc_info = record.exc_text = None
        record.args = ()
        record.msg = {"event": "store_away", "error": words[0] if words else "", "times": count}
        record._logger, record._name = (
            None,
            record.levelname.lower(),
        )  # what structlog sets on its own records
        return True


def _says_so(error: BaseException) -> bool:
    import psycopg
    from django.db import InterfaceError, OperationalError

    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, (OperationalError, psycopg.OperationalError)):
        return False
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_AWAY)


def _error_of(record: logging.LogRecord) -> BaseException | None:
    found: Any = record.exc_info
    if not found and isinstance(record.msg, Mapping):
        found = record.msg.get("exc_info")
    if found is True:  # a filter runs where the line was written, within the `except`
        return sys.exc_info()[1]
    if isinstance(found, BaseException):
        return found
    return found[1] if isinstance(found, tuple) else None
