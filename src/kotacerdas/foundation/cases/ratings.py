"""The four faces with which a result is rated."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.ui.shapes import Tone


class Face(NamedTuple):
    """One rating: its picture, colour and word."""

    icon: str
    tone: Tone
    word: Any


FACES = {
    1: Face("frown", "terasi", gettext_lazy("Not satisfied")),
    2: Face("annoyed", "kunyit", gettext_lazy("Not very satisfied")),
    3: Face("smile", "padi", gettext_lazy("Satisfied")),
    4: Face("laugh", "padi", gettext_lazy("Very satisfied")),
}


def rated(rating: int) -> str:
    """A rating in words: "3 of 4 · Satisfied"."""
    return _("%(n)s of 4 · %(word)s") % {"n": rating, "word": FACES[rating].word}
