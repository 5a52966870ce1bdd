"""What an operator fills in on the phone: set out, emptied, not possible, at the plant, the truck; each with where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.actions import add_files
from kotacerdas.foundation.cases.event_time import time_of
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.fields import Choice, Field, When, Words
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.dispatch.actions.fleet import position_report, unit_state_set
from kotacerdas.foundation.dispatch.models import PlannedStop, Station, Unit, UnitPosition, UnitState
from kotacerdas.foundation.dispatch.queries import is_of_crew, shifts_of
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor, in_post
from kotacerdas.foundation.sync.declarations import FieldForm, Filled
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.actions import work
from kotacerdas.programs.gopal.actions.tanks import LARGEST_L
from kotacerdas.programs.gopal.field_day import STOP, TRIP, TRUCK
from kotacerdas.programs.gopal.lifecycles.orders import AFTER, BEFORE, KIND, SIGNATURE
from kotacerdas.programs.gopal.models import Order
from kotacerdas.programs.gopal.permissions import WORK

MOMENTS = {"before": BEFORE, "after": AFTER, "photos": BEFORE, "signature": SIGNATURE}
QUICK_L = (1000, 1500, 2000)
CHECKLIST = (
    Choice("clothing", gettext_lazy("Gloves, mask and boots worn")),
    Choice("lid", gettext_lazy("Lid of the tank found")),
    Choice("hose", gettext_lazy("Hose connected, not leaking")),
    Choice("clean", gettext_lazy("Place cleaned, lid put back")),
)
NOT_POSSIBLE = (
    Choice("nobody", gettext_lazy("Nobody is at home")),
    Choice("no_way", gettext_lazy("The truck cannot get there")),
    Choice("no_lid", gettext_lazy("The tank, or its lid, is not found")),
    Choice("hardened", gettext_lazy("The sludge is too hard to pump")),
    Choice("unwanted", gettext_lazy("The customer does not want it any more")),
    Choice("other", gettext_lazy("Something else")),
)
BROKEN = (
    Choice("engine", gettext_lazy("The engine")),
    Choice("pump", gettext_lazy("The pump")),
    Choice("tyre", gettext_lazy("A tyre")),
    Choice("hose", gettext_lazy("The hose")),
    Choice("accident", gettext_lazy("An accident")),
    Choice("other", gettext_lazy("Something else")),
)
HERE = Field(name="here", type="position", label=gettext_lazy("Where are you?"), required=False)


def _reason(label: Any, choices: tuple[Choice, ...]) -> tuple[Field, ...]:
    """A choice, and words where it is something else."""
    return (
        Field(name="reason", type="choice", label=label, choices=choices),
        Field(
            name="words",
            type="text",
            label=gettext_lazy("What happened?"),
            shown_if=When("reason", "is", "other"),
            shortest=3,
            longest=300,
            lines=2,
        ),
        Field(name="remark", type="text", label=gettext_lazy("Remark"), required=False, longest=300, lines=2),
    )


_photos = partial(Field, type="photos", most=3)
EMPTY_FIELDS = (
    Field(name="checks", type="choices", label=gettext_lazy("Checklist"), choices=CHECKLIST, least=4),
    _photos(name="before", label=gettext_lazy("Photo before")),
    _photos(name="after", label=gettext_lazy("Photo after")),
    Field(
        name="litres",
        type="integer",
        label=gettext_lazy("Sludge pumped"),
        unit="liter",
        least=100,
        most=LARGEST_L,
        step=100,
        quick=QUICK_L,
    ),
    Field(
        name="extra_agreed",
        type="boolean",
        label=gettext_lazy("The customer agrees to pay for more litres than ordered"),
        required=False,
    ),
    Field(
        name="signature", type="signature", label=gettext_lazy("Signature of the customer"), required=False
    ),
    HERE,
)


def plant_fields() -> tuple[Field, ...]:
    """Which plant, and where."""
    plants = queries.plants_of(queries.serving_agency())
    choices = tuple(Choice(one.code, Words(one.name, one.name)) for one in plants)
    return (Field(name="plant", type="choice", label=gettext_lazy("Which plant?"), choices=choices), HERE)


# --- what the forms do -----------------------------------------------------------------------


def _set_out(actor: Actor, case: Case, _values: Mapping[str, Any]) -> None:
    work.order_set_out(actor=actor, case=case)


def _empty(actor: Actor, case: Case, values: Mapping[str, Any]) -> None:
    work.order_empty(
        actor=actor, case=case, litres=values["litres"], extra_agreed=bool(values.get("extra_agreed"))
    )


def _fail(actor: Actor, case: Case, values: Mapping[str, Any]) -> None:
    work.order_fail(actor=actor, case=case, body=_told(values, NOT_POSSIBLE))


def _cash(actor: Actor, case: Case, values: Mapping[str, Any]) -> None:
    work.order_cash(actor=actor, case=case, amount=values["amount"])


def _on_order(act: Callable[[Actor, Case, Mapping[str, Any]], None], *, actor: Actor, given: Filled) -> Refs:
    """Run an act on the order that the stop is for, and note where the truck was."""
    case = visible_to(actor.grants, kinds=[KIND]).filter(pk=given.item).first() if given.item else None
    if case is None:
        raise _gone()
    order = Order.objects.select_related("tank").get(case=case)
    by = in_post(actor, [WORK], [order.tank.agency_id])
    unit = work.errand_of(by, order, time_of(by)).unit
    act(by, case, given.values)
    if (
        shifts_of(by.user, clock.local_day(time_of(by))).filter(unit=unit).exists()
    ):  # they may ride on another by now
        _seen(by, unit, given.values)
    return {"case": str(case.pk)}


def _arrive(*, actor: Actor, given: Filled) -> Refs:
    """At the plant that the plan names, by the stop as the phone has it; the plan may be another one by now."""
    stops = PlannedStop.objects.select_related("route__unit__agency", "route__shift", "station")
    stop = stops.filter(id=given.item, kind="reload").first() if given.item else None
    if stop is None or stop.station is None or not is_of_crew(stop.route.shift, actor.user):
        raise _gone()
    return _at_plant(actor, stop.route.unit, stop.station, given)


def _arrive_elsewhere(*, actor: Actor, given: Filled) -> Refs:
    unit = _unit(actor, given)
    plant = Station.objects.get(code=given.values["plant"], agency=unit.agency)
    return _at_plant(actor, unit, plant, given)


def _at_plant(actor: Actor, unit: Unit, plant: Station, given: Filled) -> Refs:
    by = in_post(actor, [WORK], [unit.agency_id])
    manifest = work.unit_arrive(actor=by, unit=unit, plant=plant)
    _seen(by, unit, given.values)
    return {"manifest": str(manifest.pk)}


def _break_down(*, actor: Actor, given: Filled) -> Refs:
    unit = _unit(actor, given)
    by = in_post(actor, [WORK], [unit.agency_id])
    state = work.unit_break_down(actor=by, unit=unit, why=_told(given.values, BROKEN))
    _seen(by, unit, given.values)
    return {"state": str(state.pk)}


def _ready(*, actor: Actor, given: Filled) -> Refs:
    unit = _unit(actor, given)
    by = in_post(actor, [WORK], [unit.agency_id])
    state = unit_state_set(actor=by, unit=unit, state=UnitState.State.AVAILABLE)
    _seen(by, unit, given.values)
    return {"state": str(state.pk)}


def _position(*, actor: Actor, given: Filled) -> Refs:
    unit = _unit(actor, given)
    _seen(in_post(actor, [WORK], [unit.agency_id]), unit, given.values)
    return {"unit": str(unit.pk)}


def _unit(actor: Actor, given: Filled) -> Unit:
    """The truck that a form is for: one in whose crew the actor was on that day."""
    shifts = shifts_of(actor.user, clock.local_day(time_of(actor)))
    unit = next((one.unit for one in shifts if one.unit_id == given.item), None)
    if unit is None:
        raise _gone()
    return unit


def _seen(actor: Actor, unit: Unit, values: Mapping[str, Any]) -> None:
    """Where the phone was is where the truck was."""
    if here := values.get("here"):
        accuracy = here.get("accuracy")
        position_report(
            actor=actor,
            unit=unit,
            lat=here["lat"],
            lng=here["lng"],
            source=UnitPosition.Source.PHONE,
            measured_at=time_of(actor),
            accuracy_m=round(accuracy) if accuracy is not None else None,
        )


def _told(values: Mapping[str, Any], choices: tuple[Choice, ...]) -> str:
    """The reason in words."""
    label = next(str(one.label) for one in choices if one.name == values["reason"])
    said = [values.get("words") or label, values.get("remark") or ""]
    return ". ".join(filter(None, said))


def _gone() -> Missing:
    return Missing(
        _("This is not on your route any more, or it is gone."),
        remedy=_("Ask the desludging planner. What you wrote is kept on your phone."),
    )


def _attach(actor: Actor, refs: Refs, name: str, file: StoredFile, at: Any) -> None:
    """A photo that came after its form is the order's: before, after, or the signature."""
    add_files(Case.objects.get(pk=UUID(refs["case"])), [file], moment=MOMENTS[name].name)


