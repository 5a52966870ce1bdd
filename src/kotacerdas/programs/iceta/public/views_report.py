"""Reporting in four pages: photo, place, words, check. Plain forms; scripts only make them quicker.

Every page is reached by GET (a new draft) or by POST from another, with the draft in hidden fields. A POST
names the page it comes `from` and what was pressed (`go`): `next` checks that page's own question first.
Without script, kinds can be suggested only once the words were sent: that first time is no mistake of theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.files.actions import discard
from kotacerdas.foundation.files.queries import of_draft
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta.actions import report_file
from kotacerdas.programs.iceta.public import drafts, pages, places, uploads
from kotacerdas.programs.iceta.public.drafts import Carried
from kotacerdas.programs.iceta.public.forms import PageForm
from kotacerdas.programs.iceta.public.mine import remember

_step = limited("report", capacity=150, seconds=600)
_upload = limited("report_photo", capacity=40, seconds=600)
_send = limited("report_send", capacity=10, seconds=600)
_look = limited("report_look", capacity=300, seconds=600, methods=("GET", "POST"))
# Not "no-store": a page that came by POST could then not be gone back to.
_own = cache_control(private=True, no_cache=True, max_age=0)


def _page(name: str) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return _show(request, name, drafts.fresh(request.GET.get("q", "").strip()))
        draft, problem = _received(request)
        came, go = request.POST.get("from", ""), request.POST.get("go", "")
        if problem is not None:
            return _show(request, "photo", draft, problems={"photos": problem})
        if go == "next" and came in pages.ORDER:
            asked = pages.FORMS[came](draft, ask=True)
            if not asked.is_valid():
                first = (
                    came == "words" and set(asked.errors) == {"category"} and "offered" not in request.POST
                )
                return _show(request, came, draft, form=None if first else asked)
            if name == "check" and (lacking := pages.lacking(draft)):
                return _show(request, lacking, replace(draft, then="check"))
        return _show(request, name, draft)

    return _own(_step(view))


report_photo = _page("photo")
report_place = _page("place")
report_words = _page("words")


def report_check(request: HttpRequest) -> HttpResponse:
    """The last page; pressed `send`, it stores the report and leads to its number."""
    if request.method == "POST" and request.POST.get("go") == "send":
        return _sent(request)
    return _check(request)


_check = _page("check")


@never_cache
@_send
def _sent(request: HttpRequest) -> HttpResponse:
    draft, _problem = _received(request)
    for name in pages.ORDER:
        asked = pages.FORMS[name](draft, ask=True)
        if not asked.is_valid():
            return _show(request, name, replace(draft, then="check"), form=asked)
    try:
        filed = report_file(actor=reporter(user=request.user), draft=draft.as_draft(get_language() or "id"))
    except Invalid as error:
        name = pages.page_of(error)
        return _show(request, name, draft, problems=error.fields or {"": error.message})
    response = HttpResponseRedirect(reverse("iceta:report_sent", args=[link_token(filed.party)]))
    remember(request, response, filed.party)
    return response


@require_POST
@never_cache
@_upload
def report_photo_add(request: HttpRequest) -> HttpResponse:
    """A photo sent by script: stored under the draft's key; answers the list of its photos."""
    draft, problem = _received(request)
    context = {**pages.photo_context(draft), "problem": problem, "draft": draft}
    return render(request, "iceta/public/_photos.html", context, status=422 if problem else 200)


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


def _received(request: HttpRequest) -> tuple[Carried, str | None]:
    """The posted draft after what was pressed on its page: photos taken in or back, a place chosen."""
    data = request.POST.dict()
    draft = drafts.read({name: str(value) for name, value in data.items()})
    problem = None
    if request.FILES:
        problem = uploads.take_in(request, draft)
    if gone := data.get("remove"):
        uploads.take_out(str(gone), draft, discard)
    if request.FILES or gone:
        draft = replace(draft, photos=of_draft(draft.key))
    if chosen := data.get("choice"):
        draft = places.choose(draft, str(chosen))
    return draft, problem


def _show(
    request: HttpRequest,
    name: str,
    draft: Carried,
    *,
    form: PageForm | None = None,
    problems: dict[str, object] | None = None,
) -> HttpResponse:
    shown = form or pages.FORMS[name](draft)
    if problems:
        shown.put(problems)
    context = pages.context(request, name, draft, shown)
    return render(request, f"iceta/public/{name}.html", context, status=422 if shown.errors else 200)
