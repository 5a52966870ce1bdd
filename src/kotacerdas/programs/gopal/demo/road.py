"""The demo's trucks on the road: each stop of a published route, by its operator, about when the plan says."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.dispatch.actions import position_report
from kotacerdas.foundation.dispatch.models import PlannedRoute, PlannedStop, Unit, UnitPosition
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Refused
from kotacerdas.kernel.timeline import Act
from kotacerdas.programs.gopal import slots
from kotacerdas.programs.gopal.actions import work
from kotacerdas.programs.gopal.actions.manifests import loaded, trip_at
from kotacerdas.programs.gopal.actions.orders import order_rate, order_rebook
from kotacerdas.programs.gopal.demo.plant import receiving
from kotacerdas.programs.gopal.demo.stage import Stage
from kotacerdas.programs.gopal.models import Order

UNPAID = 2
FAILS, MORE = 0.07, 0.05  # of the orders
NOT_POSSIBLE = ("Tidak ada orang di rumah", "Truk tidak dapat masuk: jalan sedang diperbaiki")
TOLD = timedelta(days=7)  # crews of before told only what they had done: the demo loads sooner
_SHORT = timedelta(minutes=2)


def drive(stage: Stage, route: PlannedRoute) -> None:
    """Put a route on the timeline: every act puts the next one there, so that a delay moves what follows."""
    stops = [one for one in route.stops.order_by("position") if one.kind in ("task", "reload")]
    _next(stage, route.unit, stops, route.shift.starts_at)


def _next(stage: Stage, unit: Unit, stops: list[PlannedStop], free_at: datetime) -> None:
    if not stops:
        return
    stop, rest = stops[0], stops[1:]
    starts = max(free_at + _SHORT, stop.arrive_at - timedelta(minutes=15))
    if stop.kind == "reload":
        stage.later(max(starts, stop.arrive_at), _arriving(stage, unit, stop, rest))
    else:
        stage.later(starts, _setting_out(stage, unit, stop, rest))


def _setting_out(stage: Stage, unit: Unit, stop: PlannedStop, rest: list[PlannedStop]) -> Act:
    def act(when: datetime) -> None:
        case = _case(stop)
        if case.state != "booked":
            _next(stage, unit, rest, when)
            return
        if clock.today() > stage.today - TOLD:
            work.order_set_out(actor=stage.operator(unit), case=case)
        done = max(when + timedelta(minutes=10), stop.begin_at) + (stop.leave_at - stop.begin_at)
        done += timedelta(minutes=stage.random.randint(-4, 6))
        fails = stage.random.random() < FAILS
        stage.later(done, _failing(stage, unit, stop, rest) if fails else _emptying(stage, unit, stop, rest))

    return act


def _emptying(stage: Stage, unit: Unit, stop: PlannedStop, rest: list[PlannedStop]) -> Act:
    def act(when: datetime) -> None:
        case = _case(stop)
        order = Order.objects.select_related("tank").get(case=case)
        more = stage.random.choice((0, 0, 0, -100, 100)) if stage.random.random() > MORE else 400
        litres = max(100, min(order.litres + more, order.tank.volume_l or order.litres, _room(unit, when)))
        work.order_empty(actor=stage.operator(unit), case=case, litres=litres, extra_agreed=True)
        _seen(stage, unit, stop, when)
        stage.later(when + timedelta(minutes=1), _paying(stage, unit, case.id))
        if stage.random.random() < 0.3:
            stage.later(when + timedelta(hours=2), _rating(stage, case.id))
        _next(stage, unit, rest, when)

    return act


def _paying(stage: Stage, unit: Unit, case_id: UUID) -> Act:
    """What is owed is paid at the door in cash; two customers of the last days have not paid yet."""

    def act(_when: datetime) -> None:
        open_ones = Charge.objects.filter(subject_id=case_id, state=Charge.State.OPEN)
        owed = sum(one.owed for one in open_ones)
        if not owed:
            return
        if clock.today() >= stage.today - timedelta(days=4) and stage.unpaid < UNPAID:
            stage.unpaid += 1
            return
        work.order_cash(actor=stage.operator(unit), case=Case.objects.get(id=case_id), amount=owed)

    return act


def _failing(stage: Stage, unit: Unit, stop: PlannedStop, rest: list[PlannedStop]) -> Act:
    def act(when: datetime) -> None:
        why = stage.random.choice(NOT_POSSIBLE)
        case = _case(stop)
        work.order_fail(actor=stage.operator(unit), case=case, body=why)
        later = clock.local_day(when) + timedelta(days=2)  # tomorrow may be planned by then
        if stage.random.random() < 0.5:
            stage.later(when + timedelta(minutes=40), rebooking(stage, case.id, later))
        _next(stage, unit, rest, when)

    return act


def rebooking(stage: Stage, case_id: UUID, day: date) -> Act:
    """The customer is called, and the desk books the next time that is free from a day on."""

    def act(_when: datetime) -> None:
        order = Order.objects.select_related("case", "plant", "tank__agency").get(case=case_id)
        free = slots.next_free(order.tank.agency, order.plant, day, 4)
        if free:
            order_rebook(
                actor=stage.worker("desludging_planner"),
                case=order.case,
                slot=stage.random.choice(free).start,
            )

    return act


def _arriving(stage: Stage, unit: Unit, stop: PlannedStop, rest: list[PlannedStop]) -> Act:
    def act(when: datetime) -> None:
        assert stop.station is not None
        left = when + (stop.leave_at - stop.begin_at)
        with suppress(Refused):  # nothing on board: every order of the trip was not possible
            manifest = work.unit_arrive(actor=stage.operator(unit), unit=unit, plant=stop.station)
            if manifest.left_at == when:  # not one that it brought before
                stage.later(left - timedelta(minutes=3), receiving(stage, manifest.id))
        _seen(stage, unit, stop, when)
        _next(stage, unit, rest, left)

    return act


def _rating(stage: Stage, case_id: UUID) -> Act:
    def act(_when: datetime) -> None:
        party = CaseParty.objects.select_related("contact", "case").get(case=case_id)
        if party.contact is not None:
            order_rate(
                actor=reporter(contact=party.contact), party=party, rating=stage.random.choice((3, 4, 4))
            )

    return act


def _seen(stage: Stage, unit: Unit, stop: PlannedStop, when: datetime) -> None:
    """Today's trucks tell where they are."""
    if clock.local_day(when) == stage.today and stop.lat is not None and stop.lng is not None:
        position_report(
            actor=stage.operator(unit),
            unit=unit,
            lat=stop.lat,
            lng=stop.lng,
            source=UnitPosition.Source.PHONE,
            measured_at=when,
            accuracy_m=12,
        )


def _room(unit: Unit, when: datetime) -> int:
    """Litres that still fit into a truck."""
    trip = trip_at(unit, when)
    return unit.capacity_l - (loaded(trip) if trip is not None else 0)


def _case(stop: PlannedStop) -> Case:
    assert stop.job is not None
    return Case.objects.get(id=stop.job.subject_id)
