"""Identity: UUIDv7 keys for rows, checked numbers for people, secrets for links."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36
from uuid_utils.compat import uuid7

_BODY_DIGITS = 6
_BETWEEN = re.compile(r"[\s./_\-\u2010-\u2015\u2212]+")
_CALLED = r"(?:tiket|nomor|no|laporan|ticket|number|report)\b[.:]?\s*|#\s*"
_PREFIX = re.compile(rf"^(?:{_CALLED})", re.IGNORECASE)
_YEAR, _REST = r"[a-z]{2,5}[\s./_-]*2[0o][0-9o]{2}[\s./_-]*", r"[0-9o]{6,12}(?:[\s./_-]*[0-9a-z])?"
_MEANT = re.compile(rf"(?:{_CALLED})?(?:{_YEAR}[0-9o]{{3,12}}(?:[\s./_-]*[0-9a-z])?|{_REST})", re.IGNORECASE)
_TICKET = re.compile(r"([A-Z]{2,5})([0-9]{4})([0-9]{6,12})([0-9A-Z])")


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562): sorts by time, collides with nothing, made anywhere."""
    return UUID(int=uuid7().int)


def ticket_number(instance: str, year: int, sequence: int) -> str:
    """`IDM-2026-004812-K`: the check is ISO 7064 Mod 37,36 over everything before it.

    It notices every single wrong character, and two neighbouring digits swapped but for 4 in 1000: the
    standard's hybrid systems miss a few.
    Raises ValueError when the instance is not 2 to 5 capital letters or the sequence is not positive.
    """
    if not (2 <= len(instance) <= 5 and instance.isalpha() and instance.isupper()):
        raise ValueError(f"instance must be 2 to 5 capital letters, not {instance!r}")
    if sequence < 1:
        raise ValueError("sequence starts at 1")
    body = f"{instance}-{year:04d}-{sequence:0{_BODY_DIGITS}d}"
    return f"{body}-{mod_37_36.calc_check_digit(body.replace('-', ''))}"


def normal_ticket(text: str) -> str:
    """`IDM-2026-004812-K` from a number as people type it, or "" when it is none or its check is wrong.

    Case does not matter, nor do spaces, hyphens, dots and strokes between its parts, or that there are none, nor a
    word or sign before it that calls it a number.
    """
    cleaned = _BETWEEN.sub("", _PREFIX.sub("", text.strip())).upper()
    parts = _TICKET.fullmatch(cleaned)
    if parts is None:
        return ""
    try:
        mod_37_36.validate(cleaned)
    except ValidationError:
        return ""
    return "-".join(parts.groups())


def resembles_ticket(text: str) -> bool:
    """Whether somebody meant a number: a mistyped one, its end from six digits on, or one with a word before it."""
    return bool(_MEANT.fullmatch(text.strip()))


def is_ticket_number(text: str) -> bool:
    """Whether the text is a number as `normal_ticket` reads it."""
    return bool(normal_ticket(text))


def new_secret() -> str:
    """A link secret of 160 random bits, safe in an address."""
    return secrets.token_urlsafe(20)
