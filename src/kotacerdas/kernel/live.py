"""Live pages: what an app declares, and the signed token by which a page may listen to topics.

A topic is a short string: a program (`iceta`), `agency:<code>`, `subject:<id>`. Events carry topic and
position only; the page then refetches what its reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core import signing

TOKEN_SECONDS = 12 * 3600
_SALT = "kotacerdas.live"


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
    """A token for the given topics, good for twelve hours. Hand it only to who may know that they move."""
    return signing.dumps(sorted(set(topics)), salt=_SALT, compress=True)


def topics_of(token: str) -> frozenset[str]:
    """The topics of a token. Raises signing.BadSignature when it is forged or too old."""
    return frozenset(signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS))
