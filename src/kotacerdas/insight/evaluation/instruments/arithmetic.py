"""The arithmetic of an instrument, exact: no store, no words, no rounding before the end.

index = factor × Σ weight(measure) × mean of the measure's assessed dimensions, over measures that have one; the
weights of those are scaled to 1. Nothing assessed gives None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

Cell = tuple[str, str]  # codes of measure and dimension ("" where the instrument has none)


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """What an instrument says in a year. `weights` sum to 1, by measure in its order."""

    weights: Mapping[str, Fraction]
    low: Fraction
    high: Fraction
    step: Fraction
    factor: Fraction = Fraction(1)
    rounding: str = "half_up"
    places: int = 2
    classes: Sequence[tuple[str, Decimal, Decimal]] = ()
    other_weight: Fraction | None = None

    def values(self) -> list[Fraction]:
        """Every value that a score may have, lowest first."""
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * n for n in range(count + 1)]


@dataclass(frozen=True, kw_only=True)
class Result:
    """An index with its parts. `assessed` of `total` cells have a value."""

    index: Fraction | None
    assessed: int
    total: int
    measures: dict[str, Fraction | None] = field(default_factory=dict)
    dimensions: dict[str, Fraction | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What follows from the scores of one item alone: `value` None means that it must be discussed."""

    kind: str  # "same" | "mean" | "open"
    value: Fraction | None
    spread: Fraction


def index_of(scoring: Scoring, cells: Mapping[Cell, Fraction | None]) -> Result:
    """The index over the cells of measure and dimension; a None is left out and counted as missing."""
    rows: dict[str, list[Fraction]] = {measure: [] for measure in scoring.weights}
    columns: dict[str, dict[str, Fraction]] = {}
    for (measure, dimension), value in cells.items():
        columns.setdefault(dimension, {})
        if value is not None:
            rows[measure].append(value)
            columns[dimension][measure] = value
    measures = {measure: _mean(values) for measure, values in rows.items()}
    dimensions = {code: _weighted(scoring.weights, found) for code, found in columns.items()}
    known = {measure: value for measure, value in measures.items() if value is not None}
    whole = _weighted(scoring.weights, known)
    return Result(
        index=None if whole is None else whole * scoring.factor,
        assessed=sum(value is not None for value in cells.values()),
        total=len(cells),
        measures=measures,
        dimensions=dimensions,
    )


def bounds(scoring: Scoring, cells: Mapping[Cell, tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    """The lowest and highest index still possible when each cell may lie between two values."""
    ends = [index_of(scoring, {cell: pair[end] for cell, pair in cells.items()}).index for end in (0, 1)]
    return ends[0] or Fraction(0), ends[1] or Fraction(0)


def settle(values: Sequence[Fraction], step: Fraction) -> Settled:
    """Alike: that value. At most one step apart: the mean. Further apart: to be discussed."""
    spread = max(values) - min(values)
    if not spread:
        return Settled(kind="same", value=values[0], spread=spread)
    if spread <= step:
        return Settled(kind="mean", value=_mean(values), spread=spread)
    return Settled(kind="open", value=None, spread=spread)


def rounded(value: Fraction, places: int, rounding: str) -> Decimal:
    """A fraction as the instrument shows it. `rounding` is down, half_up or half_even."""
    scaled = value * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    up = Fraction(rest, scaled.denominator) > Fraction(1, 2)
    if Fraction(rest, scaled.denominator) == Fraction(1, 2):
        up = rounding == "half_up" or (rounding == "half_even" and whole % 2 == 1)
    if rounding == "down":
        up = False
    digits = (whole + up) * (-1 if scaled < 0 else 1)
    return Decimal(digits).scaleb(-places)


def class_of(scoring: Scoring, value: Fraction | None) -> str:
    """The code of the class in which the rounded value lies; "" without one."""
    if value is None:
        return ""
    shown = rounded(value, scoring.places, scoring.rounding)
    return next((code for code, low, high in scoring.classes if low <= shown <= high), "")


def with_other_weight(scoring: Scoring, measures: Mapping[str, Fraction | None]) -> Fraction | None:
    """The index under the weight that some sources use for every measure (IKM: 0.111); None unless all are known."""
    values = [value for value in measures.values() if value is not None]
    if scoring.other_weight is None or len(values) != len(scoring.weights):
        return None
    return sum(values, Fraction(0)) * scoring.other_weight * scoring.factor


def from_text(text: str) -> Fraction | None:
    """A fraction as it is stored ("663/200"); None for ""."""
    return Fraction(text) if text else None


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def _weighted(weights: Mapping[str, Fraction], known: Mapping[str, Fraction]) -> Fraction | None:
    total = sum((weights[code] for code in known), Fraction(0))
    if not total:
        return None
    return sum((weights[code] * value for code, value in known.items()), Fraction(0)) / total
