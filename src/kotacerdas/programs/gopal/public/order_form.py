"""The public form of three short pages: where, which tank, when and for what price."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.commands.declarations import Command
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.following.after_sending import AFTER_SENDING
from kotacerdas.foundation.forms.declarations import Form, Page
from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.places import place_page, position_of, village_of
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.ui.fields import PhoneField, WholeField
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.gopal import offering, queries, slots
from kotacerdas.programs.gopal.actions.ordering import LEAST_L, MOST_L
from kotacerdas.programs.gopal.actions.orders import Wish, order_take
from kotacerdas.programs.gopal.models import Order
from kotacerdas.programs.gopal.pack_tables import desludging


class TankForm(PageForm):
    """Which tank: its class, how much, how far from the road."""

    tank_class = forms.ChoiceField(label=_("Class of the building"), choices=queries.class_choices)
    litres = WholeField(
        label=_("Litres, where you know them"), required=False, min_value=LEAST_L, max_value=MOST_L
    )
    users = WholeField(label=_("Else: how many people use it?"), required=False, min_value=1, max_value=5_000)
    hose_m = WholeField(
        label=_("Metres from the road to the tank"), required=False, min_value=0, max_value=1_000
    )

    def clean(self) -> dict[str, Any]:
        """Litres or users, and no hose longer than ours."""
        given: dict[str, Any] = super().clean() or {}
        asked = {"litres", "users"} & self.errors.keys()
        if not given.get("litres") and not given.get("users") and not asked:
            self.add_error("litres", _("Write the litres, or how many people use the tank."))
        most = desludging().longest_hose_m
        if (given.get("hose_m") or 0) > most:
            self.add_error("hose_m", _("Our longest hose has %(n)d metres.") % {"n": most})
        return given


class CheckForm(PageForm):
    """When, how it is paid, and who orders. `price` is what the page showed, in whole rupiah."""

    slot = forms.CharField(label=_("Time"), error_messages={"required": _("Choose one of the times.")})
    pay_by = forms.ChoiceField(
        label=_("Payment"),
        choices=Order.PayBy.choices,
        error_messages={"required": _("Choose how it is paid.")},
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = PhoneField(label=_("Phone number"))
    price = forms.IntegerField(
        label=_("Price"), error_messages={"required": _("Look at the price before you order.")}
    )

    def clean_slot(self) -> str:
        """A time as the page offers it."""
        if slots.parsed(self.cleaned_data["slot"]) is None:
            raise forms.ValidationError(_("Choose one of the times."))
        return str(self.cleaned_data["slot"])


def litres_of(draft: Draft) -> int | None:
    """The litres that are written, else those that so many users are likely to need; None where neither stands."""
    users = offering.whole(draft.text("users"))
    return offering.whole(draft.text("litres")) or (offering.litres_for(users) if users else None)


def where_of(draft: Draft) -> tuple[float, float] | None:
    """The position, else the village's point."""
    return position_of(draft) or queries.point_of(draft.text("area"))


def _check_page(_request: HttpRequest, draft: Draft, _form: PageForm) -> dict[str, Any]:
    offer = offering.offer_at(where_of(draft), draft.text("tank_class"), litres_of(draft))
    return {
        "offer": offer,
        "quote": offer.quote,
        "chosen": draft.text("slot") or offer.first_free,
        "village": village_of(draft),
        "position": where_of(draft),
        "cancel_hours": desludging().cancel_hours,
        "place_url": reverse(draft.form.url_name("place")),
        "tank_url": reverse(draft.form.url_name("tank")),
    }


def _given(_request: HttpRequest, draft: Draft) -> Wish:
    """The input of the command. Raises Invalid for what is not there yet."""
    slot, litres = slots.parsed(draft.text("slot")), litres_of(draft)
    if slot is None or litres is None:
        lacking = "slot" if slot is None else "litres"
        raise Invalid(_("The order was not taken."), fields={lacking: _("This is needed.")})
    lat, lng = position_of(draft) or (None, None)
    return Wish(
        tank_class=draft.text("tank_class"),
        litres=litres,
        slot=slot,
        pay_by=draft.text("pay_by"),
        area_code=draft.text("area") if village_of(draft) else "",
        lat=lat,
        lng=lng,
        address=draft.text("place_words"),
        hose_m=offering.whole(draft.text("hose_m")) or 0,
        users=offering.whole(draft.text("users")),
        name=draft.text("name"),
        phone=draft.text("phone"),
        price=offering.whole(draft.text("price"), 10**12),
        language=get_language() or "id",
    )


def _run(*, actor: Actor, given: Wish) -> Refs:
    return {"party": str(order_take(actor=actor, wish=given).parties[0].id)}


ORDER_FORM = Form(
    name="gopal.order",
    door="desludging",
    address="gopal:order",
    unfinished=_("You have not finished ordering."),
    excerpt="place_words",
    number="phone",
    command=Command(name="gopal.order.take", input=Wish, run=_run),
    given=_given,
    digest=lambda wish: wish.digest,
    pages=(
        place_page(template="forms/place.html", onwards=_("Continue to the tank")),
        Page(
            name="tank",
            label=_("Tank"),
            form=TankForm,
            fields=("tank_class", "litres", "users", "hose_m"),
            onwards=_("See price and times"),
        ),
        Page(
            name="check",
            label=_("Order"),
            template="gopal/public/check.html",
            form=CheckForm,
            fields=("slot", "pay_by", "name", "phone", "price"),
            context=_check_page,
        ),
    ),
    **AFTER_SENDING,
)
