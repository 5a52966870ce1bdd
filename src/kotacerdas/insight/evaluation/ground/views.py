"""The result of a round, opened step by step down to the rows behind it; its pack and its spreadsheet."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.ui import shapes
from kotacerdas.foundation.ui.tags.words import number, percent
from kotacerdas.insight.evaluation import pages, words
from kotacerdas.insight.evaluation.closing import frozen, sealing
from kotacerdas.insight.evaluation.ground import queries, sheet
from kotacerdas.insight.evaluation.instruments.arithmetic import class_of
from kotacerdas.insight.evaluation.lifecycles import KIND
from kotacerdas.insight.evaluation.models import Item, Round
from kotacerdas.insight.evaluation.panel.queries import Board, Judged, board
from kotacerdas.insight.evaluation.panel.views_consensus import agreement_words, grid, index_words
from kotacerdas.insight.evaluation.permissions import FILL, SCORE, VIEW
from kotacerdas.insight.evaluation.queries import in_unit
from kotacerdas.insight.evaluation.rounds.queries import changed_since_verified, round_of
from kotacerdas.insight.evaluation.rounds.views_item import piece_shape
from kotacerdas.insight.evaluation.survey.queries import surveys_shown
from kotacerdas.kernel.errors import Missing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@desk(VIEW, FILL, SCORE)
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """Index, dimensions and measures with their arithmetic, trend, what citizens said, what came late."""
    round = _seen(request, slug)
    found = board(round)
    context = {
        "round": round,
        "name": pages.round_name(round),
        "tag": pages.round_tag(round),
        "crumbs": pages.crumbs(round, (_("Result"), "")),
        "index": index_words(found),
        "class": _class(found),
        "sum": sum_words(found),
        "still": len(found.still_open),
        "assessed": found.result.assessed,
        "total": found.result.total,
        "grid": grid(found),
        "measures": _measures(found),
        "dimensions": _dimensions(found),
        "agreement": agreement_words(found.agreement),
        "trend": _trend(round),
        "late": _late(round),
        "changed": [one for one in _items(round) if changed_since_verified(one)]
        if round.state != "closed"
        else [],
        "ratings": [
            {
                "name": one.programme.name,
                "count": one.count,
                "mean": number(one.mean or 0, 2),
                "satisfied": percent(float(one.satisfied)) if one.satisfied is not None else "",
            }
            for one in queries.ratings(round)
        ],
        "surveys": surveys_shown(round),
        "advice": queries.recommendations_before(round),
        "given": round.recommendations.select_related(
            "case__lead_agency", "item__measure", "item__dimension"
        ),
        "opens": set(visible_to(grants_for(request), kinds=[KIND]).values_list("id", flat=True)),
        "is_closed": round.state == Round.State.CLOSED,
        "pack_name": sealing.file_name(round),
        "may_view": grants_for(request).may(VIEW),
    }
    return render(request, "evaluation/result.html", context)


@require_safe
@desk(VIEW, FILL, SCORE)
def ground(request: HttpRequest, slug: str, item_id: UUID) -> HttpResponse:
    """One item's value: four scores, how they were settled, evidence, figures, and the journal rows about it."""
    round = _seen(request, slug)
    one = next((one for one in board(round).judged if one.item.pk == item_id), None)
    if one is None:
        raise Missing(_("There is no such item here."), remedy=_("Choose one from the result."))
    item = one.item
    last = queries.before(item)
    context = {
        "round": round,
        "item": item,
        "crumbs": pages.crumbs(
            round,
            (_("Result"), reverse("evaluation:result", args=[slug])),
            (f"{item.measure.name} · {item.dimension.name}", ""),
        ),
        "value": pages.shown(one.settled) if one.settled is not None else "",
        "ruling": one.ruling,
        "scores": [
            {"seat": score.seat, "value": pages.step_words(value), "note": score.note}
            for score, value in zip(one.scores, one.values, strict=True)
        ],
        "settling": settling_words(one.values, one.settled, one.ruling.kind if one.ruling else ""),
        "before": pages.shown(last) if last is not None else "",
        "change": pages.shown((one.settled or one.mean) - last) if last is not None else "",
        "levels": item.measure.levels.all(),
        "claimed": pages.step_words(item.claimed_level) if item.claimed_level is not None else "",
        "figures": [_figure(round, figure) for figure in item.figures.select_related("indicator")],
        "evidence": [piece_shape(piece) for piece in item.evidence.all() if piece.is_current],
        "changed": changed_since_verified(item),
        "rows": queries.rows_of(item),
    }
    return render(request, "evaluation/ground.html", context)


@require_safe
@desk(VIEW, FILL, SCORE)
def pack(request: HttpRequest, slug: str) -> HttpResponse:
    """The sealed pack of a closed round, as a file."""
    round = _seen(request, slug)
    return _file(sealing.pack_of(round), sealing.file_name(round), "application/zip")


