"""Following by secret link: what happened, what one may do now, and a lost link sent anew; for every program."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.links import is_from_message, link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.commands.idempotency import ChangedSince, CommandRepeated, Idempotency, digest_of
from kotacerdas.foundation.documents.responses import document_response
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.following.actions import link_opened, link_send, take_link_token
from kotacerdas.foundation.following.declarations import Act, following_of, followings
from kotacerdas.foundation.following.forms import FollowForm, LinkAgainForm, again, photo_key_in
from kotacerdas.foundation.following.last_answers import act_id, photos_of_last
from kotacerdas.foundation.following.messages import MARK
from kotacerdas.foundation.following.my_cases import hides_older, my_parties, remember
from kotacerdas.foundation.following.page import forms_of, page_context
from kotacerdas.foundation.following.queries import followed, papers_for, target_of
from kotacerdas.foundation.forms.flash import flash_of, lead_back
from kotacerdas.foundation.forms.photos import take_in
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.errors import Conflict, Invalid, Missing

NUMBER, _LONGEST = "nomor", 300
View = Callable[..., HttpResponse]
_open = limited("follow", capacity=240, seconds=600, methods=("GET", "HEAD", "POST"))
_act = limited("follow_act", capacity=20, seconds=600)
_again = limited("link", capacity=8, seconds=3600)


def _secret(view: View) -> View:
    """Headers of pages behind a secret link: not cached, not indexed, not sent on as a referrer."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        try:
            party = followed(token)
        except Missing as error:
            response = _expired(request, error)
        else:
            response = view(request, party, **more)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = (
            "same-origin"  # "no-referrer" makes browsers post "Origin: null"
        )
        return response

    return never_cache(_open(guarded))


