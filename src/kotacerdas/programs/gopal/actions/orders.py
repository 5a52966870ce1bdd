"""Actions on orders: taken with price, time, bill and job in one go; booked anew, cancelled, rated, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import Opened, Party, Place, StepResult
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case, CaseParty, Note
from kotacerdas.foundation.commands.idempotency import digest_of
from kotacerdas.foundation.dispatch.actions.jobs import job_cancel, job_change, job_open
from kotacerdas.foundation.dispatch.models import Job
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.following.messages import notify_parties
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.models import Agency, Person
from kotacerdas.foundation.payments.charges import charge_end, charge_open
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import Invalid, Refused
from kotacerdas.kernel.texts import is_blank
from kotacerdas.programs.gopal import queries, slots, tariff
from kotacerdas.programs.gopal.actions import ordering
from kotacerdas.programs.gopal.lifecycles.orders import BEFORE, CUSTOMER, KIND, ORDER, RATING, WHY
from kotacerdas.programs.gopal.models import Manifest, Order, RoundStop, Tank
from kotacerdas.programs.gopal.pack_tables import desludging
from kotacerdas.programs.gopal.permissions import ORDER as TAKE_ORDER

PURPOSE = "gopal.desludging"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is ordered: a known tank by its code, or a new one by its place; class, litres, time, and who asks.

    price  what the customer saw, in whole rupiah; another price by now refuses. None: nobody saw one
    """

    tank_class: str = ""
    litres: int
    slot: datetime
    pay_by: str = Order.PayBy.CASH
    tank: str = ""
    area_code: str = ""
    lat: float | None = None
    lng: float | None = None
    address: str = ""
    hose_m: int = 0
    users: int | None = None
    name: str = ""
    phone: str = ""
    channel: str = "web"
    language: str = "id"
    price: int | None = None

    @property
    def digest(self) -> str:
        """By which a second press is known from another order."""
        return digest_of({**vars(self), "slot": self.slot.isoformat()})


def order_take(
    *,
    actor: Actor,
    wish: Wish,
    chosen: Person | None = None,
    made: Mapping[str, UUID] | None = None,
    message: str = "gopal.booked",
    round_stop: RoundStop | None = None,
) -> Opened[Order]:
    """Take an order: tank, price, slot, case, bill and job in one transaction.

    chosen   whom a desk knows the customer to be
    message  what the customer is told; round_stop  the turn of the three-year round that it comes from

    Raises Refused, and Invalid with its field: tank, tank_class, litres, place, hose_m, slot, price, phone.
    """
    agency = queries.serving_agency()
    _may_order(actor, agency)
    with transaction.atomic():
        _check(wish)
        slots.locked(agency, clock.local_day(wish.slot))
        tank = ordering.tank_of(actor, agency, wish)
        where, near, quote = ordering.offer(agency, tank, wish)
        slot = slots.slot_checked(agency, near.plant, wish.slot)
        ordering.one_a_day(tank, slot, tells=actor.kind == "staff")
        asks = {"name": wish.name, "phone": wish.phone, "channel": wish.channel, "language": wish.language}
        opened = cases.open(
            ORDER,
            actor=actor,
            title_code=tank.tank_class,
            channel=wish.channel,
            place=Place(area_code=tank.area_code, lat=where[0], lng=where[1]),
            parties=(_customer(actor, chosen, tank, asks),),
            given_to=((LEAD, agency),),
            case_id=(made or {}).get("case"),
            own=lambda case: _order(case, tank, quote, slot, near.plant, wish.pay_by),
        )
        _billed(opened, actor, agency)
        _of_customer(tank, opened.parties[0])
        _job_opened(actor, opened.own, where)
        if round_stop is not None:
            round_stop.state, round_stop.order = RoundStop.State.ORDERED, opened.own
            round_stop.save(update_fields=["state", "order"])
        notify_parties(opened.case, opened.row, message)
        return opened


def order_rebook(*, actor: Actor, case: Case, slot: datetime, seen_version: int | None = None) -> StepResult:
    """Book another time for an order. The price stays. Raises Invalid where the slot cannot be booked, Refused."""
    with transaction.atomic():
        order = _locked(case)
        agency = order.tank.agency
        slots.locked(agency, clock.local_day(slot))
        result = cases.take(
            case,
            "rebook",
            actor=actor,
            seen_version=seen_version,
            slot_from=slot.isoformat(),
            codes={"slot_before": order.slot_from.isoformat()},
        )
        ordering.one_a_day(order.tank, slot, besides=order)
        booked = slots.slot_checked(agency, order.plant, slot)
        order.slot_from, order.slot_until = booked.start, booked.end
        order.save(update_fields=["slot_from", "slot_until"])
        if (job := job_of(order)) is not None:
            promised = (order.slot_from, order.slot_until)
            job_change(actor=actor, job=job, day=_day_of(order), promised=promised)
        else:
            _job_opened(actor, order, _place_of(order))
        notify_parties(case, result.row, "gopal.rebooked")
        return result


