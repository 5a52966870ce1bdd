"""Reporting in four pages: photo, place, words, check. Plain forms; scripts only make them quicker.

A page is posted with the draft in hidden fields, names itself (`from`) and what was pressed (`go`): `next`
checks its own question first. The answer always leads to a page by GET, the draft kept by the browser meanwhile
(`unsent`), so that going back and forth shows the draft as it is now and asks to send nothing again.
Without script, kinds can be suggested only once the words were sent: that first time is no mistake of theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta.actions import report_file
from kotacerdas.programs.iceta.public import drafts, pages, places, similar, unsent, uploads
from kotacerdas.programs.iceta.public.drafts import Carried
from kotacerdas.programs.iceta.public.links import take_report_token
from kotacerdas.programs.iceta.public.mine import own_person, remember
from kotacerdas.programs.iceta.public.present import as_words
from kotacerdas.programs.iceta.public.unsent import Unsent

_step = limited("report", capacity=150, seconds=600)
_upload = limited("report_photo", capacity=40, seconds=600)
_send = limited("report_send", capacity=10, seconds=600, address_share=4)
_look = limited("report_look", capacity=300, seconds=600, methods=("GET", "POST"))


def _page(name: str) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        return _posted(request, name) if request.method == "POST" else _opened(request, name)

    return never_cache(_step(view))


report_photo = _page("photo")
report_place = _page("place")
report_words = _page("words")
_check = _page("check")


def report_check(request: HttpRequest) -> HttpResponse:
    """The last page; pressed `send`, it stores the report and leads to its number."""
    if request.method == "POST" and request.POST.get("go") == "send":
        return _sent(request)
    return _check(request)


def _opened(request: HttpRequest, name: str) -> HttpResponse:
    """The page with the draft that its address names, else with a new one; a sent draft tells of its report."""
    found = unsent.found(request)
    if found is not None and request.GET.get(unsent.MARK) == found.draft.mark:
        if found.is_sent and (party := unsent.party_of(found.draft)) is not None:
            late = unsent.of_mark(request, found.late)
            shown = _late(party.case, late.draft, late.url) if late and not late.is_sent else {}
            return render(request, "iceta/public/sent_already.html", {**_sent_one(party), **shown})
        if not found.is_sent:
            return _show(request, found if found.page == name else Unsent(draft=found.draft, page=name))
    draft = drafts.fresh(request.GET.get("q", "").strip())
    unfinished = found if found is not None and found.is_worth_resuming else None
    return _show(request, Unsent(draft=draft, page=name), is_fresh=True, unfinished=unfinished)


def _posted(request: HttpRequest, name: str) -> HttpResponse:
    """What was pressed, done; then the page it leads to."""
    came, go = request.POST.get("from", ""), request.POST.get("go", "")
    if go == "enter":
        asked_for = request.POST.get("q", "").strip()
        is_new = asked_for not in ("", request.POST.get("searched", ""))
        go, name = ("search", "place") if is_new else ("next", name)
    if (sent := _sent_already(request)) is not None:
        return HttpResponseRedirect(unsent.address(name, sent))
    draft, problem = _received(request)
    if problem is not None:
        return _lead(request, Unsent(draft=draft, page="photo", problems={"photos": problem}))
    if go == "drop":
        return _lead(request, Unsent(draft=draft, page=name), instead_of=request.POST.get("unfinished", ""))
    if go != "next" or came not in pages.ORDER:
        return _lead(request, Unsent(draft=draft, page=name))
    asked = pages.FORMS[came](draft, ask=True)
    if not asked.is_valid():
        is_first = came == "words" and set(asked.errors) == {"category"} and "offered" not in request.POST
        return _lead(request, Unsent(draft=draft, page=came, is_asked=not is_first))
    is_told = came == "words" or (came == "place" and draft.then == "check")
    if is_told and similar.not_seen(draft, request.POST.get("seen", "")):
        return _lead(request, Unsent(draft=draft, page="words"), part="similar")
    if name == "check" and (lacking := pages.lacking(draft)):
        if came == "words" and not pages.has_begun_before_words(draft):
            lacking = "photo"  # they began with their words: the photo is offered too
        return _lead(request, Unsent(draft=replace(draft, then="check"), page=lacking))
    return _lead(request, Unsent(draft=draft, page=name))


@never_cache
@_send
def _sent(request: HttpRequest) -> HttpResponse:
    if (sent := _sent_already(request)) is not None:
        return HttpResponseRedirect(unsent.address("check", sent))
    draft, _problem = _received(request)
    for name in pages.ORDER:
        if not pages.FORMS[name](draft, ask=True).is_valid():
            return _lead(request, Unsent(draft=replace(draft, then="check"), page=name, is_asked=True))
    try:
        person = own_person(request)
        if draft.phone and not draft.is_anonymous and (person is None or not person.has_phone(draft.phone)):
            take_report_token(draft.phone)
        actor = reporter(person=person, user=request.user)
        filed = report_file(actor=actor, draft=draft.as_draft(get_language() or "id"))
    except Invalid as error:
        problems = {name: str(words) for name, words in error.fields.items()} or {"": str(error.message)}
        return _lead(request, Unsent(draft=draft, page=pages.page_of(error), problems=problems))
    if not filed.is_new and unsent.differs(draft, filed.case):
        return _too_late(request, draft, filed.party)
    response = HttpResponseRedirect(reverse("iceta:report_sent", args=[link_token(filed.party)]))
    remember(request, response, filed.party)
    unsent.mark_sent(request, response, draft)
    return response


def _too_late(request: HttpRequest, draft: Carried, party: CaseParty) -> HttpResponse:
    """It was stored before its last changes: those are kept as another draft; what is too long, by the page itself."""
    response = HttpResponse(status=409)
    late = unsent.keep_late(request, response, draft)
    held = late.draft if late else replace(draft, submission_key=uuid4())
    shown = {**_sent_one(party), **_late(party.case, held, late.url if late else "")}
    response.write(render_to_string("iceta/public/sent_already.html", shown, request))
    remember(request, response, party)
    return response


def _sent_one(party: CaseParty) -> dict[str, Any]:
    return {"token": link_token(party), **as_words(party.case)}


def _late(case: Case, draft: Carried, url: str) -> dict[str, Any]:
    """What the page of a sent report shows of the draft that came too late for it."""
    is_told = draft.words.strip() != case.report.words
    return {"late": {"words": draft.words if is_told else "", "url": url, "hidden": list(draft.hidden())}}


@require_POST
@never_cache
@_upload
def report_photo_add(request: HttpRequest) -> HttpResponse:
    """A photo sent by script: stored under the draft's key; answers the list of its photos, or why it is refused."""
    if _sent_already(request) is not None:
        return _refused(_("This report is sent already. Photos can be added when the agency asks."), 409)
    draft, problem = _received(request)
    if problem is None:
        response = render(request, "iceta/public/_photos.html", pages.photo_context(draft))
    else:
        response = _refused(problem, 422)
    if not unsent.is_kept(request, draft):
        unsent.keep(request, response, Unsent(draft=draft, page="photo"))
    return response