@_secret
@require_safe
def follow(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """The page of one case for its follower; errors of a sent form stand at their fields.

    Opened from a message it proves the number, and goes on without the message's mark.
    """
    if (mark := request.GET.get(MARK)) is not None:
        if is_from_message(party, mark):
            link_opened(party=party)
        return HttpResponseRedirect(reverse("following:follow", args=[link_token(party)]))
    return _show(request, party, *flash_of(request, *(one.name for one in following_of(party).acts)))


@_secret
@require_safe
def sent(request: HttpRequest, party: CaseParty) -> HttpResponse:
    """The page after sending: number, what happens now and until when, the secret link."""
    template, context = following_of(party).sent(party)
    return render(
        request, template, {"token": link_token(party), "mark": request.GET.get("draf", ""), **context}
    )


@_secret
@require_safe
def paper(request: HttpRequest, party: CaseParty, paper: UUID) -> HttpResponse:
    """An issued paper of one's own case, the same bytes every time."""
    found = next((one for one in papers_for(party) if one.id == paper), None)
    if found is None:
        raise Missing(_("There is no such paper."), remedy=_("Choose one on the case's page."))
    return document_response(found)


@require_POST
@_act
@_secret
def act(request: HttpRequest, party: CaseParty, slug: str) -> HttpResponse:
    """Take one of the follower's acts, and go back to the page.

    What went wrong is shown there at its field; what the case allows no more is said there too, beside what was
    typed: nobody writes it twice.
    """
    chosen = following_of(party).by_slug.get(slug)
    if chosen is None:
        raise Missing(_("There is no such page here."), remedy=_("Start from the front page."))
    chosen.check(target_of(party) or party)
    key = photo_key_in(request.POST)
    form = chosen.form({**request.POST.dict(), "key": key})
    problem = take_in(request, key, following_of(party).too_many_photos) if chosen.photos else None
    if problem is not None:
        form.complain("photos", problem)
    path = reverse("following:follow", args=[link_token(party)])
    held: dict[str, Any] = {"typed": {name: form.data.get(name, "") for name in form.fields}}
    try:
        if form.is_valid():
            _take(request, _target(party), chosen, form, key)
            return HttpResponseRedirect(path)
    except Invalid as error:
        form.put(error)
    except Conflict as error:
        held["too_late"] = {"message": str(error.message), "remedy": str(error.remedy)}
    held["found_elsewhere"] = form.found_elsewhere
    return lead_back(request, path, chosen.name, held)


@never_cache
@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    """What this browser follows, and all of a citizen signed in by phone, whichever program has it."""
    parties = my_parties(request)
    for kind, following in followings().items():
        prefetch_related_objects([one.case for one in parties if one.case.kind == kind], *following.prefetch)
    cards = [following_of(party).card(party) for party in parties]
    return render(request, "following/my_cases.html", {"cards": cards, "hides_older": hides_older(request)})


@never_cache
@_again
def link_again(request: HttpRequest) -> HttpResponse:
    """Send a lost link again to the known number. The answer is the same whether or not there is a case."""
    if request.method != "POST":
        return _again_page(request, *flash_of(request, "mend", "sent"))
    form, what = LinkAgainForm(request.POST), "mend"
    value: dict[str, Any] = {name: request.POST.get(name, "") for name in form.fields}
    if form.is_valid():
        phone, number = form.cleaned_data["phone"], form.cleaned_data["number"]
        take_link_token(phone)
        link_send(number=number, phone=phone)
        what, value = "sent", {"sent_to": phones.masked(phone), "number": number}
    return lead_back(request, reverse("following:link_again"), what, value)


def number_address(request: HttpRequest, asked: str) -> str:
    """Where a typed ticket number leads: to one's own case, or to where its link is sent; "" for what is no number."""
    number = ids.normal_ticket(asked)
    if not number and not ids.resembles_ticket(asked):
        return ""
    own = next((party for party in my_parties(request) if party.case.number == number), None)
    if own is not None:
        return reverse("following:follow", args=[link_token(own)])
    query = {NUMBER: number or asked[:_LONGEST]}
    return reverse("following:link_again", query=query)


def _take(request: HttpRequest, target: CaseParty, act: Act, form: FollowForm, key: str) -> None:
    """Run the act as a command: sent again, it gets the same answer. Raises Conflict for other words."""
    photos = of_draft(key) if act.photos else []
    command = Idempotency(
        actor=f"party:{target.id}",
        command_id=act_id(target, act),
        name=f"{target.case.kind}.{act.name}",
        digest=digest_of(form.as_text),
    )
    try:
        with command.taking():
            actor = reporter(person=target.person, user=request.user)
            act.run(actor=actor, party=target, given=form.cleaned_data, photos=photos)
    except CommandRepeated as before:
        if not {one.sha256 for one in photos} <= photos_of_last(target, act):
            raise ChangedSince(before.refs) from before


def _target(party: CaseParty) -> CaseParty:
    target = target_of(party)
    if target is None:
        raise Conflict(
            _("This was joined with another; whose matter that is answers there."),
            remedy=_("Read here what happens."),
        )
    return target


def _show(request: HttpRequest, party: CaseParty, what: str, held: Mapping[str, Any]) -> HttpResponse:
    following = following_of(party)
    chosen = next((one for one in following.acts if one.name == what), None)
    context = page_context(party)
    forms = forms_of(context["open_acts"], following, again(chosen, held) if chosen else None, what)
    wrong = [one for one in forms.values() if one.errors]
    too_late = held.get("too_late", {})
    if too_late and what not in forms:
        too_late = {**too_late, "words": held["typed"].get("body", "")}
    photos_wait = len(of_draft(held["typed"].get("key", ""))) if held else 0
    shown = {**context, **forms, "sent_forms": wrong, "too_late": too_late, "photos_wait": photos_wait}
    shown["taken"] = json.dumps(context["taken"])
    status = 409 if too_late else 422 if wrong else 200
    response = render(request, following.template, shown, status=status)
    remember(request, response, party)
    return response


def _again_page(request: HttpRequest, what: str, value: dict[str, Any]) -> HttpResponse:
    """The page to ask for a link: the form as typed or with the number of the address; or where the link was sent."""
    asked = request.GET.get(NUMBER, "")[:_LONGEST]
    number = value.get("number", "") if what == "sent" else ids.normal_ticket(asked)
    form = LinkAgainForm(value if what == "mend" else None, initial={"number": number or asked})
    context = {"form": form, "number": number, "sent_to": value["sent_to"] if what == "sent" else ""}
    return render(request, "following/link_again.html", context, status=422 if form.errors else 200)


def _expired(request: HttpRequest, error: Missing) -> HttpResponse:
    context = {"message": error.message, "remedy": error.remedy, "form": LinkAgainForm()}
    return render(request, "following/expired.html", context, status=404)
