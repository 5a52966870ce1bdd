"""The year's page, and entering a target in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.indicators.queries import missing_by_indicator
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.ui import shapes
from kotacerdas.foundation.ui.tags.words import day as day_words
from kotacerdas.insight.evaluation import queries, words
from kotacerdas.insight.evaluation.actions import target_set
from kotacerdas.insight.evaluation.entries import entry_of, written
from kotacerdas.insight.evaluation.models import IndicatorSheet, PublishedFigure
from kotacerdas.insight.evaluation.permissions import SET_TARGET, VIEW
from kotacerdas.insight.evaluation.queries import DimensionScore, Line, Published
from kotacerdas.insight.evaluation.scores import band
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing
from kotacerdas.kernel.regency import regency

TONES: dict[str, Any] = {"good": "padi", "fair": "kunyit", "poor": "terasi", "none": "plain"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the year's table, in words."""

    line: Line
    url: str
    target_url: str
    unit: str
    target: str
    typed: dict[str, str]
    can_target: bool
    actual: str
    missing: int
    percent: str
    meter: shapes.Meter | None
    published: str
    published_note: str
    difference: str
    spark: shapes.Sparkline | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """A dimension with its rows. `first_here`: codes of indicators that no dimension before it shows."""

    score: DimensionScore
    percent: str
    meter: shapes.Meter
    note: str
    rows: tuple[Row, ...]
    first_here: frozenset[str] = frozenset()


@require_safe
@desk(VIEW)
def home(request: HttpRequest) -> HttpResponse:
    """The present year."""
    return HttpResponseRedirect(reverse("evaluation:year", args=[clock.today().year]))


@require_safe
@desk(VIEW)
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Master plan → dimension → programme → indicator, in one year."""
    return _page(request, year)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(SET_TARGET)
def target(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Enter, change or take back a target; with a wrong value the page comes again with what was typed.

    That page stands at this address, so asking for it leads to the same form in the year's page.
    """
    sheet = IndicatorSheet.objects.filter(code=code, closed_on=None).first()
    if sheet is None or year not in queries.open_years():
        raise Missing(_("There is no such indicator."), remedy=_("Choose one from the year's list."))
    if request.method != "POST":
        asked = urlencode({"target": code})
        return HttpResponseRedirect(f"{reverse('evaluation:year', args=[year])}?{asked}#target-{code}")
    try:
        entry = entry_of(sheet, request.POST)
        target_set(
            actor=acting(request, SET_TARGET),
            sheet=sheet,
            year=year,
            value=entry.value,
            weight=entry.weight,
            basis=entry.basis,
        )
    except Invalid as wrong:
        return _page(
            request, year, wrong={"code": code, "fields": wrong.fields, "typed": request.POST}, status=422
        )
    notice = _("The target was taken back.") if entry.value is None else _("The target is stored.")
    messages.success(request, notice)
    return HttpResponseRedirect(f"{reverse('evaluation:year', args=[year])}#{code}")


