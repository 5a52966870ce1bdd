"""Steps as they are posted: one case or several, and a reporter's number opened for a purpose."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kotacerdas.foundation.cases.actions import record_reading
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import parties_of
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.once import KEY, Once, TakenBefore
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing, Refused
from kotacerdas.programs.iceta.desk.forms import FORMS, BulkHandForm, PurposeForm, StepForm
from kotacerdas.programs.iceta.desk.origin import origin_of
from kotacerdas.programs.iceta.desk.pages import OPEN_NUMBER, case_context, page, wants_pane
from kotacerdas.programs.iceta.desk.performing import perform, words_of
from kotacerdas.programs.iceta.desk.photos import stored
from kotacerdas.programs.iceta.desk.queries import PAGE_SIZE, agencies_of, case_for, opens_identity
from kotacerdas.programs.iceta.desk.rows import BULK_STEPS
from kotacerdas.programs.iceta.desk.steps import BOX, IN_REPLY_BOX, TAKEN_HERE, draft_of
from kotacerdas.programs.iceta.desk.views_case import case_page
from kotacerdas.programs.iceta.lifecycles import REPORT
from kotacerdas.programs.iceta.permissions import ASSIGN, OPEN_ANONYMOUS, OPEN_IDENTITY, VERIFY, VIEW, WORK

_MOST_REASONS = 5
logger = logging.getLogger(__name__)


@require_POST
@desk(VIEW, WORK, VERIFY)
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take one step on one case; what was not taken is shown again with its reason and what was typed.

    The same form once more, because its answer was lost, is answered as it was and does nothing.
    """
    if name not in TAKEN_HERE:
        raise Missing(_("There is no such step here."), remedy=_("Go back to the case."))
    case = case_for(grants_for(request), number)
    name = _by_audience(name, request.POST.get("audience", ""))
    form = FORMS[name](request.POST, request.FILES, case=case)
    once = Once.of(request, "iceta.step", case.number, BOX if name in IN_REPLY_BOX else name)
    try:
        once.check()
        if not form.is_valid():
            return _again(request, case, name, form, None)
        given = {**form.cleaned_data, "photos": stored(form.cleaned_data.get("photos") or ())}
        with once.taking():
            said = perform(name, _acting(request, name, case), case, given)
    except TakenBefore:
        said = words_of(name)
    except Invalid as wrong:
        _mark(form, wrong)
        return _again(request, case, name, form, wrong)
    except (Conflict, Refused) as error:
        return _again(request, case, name, form, error)
    return _taken(request, case, name, str(said))


@require_POST
@desk(WORK)
def bulk(request: HttpRequest, name: str) -> HttpResponse:
    """Take one step on several cases, each in a transaction of its own; the answer counts both outcomes.

    The same form once more, because its answer was lost, is answered the same and does the rest alone.
    """
    if name not in BULK_STEPS:
        raise Missing(_("There is no such step here."), remedy=_("Go back to the queue."))
    back = HttpResponseRedirect(origin_of(request, reverse("iceta:queue")).url)
    given: dict[str, Any] = {}
    if name == "hand":
        form = BulkHandForm(request.POST, agencies=grants_for(request).scope(ASSIGN).agencies)
        if not form.is_valid():
            messages.error(request, _("Nothing was handed over: choose a post."))
            return back
        given = form.cleaned_data
    done, refused = _each(request, name, given)
    if done:
        words = ngettext("%(n)d case: done.", "%(n)d cases: done.", done)
        messages.success(request, words % {"n": done})
    for reason, numbers in list(refused.items())[:_MOST_REASONS]:
        messages.error(
            request,
            _("Not done for %(numbers)s: %(reason)s") % {"numbers": ", ".join(numbers), "reason": reason},
        )
    if not done and not refused:
        messages.error(request, _("Nothing was done: no case was picked."))
    return back


