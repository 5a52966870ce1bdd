"""The life of an order: booked for a time, emptied by a truck, closed when it is paid and the plant has the sludge."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, Moment, NoteKind, Role
from kotacerdas.foundation.cases.lifecycle import PARTY, SYSTEM, Clock, End, Lifecycle, State, Step
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.programs.gopal.permissions import ORDER as TAKE_ORDER
from kotacerdas.programs.gopal.permissions import VIEW, WORK

KIND = "gopal.order"
SERVE = "gopal.serve"
CUSTOMER = Role(name="customer", label=_("customer"))
BEFORE = Moment(name="before", label=_("Before emptying"), alt=_("The tank before it was emptied"))
AFTER = Moment(name="after", label=_("After emptying"), alt=_("The tank after it was emptied"))
SIGNATURE = Moment(name="signature", label=_("Signature"), alt=_("The customer's signature"))
WHY = NoteKind(name="why", label=_("Why it was not possible"), icon="circle-alert", speaker="public")
RATING = NoteKind(name="rating", label=_("Rating"), icon="star", speaker="party")


def _step(
    name: str, sources: set[str], target: str | None, by: str, label: Any, done: Any, **more: Any
) -> Step:
    return Step(name, sources, target, by, label=label, done=done, **more)


def _ends(*_given: Any) -> End:
    return End()


def _serve(*_given: Any) -> str:
    return SERVE


ORDER = Lifecycle(
    kind=KIND,
    label=_("Desludging order"),
    initial="booked",
    states=(
        State("booked", pgettext_lazy("order", "Booked"), "new", "calendar"),
        State("under_way", _("Truck under way"), "info", "truck"),
        State("emptied", _("Emptied"), "good", "circle-check", is_done=True),
        State("failed", _("Not possible"), "warn", "circle-alert"),
        State("closed", pgettext_lazy("order", "Closed"), "good", "circle-check", is_closed=True),
        State("cancelled", pgettext_lazy("order", "Cancelled"), "quiet", "ban", is_closed=True),
    ),
    steps=(
        _step(
            "set_out", {"booked"}, "under_way", WORK, _("Set out"), _("set out for the tank"), icon="truck"
        ),
        _step(
            "empty",
            {"booked", "under_way"},
            "emptied",
            WORK,
            _("Tank emptied"),
            _("emptied the tank"),
            needs=("litres",),
            icon="check",
        ),
        _step(
            "fail",
            {"booked", "under_way"},
            "failed",
            WORK,
            _("Not possible"),
            _("could not empty the tank"),
            needs=("body",),
            icon="circle-alert",
        ),
        _step(
            "turn_back",
            {"under_way"},
            "booked",
            WORK,
            _("Turn back"),
            _("could not come: the truck broke down"),
            icon="circle-alert",
        ),
        _step(
            "rebook",
            {"booked", "failed"},
            "booked",
            TAKE_ORDER,
            _("Book another time"),
            _("booked another time"),
            needs=("slot_from",),
            key="w",
            icon="calendar",
        ),
        _step(
            "cancel",
            {"booked", "failed"},
            "cancelled",
            TAKE_ORDER,
            _("Cancel the order"),
            _("cancelled the order"),
            needs=("body",),
            ends=_ends,
            icon="ban",
        ),
        _step(
            "withdraw",
            {"booked", "failed"},
            "cancelled",
            PARTY,
            _("Cancel"),
            _("cancelled the order"),
            ends=_ends,
            icon="ban",
        ),
        _step(
            "settle", {"emptied"}, "closed", SYSTEM, _("Close"), _("paid and received: closed"), ends=_ends
        ),
        _step(
            "note",
            {"booked", "under_way", "failed", "emptied"},
            None,
            VIEW,
            _("Inside note"),
            _("wrote a note"),
        ),
        _step("rate", {"emptied", "closed"}, None, PARTY, _("Rate"), _("rated"), needs=("rating",)),
    ),
    clocks=(
        Clock(
            "serve",
            _("To be emptied"),
            _serve,
            {SERVE},
            LEAD.name,
            starts={"receive"},
            keeps={"empty"},
            voids={"cancel", "withdraw"},
        ),
    ),
    codes=lambda case: {"tank_class": case.order.tank_class} if hasattr(case, "order") else {},
    title=lambda _code: str(_("Desludging")),
    visible=lambda grants: involved(grants.scope(VIEW)) | involved(grants.scope(WORK)),
    url_name="gopal:orders:case",
    roles=(LEAD, ESCALATION),
    parties=(CUSTOMER,),
    notes=(INSIDE, WHY, RATING),
    moments=(BEFORE, AFTER, SIGNATURE),
)