def _place_of(order: Order) -> tuple[float, float]:
    """Where a truck is sent for an order. Raises Invalid where nobody knows: no place is made up."""
    known = queries.position_of(order.tank)
    if known is None and order.case.lat is not None and order.case.lng is not None:
        known = order.case.lat, order.case.lng
    if known is None:
        raise Invalid(
            _("Nobody knows where the tank is."), remedy=_("Write down its position in the register first.")
        )
    return known


def order_cancel(*, actor: Actor, case: Case, body: str, seen_version: int | None = None) -> StepResult:
    """The desk cancels an order, and the customer is told why. What was paid is given back by the treasurer."""
    with transaction.atomic():
        order = _locked(case)
        result = cases.take(case, "cancel", actor=actor, seen_version=seen_version, body=body.strip())
        cases.add_note(case, kind=WHY.name, body=body, actor=actor, row=result.row)
        _called_off(order, actor)
        notify_parties(case, result.row, "gopal.cancelled")
        return result


def order_note(*, actor: Actor, case: Case, body: str, photos: Iterable[StoredFile] = ()) -> Note:
    """An inside note, with photos. Raises Invalid for an empty one."""
    if is_blank(body):
        raise Invalid(_("Write the note."), fields={"body": _("Write the note.")})
    return cases.note_inside(case, actor=actor, body=body, photos=photos, moment=BEFORE.name)


def order_withdraw(*, actor: Actor, party: CaseParty) -> StepResult:
    """The customer cancels: free until so many hours before the slot. Raises Refused after that."""
    check_customer(party)
    with transaction.atomic():
        order = _locked(party.case)
        if not may_withdraw(order):
            raise Refused(
                _("It is less than %(n)d hours before the truck comes.") % {"n": desludging().cancel_hours},
                remedy=_("Call the office: it may still stop the truck."),
            )
        result = cases.take(party.case, "withdraw", actor=actor)
        _called_off(order, SYSTEM)
        notify_parties(party.case, result.row, "gopal.withdrawn")
        return result


def order_rate(*, actor: Actor, party: CaseParty, rating: int, words: str = "") -> StepResult:
    """The customer rates the service, 1 to 4, once. Raises Invalid, Refused."""
    check_customer(party)
    if rating not in (1, 2, 3, 4):
        words = _("Choose one of the four faces.")
        raise Invalid(words, fields={"rating": words})
    with transaction.atomic():
        case = Case.objects.select_for_update().get(id=party.case_id)
        if case.feedback.filter(party=party).exists():
            raise Refused(_("You have rated this already."))
        result = cases.take(case, "rate", actor=actor, rating=rating, payload={"rating": rating})
        cases.add_feedback(case, party=party, rating=rating, words=words)
        if not is_blank(words):
            cases.add_note(case, kind=RATING.name, body=words, actor=actor, row=result.row, party=party)
        return result


def order_settle(*, case: Case) -> StepResult | None:
    """Close an order that was emptied, is paid, and whose sludge a plant has; None where one of the three lacks.

    Called by whoever of the three comes last; asked too often it does nothing.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(id=case.id)
        if case.state != "emptied" or not is_settled(case):
            return None
        return cases.take(case, "settle", actor=SYSTEM)


def is_settled(case: Case) -> bool:
    """Whether an order's bill is paid, and one for more litres where there is one, and its manifest received."""
    if Charge.objects.filter(subject_kind=KIND, subject_id=case.id, state=Charge.State.OPEN).exists():
        return False
    paid = Order.objects.filter(case=case, charge__state=Charge.State.PAID)
    return paid.filter(load__manifest__state=Manifest.State.RECEIVED).exists()


def may_withdraw(order: Order) -> bool:
    """Whether the customer may still cancel by themselves, without cost."""
    return clock.now() < free_until(order)


def free_until(order: Order) -> datetime:
    """Until when cancelling is free."""
    return order.slot_from - timedelta(hours=desludging().cancel_hours)