def _refused(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


@require_safe
@_look
def report_places(request: HttpRequest) -> HttpResponse:
    """What a search for a place finds, as typed: a list to choose from."""
    query = request.GET.get("q", "").strip()
    draft = drafts.read({"key": "", "lat": request.GET.get("lat", ""), "lng": request.GET.get("lng", "")})
    context = {"options": places.found(query, draft), "query": query}
    return render(request, "iceta/public/_options.html", context)


@require_POST
@never_cache
@_look
def report_suggest(request: HttpRequest) -> HttpResponse:
    """Suggested kinds and similar reports for the words so far, as typed."""
    draft = drafts.read(request.POST.dict())
    return render(request, "iceta/public/_kinds.html", {**pages.words_context(draft), "draft": draft})


def _sent_already(request: HttpRequest) -> Carried | None:
    """The posted draft where this browser sent it, as a page left open may not know: nothing more is taken in."""
    draft = drafts.read(request.POST.dict())
    return draft if unsent.is_sent(request, draft) else None


def _received(request: HttpRequest) -> tuple[Carried, str | None]:
    """The posted draft after what was pressed on its page: photos taken in or back, a place chosen."""
    data = request.POST.dict()
    draft = drafts.read({name: str(value) for name, value in data.items()})
    problem = None
    if gone := request.POST.getlist("remove"):
        uploads.take_out(gone, draft)
    if request.FILES:
        problem = uploads.take_in(request, draft.key)
    if request.FILES or gone:
        draft = replace(draft, photos=of_draft(draft.key))
    if chosen := data.get("choice"):
        draft = places.choose(draft, str(chosen))
    return draft, problem


def _lead(request: HttpRequest, next_one: Unsent, *, part: str = "", instead_of: str = "") -> HttpResponse:
    """Lead to a page by GET, the draft kept by the browser, perhaps instead of one not wanted any more.

    A draft too long for that is shown at once, as is what came from no page of ours; older words of it go.
    """
    view = places.view_of(request) if next_one.page == "place" else {}
    part = part or ("found" if any(view.values()) else "")
    url = unsent.address(next_one.page, next_one.draft, **view)
    response = HttpResponseRedirect(f"{url}#{part}" if part else url)
    if drafts.is_ours(request.POST) and unsent.keep(request, response, next_one, instead_of=instead_of):
        return response
    shown = _show(request, next_one)
    unsent.forget(request, shown, next_one.draft.mark, instead_of)
    return shown


def _show(
    request: HttpRequest, shown: Unsent, *, is_fresh: bool = False, unfinished: Unsent | None = None
) -> HttpResponse:
    form = pages.FORMS[shown.page](shown.draft, ask=shown.is_asked)
    if shown.problems:
        form.put(shown.problems)
    context = pages.context(request, shown.page, shown.draft, form, is_fresh=is_fresh)
    status = 422 if form.errors else 200
    return render(
        request, f"iceta/public/{shown.page}.html", {**context, "unfinished": unfinished}, status=status
    )
