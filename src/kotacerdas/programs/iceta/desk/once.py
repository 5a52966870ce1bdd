"""What a browser has sent already, kept in its session: an answer lost on the way brings the same form again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest

KEY = "key"
_NOT_TYPED = frozenset({KEY, "csrfmiddlewaretoken", "dari", "seen_version"})  # may differ when pressed again


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The keys of the last forms that were taken, the newest first, each with what the form said."""

    name: str
    most: int

    def keys(self, request: HttpRequest) -> list[str]:
        return [key for key, _said in self._kept(request)]

    def said(self, request: HttpRequest, key: str) -> str | None:
        """What the form with this key said; None when there was none."""
        return dict(self._kept(request)).get(key) if key else None

    def put(self, request: HttpRequest, key: str, said: str = "") -> None:
        """Remember a form that was taken. Stored at once: an answer that fails after it must not undo it."""
        if not key:
            return
        request.session[self.name] = [[key, said], *self._kept(request)][: self.most]
        with suppress(UpdateError):  # signed out meanwhile in another tab: nothing is left to remember it in
            request.session.save()

    def _kept(self, request: HttpRequest) -> list[Any]:
        return list(request.session.get(self.name, []))


def form_key(request: HttpRequest, *parts: str) -> str:
    """Under which key a form is remembered, for its own case and step alone; "" for a form without one."""
    given = request.POST.get(KEY, "")[:40]
    return ".".join((*parts, given)) if given else ""


def fingerprint(request: HttpRequest) -> str:
    """What a posted form says, so that words changed since are told apart. Photos count, they are not compared:
    the same one is made smaller on the way or not."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    files = sorted((name, len(files)) for name, files in request.FILES.lists())
    return sha256(repr((typed, files)).encode()).hexdigest()[:32]
