"""Reading the master plan, version by version, and what programmes cost beside what they reach."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.insight.evaluation.models import (
    Budget,
    Dimension,
    Plan,
    PlanIndicator,
    Programme,
    ProgrammeDimension,
    SubDimension,
)
from kotacerdas.insight.evaluation.plan.money import Fit, Spending, absorption, cost_per_result, fit, summed
from kotacerdas.insight.evaluation.queries import Line, line_of
from kotacerdas.kernel.errors import Missing


@dataclass(frozen=True, kw_only=True)
class Place:
    """An indicator in the plan, with the targets of its years and the year's line of figures."""

    place: PlanIndicator
    line: Line
    targets: dict[int, Decimal]
    was: str  # how the version before had it: "", "new", "changed"


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A dimension with its sub-dimensions (None: not placed by the plan), each with its indicators."""

    dimension: Dimension
    parts: tuple[tuple[SubDimension | None, tuple[Place, ...]], ...]
    programmes: tuple[Programme, ...]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A programme's money in a year, and what it bought."""

    programme: Programme
    lines: tuple[Budget, ...]
    spending: Spending
    absorbed: Fraction | None
    result: Line | None
    results: Decimal | None
    cost: Fraction | None
    fit: Fit | None
    target: Decimal | None


def plans() -> list[Plan]:
    """All versions, the newest first."""
    return list(Plan.objects.all())


def plan_of(year: int, code: str = "") -> Plan | None:
    """A version by its code, or the one in force on the year's last day. Raises Missing for an unknown code."""
    if not code:
        found: Plan | None = Plan.objects.in_year(year).first()
        return found
    named: Plan | None = Plan.objects.filter(code=code).first()
    if named is None:
        raise Missing(_("There is no such version of the plan."), remedy=_("Choose one from the list."))
    return named


def branches(plan: Plan, year: int) -> list[Branch]:
    """Dimension → sub-dimension → indicators, by the programmes that serve the dimension in that year."""
    places = list(
        plan.indicators.select_related("indicator__programme", "part__dimension").prefetch_related("targets")
    )
    earlier = _earlier(plan)
    made = []
    for dimension in Dimension.objects.all():
        serving = [
            one.programme
            for one in ProgrammeDimension.objects.in_year(year)
            .filter(dimension=dimension)
            .select_related("programme")
        ]
        codes = {one.id for one in serving}
        indicators = [
            one for one in places if one.indicator.programme_id in codes and one.indicator.closed_on is None
        ]
        parts: dict[Any, list[Place]] = {part: [] for part in dimension.parts.all()}
        for one in indicators:
            part = one.part if one.part and one.part.dimension_id == dimension.id else None
            parts.setdefault(part, []).append(_place(one, year, earlier))
        ordered = tuple((part, tuple(found)) for part, found in parts.items())
        made.append(Branch(dimension=dimension, parts=ordered, programmes=tuple(serving)))
    return made


def costs(year: int) -> list[Cost]:
    """Every programme in force in a year with its budget lines; sums of which a part is unknown are unknown."""
    plan = plan_of(year)
    costed = {
        one.indicator.programme_id: one.indicator.code
        for one in (plan.indicators.filter(costed=True).select_related("indicator") if plan else ())
    }
    made = []
    for programme in Programme.objects.in_year(year):
        lines = tuple(programme.budgets.filter(year=year))
        spending = Spending(
            planned=summed([one.planned for one in lines]),
            revised=_revised(lines),
            realised=summed([one.realised for one in lines]),
        )
        line = line_of(costed[programme.id], year) if programme.id in costed else None
        results, target = (result_of(line), target_of(line)) if line else (None, None)
        made.append(
            Cost(
                programme=programme,
                lines=lines,
                spending=spending,
                absorbed=absorption(spending),
                result=line,
                results=results,
                cost=cost_per_result(spending, results),
                fit=fit(spending, results, target),
                target=target,
            )
        )
    return made


def result_of(line: Line) -> Decimal | None:
    """What was reached in the year: the live figure, else the one published for the whole year."""
    if line.actual is not None:
        return line.actual
    return next((one.value for one in line.published if one.whole_year and one.start.year == line.year), None)


def target_of(line: Line) -> Decimal | None:
    """The target entered for the year, else the plan's."""
    if line.target is not None:
        return Decimal(line.target.value)
    return plan_target(line.sheet.code, line.year)


def plan_target(code: str, year: int) -> Decimal | None:
    """What the plan in force wants of an indicator in a year; None where it says nothing."""
    plan = plan_of(year)
    if plan is None:
        return None
    place = plan.indicators.filter(indicator__code=code).first()
    found = place.targets.filter(year=year).first() if place else None
    return Decimal(found.value) if found else None


def years_known() -> list[int]:
    """Years with a budget line, newest first."""
    return sorted(set(Budget.objects.values_list("year", flat=True)), reverse=True)


def _revised(lines: tuple[Budget, ...]) -> int | None:
    """The sum of what holds now, where any line was revised."""
    if not any(one.revised is not None for one in lines):
        return None
    return summed([one.budgeted for one in lines])


def _place(one: PlanIndicator, year: int, earlier: dict[str, PlanIndicator] | None) -> Place:
    targets = {target.year: Decimal(target.value) for target in one.targets.all()}
    was = ""
    if earlier is not None:
        past = earlier.get(one.indicator.code)
        same = past is not None and (
            past.baseline,
            past.part_id,
            past.owner_code,
            {target.year: target.value for target in past.targets.all()},
        ) == (one.baseline, one.part_id, one.owner_code, targets)
        was = "new" if past is None else "" if same else "changed"
    return Place(place=one, line=line_of(one.indicator.code, year), targets=targets, was=was)


def _earlier(plan: Plan) -> dict[str, PlanIndicator] | None:
    before = Plan.objects.filter(valid_from__lt=plan.valid_from).first()
    if before is None:
        return None
    return {
        one.indicator.code: one
        for one in before.indicators.select_related("indicator").prefetch_related("targets")
    }
