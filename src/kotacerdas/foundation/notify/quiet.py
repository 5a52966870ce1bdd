"""Holds messages back while demo data is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_quiet: ContextVar[bool] = ContextVar("kotacerdas_quiet", default=False)


def is_quiet() -> bool:
    """Whether messages are held back here."""
    return _quiet.get()


@contextmanager
def quiet() -> Iterator[None]:
    """Make no messages in this thread while inside."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)
