"""The phone desk: the call form with its fragments, what was stored, calls without a report, the shift.

The fragments are posted though they change nothing: number, name and story must not stand in an address,
which proxies and histories keep.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.queries import visible_case
from kotacerdas.foundation.casework.pages import frame, page
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.once import Once, taken_keys
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta.actions import call_note, call_report
from kotacerdas.programs.iceta.actions.calling import call_reveal
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.desk.shown import place as place_line
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.lifecycles import title
from kotacerdas.programs.iceta.permissions import TAKE_CALL
from kotacerdas.programs.iceta.phone import present, queries
from kotacerdas.programs.iceta.phone.forms import BackForm, CallForm, NoteForm, SpanForm
from kotacerdas.programs.iceta.phone.places import options, position_of, spot_of
from kotacerdas.programs.iceta.queries import report_of

NUMBER = "nomor"
CALLS, MOST_CALLS = (
    "iceta.call",
    8,
)  # the browser that keeps the call under way learns from the next desk page that it is over
BACK = "iceta.call_back"  # the call whose number the next desk page brings
LEAST_DIGITS = 8
SAID = {
    "prank": gettext_lazy("The prank call is noted. No report was stored."),
    "missed": gettext_lazy("The missed call is noted."),
    "abandoned": gettext_lazy("The broken call is noted."),
    "advice": gettext_lazy("The call is noted as answered with advice."),
}


@methods(["GET", "HEAD", "POST"])
@desk(TAKE_CALL)
def phone(request: HttpRequest) -> HttpResponse:
    """The form of a call. A stored report opens the page that says its number."""
    if request.method != "POST":
        return _form_page(request, CallForm(initial=_opening(request)))
    form = CallForm(request.POST)
    if form.is_valid():
        try:
            actor = acting(request, TAKE_CALL)
            filed = call_report(
                actor=actor,
                desk=queries.desk_of(actor),
                draft=form.draft(get_language() or "id"),
                seconds=form.cleaned_data["seconds"] or 0,
                resumed=form.cleaned_data["resumed"],
                remember_place=form.spot is not None and form.spot.is_typed,
            )
            Once.of(request, CALLS).remember()
            return HttpResponseRedirect(reverse("iceta:phone_stored", args=[filed.case.number]))
        except Invalid as error:
            form.take_errors(error.fields)
    return _form_page(request, form, status=422)


@require_safe
@desk(TAKE_CALL)
def phone_stored(request: HttpRequest, number: str) -> HttpResponse:
    """The number to read out, and on to the next call."""
    case = visible_case(grants_for(request), number)
    case.report = report_of(case)
    call = case.calls.order_by("-began_at").first()
    context = {
        **frame(placeholder=REPORT_DESK.texts.search),
        "case": case,
        "title": title(case.title_code),
        "place": place_line(case),
        "seconds": call.seconds if call else 0,
        "messaged": case.parties.exclude(person=None).exists(),
    }
    return page(request, "iceta/phone/stored.html", context)


@methods(["GET", "HEAD", "POST"])
@desk(TAKE_CALL)
def phone_note(request: HttpRequest) -> HttpResponse:
    """A call without a report: prank, missed, abandoned, advice.

    What cannot be noted yet answers with the desk as it was typed; that page loaded again is the desk.
    """
    if request.method != "POST":
        return HttpResponseRedirect(reverse("iceta:phone"))
    note, form = NoteForm(request.POST), CallForm(request.POST)
    if not note.is_valid():
        raise Invalid(_("Please look at what is marked."), fields={"outcome": _("Choose one of the four.")})
    form.keep_errors("phone")
    if form.errors or note.asks:
        return _form_page(request, form, status=422, asks="" if form.errors else note.asks)
    actor, given = acting(request, TAKE_CALL), note.cleaned_data
    call_note(
        actor=actor,
        desk=queries.desk_of(actor),
        outcome=given["outcome"],
        phone=given["phone"],
        seconds=given["seconds"] or 0,
        key=given["key"],
        story=given["words"],
        is_anonymous=given["is_anonymous"],
        resumed=given["resumed"],
    )
    messages.success(request, SAID[given["outcome"]])
    Once.of(request, CALLS).remember()
    return HttpResponseRedirect(reverse("iceta:phone"))


@require_POST
@desk(TAKE_CALL)
def phone_back(request: HttpRequest) -> HttpResponse:
    """Call back: the desk with the number of a missed or cut-off call, which is opened for this and journaled."""
    form = BackForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose a call from the list."))
    actor = acting(request, TAKE_CALL)
    call = call_reveal(actor=actor, desk=queries.desk_of(actor), call_id=form.cleaned_data["call"])
    request.session[BACK] = str(call.id)
    return HttpResponseRedirect(reverse("iceta:phone"))


@require_POST
@desk(TAKE_CALL)
def phone_caller(request: HttpRequest) -> HttpResponse:
    """Fragment: who calls, from the eighth digit on."""
    text = request.POST.get("phone", "")[:40]
    context = {"caller": _caller(request, text), "asked": text.strip()}
    return page(request, "iceta/phone/caller.html", context)


@require_POST
@desk(TAKE_CALL)
def phone_kinds(request: HttpRequest) -> HttpResponse:
    """Fragment: the categories that the words, or the search, bring."""
    asked, words = request.POST.get("cari", "")[:80], request.POST.get("words", "")[:4000]
    chosen = request.POST.get("category", "")
    return page(
        request,
        "iceta/phone/kinds.html",
        {"kinds": present.kinds(words, asked, chosen), "asked": asked or words},
    )


@require_POST
@desk(TAKE_CALL)
def phone_places(request: HttpRequest) -> HttpResponse:
    """Fragment: the places that a search finds, those near the caller's last village first."""
    text, near = request.POST.get("place_text", "")[:120], request.POST.get("near", "")[:20]
    return page(
        request,
        "iceta/phone/places.html",
        {"options": options(text, near), "asked": text, "chosen": request.POST.get("place", "")},
    )


