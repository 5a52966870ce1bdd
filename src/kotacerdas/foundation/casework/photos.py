"""Photos of a case: as they are shown, and as they come in with a step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case, CaseFile
from kotacerdas.foundation.files.actions import store_photo
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.queries import thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.ui.shapes import Pair, Photo
from kotacerdas.foundation.ui.tags.words import short_time
from kotacerdas.kernel import ids


def photo(one: CaseFile, *, large: bool = False) -> Photo:
    """A photo behind a signed address, good for an hour; small unless `large`, large behind its link."""
    moment = lifecycle_of(one.case).by_moment.get(one.moment)
    whole = signed(one.file)
    width, height = (one.file.width or 4, one.file.height or 3) if large else thumb_size(one.file)
    return Photo(
        url=whole if large else signed(one.file, "thumb"),
        large_url=whole,
        width=width,
        height=height,
        alt=moment.alt if moment else _("Photo"),
    )


def pair_of(case: Case, *, first: str, last: str) -> Pair | None:
    """A pair of photos: the first of one moment and the last of another; None while one is missing."""
    files = list(case.files.select_related("file", "case").filter(is_inside=False).order_by("added_at", "id"))
    before = next((one for one in files if one.moment == first), None)
    after = next((one for one in reversed(files) if one.moment == last), None)
    if before is None or after is None:
        return None
    return Pair(
        before=photo(before, large=True),
        after=photo(after, large=True),
        before_caption=short_time(before.added_at),
        after_caption=short_time(after.added_at),
    )


def stored(uploads: Iterable[Any]) -> list[StoredFile]:
    """Check and store the photos that came with a step. Raises Invalid for a file that is no photo or too large."""
    key = str(ids.new_id())
    return [store_photo(one.read(), draft_key=key) for one in uploads if one]
