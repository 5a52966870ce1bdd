"""A ticket number typed where a matter is searched: it leads to the report or its link, never into a story."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.kernel import ids
from kotacerdas.programs.iceta.public import views_follow, views_report
from kotacerdas.programs.iceta.public.forms import LinkAgainForm
from kotacerdas.programs.iceta.public.mine import my_parties

_NUMBER = "nomor"


def report_words(request: HttpRequest) -> HttpResponse:
    """The words page; asked for a ticket number, one's own report, or the page that sends a report's link."""
    number = ids.normal_ticket(request.GET.get("q", "")) if request.method == "GET" else ""
    if not number:
        return views_report.report_words(request)
    own = next((party for party in my_parties(request) if party.case.number == number), None)
    if own is not None:
        return HttpResponseRedirect(reverse("iceta:follow", args=[link_token(own)]))
    return HttpResponseRedirect(f"{reverse('iceta:link_again')}?{urlencode({_NUMBER: number})}")


@never_cache
def link_again(request: HttpRequest) -> HttpResponse:
    """The page that sends a lost link, with the number filled in where the address names one.

    It looks the same whether there is such a report or not.
    """
    number = ids.normal_ticket(request.GET.get(_NUMBER, "")) if request.method == "GET" else ""
    if not number:
        return views_follow.link_again(request)
    context = {"form": LinkAgainForm(initial={"number": number}), "number": number}
    return render(request, "iceta/public/link_again.html", context)
