"""The plan and budgets of the pack into the store; lines that people entered in the pages stay theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from kotacerdas.insight.evaluation.models import (
    Budget,
    Dimension,
    IndicatorSheet,
    Plan,
    PlanIndicator,
    PlanTarget,
    Programme,
    SubDimension,
)
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Counts, Pack
from kotacerdas.kernel.packstore import upsert


def load_parts(rows: Sequence[Any], pack: Pack) -> Counts:
    """Sub-dimensions by code; one gone from the pack stays for older plans."""
    dimensions = dict(Dimension.objects.values_list("code", "id"))
    wanted = [
        {
            "code": row.code,
            "dimension_id": dimensions[row.dimension],
            "name_id": row.name_id,
            "name_en": row.name_en,
            "sequence": order,
        }
        for order, row in enumerate(rows, 1)
    ]
    return upsert(SubDimension, ("code",), wanted)


def load_plans(rows: Sequence[Any], pack: Pack) -> Counts:
    """Versions of the plan by code; one gone from the pack ends yesterday and stays readable."""
    return upsert(Plan, ("code",), [vars(row) for row in rows], gone=_ended)


def load_places(rows: Sequence[Any], pack: Pack) -> Counts:
    """Indicators in their plans."""
    plans = dict(Plan.objects.values_list("code", "id"))
    sheets = dict(IndicatorSheet.objects.values_list("code", "id"))
    parts = dict(SubDimension.objects.values_list("code", "id"))
    wanted = [
        {
            "plan_id": plans[row.plan],
            "indicator_id": sheets[row.indicator],
            "part_id": parts.get(row.part),
            "baseline": row.baseline,
            "baseline_year": row.baseline_year,
            "owner_code": row.owner,
            "sdgs": ";".join(map(str, row.sdgs)),
            "costed": row.costed,
            "source": row.source,
        }
        for row in rows
    ]
    wanted_keys = {(one["plan_id"], one["indicator_id"]) for one in wanted}
    among = PlanIndicator.objects.filter(plan__in={one["plan_id"] for one in wanted})
    gone = [one.id for one in among if (one.plan_id, one.indicator_id) not in wanted_keys]
    among.filter(id__in=gone).delete()
    return upsert(PlanIndicator, ("plan_id", "indicator_id"), wanted, among=among) + Counts(closed=len(gone))


def load_plan_targets(rows: Sequence[Any], pack: Pack) -> Counts:
    """Yearly targets of the plans; the pack's are all there are."""
    places = {
        (one.plan.code, one.indicator.code): one.id
        for one in PlanIndicator.objects.select_related("plan", "indicator")
    }
    wanted = [
        {"place_id": places[row.plan, row.indicator], "year": row.year, "value": row.value} for row in rows
    ]
    wanted_keys = {(one["place_id"], one["year"]) for one in wanted}
    gone = [one.id for one in PlanTarget.objects.all() if (one.place_id, one.year) not in wanted_keys]
    PlanTarget.objects.filter(id__in=gone).delete()
    return upsert(PlanTarget, ("place_id", "year"), wanted) + Counts(closed=len(gone))


def load_budgets(rows: Sequence[Any], pack: Pack) -> Counts:
    """Budget lines that the pack brought; lines entered in the pages are left alone, also where both have one."""
    programmes = dict(Programme.objects.values_list("code", "id"))
    key = ("programme_id", "year", "activity", "account")
    entered = set(Budget.objects.filter(from_pack=False).values_list(*key))
    wanted = []
    for row in rows:
        values = {name: value for name, value in vars(row).items() if name != "programme"}
        line = {**values, "programme_id": programmes[row.programme], "from_pack": True}
        if tuple(line[name] for name in key) not in entered:
            wanted.append(line)
    wanted_keys = {tuple(one[name] for name in key) for one in wanted}
    among = Budget.objects.filter(from_pack=True)
    gone = [pk for pk, *rest in among.values_list("pk", *key) if tuple(rest) not in wanted_keys]
    among.filter(pk__in=gone).delete()
    return upsert(Budget, key, wanted, among=among) + Counts(closed=len(gone))


def _ended(row: Any) -> dict[str, date]:
    yesterday = clock.today() - timedelta(days=1)
    return {"valid_to": min(row.valid_to or yesterday, max(yesterday, row.valid_from))}
