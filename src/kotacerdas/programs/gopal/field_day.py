"""An operator's day on the phone: the stops of the truck's route in order, its unloadings with the manifest, the truck."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.contacts import contact_of
from kotacerdas.foundation.cases.kinds import INSIDE
from kotacerdas.foundation.cases.models import CaseParty, Note
from kotacerdas.foundation.casework.rows import state_tag
from kotacerdas.foundation.dispatch.models import Plan, PlannedRoute, PlannedStop, Unit, UnitState
from kotacerdas.foundation.dispatch.queries import crew_shifts, route_of, shifts_of, states_of
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.foundation.sync.declarations import Found, Item, Records
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.tags.words import clock_time, number, rupiah, short_time
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.actions.manifests import loaded, trip_at
from kotacerdas.programs.gopal.crews import WEEK, unpaid_of
from kotacerdas.programs.gopal.lifecycles.orders import CUSTOMER, KIND
from kotacerdas.programs.gopal.models import Manifest, Order
from kotacerdas.programs.gopal.permissions import WORK

STOP, TRIP, TRUCK = "gopal.stop", "gopal.trip", "gopal.truck"
STEPS = {"booked": ("set_out", "empty", "fail"), "under_way": ("empty", "fail")}
_LAST, _AFTER = 400, 200  # places on the list: the truck after everything, what is done after what is to come
_UNPAID = 150  # money that is owed from before stands between the two
_State = PlannedStop.State


@dataclass(frozen=True, kw_only=True)
class Day:
    """What an operator's phone shows of today, read in one go.

    stops   the jobs that are desludging orders, in order; older ones that are still under way come first
    unpaid  what the crew emptied, today or in the week before, and has no stop here: its cash is still owed
    """

    units: list[Unit]
    routes: dict[UUID, PlannedRoute]
    stops: list[PlannedStop]
    unpaid: list[Order]
    orders: Mapping[UUID, Order]
    customers: Mapping[UUID, CaseParty]
    words: Mapping[UUID, str]
    numbers: Mapping[UUID, int] = field(default_factory=dict)
    owed: Mapping[UUID, int] = field(default_factory=dict)


def day_of(actor: Actor) -> Day:
    """Today's routes of the trucks in whose crew somebody is; nothing for who is in none."""
    units = [one.unit for one in shifts_of(actor.user, clock.today())]
    found = ((one.id, route_of(one, clock.today())) for one in units)
    routes = {unit: route for unit, route in found if route is not None}
    stops = [*_left_lying(actor), *(one for route in routes.values() for one in _tasks(route))]
    here = {one.job.subject_id for one in stops if one.job is not None}
    unpaid = [one for one in unpaid_of(actor.user) if one.pk not in here]
    ids = [*here, *(one.pk for one in unpaid)]
    orders = Order.objects.filter(case__in=ids).select_related("case", "tank", "plant", "charge")
    parties = CaseParty.objects.filter(case__in=ids, role=CUSTOMER.name).select_related("person", "contact")
    notes = Note.objects.filter(case__in=ids, kind=INSIDE.name).order_by("created_at")
    return Day(
        units=units,
        routes=routes,
        stops=stops,
        unpaid=unpaid,
        orders={one.pk: one for one in orders},
        customers={one.case_id: one for one in parties},
        words=dict(notes.values_list("case_id", "body")),
        owed=_owed(ids),
        numbers={one.id: turn for route in routes.values() for turn, one in enumerate(_tasks(route), 1)},
    )


def _owed(orders: Iterable[UUID]) -> dict[UUID, int]:
    """Whole rupiah that are still to be paid for each order, of all its bills."""
    due: dict[UUID, int] = {}
    for charge in Charge.objects.filter(subject_kind=KIND, subject_id__in=list(orders), state="open"):
        due[charge.subject_id] = due.get(charge.subject_id, 0) + charge.owed
    return due


def _tasks(route: PlannedRoute) -> list[PlannedStop]:
    """The orders of a route; one that was called off, done by another truck or booked for another day is none any more."""
    return [
        one
        for one in route.stops.all()
        if one.job is not None
        and one.job.subject_kind == KIND
        and (one.state == _State.DONE or (one.job.state == "open" and one.job.day in (None, route.day)))
    ]


def _left_lying(actor: Actor) -> Iterable[PlannedStop]:
    """Stops of the week before that were begun and never finished: open work does not end with its day."""
    today = clock.today()
    begun = PlannedStop.objects.filter(
        route__is_published=True,
        route__day__lt=today,
        state=_State.UNDER_WAY,
        job__subject_kind=KIND,
        job__state="open",
        route__shift__in=crew_shifts(actor.user, today - WEEK, today),
    )
    return begun.select_related("job", "route__unit")


def _stop_rows(actor: Actor) -> Iterator[Found]:
    day = day_of(actor)
    for stop in day.stops:
        order = day.orders.get(stop.job.subject_id) if stop.job is not None else None
        if order is not None:
            yield Found(order.pk, partial(_stop_item, day, stop, order))
    for place, order in enumerate(day.unpaid):
        yield Found(order.pk, partial(_unpaid_item, day, order, place))


