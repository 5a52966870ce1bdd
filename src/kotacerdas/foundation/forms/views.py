"""The pages of a public form. Plain forms; scripts only make them quicker.

A page is posted with the draft's id, names itself (`from`) and what was pressed (`go`): `next` checks its own question
first. The answer always leads to a page by GET, the draft kept meanwhile, so that going back and forth shows the draft as
it is now and asks to send nothing again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from kotacerdas.foundation.commands.declarations import command_take
from kotacerdas.foundation.commands.idempotency import ChangedSince, Refs
from kotacerdas.foundation.forms import drafts, store
from kotacerdas.foundation.forms.declarations import LAST, Form
from kotacerdas.foundation.forms.drafts import ID, THEN, Draft
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.posted import changed_since, draft_in, is_ours, sent_before
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.ui.shapes import Stage
from kotacerdas.kernel.errors import Invalid

View = Callable[[HttpRequest], HttpResponse]


def page_view(form: Form, name: str) -> View:
    """The view of one page; the last one, pressed `send`, sends the form too. LookupError where there is none."""
    form.page(name)
    send = never_cache(limited(f"{form.door}_send", capacity=10, seconds=600, address_share=4)(_sender(form)))

    @never_cache
    @limited(form.door, capacity=150, seconds=600)
    def look(request: HttpRequest) -> HttpResponse:
        return _posted(request, form, name) if request.method == "POST" else _opened(request, form, name)

    def view(request: HttpRequest) -> HttpResponse:
        is_sent = name == form.order[-1] and request.method == "POST" and request.POST.get("go") == "send"
        return send(request) if is_sent else look(request)

    return view


def lead(request: HttpRequest, draft: Draft, *, part: str = "", instead_of: str = "") -> HttpResponse:
    """Lead to the draft's page by GET, the draft kept, perhaps instead of one not wanted any more.

    What came from no page of ours is shown at once, and nothing of it is kept.
    """
    if not is_ours(request, draft.form):
        return _show(request, draft, is_stored=False)
    view = draft.form.page(draft.page).view(request)
    part = part or ("found" if any(view.values()) else "")
    url = drafts.address(draft, **view)
    response = HttpResponseRedirect(f"{url}#{part}" if part else url)
    drafts.keep(request, response, draft, instead_of=instead_of)
    return response


def _opened(request: HttpRequest, form: Form, name: str) -> HttpResponse:
    """The page with the draft that its address names, else with a new one; for a sent draft, its result."""
    named = drafts.open_draft(request, form, drafts.id_in(request.GET))
    if named is not None and named.is_sent:
        late = drafts.open_draft(request, form, drafts.id_in({ID: named.late})) if named.late else None
        if (answer := _sent_one(request, named, late)) is not None:
            return answer
    elif named is not None:
        return _show(request, named if named.page == name else _plain(named, name))
    unfinished = drafts.newest(request, form)
    draft = replace(drafts.fresh(request, form, values=form.opening(request)), page=name)
    return _show(request, draft, is_fresh=True, is_stored=False, unfinished=unfinished)


def _posted(request: HttpRequest, form: Form, name: str) -> HttpResponse:
    """Do what the pressed button asks, then go to the next page."""
    came, go = request.POST.get("from", ""), request.POST.get("go", "")
    if go == "enter":  # in a page's search it searches, where something new was typed
        asked_for = request.POST.get("q", "").strip()
        is_new = asked_for not in ("", request.POST.get("searched", ""))
        go, name = ("search", came) if is_new and came in form.order else ("next", name)
    if (sent := sent_before(request, form)) is not None:
        changed, refs = changed_since(request, sent, came), drafts.refs_of(sent)
        if changed is not None and refs:
            return _too_late(request, changed, refs)
        return HttpResponseRedirect(drafts.address(sent, name))
    page_of_it = came if came in form.order else name
    draft, problems = draft_in(request, form, page_of_it)
    if problems:
        return lead(request, replace(_plain(draft, page_of_it), problems=problems))
    if go == "drop":
        return lead(request, _plain(draft, name), instead_of=request.POST.get("unfinished", ""))
    if go != "next" or came not in form.order:
        return lead(request, _plain(draft, name))
    page = form.page(came)
    asked = page.form(draft, ask=True)
    if not asked.is_valid():
        return lead(request, replace(_plain(draft, came), is_asked=page.complains(request, asked)))
    to, part = form.way(request, draft, came, name)
    if to == form.order[-1] and (lacking := lacks(draft, besides=came)) and not part:
        draft, to = draft.changed(**{THEN: LAST}), lacking
    return lead(request, _plain(draft, to), part=part)


def _sender(form: Form) -> View:
    def send(request: HttpRequest) -> HttpResponse:
        draft, _problems = draft_in(request, form, request.POST.get("from", ""))
        for page in form.pages:
            if not page.form(draft, ask=True).is_valid():
                draft = replace(_plain(draft, page.name), is_asked=True).changed(**{THEN: LAST})
                return lead(request, draft)
        return _run_command(request, draft)

    return send


def _run_command(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Run the command and show its result; errors are shown at their fields."""
    form = draft.form
    try:
        given = form.given(request, draft)
        answer = command_take(
            form.command,
            actor=form.actor(request),
            given=given,
            command_id=draft.id,
            digest=form.digest(given),
            scope=draft.scope,
        )
    except ChangedSince as before:
        return _too_late(request, draft, before.refs)
    except Invalid as error:
        problems = {name: str(words) for name, words in error.fields.items()} or {"": str(error.message)}
        return lead(request, replace(_plain(draft, page_of(form, error)), problems=problems))
    if not answer.is_new and drafts.has_late_photos(request, draft):
        return _too_late(request, draft, answer.refs)
    response = HttpResponseRedirect(f"{form.sent_url(answer.refs)}?{urlencode({ID: str(draft.id)})}")
    form.remember(request, response, answer.refs)
    drafts.mark_sent(request, response, draft)
    return response


