"""Attainment as plain arithmetic: no store, no words. Rules: docs/rules.md, "Evaluation"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Band = Literal["good", "fair", "poor", "none"]
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Attained:
    """One indicator's part in its dimension. `percent` None: not assessed (no target, or no figure)."""

    percent: Decimal | None
    weight: Decimal | None = None


def attainment(actual: Decimal | None, target: Decimal | None, direction: str) -> Decimal | None:
    """Attainment in percent, unrounded and not capped; None without a figure, a target, or a direction.

    More is better: actual ÷ target. Less is better: (2 × target − actual) ÷ target, not under 0.
    """
    if actual is None or target is None or target <= 0 or direction == "neutral":
        return None
    if direction == "less":
        return max(Decimal(0), (2 * target - actual) / target * HUNDRED)
    return actual / target * HUNDRED


def dimension_mean(parts: Iterable[Attained]) -> Decimal | None:
    """Weighted mean of the assessed parts, each capped at 100%; weights are equal until one is entered.

    A part without a weight among weighted ones counts with 1. None when nothing is assessed.
    """
    assessed = [
        (min(part.percent, HUNDRED), part.weight if part.weight is not None else Decimal(1))
        for part in parts
        if part.percent is not None
    ]
    total = sum((weight for _, weight in assessed), Decimal(0))
    if not total:
        return None
    return sum((percent * weight for percent, weight in assessed), Decimal(0)) / total


def band(percent: Decimal | None, good_from: int, fair_from: int) -> Band:
    """good, fair or poor by the pack's bands; "none" when not assessed."""
    if percent is None:
        return "none"
    return "good" if percent >= good_from else "fair" if percent >= fair_from else "poor"
