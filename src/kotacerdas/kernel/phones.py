"""Indonesian phone numbers: one stored form, one shown form, one masked form."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[^\d+]")
_UNSURE = re.compile(r"\d[^\W\d_]|[^\W\d_]\d")  # "0812345678x": a letter in a digit's place


def normal(text: str) -> str:
    """`+6281234567890` from whatever a person typed, or "" when it is no Indonesian number.

    Mobile and fixed lines are taken (8 to 13 digits after the country code; ITU-T E.164 allows 15 in all).
    """
    from lokal import normalize_phone  # with it comes much else, which no first page needs

    if _UNSURE.search(text or ""):
        return ""
    cleaned = _DIGITS.sub("", text or "")
    known = normalize_phone(cleaned)
    if known:
        return known
    for prefix in ("+62", "62", "0"):
        digits = cleaned.removeprefix(prefix)
        if digits != cleaned and digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 13:
            return f"+62{digits}"
    return ""


def shown(number: str) -> str:
    """`0812-3456-7890` from the stored form."""
    local = "0" + number.removeprefix("+62") if number.startswith("+62") else number
    return "-".join(filter(None, (local[:4], local[4:8], local[8:])))


def masked(number: str) -> str:
    """`0812-••••-7890`: enough to recognise, too little to call."""
    local = "0" + number.removeprefix("+62") if number.startswith("+62") else number
    return f"{local[:4]}-••••-{local[-4:]}" if len(local) >= 9 else "••••"
