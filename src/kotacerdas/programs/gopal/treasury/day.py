"""The figures of a day of desludging per truck, and by name what of them does not agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from django.db.models import F, Min, Q

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.payments.models import Charge, Difference, Payment, Refund
from kotacerdas.foundation.payments.queries import bounds_of
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.lifecycles.orders import KIND
from kotacerdas.programs.gopal.models import Manifest, ManifestLoad
from kotacerdas.programs.gopal.queries import balance_of

OPERATOR = "desludging_operator"  # the role with which money is taken at the door
_GONE = (Charge.State.CANCELLED, Charge.State.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A truck's day; all of it hangs on the trips that began on it, with their first load, and the orders in them.

    trips      manifests that left for a plant and were not refused there; received  those that a plant took
    pumped_l   by the forms; received_l  by the plant's meter
    charged    whole rupiah of the orders' bills; qris, cash  paid of them, whenever; unpaid  the rest
    door       of the cash, what an operator took at the door and hands over
    """

    orders: int = 0
    manifests: int = 0
    trips: int = 0
    received: int = 0
    pumped_l: int = 0
    received_l: int = 0
    charged: int = 0
    qris: int = 0
    cash: int = 0
    door: int = 0
    unpaid: int = 0

    def __add__(self, other: Row) -> Row:
        return Row(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Row)})


@dataclass(frozen=True, kw_only=True)
class TruckDay:
    """A truck and its row."""

    name: str
    row: Row


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something of the day that does not agree.

    what   cash (the count of the day) | unpaid | other_day | given_back | given_back_other | litres | fell | on_the_way |
           refused
    of     number of the order or manifest; truck  its name
    amount whole rupiah or litres, by what it is; negative litres were received too few
    case   where it is worked on: the order's, or the difference's
    charge number of the bill, where it is about money
    """

    what: str
    of: str
    truck: str
    amount: int
    case: Case | None = None
    charge: str = ""

    @property
    def is_money(self) -> bool:
        return bool(self.charge) or self.what == "cash"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day: its trucks, their sum, and what differs by name.

    bills, receipts   how many papers the sums are of
    elsewhere         whole rupiah that came in on this day for orders of other days, in cash and by QRIS
    """

    day: date
    trucks: tuple[TruckDay, ...]
    sum: Row
    gaps: tuple[Gap, ...]
    bills: int
    receipts: int
    elsewhere_cash: int
    elsewhere_qris: int

    @property
    def paid(self) -> int:
        return self.sum.qris + self.sum.cash


def day_of(agency: Agency, day: date) -> Day:
    """The day of an agency's trucks, by the trips whose first load was pumped on it, and what was refused on it."""
    first, end = bounds_of(day)
    begun = Manifest.objects.filter(agency=agency).annotate(begun=Min("loads__pumped_at"))
    here = Q(begun__gte=first, begun__lt=end) | Q(state=Manifest.State.REFUSED, day=day)
    manifests = list(
        begun.filter(here)
        .exclude(state=Manifest.State.VOID)
        .select_related("unit", "difference__sludge_difference")
        .order_by("unit__name", "opened_at")
    )
    loads = list(
        ManifestLoad.objects.filter(manifest__in=manifests)
        .select_related("manifest__unit", "order__case")
        .order_by("pumped_at", "id")
    )
    charges = _charges({one.order_id for one in loads})
    payments = _payments(charges)
    rows: dict[str, Row] = defaultdict(Row)
    for manifest in manifests:
        rows[manifest.unit.name] += _of_manifest(manifest)
    for load in loads:
        rows[load.manifest.unit.name] += _of_load(load, charges[load.order_id], payments)
    mine = [charge for found in charges.values() for charge in found]
    elsewhere = _elsewhere(agency, day, {charge.id for charge in mine})
    money = (
        *_of_the_count(agency, day),
        *_of_money(loads, charges, payments, day),
        *_given_back_elsewhere(agency, day, mine),
    )
    return Day(
        day=day,
        trucks=tuple(TruckDay(name=name, row=row) for name, row in rows.items()),
        sum=sum(rows.values(), Row()),
        gaps=(*money, *_of_litres(manifests, loads)),
        bills=len(mine),
        receipts=sum(len(found) for found in payments.values()),
        elsewhere_cash=elsewhere["cash"],
        elsewhere_qris=elsewhere["qris"],
    )


def _charges(orders: Iterable[UUID]) -> dict[UUID, list[Charge]]:
    """The bills of each order that count: its price, and what was pumped beyond."""
    found: dict[UUID, list[Charge]] = defaultdict(list)
    known = Charge.objects.filter(subject_kind=KIND, subject_id__in=list(orders)).exclude(state__in=_GONE)
    for charge in known.order_by("opened_at"):
        found[charge.subject_id].append(charge)
    return found


def _payments(charges: dict[UUID, list[Charge]]) -> dict[UUID, list[Payment]]:
    found: dict[UUID, list[Payment]] = defaultdict(list)
    wanted = [charge.id for some in charges.values() for charge in some]
    settled = Payment.objects.filter(charge__in=wanted, state=Payment.State.SETTLED)
    for payment in settled.select_related("taken_by").order_by("settled_at"):
        found[payment.charge_id].append(payment)
    return found


