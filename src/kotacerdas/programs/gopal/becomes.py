"""A call may become an order for desludging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.declarations import Becomes
from kotacerdas.foundation.calls.views import caller_in
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.programs.gopal import offering, queries
from kotacerdas.programs.gopal.actions.orders import order_take
from kotacerdas.programs.gopal.lifecycles.orders import KIND
from kotacerdas.programs.gopal.messages import slot_words
from kotacerdas.programs.gopal.order_desk_forms import OrderCallForm


def _run(*, actor: Actor, desk: Agency, form: OrderCallForm, language: str) -> Case:
    wish = form.wish(channel="phone", language=language)
    return order_take(actor=actor, wish=wish, chosen=form.chosen).case


def _context(request: HttpRequest, value: Mapping[str, Any]) -> dict[str, Any]:
    caller = caller_in(request, str(value["phone"]))
    near = caller.village.code if caller and caller.village else ""
    return {"asked": offering.asked_in(value, near), "classes": queries.class_choices()}


def _place(case: Case) -> str:
    return slot_words(queries.order_of(case))


BECOMES = (
    Becomes(
        kind=KIND,
        words=_("Desludging"),
        open_words=_("Open the order"),
        form=OrderCallForm,
        template="gopal/phone/call.html",
        run=_run,
        context=_context,
        place=_place,
    ),
)
