"""Codes on photos, for phones whose browser reads none."""

from __future__ import annotations

import io

import zxingcpp
from django.utils.translation import gettext as _
from PIL import Image

from kotacerdas.foundation.files import pictures
from kotacerdas.kernel.errors import Invalid

MOST_MB = 1  # a photo that the phone has made smaller


def code_on(data: bytes, most_mb: int = MOST_MB) -> str:
    """The text of the first code that is seen, "" for none. Invalid for what is no photo, or too large."""
    made = pictures.make(data, most_mb=most_mb)
    with Image.open(io.BytesIO(made.data)) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L"))
    text = next((one.text for one in found), "")
    if len(text) > 500:
        raise Invalid(_("This code holds too much text."), remedy=_("Scan the code of the form."))
    return text
