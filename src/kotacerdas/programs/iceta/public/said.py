"""What was typed into a small form and found wanting, or what came of it, kept by the browser for the page it goes
back to: that page is reached by GET, shows it while its address asks for it, and can be gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from kotacerdas.programs.iceta.public import kept

ASKED = "lihat"
_COOKIE, _SECONDS = "said", 600


def lead_back(request: HttpRequest, path: str, what: str, value: Mapping[str, Any]) -> HttpResponse | None:
    """To a page by GET, with what it shall show; None where that is too much for a browser to keep."""
    response = HttpResponseRedirect(f"{path}?{ASKED}={what}")
    held = {"what": what, "value": dict(value), "who": _who(request)}
    return response if kept.keep(request, response, _COOKIE, held, path=path, seconds=_SECONDS) else None


def told(request: HttpRequest, *known: str) -> tuple[str, dict[str, Any]]:
    """What the address asks to show, and what the browser kept of it; ("", {}) where there is nothing."""
    what = request.GET.get(ASKED, "")
    held = kept.kept(request, _COOKIE, seconds=_SECONDS) if what in known else {}
    is_ours = bool(held) and held["what"] == what and held.get("who", "") == _who(request)
    return (what, held["value"]) if is_ours else ("", {})


def _who(request: HttpRequest) -> str:
    """Whose page it is: what was typed while signed in is not shown once signed out."""
    return str(getattr(request.user, "pk", None) or "")
