"""The three-year round: each tank's turn in a week, balanced by plant; and the week's orders at one press."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.travel import GreatCircle
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import KotaError, Refused
from kotacerdas.programs.gopal import queries, slots
from kotacerdas.programs.gopal.actions.orders import Wish, order_take
from kotacerdas.programs.gopal.models import RoundStop, Tank, TariffRow
from kotacerdas.programs.gopal.pack_tables import desludging
from kotacerdas.programs.gopal.permissions import ORDER
from kotacerdas.programs.gopal.spreading import Turn, spread


@dataclass(kw_only=True)
class Ordered:
    """What became of a week of the round: orders made, and why others were not, by tank's code."""

    orders: int = 0
    left: dict[str, str] = field(default_factory=dict)


def rounds_plan(*, actor: Actor, agency: Agency) -> int:
    """Plan the turns of an agency's tanks for the years of the round anew, ordered ones aside; how many.

    A tank is never later than its due day unless it is overdue, or nobody knows when it was emptied. Tanks of which
    nobody knows where they stand have no turn. Raises Refused.
    """
    _may(actor, agency)
    today = clock.today()
    first = monday(today)
    weeks = desludging().round_years * 52
    with transaction.atomic():
        slots.locked(agency, date.min)
        RoundStop.objects.filter(tank__agency=agency, state=RoundStop.State.PLANNED).delete()
        by_plant = _turns(agency, first)
        made = [
            RoundStop(
                tank_id=turn.tank,
                plant_id=plant,
                due_on=turn.due_on,
                week=first + timedelta(weeks=week),
            )
            for plant, turns in by_plant.items()
            for turn, week in spread(turns, first, weeks)
        ]
        RoundStop.objects.bulk_create(made, batch_size=2000)
        append(
            verb="gopal.round.plan",
            subject=("gopal.round", agency.id),
            actor=actor.code,
            codes={"agency": agency.code, "from": first.isoformat()},
            measures={"tanks": len(made), "weeks": weeks},
        )
        return len(made)


def round_order(*, actor: Actor, agency: Agency, week: date) -> Ordered:
    """Make orders of a week's turns, each at the next free time of the week, and tell the customers.

    What cannot be ordered (no time, no tariff, an order already) stays planned, and is named. Raises Refused.
    """
    _may(actor, agency)
    result = Ordered()
    planned = RoundStop.objects.filter(
        tank__agency=agency, week=monday(week), state=RoundStop.State.PLANNED
    ).select_related("tank__agency", "tank__owner", "tank__contact", "plant")
    base = dict(TariffRow.objects.order_by("valid_from").values_list("tank_class", "base_l"))
    for stop in planned:
        try:
            _order(actor, agency, stop, base)
            result.orders += 1
        except KotaError as error:
            result.left[stop.tank.code] = str(error)
    return result


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _order(actor: Actor, agency: Agency, stop: RoundStop, base: dict[str, int]) -> None:
    first = max(stop.week, clock.today())
    days = (stop.week + timedelta(days=7) - first).days
    free = [
        slot
        for one in slots.days(agency, stop.plant, first, max(1, days))
        for slot in one.slots
        if slot.is_free
    ]
    if not free:
        raise Refused(_("No time is free in this week."))
    tank = stop.tank
    wish = Wish(
        tank=tank.code,
        litres=tank.volume_l or base.get(tank.tank_class, 1000),
        slot=max(free, key=lambda one: one.left).start,
        channel="round",
    )
    order_take(actor=actor, wish=wish, message="gopal.round", round_stop=stop)


def _turns(agency: Agency, first: date) -> dict[UUID, list[Turn]]:
    """The tanks that need a turn, by their nearest plant."""
    plants = queries.plants_of(agency)
    found: dict[UUID, list[Turn]] = defaultdict(list)
    tanks = Tank.objects.filter(agency=agency, closed_on=None).exclude(
        round_stops__state=RoundStop.State.ORDERED
    )
    for tank in tanks.only("id", "lat", "lng", "area_code", "last_emptied_on"):
        where = queries.position_of(tank)
        if where is None or not plants:
            continue
        due = queries.due_on(tank)
        plant = queries.nearest_plant(where, plants, GreatCircle()).plant if len(plants) > 1 else plants[0]
        found[plant.id].append(
            Turn(tank=tank.id, due_on=due or clock.today(), is_late=due is None or due < first)
        )
    return dict(found)


def _may(actor: Actor, agency: Agency) -> None:
    if not actor.grants.may(ORDER, agencies=[agency.id]):
        raise Refused(_("You plan no round for this agency."), remedy=_("Ask its desludging planner."))
