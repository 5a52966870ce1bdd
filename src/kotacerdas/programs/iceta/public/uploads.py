"""Photos that come with a form: stored one by one, so that a good one is kept beside a bad one.

A script names each photo it sends (`photo_id`), so that one whose answer was lost can be sent again or taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotacerdas.foundation.files.actions import discard, store_photo
from kotacerdas.foundation.files.queries import is_stored, named, of_draft
from kotacerdas.foundation.territory.queries import inside_regency
from kotacerdas.kernel.errors import KotaError
from kotacerdas.programs.iceta.public.drafts import Carried
from kotacerdas.programs.iceta.rules import limits

_MOST_AT_ONCE = 20  # a hostile form may name thousands


def take_in(request: HttpRequest, key: str) -> str | None:
    """Store the form's photos under a draft's key; the words of what was wrong with the last bad one."""
    problem, name = None, request.POST.get("photo_id", "")
    if name and is_stored(named(key, name)):
        return None
    for upload in request.FILES.getlist("photo"):
        most = limits().most_photos
        if len(of_draft(key)) >= most:
            return _("At most %(most)d photos fit one report.") % {"most": most}
        try:
            store_photo(upload.read(), draft_key=key, name=name, place=_place(request))
        except KotaError as error:  # too many pixels in a short time, no room on the disk: the words are kept
            problem = str(error)
    return problem


def take_out(names: Sequence[str], draft: Carried) -> None:
    """Take photos of the draft back, by id or by the name a script gave them; what is no photo of it stays."""
    for name in names[:_MOST_AT_ONCE]:
        discard(named(draft.key, name), draft_key=draft.key)
        with suppress(ValueError):
            discard(UUID(name), draft_key=draft.key)


def _place(request: HttpRequest) -> tuple[float, float] | None:
    """Where the phone says the original was taken, which the smaller copy no longer tells."""
    try:
        lat, lng = float(request.POST["photo_lat"]), float(request.POST["photo_lng"])
    except (KeyError, ValueError):
        return None
    return (lat, lng) if inside_regency(lat, lng) else None
