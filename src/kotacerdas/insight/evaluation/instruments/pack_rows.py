"""What the pack says of instruments: instruments.csv, measures.csv, measure_weights.csv, rubric.csv, score_classes.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.insight.evaluation.instruments.loading import (
    load_classes,
    load_instruments,
    load_levels,
    load_measures,
    load_weights,
)
from kotacerdas.insight.evaluation.models import Instrument, Level, Measure, MeasureWeight, ScoreClass
from kotacerdas.kernel.pack import Pack, Section

_KEY = re.compile(r"[a-z][a-z0-9-]{0,22}/[a-z0-9.-]{1,16}")


@dataclass(frozen=True, kw_only=True)
class InstrumentRow:
    """One line of instruments.csv. `code` is name/version; a version that a round has used never changes."""

    code: str
    kind: Literal["panel", "survey"]
    name_id: str
    name_en: str
    scale_from: Decimal
    scale_to: Decimal
    step: Decimal
    assessors: int = 0
    factor: Decimal = Decimal(1)
    rounding: Literal["half_up", "half_even", "down"]
    places: int
    other_weight: Decimal | None = None
    valid_from: date
    valid_to: date | None = None
    basis: str


@dataclass(frozen=True, kw_only=True)
class MeasureRow:
    """One line of measures.csv, in the order they are shown. `figures`: agencies state indicators here."""

    instrument: str
    code: str
    name_id: str
    name_en: str
    question_id: str = ""
    question_en: str = ""
    figures: bool = False


@dataclass(frozen=True, kw_only=True)
class WeightRow:
    """One line of measure_weights.csv: from a year on. Empty for all of them: all weigh the same, exactly 1/n."""

    instrument: str
    measure: str
    from_year: int
    weight: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class LevelRow:
    """One line of rubric.csv: what a whole level of a measure means."""

    instrument: str
    measure: str
    level: int
    text_id: str
    text_en: str


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One line of score_classes.csv: a class of the rounded index; both ends count."""

    instrument: str
    code: str
    name_id: str
    name_en: str
    low: Decimal
    high: Decimal


def check_instruments(rows: Sequence[InstrumentRow], pack: Pack) -> Iterator[tuple[InstrumentRow, str]]:
    """The scale fits its step, a panel has assessors, every instrument has measures and weights."""
    for row in rows:
        if not _KEY.fullmatch(row.code):
            yield row, _("code: write name/version, like kota-cerdas/1")
        if not row.scale_from < row.scale_to:
            yield row, _("scale_to: it lies above scale_from")
        elif row.step <= 0 or (row.scale_to - row.scale_from) % row.step:
            yield row, _("step: the scale is a whole number of steps")
        if row.kind == "panel" and not 2 <= row.assessors <= 9:
            yield row, _("assessors: a panel has 2 to 9")
        if not 0 <= row.places <= 4:
            yield row, _("places: 0 to 4")
        if row.factor <= 0:
            yield row, _("factor: more than 0")
        for section, name in (("measures", "measures.csv"), ("measure_weights", "measure_weights.csv")):
            if not any(one.instrument == row.code for one in pack.of(section)):
                yield row, _("code: %(file)s says nothing of it") % {"file": name}


def check_measures(rows: Sequence[MeasureRow], pack: Pack) -> Iterator[tuple[MeasureRow, str]]:
    """A panel's measure has words for every whole level of its scale, and a question."""
    scales = {one.code: one for one in pack.of("instruments") if one.kind == "panel"}
    known = {(one.instrument, one.measure, one.level) for one in pack.of("rubric")}
    for row in rows:
        scale = scales.get(row.instrument)
        if scale is None:
            continue
        if not row.question_id or not row.question_en:
            yield row, _("question: assessors need one, in both languages")
        for level in range(int(scale.scale_from), int(scale.scale_to) + 1):
            if (row.instrument, row.code, level) not in known:
                yield (
                    row,
                    _("%(code)s: rubric.csv has no level %(level)s") % {"code": row.code, "level": level},
                )


