"""What comes up by itself: orders that are emptied, paid and received are closed; what trucks report is looked at."""

from django.db.models import Exists, OuterRef

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.programs.gopal.actions.orders import order_settle
from kotacerdas.programs.gopal.lifecycles.orders import KIND
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.watching import watch_trucks

AT_ONCE = 100


def settle_orders() -> None:
    """Close orders whose payment or reception came last, and told nobody; one that fails is set aside."""
    fence = Fence("gopal.settle")
    waiting = fence.waiting()
    open_bills = Charge.objects.filter(subject_kind=KIND, subject_id=OuterRef("pk"), state=Charge.State.OPEN)
    ready = Case.objects.filter(
        ~Exists(open_bills),
        kind=KIND,
        state="emptied",
        order__charge__state=Charge.State.PAID,
        order__load__manifest__state=Manifest.State.RECEIVED,
    ).exclude(id__in=waiting)
    for case in ready.order_by("id")[:AT_ONCE]:
        with fence.around(str(case.id)):
            order_settle(case=case)


TICKS = (settle_orders, watch_trucks)
