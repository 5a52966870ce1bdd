"""Live pages: what an app declares, and the signed token by which a page may listen to topics.

A topic is a short string: a program (`iceta`), `agency:<code>`, `subject:<id>`. Events carry topic and
position only; the page then refetches what its reader may see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import constant_time_compare

TOKEN_SECONDS = 12 * 3600
_SALT = "kotacerdas.live"
_holder: ContextVar[Callable[[], str]] = ContextVar("kotacerdas_live_holder", default=str)


def in_common(listened: frozenset[str], touched: frozenset[str]) -> frozenset[str]:
    """The topics that a block touched and a page listens to."""
    return listened & touched


@dataclass(frozen=True, kw_only=True)
class LiveRoute:
    """A stream of server-sent events, declared as `ROUTES = (LiveRoute(...), ...)` in an app's `live.py`.

    path    under `/live/`; the page opens `<path>?t=<token>`
    event   the name under which the browser hears of a sealed block
    picks   which topics concern a listener: (listened, touched) → those to tell; empty is silence
    """

    path: str
    event: str = "sealed"
    picks: Callable[[frozenset[str], frozenset[str]], frozenset[str]] = in_common


def live_token(topics: Iterable[str]) -> str:
    """A token for the given topics, good for twelve hours, for the session that asks alone.

    Hand it only to who may know that they move.
    """
    return signing.dumps([_mark(_holder.get()()), *sorted(set(topics))], salt=_SALT, compress=True)


def topics_of(token: str, session: str) -> frozenset[str]:
    """The topics of a token, shown by a session (its cookie). Raises signing.BadSignature when it is forged, too old,
    or another's: whoever finds the address in a history or a log hears nothing.
    """
    mark, *topics = signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS)
    if not constant_time_compare(mark, _mark(session)):
        raise signing.BadSignature("this token is another session's")
    return frozenset(topics)


@contextmanager
def held_by(session: Callable[[], str]) -> Iterator[None]:
    """While this lasts, tokens are for the session that the function names (asked when one is made)."""
    token = _holder.set(session)
    try:
        yield
    finally:
        _holder.reset(token)


def _mark(session: str) -> str:
    return hashlib.sha256(f"{_SALT} {session}".encode()).hexdigest()[:24]