def check_weights(rows: Sequence[WeightRow], pack: Pack) -> Iterator[tuple[WeightRow, str]]:
    """From each year on every measure has a weight and they sum to 100, or none has one."""
    measures = _measures_of(pack)
    groups: dict[tuple[str, int], list[WeightRow]] = {}
    for row in rows:
        if row.measure not in measures.get(row.instrument, ()):
            yield row, _("measure: measures.csv has no %(code)s") % {"code": row.measure}
        if row.weight is not None and row.weight <= 0:
            yield row, _("weight: more than 0")
        groups.setdefault((row.instrument, row.from_year), []).append(row)
    for (instrument, _year), group in groups.items():
        lacking = measures.get(instrument, set()) - {row.measure for row in group}
        if lacking:
            yield group[0], _("measure: no weight for %(codes)s") % {"codes": ", ".join(sorted(lacking))}
        given = [row.weight for row in group if row.weight is not None]
        if given and len(given) != len(group):
            yield group[0], _("weight: give one to every measure, or to none")
        elif given and sum(given) != 100:
            yield group[0], _("weight: they sum to %(sum)s, not to 100") % {"sum": sum(given)}


def check_levels(rows: Sequence[LevelRow], pack: Pack) -> Iterator[tuple[LevelRow, str]]:
    """A level belongs to a measure and lies on its scale."""
    measures = _measures_of(pack)
    scales = {one.code: one for one in pack.of("instruments")}
    for row in rows:
        if row.measure not in measures.get(row.instrument, ()):
            yield row, _("measure: measures.csv has no %(code)s") % {"code": row.measure}
        scale = scales.get(row.instrument)
        if scale and not scale.scale_from <= row.level <= scale.scale_to:
            yield row, _("level: %(level)s lies outside the scale") % {"level": row.level}


def check_classes(rows: Sequence[ClassRow], pack: Pack) -> Iterator[tuple[ClassRow, str]]:
    """Classes of an instrument follow one another without gap or overlap, as far as its places show."""
    for instrument in pack.of("instruments"):
        own = sorted((row for row in rows if row.instrument == instrument.code), key=lambda row: row.low)
        step = Decimal(1).scaleb(-instrument.places)
        for row in own:
            if row.high < row.low:
                yield row, _("high: %(high)s is below %(low)s") % {"high": row.high, "low": row.low}
        for below, above in pairwise(own):
            if above.low != below.high + step:
                yield (
                    above,
                    _("low: after %(high)s comes %(next)s; there is a gap or an overlap")
                    % {"high": below.high, "next": below.high + step},
                )
        if own and not _covers(own, instrument):
            yield own[0], _("low, high: the classes do not reach from the least to the most index")


def _covers(classes: Sequence[ClassRow], instrument: Any) -> bool:
    low, high = instrument.scale_from * instrument.factor, instrument.scale_to * instrument.factor
    return bool(classes[0].low <= low and classes[-1].high >= high)


def _measures_of(pack: Pack) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in pack.of("measures"):
        found.setdefault(row.instrument, set()).add(row.code)
    return found


_OF = {"instrument": "instruments.code"}
SECTIONS = (
    Section(
        name="instruments",
        file="instruments.csv",
        row=InstrumentRow,
        stored=Instrument,
        columns={"code": ""},
        key=("code",),
        load=load_instruments,
        check=check_instruments,
        optional=True,
    ),
    Section(
        name="measures",
        file="measures.csv",
        row=MeasureRow,
        stored=Measure,
        key=("instrument", "code"),
        load=load_measures,
        after=("instruments",),
        refs=_OF,
        check=check_measures,
        optional=True,
    ),
    Section(
        name="measure_weights",
        file="measure_weights.csv",
        row=WeightRow,
        stored=MeasureWeight,
        columns={"measure": ""},
        key=("instrument", "measure", "from_year"),
        load=load_weights,
        after=("measures",),
        refs=_OF,
        check=check_weights,
        optional=True,
    ),
    Section(
        name="rubric",
        file="rubric.csv",
        row=LevelRow,
        stored=Level,
        columns={"measure": ""},
        key=("instrument", "measure", "level"),
        load=load_levels,
        after=("measures",),
        refs=_OF,
        check=check_levels,
        optional=True,
    ),
    Section(
        name="score_classes",
        file="score_classes.csv",
        row=ClassRow,
        stored=ScoreClass,
        key=("instrument", "code"),
        load=load_classes,
        after=("measure_weights", "rubric"),
        refs=_OF,
        check=check_classes,
        optional=True,
    ),
)
