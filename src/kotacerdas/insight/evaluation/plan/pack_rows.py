"""What the pack says of the plan: sub_dimensions.csv, plans.csv, plan_indicators.csv, plan_targets.csv, budgets.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kotacerdas.insight.evaluation.models import Budget, Plan, PlanIndicator, PlanTarget, SubDimension
from kotacerdas.insight.evaluation.plan.loading import (
    load_budgets,
    load_parts,
    load_places,
    load_plan_targets,
    load_plans,
)
from kotacerdas.insight.evaluation.plan.money import fault_of_amounts
from kotacerdas.kernel.pack import Pack, Section

_MOST_SDGS = 16
SDGS = range(1, 19)  # 17 goals, and the villages' eighteenth
_CODE = re.compile(r"[0-9]+(\.[0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """One line of sub_dimensions.csv, in the order of the plan."""

    code: str
    dimension: str
    name_id: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One line of plans.csv: a version of the master plan. An empty vision is one that is not known."""

    code: str
    name_id: str
    name_en: str
    vision_id: str = ""
    vision_en: str = ""
    valid_from: date
    valid_to: date | None = None
    source: str


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """One line of plan_indicators.csv: an indicator's place in a plan. What is not known is empty."""

    plan: str
    indicator: str
    part: str = ""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    owner: str = ""
    sdgs: tuple[int, ...] = ()
    costed: bool = False
    source: str


@dataclass(frozen=True, kw_only=True)
class PlanTargetRow:
    """One line of plan_targets.csv."""

    plan: str
    indicator: str
    year: int
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class BudgetRow:
    """One line of budgets.csv, in whole rupiah: sub-kegiatan and account as SIPD codes them."""

    programme: str
    year: int
    activity: str
    activity_name: str = ""
    account: str
    planned: int | None = None
    revised: int | None = None
    realised: int | None = None
    as_of: date | None = None
    source: str


def check_plans(rows: Sequence[PlanRow], pack: Pack) -> Iterator[tuple[PlanRow, str]]:
    """Versions do not overlap: one plan holds on a day."""
    before: PlanRow | None = None
    for row in sorted(rows, key=lambda one: one.valid_from):
        if row.valid_to is not None and row.valid_to < row.valid_from:
            yield (
                row,
                _("valid_to: %(last)s is before %(first)s") % {"last": row.valid_to, "first": row.valid_from},
            )
        if before is not None and (before.valid_to or date.max) >= row.valid_from:
            yield row, _("valid_from: the version before it has not ended by then; give it a valid_to")
        before = row


def check_places(rows: Sequence[PlaceRow], pack: Pack) -> Iterator[tuple[PlaceRow, str]]:
    """A baseline has its year, goals are goals, the part belongs to a dimension of the programme."""
    serves = {(one.programme, one.dimension) for one in pack.of("programme_dimensions")}
    parts = {one.code: one.dimension for one in pack.of("sub_dimensions")}
    for row in rows:
        if (row.baseline is None) != (row.baseline_year is None):
            yield row, _("baseline: give it with its year, or neither")
        if any(goal not in SDGS for goal in row.sdgs):
            yield row, _("sdgs: goals are numbers from 1 to 18")
        elif len(set(row.sdgs)) < len(row.sdgs) or len(row.sdgs) > _MOST_SDGS:
            yield row, _("sdgs: each goal once, at most %(most)d") % {"most": _MOST_SDGS}
        programme = row.indicator.partition(".")[0]
        if row.part in parts and (programme, parts[row.part]) not in serves:
            yield row, _("part: the programme %(code)s does not serve its dimension") % {"code": programme}


def check_plan_targets(rows: Sequence[PlanTargetRow], pack: Pack) -> Iterator[tuple[PlanTargetRow, str]]:
    """A target is more than 0, and stands for an indicator that the plan has and that is judged."""
    places = {(one.plan, one.indicator) for one in pack.of("plan_indicators")}
    neutral = {one.code for one in pack.of("indicators") if one.direction == "neutral"}
    for row in rows:
        if row.value <= 0:
            yield row, _("value: a target is more than 0; leave the line out where there is none")
        if (row.plan, row.indicator) not in places:
            yield (
                row,
                _("indicator: plan_indicators.csv has no %(code)s in this plan") % {"code": row.indicator},
            )
        if row.indicator in neutral:
            yield (
                row,
                _("indicator: %(code)s is counted, not judged: it has no target") % {"code": row.indicator},
            )


def check_budgets(rows: Sequence[BudgetRow], pack: Pack) -> Iterator[tuple[BudgetRow, str]]:
    """Codes are SIPD's, amounts are not negative, and no more is realised than budgeted."""
    for row in rows:
        for name in ("activity", "account"):
            if not _CODE.fullmatch(getattr(row, name)):
                yield row, _("%(name)s: a code of numbers and points, like 5.1.02.01") % {"name": name}
        wrong = fault_of_amounts(row.planned, row.revised, row.realised)
        if wrong:
            yield row, f"{wrong[0]}: {wrong[1]}"


SECTIONS = (
    Section(
        name="sub_dimensions",
        file="sub_dimensions.csv",
        row=PartRow,
        stored=SubDimension,
        key=("code",),
        load=load_parts,
        after=("dimensions",),
        refs={"dimension": "dimensions.code"},
        optional=True,
    ),
    Section(
        name="plans",
        file="plans.csv",
        row=PlanRow,
        stored=Plan,
        key=("code",),
        load=load_plans,
        check=check_plans,
        optional=True,
    ),
    Section(
        name="plan_indicators",
        file="plan_indicators.csv",
        row=PlaceRow,
        stored=PlanIndicator,
        columns={"owner": "owner_code", "sdgs": ""},
        key=("plan", "indicator"),
        load=load_places,
        after=("plans", "indicators", "sub_dimensions", "agencies"),
        refs={
            "plan": "plans.code",
            "indicator": "indicators.code",
            "part": "sub_dimensions.code",
            "owner": "agencies.code",
        },
        check=check_places,
        optional=True,
    ),
    Section(
        name="plan_targets",
        file="plan_targets.csv",
        row=PlanTargetRow,
        stored=PlanTarget,
        key=("plan", "indicator", "year"),
        load=load_plan_targets,
        after=("plan_indicators",),
        refs={"plan": "plans.code", "indicator": "indicators.code"},
        check=check_plan_targets,
        optional=True,
    ),
    Section(
        name="budgets",
        file="budgets.csv",
        row=BudgetRow,
        stored=Budget,
        key=("programme", "year", "activity", "account"),
        load=load_budgets,
        after=("programmes",),
        refs={"programme": "programmes.code"},
        check=check_budgets,
        optional=True,
    ),
)
