"""What a program declares: from one journal row to what it contributes. Pure: no store, no clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from kotacerdas.kernel.discover import discover

# Upper edges of duration buckets in minutes. Medians do not add; counts in fixed buckets do.
BUCKET_EDGES = (
    5, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 420, 480, 540, 600, 720, 840, 960,
    1200, 1440, 1920, 2400, 3000, 3600, 4800, 6000, 7200, 9600, 14400,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A journal row as indicators see it. `day` is the local day on which it happened."""

    position: int
    verb: str
    subject_id: UUID
    occurred_at: datetime
    day: date
    codes: Mapping[str, Any]
    measures: Mapping[str, Any]
    payload: Mapping[str, Any]

    def coded_day(self, name: str) -> date:
        """A code that holds a date (`received_on`); the row's own day when it is absent."""
        text = self.codes.get(name)
        return date.fromisoformat(text) if text else self.day


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What one row adds to one indicator on one day, for one agency and area. Taking back is negative.

    numerator, denominator   whole numbers of the declared unit (cases, rupiah, litres), at most 10^15 either way
    """

    day: date
    agency: str
    area: str
    numerator: int = 0
    denominator: int = 0
    bucket: int = -1


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A live indicator. `code` is the code of its sheet in the pack.

    kind        flow (numerator), ratio (numerator ÷ denominator), duration (denominators in buckets), stock (the
                value at a date: all changes up to it, so that a late row restates every later date)
    verbs       the only journal verbs it looks at
    contribute  one row → its contributions; the same function serves increments and rebuilding
    terms       words for numerator and denominator, as pages name them
    version     raised when the formula changes, so that what was computed before is computed anew by itself
    """

    code: str
    kind: Literal["flow", "ratio", "duration", "stock"]
    verbs: frozenset[str]
    contribute: Callable[[Fact], Iterable[Contribution]]
    terms: tuple[Any, Any]
    version: int = 1
    since: date | None = None


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """All declared indicators by code, from each app's `indicators.py`."""
    found: dict[str, Indicator] = {}
    for module in discover("indicators"):
        for indicator in getattr(module, "INDICATORS", ()):
            if indicator.code in found:
                raise LookupError(f"indicator {indicator.code} is declared twice")
            found[indicator.code] = indicator
    return found


@lru_cache(maxsize=1)
def by_verb() -> dict[str, tuple[Indicator, ...]]:
    """Which indicators look at a verb."""
    table: dict[str, tuple[Indicator, ...]] = {}
    for indicator in indicators().values():
        for verb in indicator.verbs:
            table[verb] = (*table.get(verb, ()), indicator)
    return table


def bucket_of(minutes: float) -> int:
    """The bucket of a duration; the last one is open."""
    return bisect_right(BUCKET_EDGES, max(0.0, minutes))


def median_of(counts: Mapping[int, int]) -> float | None:
    """The median in minutes from counts per bucket, interpolated within its bucket; None for nothing.

    The open last bucket answers its lower edge: the median is then "at least" that.
    """
    total = sum(counts.values())
    if total <= 0:
        return None
    half, seen = total / 2, 0
    for bucket in sorted(counts):
        inside = counts[bucket]
        if inside > 0 and seen + inside >= half:
            low = BUCKET_EDGES[bucket - 1] if bucket > 0 else 0
            high = BUCKET_EDGES[bucket] if bucket < len(BUCKET_EDGES) else low
            return low + (high - low) * (half - seen) / inside
        seen += inside
    return float(BUCKET_EDGES[-1])
