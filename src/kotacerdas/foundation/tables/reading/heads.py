"""Finding the row of heads among the first rows: the one that names most of the columns wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence

LOOKED_AT = 40
_NOT_WORDS = re.compile(r"[\W_]+")
Heads = tuple[int, int, list[str]]  # first row, last row (from 1), texts


def folded(text: object) -> str:
    """A head for comparing: lower case, letters and digits alone, single spaces."""
    return _NOT_WORDS.sub(" ", str(text or "")).strip().lower()


def find(rows: Sequence[tuple[int, Sequence[object]]], names: frozenset[str]) -> tuple[int, Heads | None]:
    """How many wanted names the best row names, and it: one row, or two where a group stands over its parts.

    rows  (line, cells). Where nothing is named, the first row of at least two texts is offered, with 0.
    """
    best: tuple[int, Heads | None] = (0, None)
    fallback: Heads | None = None
    for place, (line, cells) in enumerate(rows):
        texts = [" ".join(str(cell or "").split()) for cell in cells]
        words = [one for one in texts if one]
        if fallback is None and len(words) >= 2 and not any(_is_figure(one) for one in words):
            fallback = (line, line, texts)
        score = _score(texts, names)
        if score > best[0]:
            best = (score, (line, line, texts))
        if place and score and (above := rows[place - 1])[0] == line - 1:
            joined = _joined(above[1], texts, names)
            if (both := _score(joined, names)) > best[0]:
                best = (both, (above[0], line, joined))
    if best[1] is None and fallback is None:
        full = next(((line, cells) for line, cells in rows if any(cells)), None)
        fallback = (full[0], full[0], [str(cell or "") for cell in full[1]]) if full else None
    return best if best[1] is not None else (0, fallback)


def _score(texts: Sequence[str], names: frozenset[str]) -> int:
    return len({folded(one) for one in texts} & names)


def _joined(above: Sequence[object], texts: Sequence[str], names: frozenset[str]) -> list[str]:
    """Heads of two rows: the lower text alone where it is a wanted name, else the upper one, else both together."""
    made, group = [], ""
    for place, own in enumerate(texts):
        over = " ".join(str(above[place] or "").split()) if place < len(above) else ""
        group = over or (group if own else "")
        both = f"{group} {own}".strip()
        choices = (own, both, over) if own else (over,)
        made.append(next((one for one in choices if folded(one) in names), both))
    return made


def _is_figure(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace("-", "").isdigit()
