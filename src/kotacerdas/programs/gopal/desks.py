"""The desks of desludging: orders, and differences of sludge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.declarations import Act, Box, Cell, Column, Desk, Filter
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.foundation.payments.queries import bounds_of, pay_token
from kotacerdas.foundation.ui.tags.words import number, rupiah, short_time
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.actions import differences, orders
from kotacerdas.programs.gopal.forms import CancelForm, RebookForm
from kotacerdas.programs.gopal.lifecycles.differences import DECISIONS, DIFFERENCE
from kotacerdas.programs.gopal.lifecycles.orders import ORDER
from kotacerdas.programs.gopal.permissions import JUDGE, VIEW
from kotacerdas.programs.gopal.permissions import ORDER as TAKE_ORDER
from kotacerdas.programs.gopal.plant.forms import SettleForm, ToldForm
from kotacerdas.programs.gopal.queries import balance_of

_RELATED = ("order__tank", "order__charge", "order__plant")


def _slot(case: Case) -> Cell:
    order = case.order
    return Cell(
        text=short_time(order.slot_from), small=order.tank.address or order.tank.code, icon="calendar"
    )


def _volume(case: Case) -> Cell:
    return Cell(text=number((case.order.pumped_l or case.order.litres) / 1000))


def _price(case: Case) -> Cell:
    """The price, and under it whether it is paid, else how it will be."""
    order = case.order
    charge = order.charge
    paid = charge.get_state_display() if charge is not None else ""
    return Cell(text=rupiah(order.price), small=f"{paid} · {order.get_pay_by_display()}")


def _context(case: Case, _shown: Any) -> dict[str, Any]:
    order = queries.order_of(case)
    charge = order.charge
    return {
        "order": order,
        "class_name": queries.class_names().get(order.tank_class, order.tank_class),
        "due_on": queries.due_on(order.tank),
        "extra": (extra := queries.extra_bill(case)),
        "extra_token": pay_token(extra) if extra is not None else "",
        "pay_token": pay_token(charge) if charge is not None else "",
        "give_back": bool(charge is not None and charge.paid and case.state == "cancelled"),
        "is_open_charge": charge is not None and charge.state == Charge.State.OPEN,
    }


def _slots_on(ahead: int) -> Q:
    """Orders whose promised time is today, or so many days ahead."""
    first, end = bounds_of(clock.today() + timedelta(days=ahead))
    return Q(case__order__slot_from__gte=first, case__order__slot_from__lt=end)


ORDER_DESK = Desk(
    lifecycle=ORDER,
    work=TAKE_ORDER,
    lists=(VIEW,),
    reads=(VIEW,),
    related=_RELATED,
    states=("booked", "under_way", "emptied", "failed", "closed", "cancelled"),
    filters=(
        Filter("truk-hari-ini", _("Truck comes today"), lambda _grants: _slots_on(0)),
        Filter("truk-besok", _("Truck comes tomorrow"), lambda _grants: _slots_on(1)),
        Filter("pesan-ulang", _("To be booked again"), lambda _grants: Q(case__state="failed")),
    ),
    columns=(
        Column("slot", _("Slot"), _slot),
        Column("volume", _("m³"), _volume),
        Column("price", _("Price"), _price),
    ),
    search=lambda words: Q(order__tank__code__icontains=words) | Q(order__tank__address__icontains=words),
    side="gopal/desk/side.html",
    context=_context,
    acts=(
        Act(
            "rebook",
            run=orders.order_rebook,
            form=RebookForm,
            notice=_("Another time is booked; a customer who left a number gets a message."),
            sees=True,
        ),
        Act(
            "cancel",
            run=orders.order_cancel,
            form=CancelForm,
            notice=_("The order is cancelled; a customer who left a number gets a message."),
            sees=True,
        ),
        Act(
            "note",
            run=orders.order_note,
            notice=_("The inside note is saved."),
            box=Box(audience="inside", reads=_("Only staff read it"), button=_("Save note")),
        ),
    ),
    texts=replace(
        USUAL,
        queue=_("Desludging orders"),
        list=_("All orders"),
        list_count=ngettext_lazy("%(n)s order · newest first", "%(n)s orders · newest first", "counter"),
        sheet=_("Order %(number)s"),
        received=_("The order came in"),
        party=_("customer"),
        search=_("Search by number, tank or address…"),
    ),
)


def _missing(case: Case) -> Cell:
    """How many litres are off, of how many pumped; of a fall what the level lost."""
    found = case.sludge_difference
    if found.pumped_l is not None and found.received_l is not None:
        off = found.received_l - found.pumped_l
        return Cell(
            text=f"{number(off)} L".replace("-", "−"), small=_("of %(n)s L") % {"n": number(found.pumped_l)}
        )
    return Cell(text=f"−{number(found.fell_l or 0)} L", small=found.get_cause_display())


def _trip(case: Case) -> Cell:
    found = case.sludge_difference
    return Cell(
        text=found.unit.name, small=found.manifest.number if found.manifest is not None else "", icon="truck"
    )


def _difference(case: Case, _shown: Any) -> dict[str, Any]:
    difference = queries.difference_of(case)
    manifest = difference.manifest
    return {
        "difference": difference,
        "decision": DECISIONS.get(difference.decision, ""),
        "manifest": manifest,
        "balance": balance_of(manifest) if manifest is not None else None,
        "may_decide": differences.may_decide(case),
    }


DIFFERENCE_DESK = Desk(
    lifecycle=DIFFERENCE,
    work=JUDGE,
    lists=(VIEW,),
    reads=(VIEW,),
    related=(
        "sludge_difference__unit",
        "sludge_difference__manifest",
        "sludge_difference__asked",
    ),
    states=("asked", "unheard", "answered", "settled"),
    columns=(
        Column("trip", _("Trip"), _trip),
        Column("off", _("Difference"), _missing),
    ),
    search=lambda words: (
        Q(sludge_difference__manifest__number__icontains=words)
        | Q(sludge_difference__unit__name__icontains=words)
    ),
    side="gopal/plant/difference.html",
    context=_difference,
    acts=(
        Act(
            "told",
            run=differences.difference_told,
            form=ToldForm,
            notice=_("The answer is written down. Now it can be decided."),
            sees=True,
            link=_("Ask the operator"),
        ),
        Act(
            "settle",
            run=differences.difference_settle,
            form=SettleForm,
            notice=_("It is decided."),
            sees=True,
        ),
        Act(
            "note",
            run=differences.difference_note,
            notice=_("The inside note is saved."),
            box=Box(audience="inside", reads=_("Only staff read it"), button=_("Save note")),
        ),
    ),
    texts=replace(
        USUAL,
        queue=_("Differences of sludge"),
        list=_("All differences"),
        list_count=ngettext_lazy(
            "%(n)s difference · newest first", "%(n)s differences · newest first", "counter"
        ),
        sheet=_("Difference %(number)s"),
        received=_("The operator is asked"),
        search=_("Search by number, manifest or truck…"),
    ),
)

DESKS = (ORDER_DESK, DIFFERENCE_DESK)