def _stop_item(day: Day, stop: PlannedStop, order: Order) -> Item:
    case, tank, party = order.case, order.tank, day.customers.get(order.pk)
    tag, is_done = state_tag(case), stop.state == _State.DONE
    contact = contact_of(party) if party is not None and not is_done else None
    where = queries.position_of(tank)
    name, place = _name(day, order), _place(order)
    turn, owed = day.numbers.get(stop.id), day.owed.get(order.pk, 0)
    return Item(
        id=order.pk,
        title=f"{turn} · {name}" if turn else name,
        small=" · ".join(
            filter(None, (_when(stop), place, _litres((stop.taken_l or 0) if is_done else order.litres)))
        ),
        state=(str(tag.text), tag.tone, tag.icon),
        due="" if is_done else order.slot_until.isoformat(timespec="minutes"),
        order=stop.position + (_AFTER if is_done else 0),
        phone=contact.phone if contact is not None else "",
        lat=where[0] if where else None,
        lng=where[1] if where else None,
        facts=tuple(_stop_facts(stop, order, owed)),
        words=day.words.get(order.pk, ""),
        forms=tuple(f"gopal.order.{step}" for step in _steps(stop, order, owed)),
    )


def _unpaid_item(day: Day, order: Order, turn: int) -> Item:
    """An order of the crew's that is emptied and not paid: what is left to do is to take the money."""
    tag, where = state_tag(order.case), queries.position_of(order.tank)
    pumped, owed = _litres(order.load.litres), day.owed.get(order.pk, 0)
    when = short_time(order.load.pumped_at)
    return Item(
        id=order.pk,
        title=_name(day, order),
        small=" · ".join(filter(None, (when, _place(order), pumped))),
        state=(str(tag.text), tag.tone, tag.icon),
        order=_UNPAID + turn,
        lat=where[0] if where else None,
        lng=where[1] if where else None,
        facts=(
            (str(_("Pumped")), pumped),
            (str(_("Still owed")), rupiah(owed)),
            (str(_("Price")), f"{rupiah(order.price)} · {order.get_pay_by_display()}"),
            (str(_("Number")), order.case.number),
        ),
        words=day.words.get(order.pk, ""),
        forms=("gopal.order.cash",),
    )


def _name(day: Day, order: Order) -> str:
    """By whom an order is known: the customer, else where it is."""
    party = day.customers.get(order.pk)
    return (party.name if party is not None else "") or order.tank.address or order.tank.code


def _place(order: Order) -> str:
    area = area_by_code(order.tank.area_code) if order.tank.area_code else None
    return ", ".join(filter(None, (order.tank.address, area.name if area is not None else "")))


def _steps(stop: PlannedStop, order: Order, owed: int) -> tuple[str, ...]:
    """What can be done with an order now; cash after the tank is emptied, which the phone may have told nobody yet.

    Nothing with one that was not possible here and is booked for another time.
    """
    cash = ("cash",) if owed and order.pay_by == Order.PayBy.CASH else ()
    if order.case.state == "emptied":
        return cash
    steps = () if stop.state == _State.DONE else STEPS.get(order.case.state, ())
    return (*steps, *cash) if steps else ()


def _stop_facts(stop: PlannedStop, order: Order, owed: int) -> Iterator[tuple[str, str]]:
    tank = order.tank
    if stop.state == _State.DONE:
        yield str(_("Pumped")), _litres(stop.taken_l or 0)
        yield str(_("Still owed")), rupiah(owed)
    else:
        yield str(_("Arrival")), clock_time(stop.begin_at)
        yield str(_("Promised")), f"{clock_time(order.slot_from)}–{clock_time(order.slot_until)}"
        yield str(_("About")), _litres(order.litres)
        if tank.volume_l:
            yield str(_("The tank holds")), _litres(tank.volume_l)
        yield str(_("Hose")), f"{tank.hose_m} m"
        yield str(_("In the truck afterwards")), _litres(stop.load_after_l)
    yield str(_("Price")), f"{rupiah(order.price)} · {order.get_pay_by_display()}"
    yield str(_("Number")), order.case.number


def _trip_rows(actor: Actor) -> Iterator[Found]:
    day = day_of(actor)
    for unit in day.units:
        route = day.routes.get(unit.id)
        reloads = [one for one in route.stops.all() if one.kind == "reload"] if route else []
        coming = next((one for one in reloads if one.state == _State.PLANNED), None)
        for stop in reloads:
            yield Found(stop.id, partial(_trip_item, unit, stop, is_next=stop == coming))


