"""The operator's work: set out, emptied, not possible, broken down; all at the time when it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import StepResult
from kotacerdas.foundation.cases.event_time import AHEAD, time_of
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.actions.fleet import unit_state_set
from kotacerdas.foundation.dispatch.actions.jobs import job_cancel, job_finish
from kotacerdas.foundation.dispatch.actions.plans import stop_begin, stop_finish, stop_put_back
from kotacerdas.foundation.dispatch.models import Job, Plan, PlannedStop, Station, Unit, UnitState
from kotacerdas.foundation.dispatch.queries import is_of_crew, route_of
from kotacerdas.foundation.following.messages import notify_parties
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.payments.charges import cash_locked, cash_take, charge_open
from kotacerdas.foundation.payments.models import Charge, Payment
from kotacerdas.foundation.ui.tags.words import number, rupiah
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.gopal import tariff
from kotacerdas.programs.gopal.actions.manifests import (
    load_add,
    loaded,
    manifest_at_hand,
    manifest_leave,
    may_carry,
    trip_at,
)
from kotacerdas.programs.gopal.charge_purposes import EXTRA
from kotacerdas.programs.gopal.crews import WEEK, has_loaded
from kotacerdas.programs.gopal.lifecycles.orders import CUSTOMER, KIND, WHY
from kotacerdas.programs.gopal.models import Manifest, Order, RoundStop, Tank

_Stop = PlannedStop.State
AT_PLANT = timedelta(hours=2)  # an arrival told so long after the plant saw it is the same one


@dataclass(frozen=True, kw_only=True)
class Errand:
    """Which truck does an order, and its stop in the plan in force; None where that plan gives it to another truck by now."""

    unit: Unit
    stop: PlannedStop | None


def order_set_out(*, actor: Actor, case: Case) -> StepResult:
    """The truck sets out for an order; the customer is told while that is news.

    Raises Refused for another crew's order, Conflict where another stop is under way.
    """
    at = time_of(actor)
    with transaction.atomic():
        order = _locked(case)
        errand = errand_of(actor, order, at)
        if (errand.stop is None or _is_moved(errand.stop)) and not _is_late(at):
            raise _not_yours()
        result = cases.take(case, "set_out", actor=actor)
        if errand.stop is not None:
            _unloaded(actor, errand.stop)
            stop_begin(actor=actor, stop=errand.stop)
        if not _is_late(at):
            notify_parties(case, result.row, "gopal.under_way")
        return result


def order_empty(*, actor: Actor, case: Case, litres: int, extra_agreed: bool = False) -> StepResult:
    """A tank is emptied: order, manifest, tank, turn of the round and the plan's stop, in one go.

    What was pumped beyond the price's litres is a second charge (`gopal.desludging_extra`) with its own number, by the
    tariff of the quote: an amount that was told, and may be paid, never changes. It needs the customer's consent
    (`extra_agreed`); the order closes when both are paid.

    Raises WrongStep for one that was emptied, Refused for another crew's, Invalid with figures: `litres` beyond the tank
    or beyond what still fits into the truck, `extra_agreed` where consent is missing.
    """
    at = time_of(actor)
    with transaction.atomic():
        order = _locked(case)
        errand = errand_of(actor, order, at)
        result = cases.take(
            case, "empty", actor=actor, litres=litres, payload={"litres": litres, "extra": extra_agreed}
        )
        _within_tank(order.tank, litres)
        extra = extra_of(order, litres)
        if extra and not extra_agreed:
            raise _no_consent(order, litres, extra)
        manifest = manifest_at_hand(actor=actor, unit=errand.unit, at=at)
        on_board = loaded(manifest)
        load_add(actor=actor, manifest=manifest, order=order, litres=litres, at=at)
        _stop_done(actor, order, errand, litres, on_board)
        order.pumped_l, order.emptied_at, order.extra_agreed = litres, at, bool(extra)
        order.save(update_fields=["pumped_l", "emptied_at", "extra_agreed"])
        _tank_emptied(order, at)
        if extra:
            _extra_charged(actor, order, extra)
        notify_parties(case, result.row, "gopal.emptied")
        return result


def order_fail(*, actor: Actor, case: Case, body: str) -> StepResult:
    """It was not possible to empty the tank: the customer is told why, and books another time, which opens a new job.

    The stop ends with no litres; a job that another truck has by now is called off. Raises Refused, Invalid without words.
    """
    at = time_of(actor)
    with transaction.atomic():
        order = _locked(case)
        errand = errand_of(actor, order, at)
        if errand.stop is not None and _is_moved(errand.stop) and not _is_late(at):
            raise _not_yours()
        result = cases.take(case, "fail", actor=actor, body=body.strip())
        cases.add_note(case, kind=WHY.name, body=body, actor=actor, row=result.row)
        job = job_of(order)
        if errand.stop is not None and errand.stop.state != _Stop.DONE:
            _unloaded(actor, errand.stop)
            stop_finish(actor=actor, stop=errand.stop, taken_l=0, on_board_l=0)
        elif job is not None:
            job_cancel(actor=actor, job=job)
        notify_parties(case, result.row, "gopal.failed")
        return result


def order_cash(*, actor: Actor, case: Case, amount: int) -> list[Payment]:
    """The customer pays the crew that emptied the tank in cash: all that is owed, each bill with its own receipt.

    Raises Refused for another crew, an order that is not emptied or not paid in cash, Invalid (`amount`) for another sum
    than is owed, Conflict where nothing is owed any more.
    """
    with transaction.atomic():
        order = _locked(case)
        cash_locked(order.tank.agency_id)
        bills = Charge.objects.filter(subject_kind=KIND, subject_id=order.pk, state=Charge.State.OPEN)
        open_ones = list(bills.select_for_update().order_by("id"))  # all of them, before a number is drawn
        owed = sum(one.owed for one in open_ones)
        if not owed:
            raise Conflict(_("Nothing is owed for this order any more."), remedy=_("Look at its bill."))
        _may_take_cash(actor, order)
        if amount != owed:
            words = _("%(owed)s is owed; take that amount.") % {"owed": rupiah(owed)}
            raise Invalid(_("No money was taken."), fields={"amount": words})
        payer = case.parties.filter(role=CUSTOMER.name).first()
        name = payer.name if payer is not None else ""
        return [
            cash_take(actor=actor, charge=one, amount=one.owed, key=ids.new_id(), payer=name)
            for one in open_ones
        ]


def unit_arrive(*, actor: Actor, unit: Unit, plant: Station, at: datetime | None = None) -> Manifest:
    """A truck is at a plant: its manifest leaves, and the plan's unloading there begins.

    Where the plant knew it first, because the manifest was scanned while the phone was away, nothing happens. Raises what
    `manifest_leave` raises.
    """
    moment = at or time_of(actor)
    with transaction.atomic():
        if (known := _left_just_before(unit, plant, moment)) is not None:
            return known
        manifest = manifest_at_hand(actor=actor, unit=unit, at=moment)
        if manifest.state == Manifest.State.RECEIVED:  # the plant was faster than this word
            return manifest
        manifest = manifest_leave(actor=actor, manifest=manifest, plant=plant, at=moment)
        stop = reload_stop(unit, plant, moment, states=(_Stop.PLANNED,))
        if stop is not None and not stop.route.stops.filter(state=_Stop.UNDER_WAY).exists():
            stop_begin(actor=actor, stop=stop)
        return manifest


def unit_break_down(*, actor: Actor, unit: Unit, why: str) -> UnitState:
    """A truck cannot go on: it drops out of the plan, and the order that it was on its way to is to be planned anew.

    Its customer is told that it will be later. Raises Refused, Invalid without a word of why.
    """
    may_carry(actor, unit)
    with transaction.atomic():
        state = unit_state_set(actor=actor, unit=unit, state=UnitState.State.BROKEN, why=why)
        route = route_of(unit, clock.local_day(time_of(actor)))
        under_way = route.stops.filter(state=_Stop.UNDER_WAY, job__subject_kind=KIND) if route else ()
        for stop in under_way:
            case = Case.objects.select_for_update().get(id=_job(stop).subject_id)
            stop_put_back(actor=actor, stop=stop)
            if case.state == "under_way":
                result = cases.take(case, "turn_back", actor=actor)
                notify_parties(case, result.row, "gopal.delayed")
        return state


def errand_of(actor: Actor, order: Order, at: datetime) -> Errand:
    """The truck with which an actor does an order: one that a plan of that day, or of the week before, gave it to.

    They are in its crew. A phone that was away knows an older plan: what was done by it counts. Raises Refused for
    another crew's order.
    """
    day = clock.local_day(at)
    newest = Job.objects.filter(subject_kind=KIND, subject_id=order.pk).order_by("-opened_at").first()
    told = PlannedStop.objects.filter(
        Q(route__is_published=True) | Q(route__plan__state=Plan.State.REPLACED),
        job=newest,
        route__day__gte=day - WEEK,
        route__day__lte=day,
    ).select_related("route__unit__agency", "route__shift", "job")
    told = told.order_by("-route__day", "-route__plan__version")
    mine = [one for one in told if is_of_crew(one.route.shift, actor.user)] if newest else []
    if not mine:
        raise _not_yours()
    in_force = [
        one for one in mine if one.route.is_published and (one.route.day == day or not _is_moved(one))
    ]
    return Errand(unit=(in_force or mine)[0].route.unit, stop=in_force[0] if in_force else None)


def reload_stop(
    unit: Unit, plant: Station, at: datetime, states: tuple[str, ...] = (_Stop.PLANNED, _Stop.UNDER_WAY)
) -> PlannedStop | None:
    """The next unloading of a truck at a plant by the plan in force: the one under way, else the first to come."""
    stops = PlannedStop.objects.filter(
        route__unit=unit,
        route__is_published=True,
        route__day=clock.local_day(at),
        kind=PlannedStop.Kind.RELOAD,
        station=plant,
        state__in=states,
    )
    return stops.select_related("route").order_by("-state", "position").first()  # "under_way" > "planned"


def extra_of(order: Order, litres: int) -> int:
    """Whole rupiah to be paid for the cubic metres begun beyond those that the quote charged, as the order keeps it."""
    more = tariff.extra_m3(order.base_l, litres) - tariff.extra_m3(order.base_l, order.litres)
    return max(0, more) * order.extra_per_m3


def job_of(order: Order) -> Job | None:
    """The open work of an order."""
    return Job.objects.filter(subject_kind=KIND, subject_id=order.pk, state=Job.State.OPEN).first()


def _locked(case: Case) -> Order:
    held = Order.objects.select_for_update(of=("self",)).select_related("tank__agency", "charge")
    order = held.get(case=case)
    order.case = case
    return order


def _job(stop: PlannedStop) -> Job:
    """The job of a stop that is one."""
    assert stop.job is not None
    return stop.job


def _is_moved(stop: PlannedStop) -> bool:
    """Whether a stop's job was booked for another day since."""
    return _job(stop).day not in (None, stop.route.day)


