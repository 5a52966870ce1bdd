"""What the pack says of the evaluation: dimensions, programmes, indicator sheets, published figures, words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.icons import UnknownIcon, icon
from kotacerdas.insight.evaluation.instruments.pack_rows import SECTIONS as INSTRUMENT_SECTIONS
from kotacerdas.insight.evaluation.models import (
    Dimension,
    IndicatorSheet,
    Label,
    Programme,
    ProgrammeDimension,
    PublishedFigure,
)
from kotacerdas.insight.evaluation.pack_programs import program_meant, running_programs, unknown_live
from kotacerdas.insight.evaluation.plan.pack_rows import SECTIONS as PLAN_SECTIONS
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert

_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, kw_only=True)
class DimensionRow:
    """One line of dimensions.csv."""

    code: str
    name_id: str
    name_en: str
    icon: str
    sequence: int


@dataclass(frozen=True, kw_only=True)
class ProgrammeRow:
    """One line of programmes.csv. `owner` is the code of the owning agency; without an icon, its dimension's."""

    code: str
    name: str
    icon: str = ""
    owner: str = ""
    valid_from: date
    valid_to: date | None = None
    basis: str


@dataclass(frozen=True, kw_only=True)
class ProgrammeDimensionRow:
    """One line of programme_dimensions.csv: which dimension a programme serves, from when to when."""

    programme: str
    dimension: str
    valid_from: date
    valid_to: date | None = None
    basis: str


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One line of indicators.csv, in the order they are shown within a programme."""

    code: str
    programme: str
    name_id: str
    name_en: str
    unit: str
    kind: Literal["flow", "stock", "ratio", "duration"]
    direction: Literal["more", "less", "neutral"]
    definition_id: str
    definition_en: str
    published_numerator: str = ""
    published_denominator: str = ""


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One line of published_figures.csv: a figure as published; `published` is a day, month or year."""

    programme: str
    series: str
    period_start: date
    period_end: date
    period: str
    value: Decimal
    unit: str
    published: str
    source: str


@dataclass(frozen=True, kw_only=True)
class LabelRow:
    """One line of labels.csv: words for a code of the pack's own."""

    domain: Literal["unit", "series", "period", "group"]
    code: str
    name_id: str
    name_en: str


def check_dimensions(rows: Sequence[DimensionRow], pack: Pack) -> Iterator[tuple[DimensionRow, str]]:
    """Icons exist and the order is unambiguous."""
    seen: set[int] = set()
    for row in rows:
        if row.sequence in seen:
            yield row, _("sequence: %(number)s stands twice") % {"number": row.sequence}
        seen.add(row.sequence)
    yield from _check_icons(rows)


def check_programmes(rows: Sequence[ProgrammeRow], pack: Pack) -> Iterator[tuple[ProgrammeRow, str]]:
    """A period ends after it begins, icons exist, and a program that runs finds its programme."""
    yield from check_periods(rows, pack)
    yield from _check_icons([row for row in rows if row.icon])
    tails: dict[str, set[str]] = {}
    for one in pack.of("indicators"):
        tails.setdefault(one.programme, set()).add(one.code.partition(".")[2])
    missing = running_programs() - {row.code for row in rows}
    for row in rows:
        if (meant := program_meant(row.code, tails.get(row.code, set()), missing)) is not None:
            words = {"meant": meant, "given": row.code}
            yield (
                row,
                _(
                    "code: the programme of the program %(meant)s is called %(meant)s, not %(given)s, in every file"
                )
                % words,
            )


