"""Steps as they are posted: one case or several, and a party's number opened for a purpose."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from contextlib import suppress
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.actions import record_reading, step_take
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import parties_of
from kotacerdas.foundation.casework.bar import draft_of, room_of
from kotacerdas.foundation.casework.declarations import Act, Audience, Desk
from kotacerdas.foundation.casework.forms import OF_THE_FORM, PurposeForm, StepForm, form_of
from kotacerdas.foundation.casework.origin import origin_of
from kotacerdas.foundation.casework.pages import OPEN_NUMBER, case_context, page, wants_pane
from kotacerdas.foundation.casework.photos import stored
from kotacerdas.foundation.casework.queries import PAGE_SIZE, agencies_of, case_for, opens_number
from kotacerdas.foundation.casework.views_case import case_page
from kotacerdas.foundation.commands.idempotency import CommandRepeated
from kotacerdas.foundation.commands.posted import KEY, PostedForm
from kotacerdas.foundation.parties.access import acting, grants_for
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing, Refused

_MOST_REASONS = 5
logger = logging.getLogger(__name__)


def step(request: HttpRequest, desk: Desk, number: str, name: str) -> HttpResponse:
    """Take one step on one case; what was not taken is shown again with its reason and what was typed.

    The same form once more, because its answer was lost, is answered as it was and does nothing.
    """
    if name not in desk.by_act:
        raise Missing(_("There is no such step here."), remedy=_("Go back to the case."))
    case = case_for(desk, grants_for(request), number)
    act = _by_audience(desk, desk.by_act[name], request.POST.get("audience", ""))
    form = form_of(act)(request.POST, request.FILES, case=case)
    command = PostedForm.of(request, f"{desk.kind}.step", case.number, room_of(desk, act.step))
    try:
        command.check()
        if not form.is_valid():
            return _again(request, desk, case, act.step, form, None)
        given = _given(form)
        with command.taking():
            perform(act, _acting(request, desk, act, case), case, given)
    except CommandRepeated:
        pass
    except Invalid as wrong:
        mark(form, wrong)
        return _again(request, desk, case, act.step, form, wrong)
    except (Conflict, Refused) as error:
        return _again(request, desk, case, act.step, form, error)
    return _after_step(request, desk, case, act)


def perform(act: Act, actor: Actor, case: Case, given: dict[str, Any]) -> None:
    """Take a step by its action. Raises what the action raises."""
    seen = {"seen_version": given.get("seen_version")} if act.sees else {}
    fields = {name: value for name, value in given.items() if name not in OF_THE_FORM}
    run = act.run or partial(step_take, step=act.step)
    run(actor=actor, case=case, **fields, **seen)


def bulk(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """Take one step on several cases, each in a transaction of its own; the answer counts both outcomes.

    The same form once more, because its answer was lost, is answered the same and does the rest alone.
    """
    act = desk.by_act.get(name)
    if act is None or not act.bulk:
        raise Missing(_("There is no such step here."), remedy=_("Go back to the queue."))
    back = HttpResponseRedirect(origin_of(request, desk, desk.url("queue")).url)
    given: dict[str, Any] = {}
    if act.bulk_form is not None:
        right = desk.lifecycle.by_step[name].by
        form = act.bulk_form(request.POST, agencies=grants_for(request).scope(right).agencies)
        if not form.is_valid():
            reasons = " ".join(str(one) for some in form.errors.values() for one in some)
            messages.error(request, _("Nothing was done: %(reason)s") % {"reason": reasons})
            return back
        given = form.cleaned_data
    done, refused = _each(request, desk, act, given)
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


def reveal(request: HttpRequest, desk: Desk, number: str, party_id: UUID) -> HttpResponse:
    """Show a party's number, for a stated purpose that the journal keeps."""
    grants = grants_for(request)
    case = case_for(desk, grants, number)
    party = next((one for one in parties_of(case) if one.id == party_id), None)
    if party is None or party.person is None or not opens_number(desk, grants, agencies_of(case), party):
        raise Missing(_("There is nobody like this here."), remedy=_("Go back to the case."))
    form = PurposeForm(request.POST, case=case, purposes=desk.purposes)
    if not form.is_valid():
        return _again(request, desk, case, OPEN_NUMBER, form, None)
    right = desk.opens(party) if desk.opens else ""
    actor = acting(request, right, agencies=agencies_of(case))
    record_reading(case=case, actor=actor, what=party.role, purpose=form.cleaned_data["purpose"])
    if wants_pane(request):
        return page(request, "casework/pane.html", case_context(request, desk, number, opened=party))
    return page(request, "casework/case.html", case_page(request, desk, number, opened=party))


