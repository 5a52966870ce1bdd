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


_ONES = (
    "",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))


def in_words(amount: int) -> str:
    """An amount from 1 on in Indonesian words, as a receipt states it: `seratus lima puluh ribu rupiah`."""
    return f"{_spelled(amount)} rupiah"


def _spelled(number: int) -> str:
    for size, name in _SCALES:
        if number >= size:
            many, rest = divmod(number, size)
            head = "seribu" if size == 1000 and many == 1 else f"{_spelled(many)} {name}"
            return f"{head} {_spelled(rest)}".strip()
    if number >= 100:
        many, rest = divmod(number, 100)
        head = "seratus" if many == 1 else f"{_ONES[many]} ratus"
        return f"{head} {_spelled(rest)}".strip()
    if number >= 20:
        many, rest = divmod(number, 10)
        return f"{_ONES[many]} puluh {_ONES[rest]}".strip()
    return f"{_ONES[number - 10]} belas" if number >= 12 else _ONES[number]
