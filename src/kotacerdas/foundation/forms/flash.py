"""Flash data: a wrong form's input, or a result, for the page to which the browser is redirected.

That page is reached by GET, shows it while its address asks for it, and can be gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from kotacerdas.foundation.forms import store
from kotacerdas.kernel import clock, ids

ASKED, _ID = "lihat", "isi"
_FORM, _MINUTES, _MOST = "flash", 10, 4


def lead_back(request: HttpRequest, path: str, what: str, value: Mapping[str, Any]) -> HttpResponse:
    """Redirect to a page, which shows this data while its address asks for it."""
    flash_id = ids.new_id()
    response = HttpResponseRedirect(f"{path}?{urlencode({ASKED: what, _ID: flash_id.hex})}")
    held = {"what": what, "value": dict(value), "path": path, "who": _who(request)}
    store.put(request, response, form=_FORM, draft_id=flash_id, value=held, most=_MOST)
    return response


def flash_of(request: HttpRequest, *known: str) -> tuple[str, dict[str, Any]]:
    """The flash data that the address names; ("", {}) where there is none."""
    what = request.GET.get(ASKED, "")
    try:
        found = what in known and store.get(request, form=_FORM, draft_id=UUID(request.GET.get(_ID, "")))
    except ValueError:
        return "", {}
    if not found:
        return "", {}
    held, at = found
    is_fresh = at >= clock.now() - timedelta(minutes=_MINUTES)
    own = {"what": what, "path": request.path, "who": _who(request)}
    is_ours = is_fresh and all(held.get(name) == value for name, value in own.items())
    return (what, held["value"]) if is_ours else ("", {})


def _who(request: HttpRequest) -> str:
    """Whose flash data it is: what was typed while signed in is not shown after signing out."""
    return str(getattr(request.user, "pk", None) or "")