def _check_icons(rows: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    for row in rows:
        try:
            icon(row.icon)
        except UnknownIcon:
            yield row, _("icon: the lucide set has no %(icon)s") % {"icon": row.icon}


def check_periods(rows: Sequence[Any], pack: Pack) -> Iterator[tuple[Any, str]]:
    """A period ends after it begins."""
    for row in rows:
        if row.valid_to is not None and row.valid_to < row.valid_from:
            yield (
                row,
                _("valid_to: %(last)s is before %(first)s")
                % {
                    "last": row.valid_to,
                    "first": row.valid_from,
                },
            )


def check_indicators(rows: Sequence[IndicatorRow], pack: Pack) -> Iterator[tuple[IndicatorRow, str]]:
    """Codes bear their programme's name, ratios and series are complete, every unit has words."""
    series = {figure.series for figure in pack.of("published_figures")}
    units = {label.code for label in pack.of("labels") if label.domain == "unit"}
    for row in rows:
        if not row.code.startswith(row.programme + "."):
            yield row, _("code: %(code)s must begin with the programme and a dot") % {"code": row.code}
        for name in (row.published_numerator, row.published_denominator):
            if name and name not in series:
                yield (
                    row,
                    _("published: there is no series %(name)s in published_figures.csv") % {"name": name},
                )
        if message := unknown_live(row.code, row.kind, is_published=bool(row.published_numerator)):
            yield row, message
        if row.published_denominator and not row.published_numerator:
            yield row, _("published_numerator: a denominator alone makes no ratio")
        if row.unit not in units:
            yield row, _no_words() % {"domain": "unit", "code": row.unit}


def check_figures(rows: Sequence[FigureRow], pack: Pack) -> Iterator[tuple[FigureRow, str]]:
    """Periods are periods, a publication has a date, codes have words."""
    words = {(label.domain, label.code) for label in pack.of("labels")}
    for row in rows:
        if row.period_end < row.period_start:
            yield (
                row,
                _("period_end: %(last)s is before %(first)s")
                % {
                    "last": row.period_end,
                    "first": row.period_start,
                },
            )
        if not _PUBLISHED.fullmatch(row.published):
            yield (
                row,
                _("published: write a day, month or year like 2024-01-22, not %(given)s")
                % {"given": row.published},
            )
        for domain, code in (("unit", row.unit), ("series", row.series), ("period", row.period)):
            if (domain, code) not in words:
                yield row, _no_words() % {"domain": domain, "code": code}


def load_dimensions(rows: Sequence[DimensionRow], pack: Pack) -> Counts:
    """Dimensions by code; one gone from the pack stays, since past years may be scored under it."""
    return upsert(Dimension, ("code",), [vars(row) for row in rows])


def load_programmes(rows: Sequence[ProgrammeRow], pack: Pack) -> Counts:
    """Programmes by code; one gone from the pack ends yesterday."""
    wanted = [
        {
            "code": row.code,
            "name": row.name,
            "icon": row.icon,
            "owner_code": row.owner,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "basis": row.basis,
        }
        for row in rows
    ]
    return upsert(Programme, ("code",), wanted, gone=_ended)


def load_mappings(rows: Sequence[ProgrammeDimensionRow], pack: Pack) -> Counts:
    """Which dimension a programme serves; a mapping gone from the pack ends yesterday."""
    programmes = dict(Programme.objects.values_list("code", "id"))
    dimensions = dict(Dimension.objects.values_list("code", "id"))
    wanted = [
        {
            "programme_id": programmes[row.programme],
            "dimension_id": dimensions[row.dimension],
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "basis": row.basis,
        }
        for row in rows
    ]
    return upsert(ProgrammeDimension, ("programme_id", "dimension_id", "valid_from"), wanted, gone=_ended)


def load_indicators(rows: Sequence[IndicatorRow], pack: Pack) -> Counts:
    """Indicator sheets by code; those gone from the pack are closed, never deleted."""
    programmes = dict(Programme.objects.values_list("code", "id"))
    wanted = [
        {
            **{name: value for name, value in vars(row).items() if name != "programme"},
            "programme_id": programmes[row.programme],
            "sequence": order,
            "closed_on": None,
        }
        for order, row in enumerate(rows, 1)
    ]
    return upsert(IndicatorSheet, ("code",), wanted, gone=_closed)


def load_figures(rows: Sequence[FigureRow], pack: Pack) -> Counts:
    """Published figures by programme, series and period. One gone from the pack is withdrawn: it goes."""
    programmes = dict(Programme.objects.values_list("code", "id"))
    key = ("programme_id", "series", "period_start", "period_end")
    wanted = [
        {
            **{name: value for name, value in vars(row).items() if name != "programme"},
            "programme_id": programmes[row.programme],
        }
        for row in rows
    ]
    wanted_keys = {tuple(values[name] for name in key) for values in wanted}
    here = PublishedFigure.objects.values_list("pk", *key)
    removed, _models = PublishedFigure.objects.filter(
        pk__in=[pk for pk, *rest in here if tuple(rest) not in wanted_keys]
    ).delete()
    return upsert(PublishedFigure, key, wanted) + Counts(closed=removed)


def load_labels(rows: Sequence[LabelRow], pack: Pack) -> Counts:
    """Words by domain and code; those gone from the pack stay for older figures."""
    return upsert(Label, ("domain", "code"), [vars(row) for row in rows])


def _no_words() -> str:
    return _("%(domain)s: %(code)s has no words; add %(domain)s,%(code)s,…,… to labels.csv")


def _closed(row: Any) -> dict[str, date]:
    return {"closed_on": row.closed_on or clock.today()}


def _ended(row: Any) -> dict[str, date]:
    yesterday = clock.today() - timedelta(days=1)
    return {"valid_to": min(row.valid_to or yesterday, max(yesterday, row.valid_from))}


SECTIONS = (
    Section(
        name="dimensions",
        file="dimensions.csv",
        row=DimensionRow,
        stored=Dimension,
        key=("code",),
        load=load_dimensions,
        check=check_dimensions,
    ),
    Section(
        name="programmes",
        file="programmes.csv",
        row=ProgrammeRow,
        stored=Programme,
        columns={"owner": "owner_code"},
        key=("code",),
        load=load_programmes,
        after=("agencies",),
        refs={"owner": "agencies.code"},
        check=check_programmes,
    ),
    Section(
        name="programme_dimensions",
        file="programme_dimensions.csv",
        row=ProgrammeDimensionRow,
        stored=ProgrammeDimension,
        key=("programme", "dimension", "valid_from"),
        load=load_mappings,
        after=("programmes", "dimensions"),
        refs={"programme": "programmes.code", "dimension": "dimensions.code"},
        check=check_periods,
    ),
    Section(
        name="indicators",
        file="indicators.csv",
        row=IndicatorRow,
        stored=IndicatorSheet,
        key=("code",),
        load=load_indicators,
        after=("programmes",),
        refs={"programme": "programmes.code"},
        check=check_indicators,
    ),
    Section(
        name="published_figures",
        file="published_figures.csv",
        row=FigureRow,
        stored=PublishedFigure,
        key=("programme", "series", "period_start", "period_end"),
        load=load_figures,
        after=("programmes",),
        refs={"programme": "programmes.code"},
        check=check_figures,
        optional=True,
    ),
    Section(
        name="labels", file="labels.csv", row=LabelRow, stored=Label, key=("domain", "code"), load=load_labels
    ),
    *INSTRUMENT_SECTIONS,
    *PLAN_SECTIONS,
)
