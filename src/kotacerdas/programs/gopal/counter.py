"""The counter: an order taken across the desk, and what may be ordered, as typed so far."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.commands.declarations import Command, command_take
from kotacerdas.foundation.commands.idempotency import Refs
from kotacerdas.foundation.parties.access import acting, desk
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.gopal import offering, queries
from kotacerdas.programs.gopal.actions.orders import Wish, order_take
from kotacerdas.programs.gopal.order_desk_forms import CounterForm
from kotacerdas.programs.gopal.permissions import ORDER


def _take(*, actor: Actor, given: Wish) -> Refs:
    return {"number": order_take(actor=actor, wish=given).case.number}


COUNTER = Command(name="gopal.order.counter", input=Wish, permission=ORDER, run=_take)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(ORDER)
def counter(request: HttpRequest) -> HttpResponse:
    """The form of an order at the counter; the stored order's page after it."""
    form = CounterForm(request.POST) if request.method == "POST" else CounterForm()
    if form.is_bound and form.is_valid():
        wish = form.wish(channel="counter", language=get_language() or "id")
        try:
            answer = command_take(
                COUNTER,
                actor=acting(request, ORDER),
                given=wish,
                command_id=form.cleaned_data["key"],
                digest=wish.digest,
            )
            return HttpResponseRedirect(reverse("gopal:orders:case", args=[answer.refs["number"]]))
        except Invalid as error:
            form.take_errors(error.fields or {"": error.message})
    value = {name: form[name].value() or "" for name in form.fields}
    context: dict[str, Any] = {
        "form": form,
        "value": value,
        "asked": offering.asked_in(value),
        "classes": queries.class_choices(),
    }
    return page(request, "gopal/desk/counter.html", context, status=422 if form.errors else 200)


@require_POST
@desk(ORDER, TAKE_CALL)
def offer(request: HttpRequest) -> HttpResponse:
    """Fragment: the places found, the price and the free times, as typed so far."""
    value = {name: str(request.POST.get(name, ""))[:120] for name in CounterForm.base_fields}
    return page(request, "gopal/phone/offer.html", {"asked": offering.asked_in(value), "value": value})
