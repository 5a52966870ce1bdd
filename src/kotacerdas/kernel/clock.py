"""The one replaceable "now". Nothing else in the house asks the system for the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("kotacerdas_frozen_now", default=None)
_offset: Callable[[], timedelta] = timedelta
_local: tzinfo = ZoneInfo("Asia/Jakarta")


def now() -> datetime:
    """The current instant, aware, in UTC, moved by the training offset where one is set."""
    frozen = _frozen.get()
    return frozen if frozen is not None else datetime.now(UTC) + _offset()


def today() -> date:
    """The current local calendar day."""
    return local_day(now())


def local_zone() -> tzinfo:
    """The instance's civil time zone (WIB, WITA or WIT), as its pack names it."""
    return _local


def local_day(at: datetime) -> date:
    """The local calendar day of an aware instant."""
    return at.astimezone(_local).date()


def set_local_zone(zone: tzinfo) -> None:
    """Set once at start, from the settings."""
    global _local
    _local = zone


def set_offset_source(source: Callable[[], timedelta]) -> None:
    """Register what tells how far training time stands from real time."""
    global _offset
    _offset = source


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold `now()` at an aware instant, in this thread or task only. For tests and demo data."""
    if at.tzinfo is None:
        raise ValueError("frozen() needs an aware datetime")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
