"""The form of an order at a desk: by telephone and at the counter. It reads the request; the action holds the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.forms import CallForm
from kotacerdas.foundation.forms.place_search import Spot, spot_of
from kotacerdas.foundation.ui.fields import WholeField
from kotacerdas.kernel import ids
from kotacerdas.programs.gopal import queries
from kotacerdas.programs.gopal.actions.ordering import LEAST_L, MOST_L
from kotacerdas.programs.gopal.actions.orders import Wish
from kotacerdas.programs.gopal.forms import SlotField
from kotacerdas.programs.gopal.models import Order


class OrderFields(forms.Form):
    """What an order asks for besides who it is."""

    tank = forms.CharField(required=False, max_length=40)
    place = forms.CharField(required=False, max_length=60)
    place_text = forms.CharField(required=False, max_length=120)
    tank_class = forms.ChoiceField(required=False, choices=queries.class_choices)
    litres = WholeField(
        min_value=LEAST_L, max_value=MOST_L, error_messages={"required": _("How much is to be pumped?")}
    )
    hose_m = WholeField(required=False, min_value=0, max_value=1000)
    slot = SlotField(error_messages={"required": _("Choose one of the times.")})
    pay_by = forms.ChoiceField(choices=Order.PayBy.choices, initial=Order.PayBy.CASH)
    price = forms.IntegerField(required=False)

    spot: Spot | None = None

    def clean(self) -> dict[str, Any]:
        """The place: chosen from those found, unless the tank is known."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.spot = spot_of(cleaned.get("place", ""), cleaned.get("place_text", ""))
        if self.spot is None and not cleaned.get("tank"):
            self.add_error("place_text", _("Choose one of the places found, or name the village."))
        if not cleaned.get("tank") and not cleaned.get("tank_class") and "tank_class" not in self.errors:
            self.add_error("tank_class", _("Choose a class."))
        return cleaned

    def wish(self, *, channel: str, language: str) -> Wish:
        """The order of a valid form."""
        given, spot = self.cleaned_data, self.spot or Spot()
        return Wish(
            tank=given["tank"],
            tank_class=given["tank_class"],
            litres=given["litres"],
            slot=given["slot"],
            pay_by=given["pay_by"],
            area_code=spot.area_code,
            lat=spot.lat,
            lng=spot.lng,
            address=spot.words,
            hose_m=given["hose_m"] or 0,
            name=given["name"],
            phone=given["phone"],
            price=given["price"],
            channel=channel,
            language=language,
        )


class OrderCallForm(OrderFields, CallForm):
    """A call that becomes an order."""

    field_order = ("phone", "tank", "place_text", "tank_class", "litres", "slot", "pay_by", "name")
    PLACES = {"place": "place_text", "area_code": "place_text"}
    words = forms.CharField(required=False)


class CounterForm(OrderFields):
    """An order at the counter."""

    name = forms.CharField(max_length=120, error_messages={"required": _("Who orders?")})
    phone = forms.CharField(required=False, max_length=40)
    key = forms.UUIDField(required=False, initial=ids.new_id)

    def take_errors(self, fields: dict[str, Any]) -> None:
        """Add an action's errors to the fields of the form."""
        for name, words in fields.items():
            target = OrderCallForm.PLACES.get(name, name)
            self.add_error(target if target in self.fields else None, words)
