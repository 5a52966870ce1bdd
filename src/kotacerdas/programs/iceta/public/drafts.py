"""A report on its way: carried from page to page by the browser, until it is sent. Stores nothing.

Photos alone wait on the server, under the draft's key. Addresses name the draft by the key's first letters, its
mark: what is left of the key holds 128 random bits still. `submission_key` makes sending twice harmless.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, cast
from uuid import UUID, uuid4, uuid5

from django.utils.functional import SimpleLazyObject

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.programs.iceta.actions import Draft
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.models import Category

_KEY = re.compile(r"^[A-Za-z0-9_-]{22,40}$")
_KEY_BYTES, _MARK_LETTERS, _LATE_LETTERS = 21, 6, 40
_MOST_CARRIED = 12_000  # characters of words carried even when too many, so that nothing typed is lost
_TEXTS = ("area", "place_words", "words", "category", "identity", "secret", "name", "phone", "then")


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What the browser carries. Texts as typed; positions in WGS 84 degrees, accuracy in metres.

    identity  "named" or "anonymous"; then  "check" while one answer is being changed
    """

    key: str
    submission_key: UUID
    lat: float | None = None
    lng: float | None = None
    accuracy: int | None = None
    area: str = ""
    place_words: str = ""
    words: str = ""
    category: str = ""
    identity: str = ""
    secret: str = ""
    name: str = ""
    phone: str = ""
    then: str = ""
    photos: Sequence[StoredFile] = field(default=(), compare=False)

    @property
    def mark(self) -> str:
        """What names the draft in an address."""
        return self.key[:_MARK_LETTERS]

    @property
    def village(self) -> Area | None:
        """The chosen village, None while none is chosen or the code is of none."""
        found = area_by_code(self.area)
        return found if found is not None and found.level == Area.Level.VILLAGE else None

    @property
    def kind(self) -> Category | None:
        """The chosen category, None while none is chosen or the pack has it no more."""
        return categories().get(self.category)

    @property
    def position(self) -> tuple[float, float] | None:
        return (self.lat, self.lng) if self.lat is not None and self.lng is not None else None

    @property
    def is_anonymous(self) -> bool:
        return self.identity == "anonymous"

    def hidden(self, *shown: str) -> Iterator[tuple[str, str]]:
        """Names and values that a page must carry on, without those it shows as fields of its own."""
        values = {
            "key": self.key,
            "submission_key": str(self.submission_key),
            "lat": "" if self.lat is None else f"{self.lat:.6f}",
            "lng": "" if self.lng is None else f"{self.lng:.6f}",
            "accuracy": "" if self.accuracy is None else str(self.accuracy),
            **{name: getattr(self, name) for name in _TEXTS},
        }
        return ((name, value) for name, value in values.items() if name not in shown)

    def as_draft(self, language: str) -> Draft:
        """What the action takes. LookupError without a category: the words page asks for it."""
        category = self.kind
        if category is None:
            raise LookupError("a draft without a category")
        return Draft(
            words=self.words,
            category=category,
            channel="web",
            area_code=self.area if self.village else "",
            lat=self.lat,
            lng=self.lng,
            accuracy_m=self.accuracy,
            place_words=self.place_words,
            name="" if self.is_anonymous else self.name,
            phone="" if self.is_anonymous else self.phone,
            is_anonymous=self.is_anonymous,
            is_secret=bool(self.secret),
            language=language,
            photos=self.photos,
            submission_key=self.submission_key,
        )


def new_key() -> str:
    """A key nobody can guess, for photos that wait."""
    return secrets.token_urlsafe(_KEY_BYTES)


def fresh(words: str = "") -> Carried:
    """A new draft, perhaps with the words that were asked on the front page."""
    return Carried(key=new_key(), submission_key=uuid4(), words=words[:_MOST_CARRIED])


def anew(draft: Carried) -> Carried:
    """The same, to become a report of its own; its photos wait under the other's key still.

    The same draft becomes the same one each time: what a lost answer kept is found when it is sent again.
    """
    key = keyring().blind("iceta.late", f"{draft.key} {draft.submission_key}")[:_LATE_LETTERS]
    return replace(draft, key=key, submission_key=uuid5(draft.submission_key, "late"), then="")


def is_ours(data: Mapping[str, str]) -> bool:
    """Whether a form came from one of our pages, which all carry a draft's key."""
    return bool(_KEY.match(data.get("key", "")))


def read(data: Mapping[str, str]) -> Carried:
    """The draft in a posted form. What cannot be read counts as not given; a missing key begins anew."""
    if not is_ours(data):
        return replace(fresh(), **_texts(data))
    key = data["key"]
    return Carried(
        key=key,
        submission_key=_uuid(data.get("submission_key", "")),
        lat=_number(data.get("lat", ""), 90),
        lng=_number(data.get("lng", ""), 180),
        accuracy=_metres(data.get("accuracy", "")),
        photos=cast(
            "Sequence[StoredFile]", SimpleLazyObject(lambda: of_draft(key))
        ),  # few pages look at them
        **_texts(data),
    )


def _texts(data: Mapping[str, str]) -> dict[str, Any]:
    most = {"words": _MOST_CARRIED}
    return {
        name: data.get(name, "").replace("\x00", "").replace("\r\n", "\n")[: most.get(name, 200)]
        for name in _TEXTS
    }


def _uuid(text: str) -> UUID:
    with suppress(ValueError):
        return UUID(text)
    return uuid4()


def _number(text: str, most: float) -> float | None:
    with suppress(ValueError):
        value = float(text)
        if isfinite(value) and abs(value) <= most:
            return round(value, 6)
    return None


def _metres(text: str) -> int | None:
    with suppress(ValueError):
        return min(100_000, max(0, round(float(text)))) if isfinite(float(text)) else None
    return None
