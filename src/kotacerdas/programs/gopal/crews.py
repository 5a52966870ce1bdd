"""Whose work an order was: the crew of the truck on that day. For a week it may still finish it, and take its money."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from kotacerdas.foundation.dispatch.queries import crew_shifts, shifts_of
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.lifecycles.orders import KIND
from kotacerdas.programs.gopal.models import ManifestLoad, Order

WEEK = timedelta(days=7)


def has_loaded(user: User | None, order: Order) -> bool:
    """Whether somebody was in the crew of the truck that an order was emptied into, on the day when it was."""
    load = ManifestLoad.objects.filter(order=order).select_related("manifest").first()
    if load is None:
        return False
    on_the_day = shifts_of(user, clock.local_day(load.pumped_at))
    return on_the_day.filter(unit=load.manifest.unit_id).exists()


def unpaid_of(user: User | None) -> list[Order]:
    """What somebody's crew emptied in the last week, is paid in cash and not paid yet; the oldest first."""
    today = clock.today()
    shifts = set(crew_shifts(user, today - WEEK, today).values_list("unit", "day"))
    bills = Charge.objects.filter(subject_kind=KIND, subject_id=OuterRef("pk"), state=Charge.State.OPEN)
    orders = Order.objects.filter(
        Exists(bills),
        case__state="emptied",
        pay_by=Order.PayBy.CASH,
        load__manifest__unit__in={unit for unit, _day in shifts},
        load__pumped_at__gte=clock.now() - WEEK - timedelta(days=1),
    ).select_related("case", "tank", "plant", "charge", "load__manifest")
    loaded = ((one, (one.load.manifest.unit_id, clock.local_day(one.load.pumped_at))) for one in orders)
    found = [one for one, when in loaded if when in shifts]
    return sorted(found, key=lambda one: one.load.pumped_at)
