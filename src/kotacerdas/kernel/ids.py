"""Identity: UUIDv7 keys for rows, checked numbers for people, secrets for links."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36
from uuid_utils.compat import uuid7

from kotacerdas.kernel.texts import MEANT_AS_DIGITS, plain_code

_BODY_DIGITS = 6
_BETWEEN = re.compile(r"[\s./_\-\u2010-\u2015\u2212]+")
_CALLED = r"(?:tiket|nomor|no|laporan|ticket|number|report)\b[.:]?\s*|#\s*"
_PREFIX = re.compile(rf"^(?:{_CALLED})", re.IGNORECASE)
_YEAR, _REST = r"[a-z]{2,5}[\s./_-]*2[0o][0-9oil|]{2}[\s./_-]*", r"[0-9o]{6,12}(?:[\s./_-]*[0-9a-z])?"
_MEANT = re.compile(
    rf"(?:{_CALLED})?(?:{_YEAR}[0-9oil|]{{3,12}}(?:[\s./_-]*[0-9a-z])?|{_REST})", re.IGNORECASE
)
_TICKET = re.compile(r"([A-Z]{2,5})([0-9][0-9OIL|]{3})([0-9OIL|]{6,12})([0-9A-Z])")
_TITLE = re.compile(r"\s*\(.*")  # what our messages write behind a number


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
    word or sign before it that calls it a number, nor the title that our messages write behind it in brackets, nor
    what cannot be seen. O is read as 0, I and L as 1 where digits stand. At the place of the check all of them may be meant, so it is taken as it is: to
    try the others would let wrong digits pass.
    """
    parts = _TICKET.fullmatch(_BETWEEN.sub("", _PREFIX.sub("", _number_alone(text))).upper())
    if parts is None:
        return ""
    instance, year, sequence, check = parts.groups()
    meant = (instance, year.translate(MEANT_AS_DIGITS), sequence.translate(MEANT_AS_DIGITS), check)
    return "-".join(meant) if _is_checked("".join(meant)) else ""


def _number_alone(text: str) -> str:
    return plain_code(_TITLE.sub("", plain_code(text)))


def _is_checked(number: str) -> bool:
    try:
        mod_37_36.validate(number)
    except ValidationError:
        return False
    return True


def resembles_ticket(text: str) -> bool:
    """Whether somebody meant a number: a mistyped one, its end from six digits on, or one with a word before it."""
    return bool(_MEANT.fullmatch(_number_alone(text)))


def is_ticket_number(text: str) -> bool:
    """Whether the text is a number as `normal_ticket` reads it."""
    return bool(normal_ticket(text))


def new_secret() -> str:
    """A link secret of 160 random bits, safe in an address."""
    return secrets.token_urlsafe(20)
