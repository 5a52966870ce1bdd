"""Codes of goods: 12 digits in seven levels (Permendagri 108/2016), NIBAR, and the 45 digits of the present holder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

LEVELS = (1, 1, 1, 2, 2, 2, 3)  # digits of each level
UNIT_DIGITS = 14
_CODE = re.compile(r"\d\.\d\.\d\.\d{2}\.\d{2}\.\d{2}\.\d{3}")
CARDS = {
    "1.3.1": "A",
    "1.3.2": "B",
    "1.3.3": "C",
    "1.3.4": "D",
    "1.3.5": "E",
    "1.3.6": "F",
    "1.5.2": "E",
    "1.5.3": "E",
    "1.5.4": "E",
}


@dataclass(frozen=True, kw_only=True)
class Register:
    """The 45 digits that name a good at its present holder, part by part. They change with the holder.

    owner 2 digits, intra 2 (01 intra, 02 extra), region 4, unit 14, year 4, goods 12, number 7
    """

    owner: str
    intra: str
    region: str
    unit: str
    year: str
    goods: str
    number: str

    @property
    def text(self) -> str:
        return "".join((self.owner, self.intra, self.region, self.unit, self.year, self.goods, self.number))


def parts(code: str) -> list[str]:
    """The code up to each of its levels: `1.3.2.02` is `["1", "1.3", "1.3.2", "1.3.2.02"]`."""
    found = code.split(".")
    return [".".join(found[: number + 1]) for number in range(len(found))]


def normal(text: str) -> str:
    """A code as it is written here, from one with or without points; as it came where it has no 12 digits."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != sum(LEVELS):
        return text.strip()
    out, start = [], 0
    for size in LEVELS:
        out.append(digits[start : start + size])
        start += size
    return ".".join(out)


def is_whole(code: str) -> bool:
    """Whether a code has all its seven levels."""
    return bool(_CODE.fullmatch(code))


def flaws(code: str, known: set[str] | frozenset[str]) -> Iterator[str]:
    """What is wrong with a code of a good, at the first level where it is wrong; nothing where the list knows all of it."""
    if not is_whole(code):
        yield _("%(code)s has not 12 digits in seven levels, as 1.3.2.02.01.01.001.") % {"code": code}
        return
    for number, part in enumerate(parts(code), 1):
        if part not in known:
            yield _("Level %(number)d: %(part)s is not in the code list.") % {"number": number, "part": part}
            return
    if card_of(code) == "":
        yield _("%(code)s is of no card (KIB A to F).") % {"code": code}


def card_of(code: str) -> str:
    """The card of a code: A to F by its group; "" for none."""
    return CARDS.get(code[:5], "")


def nibar(region: str, number: int) -> str:
    """`3212-0004-7193`: the region, and a number that no other good ever has."""
    return f"{region}-{number // 10_000:04d}-{number % 10_000:04d}"
