"""Figures at a position of the journal: what was counted up to there, and what came later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.indicators.engine import reached
from kotacerdas.foundation.indicators.queries import Figure, figure
from kotacerdas.insight.evaluation.models import FrozenFigure, IndicatorSheet, Round
from kotacerdas.insight.evaluation.yearly import figures_of_year
from kotacerdas.kernel.errors import Unavailable

_TRIES = 50


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A figure of a year, and the position in arrival order up to which rows were counted."""

    code: str
    year: int
    position: int
    kind: str
    numerator: int
    denominator: int
    buckets: dict[int, int] = field(default_factory=dict)

    def as_value(self) -> dict[str, Any]:
        """The JSON value that is hashed and stored."""
        return {
            "indicator": self.code,
            "year": self.year,
            "position": self.position,
            "kind": self.kind,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "buckets": {str(bucket): count for bucket, count in sorted(self.buckets.items())},
        }

    @property
    def figure(self) -> Figure:
        return Figure(
            kind=self.kind, numerator=self.numerator, denominator=self.denominator, buckets=self.buckets
        )


def figure_now(code: str, year: int) -> Frozen | None:
    """A live indicator's figure of a year with its position; None where nobody declares it or nothing happened."""
    found = figures_now([code], year)[1]
    return found[0] if found and (found[0].numerator or found[0].denominator) else None


def figures_now(codes: list[str], year: int) -> tuple[int, list[Frozen]]:
    """The position reached, and the declared indicators' figures counted up to exactly there, zeros included.

    Figures and position are read again until no row was counted in between. Raises Unavailable where rows never
    stop being counted.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    wanted = [code for code in codes if code in indicators()]
    for _try in range(_TRIES):
        position = reached()
        found = [_frozen(code, year, position, figure(code, first, last)) for code in wanted]
        if reached() == position:
            return position, found
    raise Unavailable("figures are being counted", remedy="try again in a minute")


def late(round: Round) -> list[tuple[IndicatorSheet, int, int]]:
    """What came for the round's year after it was frozen: numerator and denominator by indicator, never counted in."""
    found = []
    held = [
        one
        for one in FrozenFigure.objects.filter(round=round).select_related("indicator")
        if one.indicator.code in indicators()
    ]
    figures = figures_of_year([one.indicator.code for one in held], round.year)
    for one in held:
        now = figures.get(one.indicator.code) or Figure(kind=one.kind)
        more = (now.numerator - one.numerator, now.denominator - one.denominator)
        if more != (0, 0):
            found.append((one.indicator, *more))
    return found


def _frozen(code: str, year: int, position: int, shown: Figure) -> Frozen:
    return Frozen(
        code=code,
        year=year,
        position=position,
        kind=shown.kind,
        numerator=shown.numerator,
        denominator=shown.denominator,
        buckets={bucket: count for bucket, count in shown.buckets.items() if count},
    )
