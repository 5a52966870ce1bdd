"""Joining a published report instead of filing another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel import phones
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.iceta.actions import report_join
from kotacerdas.programs.iceta.lifecycles import AT_WORK, UNDECIDED
from kotacerdas.programs.iceta.public import present
from kotacerdas.programs.iceta.public.forms import JoinForm
from kotacerdas.programs.iceta.public.links import take_link_token
from kotacerdas.programs.iceta.public.mine import remember
from kotacerdas.programs.iceta.queries import published

_join = limited("report_join", capacity=12, seconds=600)


@never_cache
@_join
def report_follow_along(request: HttpRequest, number: str) -> HttpResponse:
    """Ask where news goes, then follow; the report's own words are shown to nobody here.

    With a number the link goes there by message and the page says no more: it looks the same whether that
    number is new here, follows already, or reported the matter itself. Without one the link is shown.
    """
    case = _open_case(number)
    form = JoinForm(request.POST if request.POST.get("go") == "join" else None)
    if form.is_bound and form.is_valid():
        phone = form.cleaned_data["phone"]
        if phone:
            take_link_token(phone)
        filed = report_join(
            actor=reporter(user=request.user),
            case=case,
            phone=phone,
            language=get_language() or "id",
        )
        if phone:
            shown = {**present.as_words(case), "sent_to": phones.masked(phone)}
            return render(request, "iceta/public/joined.html", shown)
        response = HttpResponseRedirect(reverse("iceta:report_sent", args=[link_token(filed.party)]))
        remember(request, response, filed.party)
        return response
    context = {"form": form, "case": case, **present.as_words(case), "stages": present.way(case)}
    return render(request, "iceta/public/join.html", context, status=422 if form.errors else 200)


def _open_case(number: str) -> Case:
    found = published().filter(number=number.upper(), state__in=UNDECIDED | AT_WORK).first()
    if found is None:
        raise Missing(
            _("This report cannot be joined any more."), remedy=_("Go back and send yours instead.")
        )
    return found
