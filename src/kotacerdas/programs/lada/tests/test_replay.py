"""Any legal sequence of events, on any day: replay and register say the same to the rupiah; illegal ones change nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.actions.ledger import Line, events_append, ledger_of, state_on
from kotacerdas.programs.lada.models import Asset, Event
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
AGENCIES = ("PU", "KOMINFO")
MOST_DAYS = 40
STEP = some.tuples(
    some.sampled_from(
        (
            "capitalise",
            "correct",
            "condition",
            "transfer",
            "move",
            "exploit",
            "exploit_end",
            "reclassify",
            "split",
            "dispose",
            "reverse",
            "maintain",
        )
    ),
    some.integers(min_value=-3, max_value=10),
    some.integers(min_value=-1_000_000, max_value=9_000_000),
    some.booleans(),
)


def _line(asset: Asset, step: tuple[str, int, int, bool], day: date) -> Line:
    """An event as somebody might propose it: often legal, sometimes not."""
    kind, _days, amount, other = step
    data: dict[str, Any] = {
        "condition": {"condition": "heavy" if other else "light"},
        "transfer": {"agency": AGENCIES[other]},
        "correct": {"name": f"Barang {amount}", "facts": {"brand": str(amount)}},
        "exploit": {"use": "lease" if other else "nonsense"},
        "reclassify": {"goods_code": world.MINIBUS if other else world.LAPTOP},
        "dispose": {"how": "sold"},
    }.get(kind, {})
    sums = {"capitalise": amount, "split": -amount, "dispose": -asset.value if other else -amount}
    reverses = {"reverse": asset.last_number if other else asset.last_number - 1}
    return Line(
        asset=asset.id,
        kind=kind,  # type: ignore[arg-type]
        on=day,
        data=data,
        amount=sums.get(kind, 0),
        reverses=reverses.get(kind),
    )


def _tried(office: Actor, lines: list[Line]) -> list[str]:
    """Write lines, all or none: the fields that were refused, none where they are written."""
    try:
        with transaction.atomic():
            events_append(actor=office, lines=lines)
    except Invalid as error:
        return list(error.fields)
    return []


def _reckoned(asset: Asset, until: date) -> int:
    """The value on a day as a plain sum: amounts of the events up to it that were not taken back by then."""
    counted: list[int] = []
    for one in ledger_of(asset):
        if one.on > until:
            break
        if one.kind == "reverse":
            counted.pop()
        else:
            counted.append(one.amount)
    return sum(counted)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=some.lists(STEP, min_size=1, max_size=12), asked=some.integers(0, MOST_DAYS))
def test_replay_and_register_agree_on_any_day_and_what_is_illegal_changes_nothing(steps, asked):
    with transaction.atomic():
        office = world.office()
        [begun] = events_append(actor=office, lines=[world.acquiring()])
        asset, day = Asset.objects.get(id=begun.asset_id), world.DAY
        for step in steps:
            before, tried = Event.objects.count(), day + timedelta(days=step[1])
            refused = _tried(office, [world.acquiring(), _line(asset, step, tried)])
            assert refused in ([], ["line_2"])
            assert Event.objects.count() == before + (0 if refused else 2)
            day = day if refused else tried
            asset.refresh_from_db()
        on = world.DAY + timedelta(days=asked)
        state, last = state_on(asset, on), state_on(asset)
        assert state is None or state.value == _reckoned(asset, on)
        assert asset.value == _reckoned(asset, date.max)
        if last is not None:
            assert (asset.value, asset.agency.code, asset.condition, asset.goods_code, asset.name) == (
                last.value,
                last.agency,
                last.condition,
                last.goods_code,
                last.name,
            )
        kept = Asset.objects.aggregate(n=Sum("value"))["n"]
        assert kept == sum(_reckoned(one, date.max) for one in Asset.objects.all())
        transaction.set_rollback(True)
