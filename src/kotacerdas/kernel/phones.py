"""Phone numbers: one stored form (E.164), one shown form, one masked form. `phonenumbers` decides what is one."""

from __future__ import annotations

import re
from typing import Any

from kotacerdas.kernel.texts import MEANT_AS_DIGITS, plain_code

HOME, HOME_CODE = "ID", 62
# One number and nothing beside it: an area code may stand in brackets, at the beginning alone. A figure that
# follows in brackets, after a slash, a comma, or alone after a space is something else, and must not be glued to it.
_ONE_NUMBER = re.compile(r"(?:\+\s?)?(?:\(\s?\+?\d{1,5}\s?\)[\s.\-]?)?\d+(?:[\s.\-]{1,3}\d+)*(?<!\s\d)")
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"\u00a0": " ", "\u202f": " "}
)
_SURE_DIGITS = 6  # among which an O is a 0, and an I or l a 1


def normal(text: str) -> str:
    """`+6281234567890` from whatever a person typed, or "" when it is not one whole number.

    Without a country's code it is an Indonesian one; numbers of other countries are taken with theirs (`+886…`, `00886…`).
    Numbers of other countries must be in use there; of Indonesian ones the length decides, since new ranges are
    given out sooner than any list knows them.
    """
    typed = plain_code((text or "").translate(_DASHES))
    if sum(one.isdigit() for one in typed) >= _SURE_DIGITS:
        typed = typed.translate(MEANT_AS_DIGITS)
    if not _ONE_NUMBER.fullmatch(typed):
        return ""
    digits = re.sub(r"\D", "", typed)
    if "+" in typed:
        digits = f"+{digits}"
    elif digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith(str(HOME_CODE)):
        digits = f"+{digits}"
    return _stored(digits)


def shown(number: str) -> str:
    """`0812-3456-7890` from the stored form; `+886 912 345 678` where it is no Indonesian one."""
    if number.startswith("+") and not number.startswith(f"+{HOME_CODE}"):
        return _international(number)
    local = _local(number)
    return "-".join(filter(None, (local[:4], local[4:8], local[8:])))


def masked(number: str) -> str:
    """`0812-••••-7890`: enough to recognise, too little to call."""
    local = _local(number)
    return f"{local[:4]}-••••-{local[-4:]}" if len(local) >= 9 else "••••"


def _local(number: str) -> str:
    return "0" + number.removeprefix(f"+{HOME_CODE}") if number.startswith(f"+{HOME_CODE}") else number


def _stored(digits: str) -> str:
    import phonenumbers  # its tables take a moment, which no first page needs

    try:
        parsed = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException:
        return ""
    known = phonenumbers.is_valid_number(parsed)
    if parsed.country_code == HOME_CODE:
        known = known or (
            8 <= len(str(parsed.national_number)) <= 13 and not digits.startswith(f"+{HOME_CODE}0")
        )
    return str(_format(parsed, "E164")) if known else ""


def _international(number: str) -> str:
    import phonenumbers

    return str(_format(phonenumbers.parse(number, None), "INTERNATIONAL"))


def _format(parsed: Any, form: str) -> str:
    import phonenumbers

    return str(phonenumbers.format_number(parsed, getattr(phonenumbers.PhoneNumberFormat, form)))