def _trip_item(unit: Unit, stop: PlannedStop, *, is_next: bool) -> Item:
    """An unloading; the next one carries the manifest that is being filled, one that was begun the one that left for it."""
    station, is_done = stop.station, stop.state != _State.PLANNED
    manifest = trip_at(unit, stop.began_at or clock.now()) if is_next or is_done else None
    told = [manifest.number, _litres(loaded(manifest))] if manifest is not None else [unit.name]
    facts = [(str(_("Arrival")), clock_time(stop.begin_at))] if not is_done else []
    state = (stop.get_state_display(), "padi" if is_done else "plain", "check" if is_done else "clock")
    if manifest is not None:
        facts += list(manifest_facts(manifest))
        state = (manifest.get_state_display(), *_MANIFEST_LOOK[Manifest.State(manifest.state)])
    return Item(
        id=stop.id,
        title=str(_("Unload: %(plant)s")) % {"plant": station.name if station is not None else ""},
        small=" · ".join(filter(None, (_when(stop), *told))),
        state=state,
        order=stop.position + (_AFTER if is_done else 0),
        lat=stop.lat,
        lng=stop.lng,
        facts=tuple(facts),
        qr=manifest.token if manifest is not None and manifest.received_at is None else "",
        forms=()
        if is_done
        else ("gopal.trip.arrive",),  # a second one too: the day may pass without a contact
    )


_MANIFEST_LOOK = {
    Manifest.State.OPEN: ("plain", "pencil"),
    Manifest.State.CARRYING: ("laut", "truck"),
    Manifest.State.RECEIVED: ("padi", "circle-check"),
    Manifest.State.REFUSED: ("kunyit", "circle-alert"),
    Manifest.State.VOID: ("plain", "ban"),
}


def manifest_facts(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """What the plant asks for: number and code, and what is loaded."""
    yield str(_("Manifest")), manifest.number
    yield str(_("Code for the plant")), manifest.token
    yield str(_("Loaded")), _litres(loaded(manifest))


def _truck_rows(actor: Actor) -> Iterator[Found]:
    day = day_of(actor)
    states = states_of([one.id for one in day.units])
    for unit in day.units:
        yield Found(unit.id, partial(_truck_item, day, unit, states[unit.id]))


def _truck_item(day: Day, unit: Unit, state: str) -> Item:
    is_well = state == UnitState.State.AVAILABLE
    manifest = trip_at(unit, clock.now())
    mine = [one for one in day.stops if one.route_id == getattr(day.routes.get(unit.id), "id", None)]
    done = sum(one.state == _State.DONE for one in mine)
    on_board = loaded(manifest) if manifest is not None else 0
    facts = [(str(_("Done")), _("%(n)s of %(all)s") % {"n": done, "all": len(mine)})]
    facts.append((str(_("On board")), f"{number(on_board)} / {_litres(unit.capacity_l)}"))
    if manifest is not None:
        facts += list(manifest_facts(manifest))[:2]
    return Item(
        id=unit.id,
        title=unit.name,
        small=_("%(n)s of %(all)s done") % {"n": done, "all": len(mine)},
        state=(
            str(UnitState.State(state).label),
            "padi" if is_well else "terasi",
            "truck" if is_well else "circle-alert",
        ),
        order=_LAST,
        facts=tuple(facts),
        words="\n".join(_moved(unit, mine)),
        forms=(  # at the plant whatever is on board: without a contact only the phone knows of it
            "gopal.truck.arrive",
            "gopal.truck.position",
            "gopal.truck.breakdown" if is_well else "gopal.truck.ready",
        ),
    )


def _moved(unit: Unit, mine: Iterable[PlannedStop]) -> Iterator[str]:
    """A word on each order of an earlier plan of today that the truck has no more."""
    before = PlannedStop.objects.filter(
        route__unit=unit,
        route__day=clock.today(),
        route__plan__state=Plan.State.REPLACED,
        job__subject_kind=KIND,
    ).exclude(job__in=[one.job_id for one in mine])
    jobs = dict(before.values_list("job", "job__subject_id"))
    now = PlannedStop.objects.filter(job__in=jobs, route__is_published=True)
    trucks = dict(now.values_list("job", "route__unit__name"))
    orders = Order.objects.filter(pk__in=jobs.values()).select_related("tank", "case")
    by_case = {one.pk: one for one in orders}
    for job, case in sorted(jobs.items(), key=lambda one: str(one[1])):
        order = by_case.get(case)
        if order is None or (order.emptied_at is not None and job not in trucks):
            continue
        what = order.tank.address or order.case.number
        yield (
            _("%(what)s: %(truck)s does it now.") % {"what": what, "truck": trucks[job]}
            if job in trucks
            else _("%(what)s: taken off your route.") % {"what": what}
        )


def _when(stop: PlannedStop) -> str:
    """When a stop will be, or was."""
    return clock_time(stop.done_at or stop.began_at or stop.arrive_at)


def _litres(value: int) -> str:
    return f"{number(value)} L"


_kind = partial(Records, permission=WORK)
RECORDS = (
    _kind(name=STOP, label=gettext_lazy("Stops"), icon="map-pin", rows=_stop_rows, personal=True),
    _kind(name=TRIP, label=gettext_lazy("Unloadings"), icon="factory", rows=_trip_rows),
    _kind(name=TRUCK, label=gettext_lazy("My truck"), icon="truck", rows=_truck_rows),
)