def _of_manifest(manifest: Manifest) -> Row:
    is_received = manifest.state == Manifest.State.RECEIVED
    return Row(
        manifests=1,
        trips=int(manifest.left_at is not None and manifest.state != Manifest.State.REFUSED),
        received=int(is_received),
        received_l=(manifest.received_l or 0) if is_received else 0,
    )


def _of_load(load: ManifestLoad, charges: list[Charge], payments: dict[UUID, list[Payment]]) -> Row:
    paid = [payment for charge in charges for payment in payments[charge.id]]
    return Row(
        orders=1,
        pumped_l=load.litres,
        charged=sum(one.amount for one in charges),
        qris=sum(one.amount for one in paid if one.method == "qris"),
        cash=sum(one.amount for one in paid if one.method == "cash"),
        door=sum(one.amount for one in paid if one.taken_by is not None and OPERATOR in one.taken_by.roles),
        unpaid=sum(one.owed for one in charges),
    )


def _of_money(
    loads: list[ManifestLoad],
    charges: dict[UUID, list[Charge]],
    payments: dict[UUID, list[Payment]],
    day: date,
) -> Iterable[Gap]:
    """What is owed, was given back, or was paid in cash on another day than this one, of each order."""
    for load in loads:
        for charge in charges[load.order_id]:
            late = sum(
                one.amount for one in payments[charge.id] if one.method == "cash" and _paid_on(one) != day
            )
            for what, amount in (
                ("unpaid", charge.owed),
                ("given_back", charge.refunded),
                ("other_day", late),
            ):
                if amount:
                    yield Gap(
                        what=what,
                        of=load.order.case.number,
                        truck=load.manifest.unit.name,
                        amount=amount,
                        case=load.order.case,
                        charge=charge.number,
                    )


def _of_the_count(agency: Agency, day: date) -> Iterable[Gap]:
    """What the counted cash of the day was more or less than recorded."""
    found = Difference.objects.filter(kind=Difference.Kind.CASH, day=day, case__lead_agency=agency)
    for one in found.select_related("case"):
        yield Gap(what="cash", of=one.case.number, truck="", amount=one.gap, case=one.case)


def to_give_back(agency: Agency) -> list[Charge]:
    """Bills of cancelled orders that were paid and not given back yet, of any day, the oldest first."""
    cancelled = Case.objects.filter(kind=KIND, state="cancelled")
    paid = Charge.objects.filter(agency=agency, subject_kind=KIND, subject_id__in=cancelled.values("id"))
    return list(paid.filter(paid__gt=F("refunded")).order_by("ended_at"))


def _paid_on(payment: Payment) -> date | None:
    return clock.local_day(payment.settled_at) if payment.settled_at is not None else None


def _given_back_elsewhere(agency: Agency, day: date, mine: list[Charge]) -> Iterable[Gap]:
    """What was given back on the day of money for other days' orders and other things."""
    first, end = bounds_of(day)
    given = Refund.objects.filter(payment__charge__agency=agency, at__gte=first, at__lt=end)
    for one in given.exclude(payment__charge__in=mine).select_related("payment__charge"):
        number = one.payment.charge.number
        yield Gap(what="given_back_other", of=number, truck="", amount=one.amount, charge=number)


def _of_litres(manifests: Sequence[Manifest], loads: list[ManifestLoad]) -> Iterable[Gap]:
    """Manifests that no plant took, those whose sums differ, and those whose level fell outside a plant."""
    pumped: dict[UUID, int] = defaultdict(int)
    for load in loads:
        pumped[load.manifest_id] += load.litres
    for one in manifests:
        what, amount = _differs(one, pumped[one.id])
        if what:
            yield Gap(what=what, of=one.number, truck=one.unit.name, amount=amount, case=one.difference)


def _differs(manifest: Manifest, pumped: int) -> tuple[str, int]:
    """What does not agree of a manifest, and how many litres; nothing: ("", 0)."""
    if manifest.state == Manifest.State.REFUSED:
        return "refused", manifest.refused_l or 0
    if manifest.state != Manifest.State.RECEIVED:
        return ("on_the_way", pumped) if pumped else ("", 0)
    if manifest.difference is None:
        return "", 0
    if not balance_of(manifest, pumped).is_even:
        return "litres", (manifest.received_l or 0) - pumped
    fell = manifest.difference.sludge_difference.fell_l
    return ("fell", fell) if fell else ("", 0)


def _elsewhere(agency: Agency, day: date, charges: set[UUID]) -> dict[str, int]:
    """What was paid on the day for other days' orders and other things, by way."""
    first, end = bounds_of(day)
    came = Payment.objects.filter(
        Q(settled_at__gte=first, settled_at__lt=end), charge__agency=agency, state=Payment.State.SETTLED
    ).exclude(charge__in=charges)
    found = {"cash": 0, "qris": 0}
    for method, amount in came.values_list("method", "amount"):
        found[method] += amount
    return found