def _is_late(at: datetime) -> bool:
    """Whether it comes so late from an outbox that it is no news any more."""
    return clock.now() - at > AHEAD


def _not_yours() -> Refused:
    return Refused(
        _("This order is on another truck's route."),
        remedy=_("Look at your route again, or ask the desludging planner to put it there."),
        code="other_crew",
    )


def _may_take_cash(actor: Actor, order: Order) -> None:
    """Cash is taken by the crew that emptied the tank, once it did, for an order that is paid in cash."""
    if not Case.objects.filter(pk=order.pk, state="emptied").exists():
        raise Refused(
            _("The tank is not emptied yet."),
            remedy=_("Report first that it is emptied: then the sum is known."),
            code="not_emptied",
        )
    if order.pay_by != Order.PayBy.CASH:
        raise Refused(
            _("This order is paid by QRIS."),
            remedy=_("Let the customer pay by the link in the message, or at the office."),
            code="not_cash",
        )
    if not has_loaded(actor.user, order):
        raise _not_yours()


def _unloaded(actor: Actor, stop: PlannedStop) -> None:
    """Whoever goes on to the next stop has left the plant."""
    for one in stop.route.stops.filter(kind=PlannedStop.Kind.RELOAD, state=_Stop.UNDER_WAY):
        stop_finish(actor=actor, stop=one)


