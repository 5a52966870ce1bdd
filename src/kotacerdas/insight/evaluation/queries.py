"""A year's evaluation: dimensions, indicators, live and published figures, attainment. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kotacerdas.foundation.indicators import queries as live
from kotacerdas.foundation.indicators.declarations import indicators as live_indicators
from kotacerdas.foundation.indicators.models import Daily
from kotacerdas.foundation.indicators.queries import Figure
from kotacerdas.insight.evaluation.models import (
    Dimension,
    IndicatorSheet,
    Programme,
    ProgrammeDimension,
    PublishedFigure,
    Target,
)
from kotacerdas.insight.evaluation.scores import Attained, attainment, dimension_mean
from kotacerdas.insight.evaluation.yearly import figure_of_year, figures_of_year
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing

FIRST_YEAR = 2021
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, kw_only=True)
class Published:
    """A published figure of an indicator over its own period, in the indicator's unit."""

    start: date
    end: date
    period: str
    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    source: str
    published: str

    @property
    def whole_year(self) -> bool:
        return (self.start, self.end) == (date(self.start.year, 1, 1), date(self.start.year, 12, 31))


@dataclass(frozen=True, kw_only=True)
class Line:
    """One indicator in one year."""

    sheet: IndicatorSheet
    year: int
    target: Target | None
    figure: Figure | None
    actual: Decimal | None
    published: tuple[Published, ...]
    percent: Decimal | None

    @property
    def latest(self) -> Published | None:
        """The newest figure published for this year or before it."""
        past = [one for one in self.published if one.start.year <= self.year]
        return past[-1] if past else None

    @property
    def difference(self) -> Decimal | None:
        """Live minus published over exactly the same period; None where there is no such pair."""
        latest = self.latest
        if latest is None or latest.start.year != self.year:
            return None
        live = live_value(self.sheet, latest.start, latest.end)
        return None if live is None else live - latest.value


@dataclass(frozen=True, kw_only=True)
class DimensionScore:
    """A dimension in a year: its mean over assessed indicators, and how many of them have a target."""

    dimension: Dimension
    programmes: tuple[Programme, ...]
    lines: tuple[Line, ...]
    percent: Decimal | None

    @property
    def with_target(self) -> int:
        return sum(line.target is not None for line in self.lines)

    @property
    def can_have_target(self) -> int:
        return sum(line.sheet.direction != "neutral" for line in self.lines)


def years() -> list[int]:
    """Years that have figures: from the first published one to the present."""
    return list(range(FIRST_YEAR, clock.today().year + 1))


def open_years() -> list[int]:
    """Years that can be opened: one more than have figures, whose targets are entered before it begins."""
    return [*years(), clock.today().year + 1]


def year_scores(year: int) -> list[DimensionScore]:
    """All dimensions of a year, each with the programmes that served it then. Missing for other years."""
    if year not in open_years():
        raise Missing(
            _("There is no evaluation of %(year)s.") % {"year": year}, remedy=_("Choose another year.")
        )
    serving: defaultdict[str, list[Programme]] = defaultdict(list)
    for mapping in ProgrammeDimension.objects.in_year(year).select_related("dimension", "programme"):
        if mapping.programme not in serving[mapping.dimension.code]:
            serving[mapping.dimension.code].append(mapping.programme)
    published = _published()
    targets = {target.indicator_id: target for target in Target.objects.filter(year=year)}
    sheets: defaultdict[str, list[IndicatorSheet]] = defaultdict(list)
    every = list(IndicatorSheet.objects.filter(closed_on=None).select_related("programme"))
    for sheet in every:
        sheets[sheet.programme.code].append(sheet)
    declared = live_indicators()
    figures = figures_of_year([code for code in (one.code for one in every) if code in declared], year)
    return [
        _dimension(
            dimension,
            serving[dimension.code],
            [
                _line(sheet, year, targets.get(sheet.id), published[sheet.code], figures.get(sheet.code))
                for programme in serving[dimension.code]
                for sheet in sheets[programme.code]
            ],
        )
        for dimension in Dimension.objects.all()
    ]


def lines_once(scores: Iterable[DimensionScore]) -> list[Line]:
    """Each indicator once, however many dimensions its programme serves."""
    return list({line.sheet.code: line for score in scores for line in score.lines}.values())


def whole_percent(scores: Iterable[DimensionScore]) -> Decimal | None:
    """The weighted mean over the assessed indicators of a year, each counted once; None where none is assessed."""
    return dimension_mean(_attained(line) for line in lines_once(scores))


