"""One score: its formula, its years, its agencies and districts, and the journal rows behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.indicators import queries as live
from kotacerdas.foundation.indicators.declarations import indicators
from kotacerdas.foundation.indicators.queries import Figure
from kotacerdas.foundation.journal.models import Row, Sealed
from kotacerdas.foundation.parties.access import desk, grants_for
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.parties.subjects import Seen, seen, subjects
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui import shapes
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.insight.evaluation import queries, words
from kotacerdas.insight.evaluation.districts import district_map, size_of
from kotacerdas.insight.evaluation.models import IndicatorSheet
from kotacerdas.insight.evaluation.pages import exact
from kotacerdas.insight.evaluation.permissions import SET_TARGET, VIEW
from kotacerdas.insight.evaluation.queries import Line
from kotacerdas.insight.evaluation.views import percent_words, source_words
from kotacerdas.kernel.errors import Missing

PAGE = 25
MOST_AGENCIES = 8


@dataclass(frozen=True, kw_only=True)
class Behind:
    """One subject behind a figure: its last row, and what it adds to numerator and denominator."""

    position: int
    occurred_at: datetime
    act: str
    number: str
    url: str
    agency: str
    district: str
    numerator: str
    denominator: int
    height: int


@require_safe
@desk(VIEW)
def score(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The page of one indicator in one year; `dinas`, `kecamatan` and `bagian` narrow the rows."""
    return render(request, "evaluation/score.html", _context(request, year, code))


