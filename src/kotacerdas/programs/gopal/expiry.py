"""What comes up by itself: orders that are emptied, paid and received are closed; what trucks report is looked at."""

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.programs.gopal.actions.orders import order_settle
from kotacerdas.programs.gopal.lifecycles.orders import KIND
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.watching import watch_trucks

AT_ONCE = 100


def settle_orders() -> None:
    """Close orders whose payment or reception came last, and told nobody."""
    ready = Case.objects.filter(
        kind=KIND,
        state="emptied",
        order__charge__state=Charge.State.PAID,
        order__load__manifest__state=Manifest.State.RECEIVED,
    )
    for case in ready[:AT_ONCE]:
        order_settle(case=case)


TICKS = (settle_orders, watch_trucks)
