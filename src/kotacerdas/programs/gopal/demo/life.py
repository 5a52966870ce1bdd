"""The fortnight's orders, plans, payments and closings; the trucks drive in `road`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.actions import plan_publish, solve_ask
from kotacerdas.foundation.dispatch.models import Job, PlannedRoute
from kotacerdas.foundation.dispatch.pyvrp_solver import PyVRP
from kotacerdas.foundation.dispatch.running import solve_run
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.people import contact_made, person_new
from kotacerdas.foundation.payments.charges import payment_begin
from kotacerdas.foundation.payments.closing import DENOMINATIONS, cash_expected, day_close
from kotacerdas.foundation.payments.deposits import deposit_bank
from kotacerdas.foundation.payments.models import Charge, Closing, Deposit
from kotacerdas.foundation.payments.notices import notice_take
from kotacerdas.foundation.payments.providers.simulator import Simulator
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.timeline import Act, Timeline
from kotacerdas.programs.gopal import slots
from kotacerdas.programs.gopal.actions.orders import Wish, order_cancel, order_take
from kotacerdas.programs.gopal.demo.plant import logbook
from kotacerdas.programs.gopal.demo.road import drive, rebooking
from kotacerdas.programs.gopal.demo.stage import Stage, at
from kotacerdas.programs.gopal.lifecycles.orders import KIND
from kotacerdas.programs.gopal.models import Order
from kotacerdas.programs.gopal.queries import plants_of

A_DAY, TODAY, TOMORROW = 8, 14, 12  # orders
STEPS = 40  # of the solver: enough for ten jobs
CALLED_OFF = "Pelanggan menunda: rumah sedang direnovasi."


def begin(pack: Pack, timeline: Timeline) -> None:
    """Put the fortnight on the timeline; none where the pack has no trucks."""
    trucks = pack.of("sludge_trucks")
    if not trucks:
        return
    stage = Stage(timeline=timeline, stations=pack.of("sludge_stations"), trucks=trucks)
    days = list(stage.days())
    timeline.at(at(days[0] - timedelta(days=4), 6), lambda _when: stage.set_up())
    for number, day in enumerate(days):
        if day > stage.today and days[number - 1] > stage.today:
            break  # orders for tomorrow, and for no day beyond
        before = days[number - 1] if number else day - timedelta(days=1)
        _orders(stage, day, before, _count(stage, day))
        if day <= stage.today:
            stage.later(at(before, 15, 30), _planning(stage, day))
            logbook(stage, day)
            stage.later(at(day, 15, 50), _closing(stage, day))


def finish(_pack: Pack) -> int:
    """How many orders there are."""
    return Case.objects.filter(kind=KIND).count()


def _count(stage: Stage, day: date) -> int:
    return A_DAY if day < stage.today else TODAY if day == stage.today else TOMORROW


def _orders(stage: Stage, day: date, before: date, count: int) -> None:
    """Orders for a day come on the two workdays before, by telephone or by web."""
    for number in range(count):
        minutes = stage.random.randint(0, 7 * 60)
        when = at(before - timedelta(days=stage.random.choice((0, 0, 1))), 8, 5) + timedelta(minutes=minutes)
        stage.later(when, _ordering(stage, day, by_phone=number % 5 < 3))


def _ordering(stage: Stage, day: date, *, by_phone: bool) -> Act:
    def act(when: datetime) -> None:
        tank = stage.tanks.pop(stage.random.randrange(len(stage.tanks)))
        phone = f"0899021{stage.random.randrange(10_000):04d}"
        free = [
            one
            for one in slots.days(stage.agency, plants_of(stage.agency)[0], day, 1)[0].slots
            if one.is_free
        ]
        if not free:
            return
        wish = Wish(
            tank=tank.code,
            litres=max(1000, (tank.volume_l or 2000) - stage.random.choice((0, 200, 400))),
            slot=stage.random.choice(free).start,
            pay_by=Order.PayBy.QRIS if stage.random.random() < 0.5 else Order.PayBy.CASH,
            phone=phone,
            channel="phone" if by_phone else "web",
        )
        contact = contact_made(phone=phone)
        actor = stage.worker("desludging_planner") if by_phone else reporter(person_new(), contact=contact)
        opened = order_take(actor=actor, wish=wish)
        if wish.pay_by == Order.PayBy.QRIS and settings.PAYMENT_PROVIDER == "simulator":
            stage.later(when + timedelta(minutes=6), lambda _when: _pay_by_qris(opened.own.pk))
        if stage.random.random() < 0.03:
            stage.later(when + timedelta(hours=2), _calling_off(stage, opened.case.id))

    return act


def _planning(stage: Stage, day: date) -> Act:
    """The planner makes a day's plan on the afternoon before, and publishes it; the trucks go as it says."""

    def act(when: datetime) -> None:
        planner = stage.worker("desludging_planner")
        run = solve_ask(actor=planner, agency=stage.agency, day=day)
        solve_run(str(run.id), PyVRP(steps=STEPS))
        run.refresh_from_db()
        if run.plan is None:
            raise RuntimeError(f"no plan of {day}: {run.error}")
        plan = plan_publish(actor=planner, plan=run.plan)
        for job in Job.objects.filter(id__in=[one["job"] for one in plan.unplanned], subject_kind=KIND):
            again = rebooking(stage, job.subject_id, day + timedelta(days=1))
            stage.later(when + timedelta(minutes=10), again)
        for route in PlannedRoute.objects.filter(plan=plan).select_related("unit", "shift"):
            drive(stage, route)

    return act


def _calling_off(stage: Stage, case_id: UUID) -> Act:
    def act(_when: datetime) -> None:
        order_cancel(
            actor=stage.worker("desludging_planner"), case=Case.objects.get(id=case_id), body=CALLED_OFF
        )

    return act


def _pay_by_qris(order_id: UUID) -> None:
    order = Order.objects.select_related("charge").get(pk=order_id)
    if order.charge is not None and order.charge.state == Charge.State.OPEN:
        notice_take("simulator", *Simulator().notice(payment_begin(charge=order.charge)))


def _closing(stage: Stage, day: date) -> Act:
    def act(_when: datetime) -> None:
        left, counted = cash_expected(stage.agency, day), {}
        for value in DENOMINATIONS:
            counted[value], left = divmod(left, value)
        treasurer = stage.worker("desludging_treasurer")
        closing = day_close(actor=treasurer, agency=stage.agency, day=day, counted=counted)
        if closing.total:
            next_day = current_calendar().next_workday(day)
            stage.timeline.at(at(next_day, 8, 40), _deposit(stage, closing))

    return act


def _deposit(stage: Stage, closing: Closing) -> Act:
    def act(_when: datetime) -> None:
        slip = Deposit.objects.get(closing=closing)
        reference = f"CONTOH {slip.number[-8:]}"
        deposit_bank(actor=stage.worker("desludging_treasurer"), deposit=slip, reference=reference)

    return act
