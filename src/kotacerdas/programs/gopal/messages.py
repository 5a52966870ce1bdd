"""What customers are told, composed when it is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.following.messages import to_party
from kotacerdas.foundation.notify.declarations import Template, Words
from kotacerdas.foundation.ui.tags.words import day, number, rupiah
from kotacerdas.programs.gopal import slots
from kotacerdas.programs.gopal.models import Manifest, Order

_SUBJECT = _("Desludging %(number)s")
_TEXTS = {
    "booked": _("Desludging %(number)s is booked for %(slot)s, %(price)s. Follow it here:"),
    "round": _(
        "It is your tank's turn: the truck comes on %(slot)s, %(price)s. Another time, or cancel, here:"
    ),
    "rebooked": _("Desludging %(number)s has another time: %(slot)s. Look here:"),
    "cancelled": _("Desludging %(number)s was cancelled by the office. The reason is here:"),
    "withdrawn": _("You have cancelled desludging %(number)s. Look here:"),
    "under_way": _("The truck is on its way to you: desludging %(number)s. Follow it here:"),
    "emptied": _("Your tank is emptied: %(litres)s litres. Bill and rating are here:"),
    "failed": _("Desludging %(number)s was not possible. The reason, and another time, are here:"),
    "delayed": _(
        "The truck for desludging %(number)s broke down on the way; another one comes later. Look here:"
    ),
    "link": _("Here is your link to desludging %(number)s again:"),
}


# The customer has just done it, or the truck is out now: news that is of no use in the morning.
_AT_ONCE = frozenset({"booked", "withdrawn", "link", "under_way", "delayed"})


# The states of an order in which it is still true; the others are true in any.
_ONLY_IN = {
    "round": ("booked",),
    "rebooked": ("booked",),
    "failed": ("failed",),
    "emptied": ("emptied", "closed"),
}


def _of_order(text: Any, only_in: Collection[str] = ()) -> Any:
    """A message that names time and price of the order."""

    def compose(recipient: UUID, args: Mapping[str, Any]) -> Words | None:
        order = (
            Order.objects.select_related("case").filter(case__parties__id=recipient).first()
            if CaseParty.objects.filter(id=recipient).exists()
            else None
        )
        if order is None:
            return None
        known = {
            "number": "%(number)s",
            "slot": slot_words(order),
            "price": rupiah(order.price),
            "litres": number(order.pumped_l or 0),
        }
        return to_party(_SUBJECT, str(text) % known, only_in=only_in)(recipient, args)

    return compose


def slot_words(order: Order) -> str:
    """The promised time in words: day and hours."""
    slot = slots.Slot(start=order.slot_from, end=order.slot_until, capacity=0, taken=0)
    return f"{day(order.slot_from)} {slot.words}"


def _refused(_recipient: UUID, args: Mapping[str, Any]) -> Words | None:
    """To the planner: a plant sent a truck away with its load."""
    manifest = Manifest.objects.select_related("unit", "plant").filter(id=args["manifest"]).first()
    if manifest is None or manifest.plant is None:
        return None
    given = {"unit": manifest.unit.name, "plant": manifest.plant.name, "why": manifest.refused_why}
    link = f"{settings.PUBLIC_URL}{reverse('gopal:manifest', args=[manifest.number])}"
    return Words(
        subject=_("Sludge of %(unit)s was refused") % given,
        body=_("%(plant)s refused the sludge of %(unit)s: %(why)s. The truck keeps its load.") % given
        + f" {link}",
    )


TEMPLATES = (
    *(
        Template(
            name=f"gopal.{name}", compose=_of_order(text, _ONLY_IN.get(name, ())), at_once=name in _AT_ONCE
        )
        for name, text in _TEXTS.items()
    ),
    Template(name="gopal.refused", compose=_refused, at_once=True),  # a truck stands there with its load
)