@require_safe
@desk(VIEW)
def spreadsheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The ministry's self-assessment form, and the scores once they are open, as XLSX in the page's language."""
    round = round_of(grants_for(request), slug)
    return _file(
        sheet.workbook(round, may_scores=round.state in ("consensus", "closed")), f"putaran-{slug}.xlsx", XLSX
    )


def sum_words(found: Board) -> str:
    """The index as a sum a clerk can follow: (10 × 2,92 + 20 × 2,67 + …) ÷ 100 = 2,8125."""
    weights = found.scoring.weights
    parts, total = [], Fraction(0)
    for code, value in found.result.measures.items():
        if value is not None:
            parts.append(f"{pages.step_words(weights[code] * 100)} × {pages.exact(value, 4)}")
            total += weights[code] * 100
    if not parts:
        return ""
    return f"({' + '.join(parts)}) ÷ {pages.step_words(total)} = {pages.exact(found.result.index)}"


def settling_words(values: tuple[Fraction, ...], settled: Fraction | None, kind: str) -> str:
    """How an item's value came about, in words with the numbers."""
    listed = " · ".join(pages.step_words(one) for one in values)
    if settled is None:
        return _("%(values)s: more than half a step apart, not settled yet") % {"values": listed}
    names = {"values": listed, "value": pages.shown(settled), "n": len(values)}
    if kind == "same":
        return _("%(values)s: all alike, so %(value)s") % names
    if kind == "mean":
        added = " + ".join(pages.step_words(one) for one in values)
        return _("half a step apart: (%(sum)s) ÷ %(n)d = %(value)s") % {**names, "sum": added}
    return _("%(values)s: apart; the chair ruled %(value)s") % names


def _seen(request: HttpRequest, slug: str) -> Round:
    grants = grants_for(request)
    round = round_of(grants, slug)
    queries.must_see_result(grants, round)
    return round


def _class(found: Board) -> str:
    code = class_of(found.scoring, found.result.index)
    named = found.round.instrument.classes.filter(code=code).first()
    return named.name if named else ""


def _items(round: Round) -> list[Item]:
    return list(round.items.select_related("measure", "dimension", "round").prefetch_related("evidence"))


def _measures(found: Board) -> list[dict[str, Any]]:
    weights = found.scoring.weights
    judged: defaultdict[UUID, list[Judged]] = defaultdict(list)
    for one in found.judged:
        judged[one.item.measure_id].append(one)
    made = []
    for measure in found.round.instrument.measures.all():
        items = judged[measure.id]
        values = [one.settled if one.settled is not None else one.mean for one in items]
        mean = found.result.measures.get(measure.code)
        added = " + ".join(pages.shown(value) for value in values)
        made.append(
            {
                "name": measure.name,
                "weight": pages.step_words(weights[measure.code] * 100),
                "value": pages.shown(mean),
                "sum": f"({added}) ÷ {len(values)} = {pages.exact(mean, 4)}" if values else "",
                "part": pages.exact((mean or 0) * weights[measure.code], 4) if mean is not None else "",
            }
        )
    return made


def _dimensions(found: Board) -> list[dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for one in found.judged:
        code = one.item.dimension.code
        value = found.result.dimensions.get(code)
        span = found.scoring.high - found.scoring.low
        part = float((value - found.scoring.low) / span) if value is not None else None
        made.setdefault(
            code,
            {
                "dimension": one.item.dimension,
                "value": pages.shown(value),
                "meter": shapes.Meter(label=one.item.dimension.name, value=part, shown=pages.shown(value)),
            },
        )
    return list(made.values())


def _trend(round: Round) -> shapes.LineChart | None:
    past = queries.trend(round)
    if len(past) < 2:
        return None
    points = [
        shapes.Point(
            label=str(one.year) if one.stage == 1 else one.slug,
            value=None if value is None else float(value),
            shown=pages.index_shown(one),
        )
        for one, value in past
    ]
    high = float(round.instrument.scale_to * round.instrument.factor)
    return shapes.LineChart(title=_("Index by round"), points=tuple(points), ticks=(0.0, high / 2, high))


def _late(round: Round) -> list[dict[str, str]]:
    if round.state != Round.State.CLOSED:
        return []
    return [
        {
            "name": one.name,
            "numerator": f"{numerator:+d}",
            "denominator": f"{denominator:+d}",
            "code": one.code,
        }
        for one, numerator, denominator in frozen.late(round)
    ]


def _figure(round: Round, one: Any) -> dict[str, Any]:
    held = round.figures.filter(indicator=one.indicator_id).first()
    counted = None
    if held is not None and (held.numerator or held.denominator):
        buckets = {int(bucket): count for bucket, count in held.buckets.items()}
        counted = frozen.Frozen(
            code=one.indicator.code,
            year=round.year,
            position=round.frozen_position or 0,
            kind=held.kind,
            numerator=held.numerator,
            denominator=held.denominator,
            buckets=buckets,
        )
    return {
        "name": one.indicator.name,
        "shown": words.figure(one.indicator, one.value),
        "tag": pages.mark_tag(one.mark),
        "source": one.source,
        "frozen": words.figure(one.indicator, in_unit(counted.figure)) if counted else "",
        "numerator": counted.numerator if counted else None,
        "denominator": counted.denominator if counted else None,
        "url": reverse("evaluation:score", args=[round.year, one.indicator.code]),
    }


def _file(data: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