def _stop_done(actor: Actor, order: Order, errand: Errand, litres: int, on_board: int) -> None:
    stop, job = errand.stop, job_of(order)
    if stop is not None and stop.state != _Stop.DONE:
        _unloaded(actor, stop)
        stop_finish(actor=actor, stop=stop, taken_l=litres, on_board_l=on_board)
    elif job is not None:
        job_finish(actor=actor, job=job)


def _within_tank(tank: Tank, litres: int) -> None:
    if litres < 1:
        raise Invalid(_("Nothing was written."), fields={"litres": _("At least one litre.")})
    if tank.volume_l is not None and litres > tank.volume_l:
        words = _("The tank holds %(most)s litres; %(given)s are said.") % {
            "most": number(tank.volume_l),
            "given": number(litres),
        }
        raise Invalid(
            _("Nothing was written."),
            fields={"litres": words},
            remedy=_("If the tank is larger, survey it first."),
            code="beyond_tank",
        )


def _no_consent(order: Order, litres: int, extra: int) -> Invalid:
    words = _("%(given)s litres instead of %(asked)s cost %(extra)s more: ask the customer first.") % {
        "given": number(litres),
        "asked": number(order.litres),
        "extra": rupiah(extra),
    }
    return Invalid(_("Nothing was written."), fields={"extra_agreed": words}, code="no_consent")


def _left_just_before(unit: Unit, plant: Station, at: datetime) -> Manifest | None:
    """The manifest with which a unit was at a plant a little earlier, where nothing was loaded since."""
    coming = trip_at(unit, at)
    if coming is not None and loaded(coming):
        return None
    there = Manifest.objects.filter(
        unit=unit, plant=plant, state__in=("carrying", "received"), left_at__gte=at - AT_PLANT, left_at__lt=at
    )
    return there.order_by("-left_at").first()


def _tank_emptied(order: Order, at: datetime) -> None:
    """The tank's last day, unless a later one is known; and its turn in the round is done."""
    day = clock.local_day(at)
    earlier = Q(last_emptied_on=None) | Q(last_emptied_on__lt=day)
    Tank.objects.filter(earlier, id=order.tank_id).update(last_emptied_on=day)
    order.round_stops.filter(state=RoundStop.State.ORDERED).update(state=RoundStop.State.DONE)


def _extra_charged(actor: Actor, order: Order, amount: int) -> None:
    charge_open(
        actor=actor if actor.kind == "staff" else SYSTEM,
        subject=(KIND, order.pk),
        title=EXTRA,
        amount=amount,
        agency=order.tank.agency,
        basis=order.article,
        payer=order.charge.payer if order.charge is not None else None,
    )