@require_safe
@limited("check", capacity=12, seconds=60, methods=("GET",))
@desk(VIEW)
def check(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Compute the figure anew from sealed rows and say whether it agrees; writes nothing."""
    line = queries.line_of(code, year)
    if code not in indicators():
        raise Missing(_("This figure is not computed here yet."), remedy=_("Look at the published figures."))
    verdict = live.check(code, *queries.span(year))
    context = {
        "verdict": verdict,
        "line": line,
        "shown": words.figure(line.sheet, queries.in_unit(verdict.anew)),
    }
    if request.headers.get("HX-Request"):
        return render(request, "evaluation/check.html", context)
    return render(request, "evaluation/score.html", {**_context(request, year, code), **context})


def _unrounded(line: Line) -> str:
    """A ratio in percent with four digits behind the comma, cut off and not rounded: `94,4834…`, `6,25`; "" where it has
    no more digits than the page shows anyway."""
    if line.sheet.kind != "ratio" or line.figure is None or line.figure.denominator <= 0:
        return ""
    share = Fraction(100 * line.figure.numerator, line.figure.denominator)
    return "" if (share * 10).denominator == 1 else exact(share, 4)


def _context(request: HttpRequest, year: int, code: str) -> dict[str, Any]:
    line = queries.line_of(code, year)
    dimensions = queries.dimensions_of(line.sheet, year)
    first, last = queries.span(year)
    narrowed = {name: request.GET.get(name, "") for name in ("dinas", "kecamatan", "bagian")}
    own = indicators().get(code)
    above = reverse("evaluation:year", args=[year])
    context: dict[str, Any] = {
        "year": year,
        "line": line,
        "unrounded": _unrounded(line),
        "missing": live.missing_rows(code),
        "rounded": words.figure(line.sheet, line.actual),
        "percent": percent_words(line.percent),
        "target": words.figure(line.sheet, line.target.value) if line.target else "",
        "dimensions": dimensions,
        "crumbs": (
            shapes.Crumb(text=str(year), url=above),
            shapes.Crumb(
                text=" · ".join(one.name for one in dimensions) or _("without a dimension"), url=above
            ),
            shapes.Crumb(text=line.sheet.programme.name, url=f"{above}#{code}"),
            shapes.Crumb(text=line.sheet.name),
        ),
        "chart": years_chart(line),
        "may_target": grants_for(request).may(SET_TARGET),
        "check_url": reverse("evaluation:check", args=[year, code]),
        "published": [
            (words.figure(line.sheet, one.value), source_words(one)) for one in reversed(line.published)
        ],
    }
    if own is not None and line.figure is not None:
        context |= {
            "terms": own.terms,
            "version": own.version,
            "agencies": agency_meters(line, first, last, narrowed),
            "map": district_map(
                line,
                first,
                last,
                chosen=narrowed["kecamatan"],
                link=lambda code: _narrow(line, narrowed, kecamatan=code),
            ),
            **rows_context(request, line, first, last, narrowed),
        }
    return context


def years_chart(line: Line) -> shapes.BarChart:
    """Published beside live, year by year, against the target; a year without either says why."""
    sheet = line.sheet
    groups, top = [], Decimal(0)
    for year in sorted({*queries.years(), line.year}):
        one = queries.line_of(sheet.code, year)
        bars, notes = [], []
        for point in (point for point in line.published if point.start.year == year):
            bars.append(
                shapes.Bar(value=float(point.value), shown=words.figure(sheet, point.value), kind="published")
            )
            if point.numerator is not None and point.denominator is not None:
                notes.append(
                    _("%(n)s of %(m)s") % {"n": _whole(point.numerator), "m": _whole(point.denominator)}
                )
            if not point.whole_year:
                notes.append(words.label("period", point.period))
            top = max(top, point.value)
        if one.actual is not None:
            bars.append(shapes.Bar(value=float(one.actual), shown=words.figure(sheet, one.actual)))
            top = max(top, one.actual)
        target = one.target.value if one.target else None
        top = max(top, target or Decimal(0))
        groups.append(
            shapes.BarGroup(
                label=str(year),
                bars=tuple(bars[-2:]),
                notes=tuple(notes[:2]),
                target=float(target) if target else None,
                target_text=_("target %(n)s") % {"n": words.figure(sheet, target)} if target else "",
                missing="" if bars else _("no figure yet"),
            )
        )
    sources = sorted({one.source for one in line.published})
    percent = sheet.unit == "percent"
    return shapes.BarChart(
        title=_("By year against the target"),
        groups=tuple(groups),
        ticks=(0, 25, 50, 75, 100) if percent else ticks(float(top)),
        unit="%" if percent else "",
        source=_("Published figures: %(sources)s") % {"sources": "; ".join(sources)} if sources else "",
    )


def ticks(top: float) -> tuple[float, ...]:
    """Five round ticks from zero to at least the top."""
    if top <= 0:
        return (0, 1)
    step = 10 ** (len(str(int(top))) - 1)
    for factor in (0.25, 0.5, 1, 2, 2.5, 5):
        if step * factor * 4 >= top:
            step *= factor
            break
    return tuple(step * count for count in range(5))


def agency_meters(line: Line, first: date, last: date, narrowed: dict[str, str]) -> list[shapes.Meter]:
    """Agencies with the most behind them first; the rest summed in one bar."""
    figures = live.figures(line.sheet.code, first, last, by="agency")
    weighty = sorted(
        ((code, figure) for code, figure in figures.items() if size_of(figure)),
        key=lambda pair: -size_of(pair[1]),
    )
    names = dict(Agency.objects.values_list("code", "short_name"))
    shown = [(names.get(code, code), figure, code) for code, figure in weighty[:MOST_AGENCIES]]
    if rest := [figure for _code, figure in weighty[MOST_AGENCIES:]]:
        shown.append((_("%(n)d other agencies") % {"n": len(rest)}, _sum(rest), ""))
    full = _full([figure for _label, figure, _code in shown])
    return [_meter(line, label, figure, full, _link(line, narrowed, code)) for label, figure, code in shown]


def _full(figures: list[Figure]) -> float:
    """What fills a bar: 100% of a share, else the largest of the figures beside each other."""
    if figures and figures[0].kind == "ratio":
        return 100.0
    return (
        max((float(value) for one in figures if (value := queries.in_unit(one)) is not None), default=0)
        or 1.0
    )


def _meter(line: Line, label: str, figure: Figure, full: float, href: str) -> shapes.Meter:
    value = queries.in_unit(figure)
    target = line.target.value if line.target else None
    below = target is not None and value is not None and value < target and line.sheet.direction == "more"
    ratio = figure.kind == "ratio"
    return shapes.Meter(
        label=label,
        value=min(1.0, float(value) / full) if value is not None else None,
        shown=words.figure(line.sheet, value) or "–",
        note=f"{number(figure.numerator)} / {number(figure.denominator)}" if ratio else "",
        target=min(1.0, float(target) / full) if target is not None and ratio else None,
        tone="plain" if below else "laut",
        href=href,
    )


def _link(line: Line, narrowed: dict[str, str], agency: str) -> str:
    return _narrow(line, narrowed, dinas=agency) if agency else ""


def rows_context(
    request: HttpRequest, line: Line, first: date, last: date, narrowed: dict[str, str]
) -> dict[str, Any]:
    """The subjects behind the figure, newest first, with chips that narrow them."""
    agencies = [narrowed["dinas"]] if narrowed["dinas"] else None
    chosen = (
        live.rows_behind(line.sheet.code, first, last, agencies=agencies, area=narrowed["kecamatan"])
        .order_by()
        .values("subject_id")
        .annotate(top=Max("position"), n=Sum("numerator"), d=Sum("denominator"))
        .exclude(n=0, d=0)
        .order_by("-top")
    )
    parts = {"ya": Q(n__gte=F("d")), "tidak": Q(n__lt=F("d"))}  # a case may hold kept and broken promises
    part = parts.get(narrowed["bagian"])
    page = Paginator(chosen.filter(part) if part else chosen, PAGE).get_page(request.GET.get("halaman"))
    ratio = line.sheet.kind == "ratio"
    chips = [
        shapes.Chip(text=_("All"), url=_narrow(line, narrowed, bagian=""), count=chosen.count(), on=not part)
    ]
    if ratio:
        for name, label in (("ya", _("all counted")), ("tidak", _("not or not wholly"))):
            chips.append(
                shapes.Chip(
                    text=label,
                    url=_narrow(line, narrowed, bagian=name),
                    count=chosen.filter(parts[name]).count(),
                    on=narrowed["bagian"] == name,
                )
            )
    chips += _narrowing_chips(line, narrowed)
    return {
        "page": page,
        "rows": behind(line.sheet, list(page.object_list), grants_for(request)),
        "chips": chips,
    }


def _narrowing_chips(line: Line, narrowed: dict[str, str]) -> list[shapes.Chip]:
    chips = []
    if narrowed["dinas"]:
        agency = Agency.objects.filter(code=narrowed["dinas"]).first()
        name = agency.short_name if agency else narrowed["dinas"]
        chips.append(shapes.Chip(text=name, url=_narrow(line, narrowed, dinas=""), on=True, removable=True))
    if narrowed["kecamatan"]:
        area = area_by_code(narrowed["kecamatan"])
        name = area.name if area else narrowed["kecamatan"]
        chips.append(
            shapes.Chip(text=name, url=_narrow(line, narrowed, kecamatan=""), on=True, removable=True)
        )
    return chips


def behind(sheet: IndicatorSheet, sums: Iterable[Any], grants: Grants) -> list[Behind]:
    """Rows in words: ids, codes and the ticket number; a link only where the reader may see the case."""
    sums = list(sums)
    marks = {
        one.position: one
        for one in Sealed.objects.filter(position__in=[s["top"] for s in sums]).select_related("block")
    }
    rows = Row.objects.in_bulk([mark.row_id for mark in marks.values()])
    things = seen(grants, [(row.subject_kind, row.subject_id) for row in rows.values()])
    ids: list[UUID] = [row.subject_id for row in rows.values()]
    numbers = dict(Case.objects.filter(id__in=ids).values_list("id", "number"))
    names = dict(Agency.objects.values_list("code", "short_name"))
    return [
        _behind(sheet, one, marks[one["top"]], rows[marks[one["top"]].row_id], numbers, things, names)
        for one in sums
        if one["top"] in marks
    ]


def _behind(
    sheet: IndicatorSheet,
    one: dict[str, Any],
    mark: Sealed,
    row: Row,
    numbers: dict[UUID, str],
    things: dict[UUID, Seen],
    names: dict[str, str],
) -> Behind:
    thing, subject = things.get(row.subject_id), subjects().get(row.subject_kind)
    area = area_by_code(str(row.codes.get("area", "")))
    district = area_by_code(area.code[: len("00.00.00")]) if area else None
    agency = str(row.codes.get("agency", ""))
    return Behind(
        position=one["top"],
        occurred_at=row.occurred_at,
        act=subject.act(row.verb) if subject else row.verb,
        number=numbers.get(row.subject_id) or (thing.words if thing else ""),
        url=thing.url if thing else "",
        agency=names.get(agency, agency),
        district=district.name if district else "",
        numerator=_added(sheet, one["n"]),
        denominator=one["d"],
        height=mark.block.height,
    )


def _added(sheet: IndicatorSheet, count: int) -> str:
    """What a subject adds: a time in the unit of its indicator, else a count."""
    if sheet.kind == IndicatorSheet.Kind.DURATION:
        return words.figure(sheet, Decimal(count) / queries.MINUTES_PER_HOUR)
    return number(count)


def _whole(value: Decimal) -> str:
    return number(int(value))


def _narrow(line: Line, narrowed: dict[str, str], **change: str) -> str:
    wanted = {name: value for name, value in {**narrowed, **change}.items() if value}
    address = reverse("evaluation:score", args=[line.year, line.sheet.code])
    return f"{address}?{urlencode(wanted)}#baris" if wanted else f"{address}#baris"


def _sum(figures: list[Figure]) -> Figure:
    buckets: dict[int, int] = {}
    for figure in figures:
        for bucket, count in figure.buckets.items():
            buckets[bucket] = buckets.get(bucket, 0) + count
    return Figure(
        kind=figures[0].kind,
        numerator=sum(figure.numerator for figure in figures),
        denominator=sum(figure.denominator for figure in figures),
        buckets=buckets,
    )