def _too_late(request: HttpRequest, draft: Draft, refs: Refs) -> HttpResponse:
    """The draft was sent before its last changes: store those as another draft."""
    response = draft.form.sent(request, refs, drafts.late_of(request, draft)) or HttpResponse()
    response.status_code = 409
    drafts.keep_late(request, response, draft)
    draft.form.remember(request, response, refs)
    return response


def _sent_one(request: HttpRequest, draft: Draft, late: Draft | None) -> HttpResponse | None:
    refs = drafts.refs_of(draft)
    return draft.form.sent(request, refs, late if late and not late.is_sent else None) if refs else None


def lacks(draft: Draft, *, besides: str = "") -> str:
    """The first page before the last one whose question has no answer yet; "" when all are answered.

    `besides` names a page that is known to have its answer.
    """
    pages = [page for page in draft.form.pages[:-1] if page.name != besides]
    return next((page.name for page in pages if not page.form(draft, ask=True).is_valid()), "")


def page_of(form: Form, error: Invalid) -> str:
    """The first page on which an action's error can be corrected; the last page where none is named."""
    for page in form.pages:
        if set(error.fields) & {*page.fields, *page.scripted, *page.errors}:
            return page.name
    return form.order[-1]


def _plain(draft: Draft, page: str) -> Draft:
    """The draft on a page, without error messages."""
    return replace(draft, page=page, is_asked=False, problems={})


def _show(
    request: HttpRequest,
    draft: Draft,
    *,
    is_fresh: bool = False,
    is_stored: bool = True,
    unfinished: Draft | None = None,
) -> HttpResponse:
    """The page of a draft; one that is not kept is carried by the page itself."""
    page = draft.form.page(draft.page)
    draft = page.prepared(draft)
    form = page.form(draft, ask=draft.is_asked)
    if draft.problems:
        form.put(draft.problems)
    context = {**_context(draft, form), **page.context(request, draft, form)}
    if not is_stored:
        carried = {**dict.fromkeys((*page.scripted, THEN), ""), **draft.values}
        context["hidden"] = [(name, text) for name, text in carried.items() if name not in page.fields]
    context |= {"is_fresh": is_fresh, "unfinished": unfinished}
    response = render(request, page.template, context, status=422 if form.errors else 200)
    store.give(request, response)
    return response


def _context(draft: Draft, form: PageForm) -> dict[str, object]:
    """What every page needs: where it stands among the others, and what it carries."""
    order = draft.form.order
    at = order.index(draft.page)
    following = LAST if draft.text(THEN) == LAST else order[min(at + 1, len(order) - 1)]
    before = draft.form.page(order[at - 1]) if at else None
    page = draft.form.page(draft.page)
    return {
        "draft": draft,
        "answers": draft.values,
        "form": form,
        "page": page.name,
        "label": page.label,
        "is_last": page.name == order[-1],
        "onwards": page.onwards,
        "hidden": [(name, draft.text(name)) for name in (*page.scripted, THEN)],
        "stages": stages(draft),
        "back_url": reverse(draft.form.url_name(before.name)) if before else "",
        "back_label": before.label if before else "",
        "next_url": reverse(draft.form.url_name(following)),
        "own_url": reverse(draft.form.url_name(page.name)),
        "kept_url": drafts.address(draft),
        "unfinished_words": draft.form.unfinished,
    }


def stages(draft: Draft, *, skipped: Mapping[str, str] | None = None) -> list[Stage]:
    """The segments: done, now, next; `skipped` names pages that stand otherwise."""
    order = draft.form.order
    here = order.index(draft.page)

    def state(at: int, name: str) -> Literal["done", "now", "next"]:
        if skipped and name in skipped and at != here:
            return "next"
        return "done" if at < here else "now" if at == here else "next"

    return [
        Stage(label=str(page.label), state=state(at, page.name)) for at, page in enumerate(draft.form.pages)
    ]
