"""Following by secret link: the story, what the reporter must do now, and a lost link sent anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.parties.actors import Actor, reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel import phones
from kotacerdas.kernel.errors import Conflict, Invalid, Missing
from kotacerdas.programs.iceta import actions, queries
from kotacerdas.programs.iceta.actions.following import check_reporter
from kotacerdas.programs.iceta.public import following, present, uploads
from kotacerdas.programs.iceta.public.forms import LinkAgainForm
from kotacerdas.programs.iceta.public.links import take_link_token
from kotacerdas.programs.iceta.public.mine import my_parties, remember

_open = limited("follow", capacity=240, seconds=600, methods=("GET", "HEAD", "POST"))
_act = limited("follow_act", capacity=20, seconds=600)
_again = limited("link", capacity=8, seconds=3600)

View = Callable[..., HttpResponse]


def _secret(view: View) -> View:
    """Pages behind a secret link: kept by nobody, indexed by nobody, told to no other site as a referrer."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            party = queries.followed(token)
        except Missing as error:
            response = _expired(request, error)
        else:
            response = view(request, party)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = (
            "same-origin"  # "no-referrer" makes browsers post "Origin: null"
        )
        return response

    return never_cache(_open(guarded))


@_secret
@require_safe
def follow(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """One report as its reporter reads it."""
    return _show(request, party)


@_secret
@require_safe
def report_sent(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """The page after sending: number, what happens now and until when, the secret link."""
    case = party.case
    context = {
        "case": case,
        "token": link_token(party),
        "is_joined": party.role != "reporter",
        "promises": present.promises(case) if case.state in ("received", "assigned") else [],
        "link": request.build_absolute_uri(reverse("iceta:follow", args=[link_token(party)])),
        "phone": party.person.phone_masked if party.person else "",
        "title": present.title_of(case),
    }
    return render(request, "iceta/public/sent.html", context)


@require_POST
@_act
@_secret
def follow_answer(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """Answer the agency's question, with photos where they help."""
    body = request.POST.get("body", "")

    def act(actor: Actor, target: CaseParty) -> None:
        if not body.strip():
            words = _("Write your answer.")
            raise Invalid(words, fields={"body": words})
        actions.report_answer(actor=actor, party=target, body=body, photos=uploads.stored(request))

    return _acted(request, party, "answer", act)


@require_POST
@_act
@_secret
def follow_rate(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """Rate the result from 1 to 4."""
    given = request.POST.get("rating", "")

    def act(actor: Actor, target: CaseParty) -> None:
        rating = int(given) if given in ("1", "2", "3", "4") else 0
        actions.report_rate(actor=actor, party=target, rating=rating, words=request.POST.get("words", ""))

    return _acted(request, party, "rate", act)


@require_POST
@_act
@_secret
def follow_reopen(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """Reopen a report whose result does not hold."""
    body = request.POST.get("body", "")

    def act(actor: Actor, target: CaseParty) -> None:
        if not body.strip():
            words = _("Write what is not done yet.")
            raise Invalid(words, fields={"body": words})
        actions.report_reopen(actor=actor, party=target, body=body)

    return _acted(request, party, "reopen", act)


@never_cache
@_again
def link_again(request: HttpRequest) -> HttpResponse:
    """A lost link, sent once more to the number of the report. The answer is the same whatever is true."""
    form = LinkAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        take_link_token(phone)
        actions.report_send_link(number=form.cleaned_data["number"], phone=phone)
        return render(request, "iceta/public/link_again.html", {"sent_to": phones.masked(phone)})
    status = 422 if form.errors else 200
    return render(request, "iceta/public/link_again.html", {"form": form}, status=status)


@never_cache
@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """The reports this browser follows, and all of a citizen signed in by phone."""
    cards = [following.card(party) for party in my_parties(request)]
    return render(request, "iceta/public/mine.html", {"cards": cards})


def _acted(
    request: HttpRequest, party: CaseParty, what: str, act: Callable[[Actor, CaseParty], None]
) -> HttpResponse:
    """Do what was asked and go back to the page; what went wrong is shown at its field."""
    check_reporter(party)
    target = following.target_of(party)
    if target is None:
        raise Conflict(
            _("This report was joined with another; its reporter answers there."),
            remedy=_("Read here what happens."),
        )
    actor = reporter(person=target.person, user=request.user)
    try:
        act(actor, target)
    except Invalid as error:
        return _show(request, party, what=what, error=error)
    return HttpResponseRedirect(reverse("iceta:follow", args=[link_token(party)]))


def _show(
    request: HttpRequest, party: CaseParty, *, what: str = "", error: Invalid | None = None
) -> HttpResponse:
    context: dict[str, Any] = following.page(party)
    if error is not None:
        fields = {name: str(words) for name, words in error.fields.items()} or {"": str(error.message)}
        context |= {"what": what, "problems": fields, "typed": request.POST.get("body", "")}
    response = render(request, "iceta/public/follow.html", context, status=422 if error else 200)
    remember(request, response, party)
    return response


def _expired(request: HttpRequest, error: Missing) -> HttpResponse:
    context = {"message": error.message, "remedy": error.remedy, "form": LinkAgainForm()}
    return render(request, "iceta/public/expired.html", context, status=404)