def _acting(request: HttpRequest, desk: Desk, act: Act, case: Case) -> Actor:
    """The actor in the post that gives the step on this case."""
    return acting(request, desk.lifecycle.by_step[act.step].by, agencies=agencies_of(case))


def _given(form: StepForm) -> dict[str, Any]:
    """What the form says, its photos checked and stored."""
    given = dict(form.cleaned_data)
    if "photos" in given:
        given["photos"] = stored(given["photos"] or ())
    return given


def _by_audience(desk: Desk, act: Act, audience: str) -> Act:
    """The act for the chosen audience: words marked as inside never go out, whichever button was pressed."""
    if act.box is None or not audience:
        return act
    meant: Audience = "inside" if audience == "inside" else "public"
    return desk.in_box(meant) or act


def mark(form: StepForm, wrong: Invalid) -> None:
    """Put the action's words at the form's fields, those of no field above them."""
    for field, words in (wrong.fields or {"": wrong.message}).items():
        form.add_error(field if field in form.fields else None, str(words))


def _again(
    request: HttpRequest, desk: Desk, case: Case, name: str, form: StepForm, error: KotaError | None
) -> HttpResponse:
    """The case as it is now, with the step's form and what was typed; nothing was written."""
    status = error.status if error else Invalid.status
    given: dict[str, Any] = {"form": _fresh(form), "step": name, "error": error}
    if wants_pane(request):
        return page(
            request, "casework/pane.html", case_context(request, desk, case.number, **given), status=status
        )
    return page(request, "casework/case.html", case_page(request, desk, case.number, **given), status=status)


def _fresh(form: StepForm) -> StepForm:
    """The same form with the case's present version and a new key, so that a second press counts as a new command."""
    now = Case.objects.filter(id=form.case.id).values_list("version", flat=True).get()
    form.data = {**form.data.dict(), "seen_version": str(now), KEY: str(ids.new_id())}  # type: ignore[attr-defined]  # a QueryDict
    return form


def _after_step(request: HttpRequest, desk: Desk, case: Case, act: Act) -> HttpResponse:
    """The answer after a step: its notice, and which draft the browser may forget."""
    draft, notice = draft_of(desk, grants_for(request), case, act.step), str(act.notice)
    if not wants_pane(request):
        messages.success(request, notice, extra_tags=draft)
        return HttpResponseRedirect(origin_of(request, desk, desk.url("case", case.number)).url)
    response = page(request, "casework/pane.html", case_context(request, desk, case.number))
    response.headers["HX-Trigger"] = json.dumps(
        {"desk:taken": {"said": notice, "number": case.number, "draft": draft}}
    )
    return response


def _each(
    request: HttpRequest, desk: Desk, act: Act, given: dict[str, Any]
) -> tuple[int, dict[str, list[str]]]:
    """How many are done, and the numbers of the others by reason."""
    done, content = 0, repr(sorted((name, _text(value)) for name, value in given.items()))
    refused: defaultdict[str, list[str]] = defaultdict(list)
    for number in dict.fromkeys(request.POST.getlist("number")[:PAGE_SIZE]):
        command = PostedForm.of(request, f"{desk.kind}.bulk", act.step, number, content=content)
        try:
            with suppress(CommandRepeated), command.taking():
                case = case_for(desk, grants_for(request), number)
                perform(act, _acting(request, desk, act, case), case, given)
            done += 1
        except KotaError as error:
            refused[_why(error)].append(number)
        except Exception:
            logger.exception("a step of several failed")
            refused[_("Something on our side failed.")].append(number)
    return done, refused


def _text(value: Any) -> str:
    """A field's value as text, by which a form that is sent again is known."""
    return str(cast("Model", value).pk if hasattr(value, "pk") else value)


def _why(error: KotaError) -> str:
    fields = getattr(error, "fields", {})
    return " ".join([str(error.message), *(str(words) for words in fields.values())])
