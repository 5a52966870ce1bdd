"""Serving stored bytes to whoever was given a signed address a moment ago."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.files import queries
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing

SALT = "kotacerdas.files"
_HOUR = 3600


def this_hour() -> int:
    """Whole hours since 1970."""
    return int(clock.now().timestamp()) // _HOUR


@require_safe
def serve(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bytes behind a signed address. Missing for one that is forged, expired, or of a deleted file."""
    stored, small = _opened(token)
    place = queries.thumb(stored) if small else queries.path_of(stored)
    try:
        handle = place.open("rb")
    except FileNotFoundError as error:
        raise _gone() from error
    name = f"{stored.sha256[:12]}{place.suffix}"
    response = FileResponse(handle, content_type=stored.media_type, filename=name)
    response.headers["Cache-Control"] = f"private, max-age={_HOUR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    kind = "attachment" if stored.is_document else "inline"  # what came as it is, no page of ours shows
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _opened(token: str) -> tuple[StoredFile, bool]:
    try:
        name, letter, hour = signing.Signer(salt=SALT).unsign(token).split(".")
        age = this_hour() - int(hour, 16)
        stored = StoredFile.objects.filter(id=UUID(hex=name)).first() if 0 <= age <= 1 else None
    except (signing.BadSignature, ValueError):
        stored, letter = None, ""
    if stored is None:
        raise _gone()
    return stored, letter == "t"


def _gone() -> Missing:
    return Missing(
        _("This file is not here, or its address has expired."),
        remedy=_("Open the page again from which you came."),
        code="file_expired",
    )
