"""A ticket number typed where a matter is searched: it leads to the report or its link, never into a story."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel import ids, phones
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.public import said, views_report
from kotacerdas.programs.iceta.public.forms import LinkAgainForm
from kotacerdas.programs.iceta.public.links import take_link_token
from kotacerdas.programs.iceta.public.mine import my_parties

_NUMBER, _LONGEST = "nomor", 40
_again = limited("link", capacity=8, seconds=3600)


@never_cache
def report_words(request: HttpRequest) -> HttpResponse:
    """The words page; asked for a ticket number, one's own report, or the page that sends a report's link."""
    asked = request.GET.get("q", "") if request.method == "GET" else ""
    number = ids.normal_ticket(asked)
    if not number and not ids.resembles_ticket(asked):
        return views_report.report_words(request)
    own = next((party for party in my_parties(request) if party.case.number == number), None)
    if own is not None:
        return HttpResponseRedirect(reverse("iceta:follow", args=[link_token(own)]))
    return HttpResponseRedirect(
        f"{reverse('iceta:link_again')}?{urlencode({_NUMBER: number or asked[:_LONGEST]})}"
    )


@never_cache
@_again
def link_again(request: HttpRequest) -> HttpResponse:
    """A lost link, sent once more to the number of the report. The answer is the same whatever is true."""
    if request.method != "POST":
        return _form_page(request, *said.told(request, "mend", "sent"))
    form, what = LinkAgainForm(request.POST), "mend"
    value: dict[str, Any] = {name: request.POST.get(name, "") for name in form.fields}
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        take_link_token(phone)
        actions.report_send_link(number=form.cleaned_data["number"], phone=phone)
        what, value = "sent", {"sent_to": phones.masked(phone), "number": form.cleaned_data["number"]}
    led = said.lead_back(request, reverse("iceta:link_again"), what, value)
    return led or _form_page(request, what, value)


def _form_page(request: HttpRequest, what: str, value: dict[str, Any]) -> HttpResponse:
    """The form as it was typed, or with the number that the address names; or where the link goes."""
    asked = request.GET.get(_NUMBER, "")[:_LONGEST]
    number = value.get("number", "") if what == "sent" else ids.normal_ticket(asked)
    form = LinkAgainForm(value if what == "mend" else None, initial={"number": number or asked})
    context = {"form": form, "number": number, "sent_to": value["sent_to"] if what == "sent" else ""}
    return render(request, "iceta/public/link_again.html", context, status=422 if form.errors else 200)