def check_customer(party: CaseParty) -> None:
    """Raise Refused for anybody but the customer."""
    if party.role != CUSTOMER.name:
        raise Refused(_("Only the customer can do this."), remedy=_("You go on getting its news."))


def job_of(order: Order) -> Job | None:
    """The open work of an order; None where nothing is to be done."""
    return Job.objects.filter(subject_kind=KIND, subject_id=order.case_id, state=Job.State.OPEN).first()


def _job_opened(actor: Actor, order: Order, where: tuple[float, float]) -> Job:
    """The work that a plan takes up: at the tank, within the promised time."""
    tank = order.tank
    return job_open(
        actor=actor,
        agency=tank.agency,
        subject=(KIND, order.case_id),
        lat=where[0],
        lng=where[1],
        area_code=tank.area_code,
        volume_l=order.litres,
        service_seconds=desludging().minutes_a_tank * 60,
        skills=tank.skills,
        day=_day_of(order),
        promised=(order.slot_from, order.slot_until),
    )


def _day_of(order: Order) -> date:
    return clock.local_day(order.slot_from)


def _may_order(actor: Actor, agency: Agency) -> None:
    """Citizens order for themselves; staff where they take orders, or at any desk that takes calls."""
    if actor.kind != "staff" or actor.grants.may(TAKE_ORDER, agencies=[agency.id]):
        return
    if not actor.grants.may(TAKE_CALL):
        raise Refused(
            _("You take no orders for desludging."), remedy=_("Give the caller the office's number.")
        )


def _check(wish: Wish) -> None:
    wrong: dict[str, Any] = {}
    if wish.pay_by not in Order.PayBy.values:
        wrong["pay_by"] = _("Choose how it is paid.")
    if wish.phone and not phones.normal(wish.phone):
        wrong["phone"] = _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
    if not wish.phone and wish.channel == "web":
        wrong["phone"] = _("The driver calls before coming: leave a number.")
    if wrong:
        raise Invalid(_("The order was not taken."), fields=wrong)


def _customer(actor: Actor, chosen: Person | None, tank: Tank, asks: dict[str, str]) -> Party:
    """Whoever asks; for a tank's turn in the round its owner, by the number that is known of them."""
    if asks["channel"] != "round":
        return Party.asking(actor, CUSTOMER, chosen=chosen, **asks)
    proved = CaseParty.objects.filter(contact=tank.contact, is_proved=True)
    is_proved = tank.contact is not None and proved.exists()
    return Party(CUSTOMER.name, tank.owner, tank.contact, channel="round", is_proved=is_proved)


def _order(case: Case, tank: Tank, quote: tariff.Quote, slot: slots.Slot, plant: Any, pay_by: str) -> Order:
    return Order(
        case=case,
        tank=tank,
        tank_class=quote.tank_class,
        litres=quote.litres,
        base_l=quote.base_l,
        distance_m=quote.distance_m,
        zone=quote.zone,
        price=quote.price,
        extra_per_m3=quote.extra_per_m3,
        article=quote.article,
        tariff_from=quote.tariff_from,
        pay_by=pay_by,
        slot_from=slot.start,
        slot_until=slot.end,
        plant=plant,
    )


def _billed(opened: Opened[Order], actor: Actor, agency: Agency) -> None:
    """The bill of an order, on the article of the tariff."""
    order = opened.own
    order.charge = charge_open(
        actor=actor,
        subject=(KIND, opened.case.id),
        title=PURPOSE,
        amount=order.price,
        agency=agency,
        basis=order.article,
        payer=opened.parties[0].person,
    )
    order.save(update_fields=["charge"])


def _of_customer(tank: Tank, party: CaseParty) -> None:
    """A tank without an owner is the customer's: their next order finds it again."""
    if tank.contact_id is None and party.contact_id is not None:
        tank.owner, tank.contact = party.person, party.contact
        tank.save(update_fields=["owner", "contact"])


def _locked(case: Case) -> Order:
    return (
        Order.objects.select_for_update(of=("self",))
        .select_related("tank__agency", "plant", "charge")
        .get(case=case)
    )


def _called_off(order: Order, actor: Actor) -> None:
    """No job, no open bill, no turn of the round is left of a cancelled order."""
    if (job := job_of(order)) is not None:
        job_cancel(actor=actor, job=job)
    order.round_stops.filter(state=RoundStop.State.ORDERED).update(state=RoundStop.State.SKIPPED)
    charge = order.charge
    if charge is not None and charge.state == Charge.State.OPEN and not charge.paid:
        charge_end(actor=actor, charge=charge, state=Charge.State.CANCELLED)