@require_POST
@desk(TAKE_CALL)
def phone_outcome(request: HttpRequest) -> HttpResponse:
    """Fragments: what sending would do, the emergency panel, the map of the chosen place."""
    return page(request, "iceta/phone/outcome.html", {**_outcome(request, request.POST), "oob": True})


@require_safe
@desk(TAKE_CALL)
def phone_shift(request: HttpRequest) -> HttpResponse:
    """The shift on paper: figures, calls, who must be called back."""
    grants, at_desk = grants_for(request), queries.desk_of(acting(request, TAKE_CALL))
    form = SpanForm(request.GET) if request.GET else SpanForm()
    since, until = queries.day_start(), clock.now()
    if form.is_bound and form.is_valid():
        since, until = queries.span_of(form.cleaned_data["sejak"], form.cleaned_data["sampai"])
    form.initial = {"sejak": _local(since), "sampai": _local(until)}
    calls = queries.calls_between(at_desk, since, until)
    context = {
        "desk": at_desk,
        "form": form,
        "shift": queries.shift(grants, at_desk, since, until),
        "calls": calls,
    }
    return page(request, "iceta/phone/shift.html", context)


def _form_page(request: HttpRequest, form: CallForm, *, status: int = 200, asks: str = "") -> HttpResponse:
    grants, at_desk = grants_for(request), queries.desk_of(acting(request, TAKE_CALL))
    value = {name: form[name].value() or "" for name in form.fields}
    caller = _caller(request, str(value["phone"]))
    if caller and not form.is_bound:
        value["name"] = caller.name
    since = queries.day_start()
    context = {
        **frame({f"agency:{at_desk.code}"}, placeholder=REPORT_DESK.texts.search),
        "form": form,
        "asks": asks,
        "done": taken_keys(request.user, CALLS, MOST_CALLS),  # type: ignore[arg-type]
        "value": value,
        "desk": at_desk,
        "caller": caller,
        "asked": str(value["phone"]),
        "focus": form.first_wrong or ("words" if value["phone"] else "phone"),
        "kinds": present.kinds(str(value["words"]), "", str(value["category"])),
        "every_kind": [(code, title(code)) for code in categories()],
        "options": options(str(value["place_text"]), _near(caller)) if value["place_text"] else [],
        "chosen": value["place"],
        "urgencies": present.urgencies(str(value["urgency"])),
        **_outcome(request, value),
        "shift": queries.shift(grants, at_desk, since),
        "recent": queries.recent(at_desk, since),
        "call_back": queries.to_call_back(at_desk),
    }
    return page(request, "iceta/phone/phone.html", context, status=status)


def _opening(request: HttpRequest) -> dict[str, str]:
    """What a desk page opens with: the call that is gone on with, for this page alone, or the switchboard's number.

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


def _caller(request: HttpRequest, text: str) -> queries.Caller | None:
    if sum(character.isdigit() for character in text) < LEAST_DIGITS:
        return None
    return queries.caller_of(grants_for(request), text)


def _near(caller: queries.Caller | None) -> str:
    return caller.village.code if caller and caller.village else ""


def _outcome(request: HttpRequest, given: Any) -> dict[str, Any]:
    category = categories().get(str(given.get("category", "")))
    urgency = str(given.get("urgency", ""))
    spot = spot_of(str(given.get("place", "")), str(given.get("place_text", "")))
    return {
        "outcome": present.outcome(
            queries.desk_of(acting(request, TAKE_CALL)),
            category=category,
            urgency=urgency,
            phone=str(given.get("phone", "")),
            name=str(given.get("name", "")),
            anonymous=bool(given.get("is_anonymous")),
        ),
        "panel": present.panel(category, urgency),
        "suggested": category,
        "spot": spot,
        "centre": position_of(spot) if spot else None,
    }


def _local(at: datetime) -> Any:
    return at.astimezone(clock.local_zone()).time().replace(second=0, microsecond=0)
