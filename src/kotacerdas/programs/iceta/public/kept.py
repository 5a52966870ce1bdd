"""What a browser keeps of a form between its sending and the page that follows: signed cookies, in pieces.

Every page is then reached by GET, so that going back never asks to send a form again. The server keeps nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

# Browsers keep 4 KB a cookie; proxies commonly take 8 KB of a request's head in all.
_PIECE, _PIECES = 3_000, 2
_COUNTED = "~"  # stands in the first piece, after how many there are


def keep(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    value: Mapping[str, Any],
    *,
    path: str,
    seconds: int,
) -> int:
    """Give the browser something to keep below a path: how many letters; 0, and nothing given, where too many."""
    text = signing.dumps(dict(value), salt=name, compress=True)
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    if len(pieces) > _PIECES:
        return 0
    pieces[0] = f"{len(pieces)}{_COUNTED}{pieces[0]}"
    for number, piece in enumerate(pieces):
        response.set_cookie(
            _piece(name, number),
            piece,
            max_age=seconds,
            path=path,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    _drop_from(len(pieces), request, response, name, path)
    return len(text)


def kept(request: HttpRequest, name: str, *, seconds: int) -> dict[str, Any]:
    """What the browser kept under a name; empty where it kept nothing, or what it sends was not ours."""
    count, _counted, first = request.COOKIES.get(name, "").partition(_COUNTED)
    rest = (_piece(name, number) for number in range(1, _PIECES) if str(number) < count)
    text = first + "".join(request.COOKIES.get(piece, "") for piece in rest)
    try:
        value = signing.loads(text, salt=name, max_age=seconds)
    except signing.BadSignature:
        return {}
    return value if isinstance(value, dict) else {}


def size(request: HttpRequest, name: str) -> int:
    """How many letters the browser sends of it."""
    return sum(len(request.COOKIES.get(_piece(name, number), "")) for number in range(_PIECES))


def drop(request: HttpRequest, response: HttpResponse, name: str, *, path: str) -> None:
    """Let the browser forget it."""
    _drop_from(0, request, response, name, path)


def _drop_from(first: int, request: HttpRequest, response: HttpResponse, name: str, path: str) -> None:
    for number in range(first, _PIECES):
        if _piece(name, number) in request.COOKIES:
            response.delete_cookie(_piece(name, number), path=path, samesite="Lax")


def _piece(name: str, number: int) -> str:
    return f"{name}-{number + 1}" if number else name