@require_POST
@desk(OPEN_IDENTITY, OPEN_ANONYMOUS)
def reveal(request: HttpRequest, number: str, party_id: UUID) -> HttpResponse:
    """Show a reporter's number, for a stated purpose that the journal keeps."""
    grants = grants_for(request)
    case = case_for(grants, number)
    party = next((one for one in parties_of(case) if one.id == party_id), None)
    if (
        party is None
        or party.person is None
        or not opens_identity(grants, agencies_of(case), anonymous=party.is_anonymous)
    ):
        raise Missing(_("There is no such reporter here."), remedy=_("Go back to the case."))
    form = PurposeForm(request.POST, case=case)
    if not form.is_valid():
        return _again(request, case, OPEN_NUMBER, form, None)
    right = OPEN_ANONYMOUS if party.is_anonymous else OPEN_IDENTITY
    actor = acting(request, right, agencies=agencies_of(case))
    record_reading(case=case, actor=actor, what="reporter", purpose=form.cleaned_data["purpose"])
    if wants_pane(request):
        return page(request, "iceta/desk/pane.html", case_context(request, number, opened=party))
    return page(request, "iceta/desk/case.html", case_page(request, number, opened=party))


def _acting(request: HttpRequest, name: str, case: Case) -> Actor:
    """The actor in the post that gives the step on this case."""
    return acting(request, REPORT.by_step[name].by, agencies=agencies_of(case))


def _by_audience(name: str, audience: str) -> str:
    """What somebody chose to keep inside never goes out, whichever button sent it."""
    if name in ("reply", "note") and audience:
        return "note" if audience == "inside" else "reply"
    return name


def _mark(form: StepForm, wrong: Invalid) -> None:
    """Put the action's words at the form's fields, those of no field above them."""
    for field, words in (wrong.fields or {"": wrong.message}).items():
        form.add_error(field if field in form.fields else None, str(words))


def _again(
    request: HttpRequest, case: Case, name: str, form: StepForm, error: KotaError | None
) -> HttpResponse:
    """The case as it is now, with the step's form and what was typed; nothing was written."""
    status = error.status if error else Invalid.status
    given: dict[str, Any] = {"form": _fresh(form), "step": name, "error": error}
    if wants_pane(request):
        return page(
            request, "iceta/desk/pane.html", case_context(request, case.number, **given), status=status
        )
    return page(request, "iceta/desk/case.html", case_page(request, case.number, **given), status=status)


def _fresh(form: StepForm) -> StepForm:
    """The same form over the case's present version, with a new key: a second press is a fresh decision."""
    now = Case.objects.filter(id=form.case.id).values_list("version", flat=True).get()
    form.data = {**form.data.dict(), "seen_version": str(now), KEY: str(ids.new_id())}  # type: ignore[attr-defined]  # a QueryDict
    return form


def _taken(request: HttpRequest, case: Case, name: str, said: str) -> HttpResponse:
    """Say so, and which of the drafts that the tab keeps is done with."""
    draft = draft_of(grants_for(request), case, name)
    if not wants_pane(request):
        messages.success(request, said, extra_tags=draft)
        return HttpResponseRedirect(origin_of(request, reverse("iceta:case", args=[case.number])).url)
    response = page(request, "iceta/desk/pane.html", case_context(request, case.number))
    response.headers["HX-Trigger"] = json.dumps(
        {"desk:taken": {"said": said, "number": case.number, "draft": draft}}
    )
    return response


def _each(request: HttpRequest, name: str, given: dict[str, Any]) -> tuple[int, dict[str, list[str]]]:
    """How many are done, and the numbers of the others by reason."""
    done, said = 0, given["position"].pk.hex if "position" in given else ""
    refused: defaultdict[str, list[str]] = defaultdict(list)
    for number in dict.fromkeys(request.POST.getlist("number")[:PAGE_SIZE]):
        once = Once.of(request, "iceta.bulk", name, number, said=said)
        try:
            with suppress(TakenBefore), once.taking():
                case = case_for(grants_for(request), number)
                perform(name, _acting(request, name, case), case, given)
            done += 1
        except KotaError as error:
            refused[_why(error)].append(number)
        except DatabaseError:
            logger.exception("a step of several failed")
            refused[_("Something on our side failed.")].append(number)
    return done, refused


def _why(error: KotaError) -> str:
    fields = getattr(error, "fields", {})
    return " ".join([str(error.message), *(str(words) for words in fields.values())])
