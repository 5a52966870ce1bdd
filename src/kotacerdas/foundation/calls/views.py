"""The phone desk: the form of a call, what was stored, calls that became nothing, the shift.

The fragments are posted though they change nothing: number, name and story must not stand in an address,
which proxies and histories keep.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.calls import queries
from kotacerdas.foundation.calls.actions import call_become, call_note, call_reveal
from kotacerdas.foundation.calls.declarations import Becomes, becomes
from kotacerdas.foundation.calls.forms import BackForm, CallForm, NoteForm, PeopleForm, SpanForm, value_of
from kotacerdas.foundation.calls.people import caller_people, chosen_person
from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.casework.registry import page_of
from kotacerdas.foundation.commands.idempotency import ChangedSince, CommandRepeated, recent_command_ids
from kotacerdas.foundation.commands.posted import PostedForm
from kotacerdas.foundation.parties.access import acting, grants_for
from kotacerdas.foundation.parties.access import desk as staff_page
from kotacerdas.foundation.parties.permissions import MERGE_PEOPLE
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Missing

NUMBER, KIND = "nomor", "jadi"
NAME, MOST_DONE = "calls.call", 8  # a browser learns from the last ones which calls are over
BACK = "calls.back"  # in the session: the call whose number the next desk page brings
LEAST_DIGITS = 8
_MAY_DIFFER = ("seconds", "sure", "near", "cari")
NOTED_WORDS = {
    "prank": gettext_lazy("The prank call is noted. Nothing was stored."),
    "missed": gettext_lazy("The missed call is noted."),
    "abandoned": gettext_lazy("The broken call is noted."),
    "advice": gettext_lazy("The call is noted as answered with advice."),
}


@methods(["GET", "HEAD", "POST"])
@staff_page(TAKE_CALL)
def desk(request: HttpRequest) -> HttpResponse:
    """The form of a call. What was stored opens the page that says its number."""
    chosen = _chosen(request)
    if request.method != "POST":
        return _form_page(request, chosen, chosen.form(initial=_opening(request)))
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _form_page(request, chosen, form, status=422)
    try:
        number = _become(request, chosen, form)
    except Invalid as error:
        form.take_errors(error.fields)
        return _form_page(request, chosen, form, status=422)
    except ChangedSince as error:
        form.add_error(None, f"{error.message} {_('Begin a new call.')}")
        return _form_page(request, chosen, form, status=error.status)
    return HttpResponseRedirect(reverse("calls:phone_stored", args=[number]))


@require_safe
@staff_page(TAKE_CALL)
def stored(request: HttpRequest, number: str) -> HttpResponse:
    """The number to read out, and on to the next call; the way to the case for who may see it."""
    grants = grants_for(request)
    case = queries.stored_case(grants, queries.desk_of(acting(request, TAKE_CALL)), number)
    chosen, call = becomes()[case.kind], case.calls.order_by("-began_at").first()
    is_visible = visible_to(grants).filter(id=case.id).exists()
    context = {
        **chosen.frame(()),
        "case": case,
        "case_url": page_of(case) if is_visible else "",
        "open_words": chosen.open_words,
        "title": lifecycle_of(case).title(case.title_code),
        "place": chosen.place(case),
        "seconds": call.seconds if call else 0,
        "messaged": queries.is_messaged(case),
    }
    return page(request, "calls/stored.html", context)


@methods(["GET", "HEAD", "POST"])
@staff_page(TAKE_CALL)
def note(request: HttpRequest) -> HttpResponse:
    """A call that becomes nothing: prank, missed, abandoned, advice.

    What cannot be noted yet answers with the desk as it was typed; that page loaded again is the desk.
    """
    if request.method != "POST":
        return HttpResponseRedirect(reverse("calls:phone"))
    chosen = _chosen(request)
    noted, form = NoteForm(request.POST), chosen.form(request.POST)
    if not noted.is_valid():
        raise Invalid(_("Please look at what is marked."), fields={"outcome": _("Choose one of the four.")})
    form.keep_errors("phone")
    if form.errors or noted.asks:
        return _form_page(request, chosen, form, status=422, asks="" if form.errors else noted.asks)
    actor, given = acting(request, TAKE_CALL), noted.cleaned_data
    with suppress(CommandRepeated), _posted(request).taking() as refs:
        call = call_note(
            actor=actor,
            desk=queries.desk_of(actor),
            outcome=given["outcome"],
            phone=given["phone"],
            seconds=given["seconds"] or 0,
            story=given["words"],
            is_anonymous=given["is_anonymous"],
            resumed=given["resumed"],
        )
        refs["call"] = str(call.id)
    messages.success(request, NOTED_WORDS[given["outcome"]])
    return HttpResponseRedirect(reverse("calls:phone"))


@require_POST
@staff_page(TAKE_CALL)
def call_back(request: HttpRequest) -> HttpResponse:
    """Call back: the desk with the number of a missed or cut-off call, which is opened for this and journaled."""
    form = BackForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose a call from the list."))
    actor = acting(request, TAKE_CALL)
    call = call_reveal(actor=actor, desk=queries.desk_of(actor), call_id=form.cleaned_data["call"])
    request.session[BACK] = str(call.id)
    return HttpResponseRedirect(reverse("calls:phone"))


@require_POST
@staff_page(TAKE_CALL)
def caller(request: HttpRequest) -> HttpResponse:
    """Fragment: who calls, from the eighth digit on."""
    text = request.POST.get("phone", "")[:40]
    return page(request, "calls/caller.html", {"caller": caller_in(request, text), "asked": text.strip()})


@require_POST
@staff_page(TAKE_CALL)
def people(request: HttpRequest) -> HttpResponse:
    """Fragment: the caller, after two people behind the number were found to be one, or two after all."""
    form = PeopleForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose people behind this number."))
    actor, given = acting(request, MERGE_PEOPLE), form.cleaned_data
    caller_people(actor=actor, desk=queries.desk_of(actor), **given)
    return caller(request)


@require_safe
@staff_page(TAKE_CALL)
def shift(request: HttpRequest) -> HttpResponse:
    """The shift on paper: figures, calls, who must be called back."""
    grants, at_desk = grants_for(request), queries.desk_of(acting(request, TAKE_CALL))
    form = SpanForm(request.GET) if request.GET else SpanForm()
    since, until = queries.day_start(), clock.now()
    if form.is_bound and form.is_valid():
        since, until = queries.span_of(form.cleaned_data["sejak"], form.cleaned_data["sampai"])
    form.initial = {"sejak": _local(since), "sampai": _local(until)}
    context = {
        "desk": at_desk,
        "form": form,
        "shift": queries.shift(grants, at_desk, since, until),
        "calls": queries.calls_between(at_desk, since, until),
    }
    return page(request, "calls/shift.html", context)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page of the desk: never stored by the browser, told apart from its fragments."""
    response = TemplateResponse(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def caller_in(request: HttpRequest, text: str) -> queries.Caller | None:
    """Who calls from a typed number; None while it is too short."""
    if sum(character.isdigit() for character in text) < LEAST_DIGITS:
        return None
    return queries.caller_of(grants_for(request), text)


def _chosen(request: HttpRequest) -> Becomes:
    """What the call becomes: as chosen, else the first. Missing where no program takes calls."""
    known = becomes()
    asked = request.POST.get(KIND, "") or request.GET.get(KIND, "")
    found = known.get(asked) or next(iter(known.values()), None)
    if found is None:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    return found


def _become(request: HttpRequest, chosen: Becomes, form: CallForm) -> str:
    """Store what the call becomes and return its number; sent again, the number of the first time."""
    actor, given = acting(request, TAKE_CALL), form.cleaned_data
    at_desk = queries.desk_of(actor)
    try:
        with _posted(request).taking() as refs:
            form.chosen = chosen_person(actor.grants, given["phone"], given["person"])
            case = call_become(
                actor=actor,
                desk=at_desk,
                make=lambda: chosen.run(
                    actor=actor, desk=at_desk, form=form, language=get_language() or "id"
                ),
                phone=given["phone"],
                is_anonymous=given["is_anonymous"],
                seconds=given["seconds"] or 0,
                resumed=given["resumed"],
            )
            refs["case"] = str(case.id)
            return case.number
    except CommandRepeated as before:
        return Case.objects.values_list("number", flat=True).get(id=before.refs["case"])


def _posted(request: HttpRequest) -> PostedForm:
    return PostedForm.of(request, NAME, besides=_MAY_DIFFER)


def _form_page(
    request: HttpRequest, chosen: Becomes, form: CallForm, *, status: int = 200, asks: str = ""
) -> HttpResponse:
    grants, at_desk = grants_for(request), queries.desk_of(acting(request, TAKE_CALL))
    value = value_of(form)
    caller = caller_in(request, str(value["phone"]))
    if caller and not form.is_bound:
        value["name"] = caller.name
    since = queries.day_start()
    context = {
        **chosen.frame({f"agency:{at_desk.code}"}),
        "chosen": chosen,
        "kinds_of_case": list(becomes().values()),
        "form": form,
        "asks": asks,
        "done": recent_command_ids(f"user:{request.user.pk}", NAME, MOST_DONE),
        "value": value,
        "desk": at_desk,
        "caller": caller,
        "asked": str(value["phone"]),
        "focus": form.first_wrong or ("words" if value["phone"] else "phone"),
        "shift": queries.shift(grants, at_desk, since),
        "recent": queries.recent(at_desk, since),
        "call_back": queries.to_call_back(at_desk),
        **chosen.context(request, value),
    }
    return page(request, chosen.template, context, status=status)


def _opening(request: HttpRequest) -> dict[str, str]:
    """The initial values of a desk page: the call that is continued, or the number from the switchboard.

    A page that only refreshes its lists does not use it up.
    """
    if "X-Live" not in request.headers and (call := request.session.pop(BACK, "")):
        actor = acting(request, TAKE_CALL)
        at_desk = queries.desk_of(actor)
        return {
            "phone": queries.number_of(actor, at_desk, call),
            "words": queries.story_of(actor, at_desk, call),
            "resumed": call,
        }
    return {"phone": request.GET.get(NUMBER, "")[:40]}


def _local(at: datetime) -> Any:
    return at.astimezone(clock.local_zone()).time().replace(second=0, microsecond=0)
