"""The consensus: differences side by side, the chair's rulings, agreement, and the index as it stands."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.insight.evaluation import pages
from kotacerdas.insight.evaluation.instruments.arithmetic import rounded
from kotacerdas.insight.evaluation.models import Round, Seat
from kotacerdas.insight.evaluation.panel import actions
from kotacerdas.insight.evaluation.panel.agreement import Agreement
from kotacerdas.insight.evaluation.panel.queries import Board, Judged, board_of, leanings
from kotacerdas.insight.evaluation.panel.views import weights_shown
from kotacerdas.insight.evaluation.permissions import RULE, RUN, SCORE, VIEW
from kotacerdas.insight.evaluation.rounds import queries
from kotacerdas.insight.evaluation.rounds.views_item import scale
from kotacerdas.kernel.errors import Missing

WIDTH = 160  # of the axis, in px


@require_safe
@desk(VIEW, SCORE)
def consensus(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that is apart, the chosen item with its four scores and notes, and the table of all."""
    return _page(request, queries.round_of(grants_for(request), slug), {}, 200)


@require_POST
@desk(RULE)
def ruling(request: HttpRequest, slug: str, item_id: UUID) -> HttpResponse:
    """The chair rules on an item, or recommends something on one that is settled."""
    round = queries.round_of(grants_for(request), slug)
    item = round.items.select_related("round", "measure", "dimension", "agency").filter(pk=item_id).first()
    if item is None:
        raise Missing(_("There is no such item here."), remedy=_("Choose one from the list."))
    given, actor = request.POST, acting(request)

    def act() -> object:
        if "value" not in given and "words" not in given:
            return actions.advice_give(actor=actor, item=item, advice=given.get("advice", ""))
        return actions.ruling_make(
            actor=actor,
            item=item,
            value=pages.chosen(given.get("value", "")),
            words=given.get("words", ""),
            advice=given.get("advice", ""),
        )

    return pages.answered(
        request,
        act,
        lambda wrong, status: _page(request, round, wrong, status, chosen=item.id),
        to=f"{reverse('evaluation:consensus', args=[slug])}?butir={item.id}",
        notice=_("Written down. The four scores stay as they were."),
    )


def agreement_words(found: Agreement) -> dict[str, Any]:
    """Agreement in a word, then alpha with its interval, and where they lie on a scale of 0 to 100."""
    names = {
        "high": _("High"),
        "fair": _("Fair"),
        "low": _("Low"),
        "same": _("All scores are the same value"),
        "": _("No scores"),
    }
    if found.alpha is None or found.low is None or found.high is None:
        return {"word": names[found.word], "alpha": ""}
    at = [100 * min(1.0, max(0.0, one)) for one in (found.alpha, found.low, found.high)]
    return {
        "word": names[found.word],
        "alpha": number(found.alpha, 2),
        "low": number(found.low, 2),
        "high": number(found.high, 2),
        "at": pages.plain(at[0]),
        "from": pages.plain(at[1]),
        "width": pages.plain(at[2] - at[1]),
    }


def _page(
    request: HttpRequest, round: Round, wrong: dict[str, Any], status: int, chosen: UUID | None = None
) -> HttpResponse:
    grants = grants_for(request)
    board = board_of(grants, round)
    seat = queries.seat_of(grants, round)
    apart = [one for one in board.judged if one.spread > board.scoring.step]
    shown = _chosen(request.GET.get("butir", "") or str(chosen or ""), board, apart)
    settled = len(apart) - len(board.still_open)
    context = {
        "round": round,
        "name": pages.round_name(round),
        "crumbs": pages.crumbs(round, (_("Consensus"), "")),
        "same": sum(not one.spread for one in board.judged),
        "half": sum(0 < one.spread <= board.scoring.step for one in board.judged),
        "apart": len(apart),
        "settled": settled,
        "still": len(board.still_open),
        "total": len(board.judged),
        "agreement": agreement_words(board.agreement),
        "rows": [_row(one, board, shown) for one in apart],
        "axis": _axis(board),
        "one": _detail(shown, board) if shown else None,
        "leanings": [
            {
                "mark": _mark(one.seat),
                "is_chair": one.seat.role == Seat.Role.CHAIR,
                "name": one.seat.get_role_display(),
                "mean": _signed(one.mean),
                "measure": one.measure,
                "there": _signed(one.there),
            }
            for one in leanings(board)
        ],
        "grid": grid(board),
        "index": index_words(board),
        "may_rule": seat is not None
        and seat.role == Seat.Role.CHAIR
        and round.state == Round.State.CONSENSUS,
        "may_close": grants.may(RUN) and round.state == Round.State.CONSENSUS,
        "wrong": wrong,
    }
    return render(request, "evaluation/consensus.html", context, status=status)


def index_words(board: Board) -> dict[str, str]:
    """The index as shown by the instrument's rounding, in full, and the range still possible."""
    scoring = board.scoring
    value = board.result.index
    return {
        "shown": ""
        if value is None
        else str(number(rounded(value, scoring.places, scoring.rounding), scoring.places)),
        "exact": pages.exact(value),
        "low": pages.shown(board.low),
        "high": pages.shown(board.high),
        "of": pages.step_words(scoring.high * scoring.factor),
    }