def _page(
    request: HttpRequest, year: int, *, wrong: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    missing = missing_by_indicator()
    with words.labels_read():
        scores = queries.year_scores(year)
        groups = _once([_group(score, missing) for score in scores])
    lines = queries.lines_once(scores)
    judged = [line for line in lines if line.sheet.direction != "neutral"]
    context = {
        "year": year,
        "years": [
            shapes.Chip(text=str(one), url=reverse("evaluation:year", args=[one]), on=one == year)
            for one in queries.open_years()
        ],
        "groups": groups,
        "whole": percent_words(queries.whole_percent(scores)),
        "shared": sum(len(score.lines) for score in scores) > len(lines),
        "no_target": sum(line.target is None for line in judged),
        "may_target": grants_for(request).may(SET_TARGET),
        "wrong": wrong,
        "editing": request.GET.get("target", "") or (wrong or {}).get("code", ""),
        "crumbs": (
            shapes.Crumb(text=_("Evaluation"), url=reverse("evaluation:home")),
            shapes.Crumb(text=str(year)),
        ),
        "sources": PublishedFigure.objects.count(),
    }
    return render(request, "evaluation/year.html", context, status=status)


def _once(groups: Sequence[Group]) -> list[Group]:
    """The groups, each knowing which indicators the page has not shown before it: their addresses stand there."""
    seen: set[str] = set()
    found = []
    for group in groups:
        codes = {row.line.sheet.code for row in group.rows}
        found.append(replace(group, first_here=frozenset(codes - seen)))
        seen |= codes
    return found


def _group(score: DimensionScore, missing: Mapping[str, int]) -> Group:
    bands = regency().bands
    if not score.programmes:
        note = _("no programme served this dimension in that year")
    elif not score.can_have_target:
        note = _("no indicator that is judged")
    else:
        note = _("%(n)d of %(m)d have a target") % {"n": score.with_target, "m": score.can_have_target}
    shown = percent_words(score.percent)
    return Group(
        score=score,
        percent=shown,
        note=note,
        meter=shapes.Meter(
            label=score.dimension.name,
            value=_bar(score.percent),
            shown=shown,
            target=0.9,
            tone=TONES[band(score.percent, bands.good_from, bands.fair_from)],
        ),
        rows=tuple(_row(line, missing.get(line.sheet.code, 0)) for line in score.lines),
    )


def _row(line: Line, missing: int) -> Row:
    bands, latest, difference = regency().bands, line.latest, line.difference
    return Row(
        line=line,
        url=reverse("evaluation:score", args=[line.year, line.sheet.code]),
        target_url=reverse("evaluation:target", args=[line.year, line.sheet.code]),
        unit="%" if line.sheet.unit == "percent" else words.unit(line.sheet.unit),
        target=words.figure(line.sheet, line.target.value) if line.target else "",
        typed={
            "value": written(line.target.value),
            "weight": written(line.target.weight),
            "basis": line.target.basis,
        }
        if line.target
        else {},
        can_target=line.sheet.direction != "neutral",
        actual=words.figure(line.sheet, line.actual),
        missing=missing,
        percent=percent_words(line.percent),
        meter=shapes.Meter(
            label="",
            value=_bar(line.percent),
            shown=percent_words(line.percent),
            target=0.9,
            tone=TONES[band(line.percent, bands.good_from, bands.fair_from)],
        )
        if line.percent is not None
        else None,
        published=words.figure(line.sheet, latest.value) if latest else "",
        published_note=source_words(latest) if latest else "",
        difference=_difference(line, difference),
        spark=trend(line),
    )


def percent_words(percent: Decimal | None) -> str:
    """`94%`, or "" when not assessed."""
    return "" if percent is None else f"{round(percent)}%"


def source_words(point: Published) -> str:
    """Period and who published it."""
    if point.whole_year:
        period = str(point.start.year)
    elif point.start == point.end:
        period = day_words(point.start)
    else:
        period = f"{day_words(point.start)} – {day_words(point.end)}"
    return f"{period} · {point.source}"


def trend(line: Line) -> shapes.Sparkline | None:
    """Published whole years with the live present behind them; gaps stay gaps."""
    by_year: dict[int, float] = {one.start.year: float(one.value) for one in line.published if one.whole_year}
    if line.actual is not None:
        by_year[line.year] = float(line.actual)
    if len(by_year) < 2:
        return None
    values = tuple(by_year.get(one) for one in range(min(by_year), max(by_year) + 1))
    figures = ", ".join(f"{one}: {words.figure(line.sheet, value)}" for one, value in sorted(by_year.items()))
    return shapes.Sparkline(
        values=values, label=figures, goal=float(line.target.value) if line.target else None
    )


def _difference(line: Line, difference: Decimal | None) -> str:
    if difference is None:
        return ""
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return _("same period: %(difference)s") % {"difference": sign + words.figure(line.sheet, abs(difference))}


def _bar(percent: Decimal | None) -> float | None:
    """On the bar the target stands at 90%, so that over-attainment has room."""
    return None if percent is None else float(min(percent, Decimal(111)) * Decimal("0.009"))
