"""Idle sign-out: staff are signed out when they do nothing for a while; a screen on a wall is not.

What a page asks for by itself (its header says `X-Live`) is nobody's act. A screen stays signed in because nobody
types at it, and therefore reads the pages made for it alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.parties.access import desk, page_at
from kotacerdas.foundation.parties.adapter import ACTED_AT

SCREEN = "screen"  # in the session: the page of a screen that stays signed in
_NOTED_SECONDS = 60
_FREE_NAMES = frozenset({"account_logout", "language", "stored_file"})
Next = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]
log = structlog.get_logger(__name__)


def screen(view: View) -> View:
    """Declare a page that a wall screen may show while it stays signed in."""
    view.is_screen = True  # type: ignore[attr-defined]
    return view


def presence_middleware(get_response: Next) -> Next:
    """Signs out idle staff; on a wall screen, any other page leads back to the screen's page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and user.is_staff:
            if page := request.session.get(SCREEN):
                if not _may_show(request):
                    return HttpResponseRedirect(page)
            elif _is_away(request):
                log.info("signed_out_idle", user=str(user.pk))
                logout(request)
        return get_response(request)

    return middleware


@require_safe
@desk()
def still_here(request: HttpRequest) -> HttpResponse:
    """Keep the session alive: pages request this while their reader types or points."""
    return HttpResponse(status=204)


@require_POST
@desk()
def keep_screen(request: HttpRequest) -> HttpResponse:
    """Turn this session into a wall screen's: it stays signed in, and may open nothing else.

    Asked from a page that is no screen's, nothing changes.
    """
    page = page_at(request, request.POST.get("dari", "") or request.headers.get("Referer", ""))
    if not page or not _is_screen(page.partition("?")[0]):
        return HttpResponseRedirect(reverse("desk_home"))
    request.session[SCREEN] = page
    return HttpResponseRedirect(page)


def _is_away(request: HttpRequest) -> bool:
    """Whether the session was idle for longer than the setting; else note this request, once a minute."""
    now, acted = time.time(), request.session.get(ACTED_AT)
    if acted is not None and settings.IDLE_SECONDS and now - float(acted) > settings.IDLE_SECONDS:
        return True
    is_act = "X-Live" not in request.headers
    if acted is None or (is_act and now - float(acted) > _NOTED_SECONDS):
        request.session[ACTED_AT] = now
    return False


def _may_show(request: HttpRequest) -> bool:
    """Whether a wall screen may request this: its own pages, read only, and signing out."""
    return (_is_screen(request.path) and request.method in ("GET", "HEAD")) or _is_free(request.path)


def _is_screen(path: str) -> bool:
    match = _resolved(path)
    return match is not None and getattr(match.func, "is_screen", False)


def _is_free(path: str) -> bool:
    match = _resolved(path)
    return match is not None and match.url_name in _FREE_NAMES


def _resolved(path: str) -> Any:
    try:
        return resolve(path)
    except Resolver404:
        return None