def grid(board: Board) -> dict[str, Any]:
    """Measures × dimensions with what was settled, row and column means; unsettled cells are marked."""
    cells = {(one.item.measure.code, one.item.dimension.code): one for one in board.judged}
    dimensions = list({one.item.dimension.code: one.item.dimension for one in board.judged}.values())
    measures = list({one.item.measure.code: one.item.measure for one in board.judged}.values())
    weights = {code: pages.step_words(weight * 100) for code, weight in board.scoring.weights.items()}
    return {
        "dimensions": dimensions,
        "rows": [
            {
                "measure": measure,
                "weight": weights[measure.code],
                "cells": [_cell(cells.get((measure.code, one.code)), board) for one in dimensions],
                "mean": pages.shown(board.result.measures.get(measure.code)),
            }
            for measure in measures
        ],
        "feet": [pages.shown(board.result.dimensions.get(one.code)) for one in dimensions],
    }


def _cell(one: Judged | None, board: Board) -> dict[str, Any] | None:
    if one is None:
        return None
    value = one.settled if one.settled is not None else one.mean
    part = (value - board.scoring.low) / (board.scoring.high - board.scoring.low)
    return {
        "shown": pages.shown(value),
        "open": one.ruling is None,
        "ruled": one.ruling is not None and one.ruling.kind == "chair",
        "shade": min(4, int(part * 5)),
        "url": reverse("evaluation:ground", args=[board.round.slug, one.item.id]),
    }


def _row(one: Judged, board: Board, shown: Judged | None) -> dict[str, Any]:
    return {
        "item": one.item,
        "url": f"{reverse('evaluation:consensus', args=[board.round.slug])}?butir={one.item.id}#putusan",
        "here": shown is not None and shown.item.pk == one.item.pk,
        "spread": pages.step_words(one.spread),
        "ruling": pages.step_words(one.settled) if one.settled is not None else "",
        "dots": dots(one, board),
        "line": _line(one, board),
        "diamond": _at(one.settled, board) if one.settled is not None else "",
    }


def dots(one: Judged, board: Board) -> list[dict[str, Any]]:
    """The four scores on one axis; equal ones stand side by side."""
    seen: dict[Fraction, int] = {}
    found = []
    alike = {value: one.values.count(value) for value in one.values}
    for seat, value in zip(board.seats, one.values, strict=True):
        beside = seen.get(value, 0)
        seen[value] = beside + 1
        found.append(
            {
                "x": pages.plain(float(_at(value, board)) + (beside - (alike[value] - 1) / 2) * 13),
                "mark": _mark(seat),
                "is_chair": seat.role == Seat.Role.CHAIR,
                "value": pages.step_words(value),
            }
        )
    return found


def _line(one: Judged, board: Board) -> tuple[str, str]:
    return _at(min(one.values), board), _at(max(one.values), board)


def _axis(board: Board) -> list[tuple[str, str]]:
    low, high = int(board.scoring.low), int(board.scoring.high)
    return [(_at(Fraction(level), board), str(level)) for level in range(low, high + 1)]


def _at(value: Fraction, board: Board) -> str:
    part = (value - board.scoring.low) / (board.scoring.high - board.scoring.low)
    return pages.plain(12 + float(part) * WIDTH)


def _detail(one: Judged, board: Board) -> dict[str, Any]:
    middle = sorted(one.values)
    half = len(middle) // 2
    median = middle[half] if len(middle) % 2 else (middle[half - 1] + middle[half]) / 2
    return {
        "item": one.item,
        "weight": weights_shown(board.round)[one.item.measure.code],
        "scores": [
            {
                "mark": _mark(seat),
                "is_chair": seat.role == Seat.Role.CHAIR,
                "role": seat.get_role_display(),
                "value": pages.step_words(value),
                "note": score.note,
                "far": value in (min(one.values), max(one.values)) and one.spread > board.scoring.step,
            }
            for seat, value, score in zip(board.seats, one.values, one.scores, strict=True)
        ],
        "notes": one.item.notes.all(),
        "ruling": one.ruling,
        "value": pages.shown(one.settled) if one.settled is not None else "",
        "mean": pages.shown(one.mean),
        "median": pages.shown(median),
        "values": scale(one.item),
        "evidence_count": len(queries.current(one.item)),
        "url": reverse("evaluation:item", args=[board.round.slug, one.item.id]),
        "ground": reverse("evaluation:ground", args=[board.round.slug, one.item.id]),
        "is_open": one.ruling is None,
    }


def _chosen(wanted: str, board: Board, apart: list[Judged]) -> Judged | None:
    named = next((one for one in board.judged if str(one.item.id) == wanted), None)
    waiting = next((one for one in apart if one.ruling is None), None)
    return named or waiting or (apart[0] if apart else None)


def _mark(seat: Seat) -> str:
    """ "K" for the chair (ketua), the number for a member; on the page a word stands beside it."""
    return str(_("C")) if seat.role == Seat.Role.CHAIR else str(seat.number)


def _signed(value: Fraction) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{pages.shown(abs(value))}"
