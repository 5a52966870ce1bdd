"""Rupiah as whole numbers. There is no smaller coin: every amount is an `int`, in the store a bigint."""

from __future__ import annotations

import re

MOST = 10**15  # a thousand trillion: more is a slip of the hand
_TYPED = re.compile(
    r"(-)?\s*(?:rp\.?|idr)?\s*(-)?\s*(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+)(?:[.,]00?|,-)?", re.I
)


class NotMoney(ValueError):
    """The text is no amount of whole rupiah."""


def rupiah(text: str) -> int:
    """Whole rupiah from `12500`, `12.500`, `Rp12.500`, `Rp 12.500,00`, `12,500`. Raises NotMoney.

    Separators must stand every three digits: `12.50` is asked back instead of guessed.
    """
    found = _TYPED.fullmatch(text.replace("\u00a0", " ").strip())
    if found is None or (found[1] and found[2]):
        raise NotMoney(text)
    amount = int(re.sub(r"[.,]", "", found[3]))
    if amount > MOST:
        raise NotMoney(text)
    return -amount if found[1] or found[2] else amount


def is_amount(value: object) -> bool:
    """Whether this can be charged or paid: a whole number of rupiah from 1 on."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST


def split(total: int, shares: int) -> list[int]:
    """A total in so many parts that differ by one rupiah at most, the larger ones first; they sum to the total."""
    part, left = divmod(total, shares)
    return [part + 1] * left + [part] * (shares - left)
