"""Following by secret link: the story, what the reporter must do now, and a lost link sent anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.links import is_from_message, link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.parties.actors import Actor, reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel.errors import Conflict, Invalid, Missing
from kotacerdas.programs.iceta import actions, queries
from kotacerdas.programs.iceta.actions.following import check_concerned, check_reporter
from kotacerdas.programs.iceta.messages import MARK
from kotacerdas.programs.iceta.public import drafts, following, present, said, unsent, uploads
from kotacerdas.programs.iceta.public.forms import LinkAgainForm
from kotacerdas.programs.iceta.public.forms_follow import (
    FOLLOW_FORMS,
    AnswerForm,
    FollowForm,
    RateForm,
    ReopenForm,
    again,
)
from kotacerdas.programs.iceta.public.mine import my_parties, remember
from kotacerdas.programs.iceta.public.taken import is_taken

_open = limited("follow", capacity=240, seconds=600, methods=("GET", "HEAD", "POST"))
_act = limited("follow_act", capacity=20, seconds=600)

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
    """One report as its reporter reads it; what they wrote and must mend stands at its field.

    Opened from a message it proves the number, and goes on without the message's mark.
    """
    if (mark := request.GET.get(MARK)) is not None:
        if is_from_message(party, mark):
            actions.link_opened(party=party)
        return HttpResponseRedirect(reverse("iceta:follow", args=[link_token(party)]))
    return _show(request, party, *said.told(request, *FOLLOW_FORMS))


@_secret
@require_safe
def report_sent(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """The page after sending: number, what happens now and until when, the secret link."""
    case = party.case
    context = {
        "case": case,
        "token": link_token(party),
        "is_joined": party.role != "reporter",
        # The key of a draft opens its report: it is for its own reporter. Who joined has a draft of their own.
        "sent_key": case.report.submission_key if party.role == "reporter" else "",
        "mark": request.GET.get(unsent.MARK, ""),
        "promises": present.promises(case) if case.state in ("received", "assigned") else [],
        "link": settings.PUBLIC_URL + reverse("iceta:follow", args=[link_token(party)]),
        "is_proved": party.is_proved,
        "phone": party.person.phone_masked if party.person else "",
        "title": present.title_of(case),
    }
    return render(request, "iceta/public/sent.html", context)


@require_POST
@_act
@_secret
def follow_answer(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """Answer the agency's question, with photos where they help; they wait while the words are mended."""
    key = request.POST["key"] if drafts.is_ours(request.POST) else drafts.new_key()
    form = AnswerForm({**request.POST.dict(), "key": key})
    if (problem := _photos_taken(request, party, key)) is not None:
        form.tell("photos", problem)

    def act(actor: Actor, target: CaseParty) -> None:
        actions.report_answer(actor=actor, party=target, body=form.cleaned_data["body"], photos=of_draft(key))

    return _acted(request, party, "answer", form, act)


@require_POST
@_act
@_secret
def follow_rate(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """Rate the result from 1 to 4."""
    form = RateForm(request.POST)

    def act(actor: Actor, target: CaseParty) -> None:
        given = form.cleaned_data["rating"]
        rating = int(given) if given in ("1", "2", "3", "4") else 0
        actions.report_rate(actor=actor, party=target, rating=rating, words=form.cleaned_data["words"])

    return _acted(request, party, "rate", form, act)


@require_POST
@_act
@_secret
def follow_reopen(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """Reopen a report whose result does not hold."""
    form = ReopenForm(request.POST)

    def act(actor: Actor, target: CaseParty) -> None:
        actions.report_reopen(actor=actor, party=target, body=form.cleaned_data["body"])

    return _acted(request, party, "reopen", form, act)


@never_cache
@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """The reports this browser follows, and all of a citizen signed in by phone."""
    cards = [following.card(party) for party in my_parties(request)]
    return render(request, "iceta/public/mine.html", {"cards": cards})


def _photos_taken(request: HttpRequest, party: CaseParty, key: str) -> str | None:
    """Take the answer's photos in under its key; what was wrong with one."""
    check_reporter(following.target_of(party) or party)
    return uploads.take_in(request, key) if request.FILES else None


def _acted(
    request: HttpRequest,
    party: CaseParty,
    what: str,
    form: FollowForm,
    act: Callable[[Actor, CaseParty], None],
) -> HttpResponse:
    """Do what was asked and go back to the page; what went wrong is shown there at its field.

    What the case allows no more is said there too, beside what was typed: nobody writes it twice.
    """
    check_concerned(party)
    path = reverse("iceta:follow", args=[link_token(party)])
    held: dict[str, Any] = {"typed": {name: form.data.get(name, "") for name in form.fields}}
    try:
        target = _target(party)
        if form.is_valid():
            act(reporter(person=target.person, user=request.user), target)
            return HttpResponseRedirect(path)
    except Invalid as error:
        form.put(error)
    except Conflict as error:
        if is_taken(following.target_of(party), what, form.said, form.data.get("key", "")):
            return HttpResponseRedirect(path)  # the answer to the first press was lost
        held["too_late"] = {"message": str(error.message), "remedy": str(error.remedy)}
    held["told"] = form.told
    return said.lead_back(request, path, what, held) or _show(request, party, what, held)


def _target(party: CaseParty) -> CaseParty:
    target = following.target_of(party)
    if target is None:
        raise Conflict(
            _("This report was joined with another; its reporter answers there."),
            remedy=_("Read here what happens."),
        )
    return target


def _show(request: HttpRequest, party: CaseParty, what: str, held: Mapping[str, Any]) -> HttpResponse:
    context: dict[str, Any] = following.page(party)
    forms = following.forms_of(context, what, again(what, held) if what else None)
    wrong = [one for one in forms.values() if isinstance(one, FollowForm) and one.errors]
    too_late = held.get("too_late", {})
    if too_late and what not in forms:
        too_late = {**too_late, "words": held["typed"].get("body", "")}
    response = render(
        request,
        "iceta/public/follow.html",
        {**context, **forms, "sent_forms": wrong, "too_late": too_late},
        status=409 if too_late else 422 if wrong else 200,
    )
    remember(request, response, party)
    return response


def _expired(request: HttpRequest, error: Missing) -> HttpResponse:
    context = {"message": error.message, "remedy": error.remedy, "form": LinkAgainForm()}
    return render(request, "iceta/public/expired.html", context, status=404)
