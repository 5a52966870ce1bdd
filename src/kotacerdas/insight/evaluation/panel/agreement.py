"""How far assessors agreed: Krippendorff's alpha for interval data, with a bootstrap interval over items.

Krippendorff, Content Analysis (2004): 0.8 and more is reliable, from 0.667 on it allows tentative conclusions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

DRAWS, SEED = 1000, 2026
HIGH, FAIR = 0.8, 0.667


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Alpha with its 95% interval. All None when everybody gave one and the same value: nothing to tell apart."""

    alpha: float | None
    low: float | None
    high: float | None
    items: int

    @property
    def word(self) -> str:
        """high, fair, low; "same" where every score is the same value; "" without scores."""
        if self.alpha is None:
            return "same" if self.items else ""
        return "high" if self.alpha >= HIGH else "fair" if self.alpha >= FAIR else "low"


def alpha_of(
    table: Sequence[Sequence[float | None]], level: Literal["nominal", "interval"] = "interval"
) -> float | None:
    """Alpha of a table with a row for each assessor and a column for each item; None for a missing score.

    None when all scores are one value: then there is no disagreement to be expected.
    """
    import krippendorff  # as numpy below: only who asks this needs it
    import numpy as np

    data = np.array([[np.nan if one is None else one for one in row] for row in table], dtype=float)
    known = data[~np.isnan(data)]
    if known.size < 2 or np.unique(known).size < 2 or not (np.sum(~np.isnan(data), axis=0) > 1).any():
        return None
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def agreement_of(table: Sequence[Sequence[float | None]]) -> Agreement:
    """Alpha and its interval: items drawn anew 1,000 times with a fixed seed; draws without variation are left out."""
    return _agreement(tuple(map(tuple, table)))


@lru_cache(maxsize=64)
def _agreement(table: tuple[tuple[float | None, ...], ...]) -> Agreement:
    import numpy as np

    items = len(table[0]) if table else 0
    alpha = alpha_of(table)
    if alpha is None:
        return Agreement(alpha=None, low=None, high=None, items=items)
    data = np.array([[np.nan if one is None else one for one in row] for row in table], dtype=float)
    drawn = _draws(data)
    low, high = (float(one) for one in np.percentile(drawn, [2.5, 97.5])) if drawn.size else (alpha, alpha)
    return Agreement(alpha=alpha, low=low, high=high, items=items)


def _draws(data: np.ndarray) -> np.ndarray:
    """Alpha of each drawn table, by the same formula in one go: 1 − observed ÷ expected squared differences."""
    import numpy as np

    chosen = np.random.default_rng(SEED).integers(0, data.shape[1], size=(DRAWS, data.shape[1]))
    drawn = data[:, chosen]  # assessors × draws × items
    count = np.sum(~np.isnan(drawn), axis=0)
    pairable = count > 1
    values = np.where(pairable, np.nan_to_num(drawn), 0.0) * ~np.isnan(drawn)
    total, square = values.sum(axis=0), (values**2).sum(axis=0)
    weight = np.where(pairable, count, 0)
    inside = np.where(pairable, 2 * (weight * square - total**2) / np.maximum(count - 1, 1), 0.0).sum(axis=1)
    n = weight.sum(axis=1)
    across = 2 * (n * square.sum(axis=1) - total.sum(axis=1) ** 2)
    usable = (across > 1e-12) & (n > 1)
    observed = inside[usable] / n[usable]
    expected = across[usable] / (n[usable] * (n[usable] - 1))
    return np.asarray(1 - observed / expected)
