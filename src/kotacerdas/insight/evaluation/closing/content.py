"""What a sealed pack says of a closed round, as JSON values: scores, figures, evidence, recommendations."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from kotacerdas.foundation.indicators.queries import rows_behind
from kotacerdas.insight.evaluation.instruments.arithmetic import class_of, index_of, rounded
from kotacerdas.insight.evaluation.instruments.queries import scoring_of
from kotacerdas.insight.evaluation.models import (
    Evidence,
    FrozenFigure,
    Item,
    ItemFigure,
    PublishedFigure,
    Recommendation,
    Round,
)


def scores_of(round: Round) -> dict[str, Any]:
    """Every item with its four scores and what was settled, and the index with its parts, all exact."""
    scoring = scoring_of(round.instrument, round.year)
    items = list(
        round.items.select_related("measure", "dimension", "agency", "ruling").prefetch_related(
            "scores__seat", "figures__indicator"
        )
    )
    cells = {(one.measure.code, one.dimension.code): Fraction(one.ruling.value) for one in items}
    result = index_of(scoring, cells)
    index = result.index or Fraction(0)
    return {
        "index": str(index),
        "shown": str(rounded(index, scoring.places, scoring.rounding)),
        "class": class_of(scoring, index),
        "assessed": [result.assessed, result.total],
        "measures": {code: _text(value) for code, value in result.measures.items()},
        "dimensions": {code: _text(value) for code, value in result.dimensions.items()},
        "seats": [{"id": str(one.id), "number": one.number, "role": one.role} for one in round.seats.all()],
        "items": [_item(one) for one in items],
    }


def figures_of(round: Round) -> list[dict[str, Any]]:
    """Frozen figures with the rows behind them: position, and what it added to numerator and denominator."""
    found = []
    for one in FrozenFigure.objects.filter(round=round).select_related("indicator"):
        behind = rows_behind(one.indicator.code, date(round.year, 1, 1), date(round.year, 12, 31))
        rows = behind.filter(position__lte=round.frozen_position).order_by("position", "id")
        found.append(
            {
                "indicator": one.indicator.code,
                "kind": one.kind,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "buckets": one.buckets,
                "rows": [list(row) for row in rows.values_list("position", "numerator", "denominator")],
            }
        )
    return found


def evidence_of(round: Round) -> list[dict[str, Any]]:
    """Every piece of evidence, those replaced or removed too, with its hash."""
    rows = Evidence.objects.filter(item__round=round).select_related("item__measure", "item__dimension")
    return [
        {
            "id": str(one.id),
            "measure": one.item.measure.code,
            "dimension": one.item.dimension.code,
            "kind": one.kind,
            "title": one.title,
            "sha256": one.sha256,
            "mark": one.mark,
            "bytes": one.bytes,
            "url": one.url,
            "url_day": one.url_day.isoformat() if one.url_day else "",
            "frozen": one.frozen,
            "replaced_by": str(one.replaced_by_id or ""),
            "removed": one.removed_at is not None,
        }
        for one in rows
    ]


def recommendations_of(round: Round) -> list[dict[str, Any]]:
    """What was recommended at the closing."""
    found = Recommendation.objects.filter(round=round).select_related(
        "case", "item__measure", "item__dimension", "item__agency"
    )
    return [
        {
            "case": one.case.number,
            "agency": one.item.agency.code,
            "measure": one.item.measure.code,
            "dimension": one.item.dimension.code,
            "words": one.words,
        }
        for one in found
    ]


def published_of(round: Round) -> list[dict[str, Any]]:
    """Figures published for periods within the round's year, as published."""
    year = (date(round.year, 1, 1), date(round.year, 12, 31))
    return [
        {
            "programme": one.programme.code,
            "series": one.series,
            "from": one.period_start.isoformat(),
            "to": one.period_end.isoformat(),
            "value": f"{one.value:f}",
            "unit": one.unit,
            "source": one.source,
            "published": one.published,
        }
        for one in PublishedFigure.objects.filter(
            period_start__gte=year[0], period_end__lte=year[1]
        ).select_related("programme")
    ]


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "measure": item.measure.code,
        "dimension": item.dimension.code,
        "agency": item.agency.code,
        "claimed": "" if item.claimed_level is None else str(item.claimed_level),
        "figures": [_figure(one) for one in item.figures.all()],
        "scores": [
            {"seat": one.seat.number, "value": str(Fraction(one.value or 0)), "note": one.note}
            for one in sorted(item.scores.all(), key=lambda one: one.seat.number)
        ],
        "ruling": {"kind": item.ruling.kind, "value": item.ruling.value, "words": item.ruling.words},
    }


def _figure(one: ItemFigure) -> dict[str, str]:
    value = "" if one.value is None else f"{one.value:f}"
    return {"indicator": one.indicator.code, "value": value, "mark": one.mark, "source": one.source}


def _text(value: Fraction | None) -> str:
    return "" if value is None else str(value)