# --- the forms -------------------------------------------------------------------------------


def _order_form(step: str, act: Any, fields: tuple[Field, ...], **more: Any) -> FieldForm:
    command = Command(name=f"gopal.order.{step}", input=Filled, run=partial(_on_order, act), permission=WORK)
    return FieldForm(command=command, on=STOP, fields=fields, **more)


def _truck_form(name: str, run: Any, fields: Any, *, on: str = TRUCK, **more: Any) -> FieldForm:
    return FieldForm(
        command=Command(name=name, input=Filled, run=run, permission=WORK), on=on, fields=fields, **more
    )


FORMS = (
    _order_form(
        "set_out",
        _set_out,
        (HERE,),
        label=gettext_lazy("Set out"),
        icon="truck",
        button=gettext_lazy("I am on my way"),
        at_once=(gettext_lazy("On the way (not sent yet)"), "kunyit", "truck"),
        goes_on=True,
    ),
    _order_form(
        "empty",
        _empty,
        EMPTY_FIELDS,
        label=gettext_lazy("Tank emptied"),
        icon="check",
        button=gettext_lazy("Save this job"),
        attach=_attach,
        at_once=(gettext_lazy("Emptied (not sent yet)"), "kunyit", "check"),
    ),
    _order_form(
        "fail",
        _fail,
        (
            *_reason(gettext_lazy("Why is it not possible?"), NOT_POSSIBLE),
            _photos(name="photos", label=gettext_lazy("Photos"), required=False),
            HERE,
        ),
        label=gettext_lazy("Not possible"),
        icon="circle-alert",
        button=gettext_lazy("Report that it is not possible"),
        attach=_attach,
        at_once=(gettext_lazy("Not possible (not sent yet)"), "kunyit", "circle-alert"),
    ),
    _order_form(
        "cash",
        _cash,
        (
            Field(
                name="amount",
                type="integer",
                label=gettext_lazy("Cash received, in rupiah"),
                unit="rupiah",
                least=1,
                most=100_000_000,
            ),
            HERE,
        ),
        label=gettext_lazy("Cash received"),
        icon="banknote",
        button=gettext_lazy("I have the money"),
        at_once=(gettext_lazy("Paid in cash (not sent yet)"), "kunyit", "banknote"),
    ),
    _truck_form(
        "gopal.trip.arrive",
        _arrive,
        (HERE,),
        on=TRIP,
        label=gettext_lazy("Arrived at the plant"),
        icon="factory",
        button=gettext_lazy("I am at the plant"),
        at_once=(gettext_lazy("At the plant (not sent yet)"), "kunyit", "factory"),
    ),
    _truck_form(
        "gopal.truck.arrive",
        _arrive_elsewhere,
        plant_fields,
        label=gettext_lazy("At a plant out of turn"),
        icon="factory",
        button=gettext_lazy("I am at the plant"),
    ),
    _truck_form(
        "gopal.truck.position",
        _position,
        (Field(name="here", type="position", label=gettext_lazy("Where are you?")),),
        label=gettext_lazy("Say where I am"),
        icon="map-pin",
        button=gettext_lazy("Send"),
    ),
    _truck_form(
        "gopal.truck.breakdown",
        _break_down,
        (*_reason(gettext_lazy("What is broken?"), BROKEN), HERE),
        label=gettext_lazy("The truck broke down"),
        icon="circle-alert",
        button=gettext_lazy("Report the breakdown"),
        danger=True,
        at_once=(gettext_lazy("Broken down (not sent yet)"), "terasi", "circle-alert"),
    ),
    _truck_form(
        "gopal.truck.ready",
        _ready,
        (HERE,),
        label=gettext_lazy("The truck can go out again"),
        icon="truck",
        button=gettext_lazy("Ready again"),
    ),
)