def line_of(code: str, year: int) -> Line:
    """One indicator in one year. Missing when either is unknown."""
    sheet = IndicatorSheet.objects.filter(code=code, closed_on=None).select_related("programme").first()
    if sheet is None or year not in open_years():
        raise Missing(_("There is no such indicator."), remedy=_("Choose one from the year's list."))
    target = Target.objects.filter(indicator=sheet, year=year).first()
    return _line(sheet, year, target, _published()[code], live_figure(code, *span(year)))


def dimensions_of(sheet: IndicatorSheet, year: int) -> list[Dimension]:
    """The dimensions that an indicator's programme served in a year, in their order; a programme may serve several."""
    mappings = ProgrammeDimension.objects.in_year(year).filter(programme=sheet.programme)
    found = {one.dimension_id: one.dimension for one in mappings.select_related("dimension")}
    return sorted(found.values(), key=lambda one: one.sequence)


def span(year: int) -> tuple[date, date]:
    """First and last day of a year; the present year ends today."""
    return date(year, 1, 1), min(date(year, 12, 31), clock.today())


def live_figure(code: str, first: date, last: date) -> Figure | None:
    """The live figure; None where no program declares it or nothing had happened yet."""
    if code not in live_indicators():
        return None
    if (first, last) == span(first.year):
        return figure_of_year(code, first.year)
    if not Daily.objects.filter(indicator=code, day__range=(live.beginning(code, first), last)).exists():
        return None
    return live.figure(code, first, last)


def live_value(sheet: IndicatorSheet, first: date, last: date) -> Decimal | None:
    """The live figure in the unit of the sheet: percent for ratios, working hours for durations."""
    figure = live_figure(sheet.code, first, last)
    return None if figure is None else in_unit(figure)


def in_unit(figure: Figure) -> Decimal | None:
    """A figure's value as people read it: ratios in percent, durations in hours."""
    value = figure.value
    if value is None:
        return None
    if figure.kind == "ratio":
        return Decimal(figure.numerator) / Decimal(figure.denominator) * 100
    if figure.kind == "duration":
        return Decimal(str(value)) / MINUTES_PER_HOUR
    return Decimal(figure.numerator)


def _line(
    sheet: IndicatorSheet,
    year: int,
    target: Target | None,
    published: tuple[Published, ...],
    figure: Figure | None,
) -> Line:
    actual = in_unit(figure) if figure else None
    return Line(
        sheet=sheet,
        year=year,
        target=target,
        figure=figure,
        actual=actual,
        published=published,
        percent=attainment(
            _judged(actual, published, year), target.value if target else None, sheet.direction
        ),
    )


def _judged(actual: Decimal | None, published: tuple[Published, ...], year: int) -> Decimal | None:
    """What is held against the target: the live figure, else the one published for the whole year."""
    if actual is not None:
        return actual
    return next((one.value for one in published if one.whole_year and one.start.year == year), None)


def _dimension(dimension: Dimension, programmes: list[Programme], lines: list[Line]) -> DimensionScore:
    return DimensionScore(
        dimension=dimension,
        programmes=tuple(programmes),
        lines=tuple(lines),
        percent=dimension_mean(_attained(line) for line in lines),
    )


def _attained(line: Line) -> Attained:
    return Attained(percent=line.percent, weight=line.target.weight if line.target else None)


def _published() -> defaultdict[str, tuple[Published, ...]]:
    """Published figures by indicator code, oldest first; a ratio needs both its series in the same period."""
    series: dict[tuple[str, str, date, date], PublishedFigure] = {}
    for figure in PublishedFigure.objects.select_related("programme"):
        series[figure.programme.code, figure.series, figure.period_start, figure.period_end] = figure
    found: defaultdict[str, tuple[Published, ...]] = defaultdict(tuple)
    for sheet in IndicatorSheet.objects.exclude(published_numerator="").select_related("programme"):
        values = [
            _point(sheet, figure, series)
            for (programme, name, *_period), figure in series.items()
            if programme == sheet.programme.code and name == sheet.published_numerator
        ]
        found[sheet.code] = tuple(sorted((one for one in values if one), key=lambda one: one.start))
    return found


def _point(
    sheet: IndicatorSheet,
    figure: PublishedFigure,
    series: dict[tuple[str, str, date, date], PublishedFigure],
) -> Published | None:
    value, denominator = figure.value, None
    if sheet.published_denominator:
        key = (sheet.programme.code, sheet.published_denominator, figure.period_start, figure.period_end)
        below = series.get(key)
        if below is None or not below.value:
            return None
        denominator, value = below.value, figure.value / below.value * 100
    return Published(
        start=figure.period_start,
        end=figure.period_end,
        period=figure.period,
        value=value,
        numerator=figure.value if denominator is not None else None,
        denominator=denominator,
        source=figure.source,
        published=figure.published,
    )
