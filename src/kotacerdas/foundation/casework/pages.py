"""What all desk pages share: the header's search, the live stream, the context of a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.casework.bar import BOX, Standing, bar, draft_of, standing
from kotacerdas.foundation.casework.declarations import Audience, Desk
from kotacerdas.foundation.casework.forms import BoxForm, PurposeForm, StepForm
from kotacerdas.foundation.casework.history import History
from kotacerdas.foundation.casework.origin import STEP, origin_of
from kotacerdas.foundation.casework.present import Shown, shown
from kotacerdas.foundation.casework.queries import case_for, reads_words
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.foundation.casework.timeline import entries
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.parties.access import acting, grants_for
from kotacerdas.foundation.ui.shapes import Search
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, KotaError, Refused
from kotacerdas.kernel.live import live_token

OPEN_NUMBER = "nomor"


def frame(topics: Iterable[str] = (), query: str = "", *, placeholder: Any = "") -> dict[str, Any]:
    """The header's search box, and the live stream of the page where it has one."""
    topics = tuple(topics)
    return {
        "search": Search(
            url=reverse("casework:search"), placeholder=placeholder or USUAL.search, query=query
        ),
        "live_url": f"/live/?{urlencode({'t': live_token(topics)})}" if topics else "",
    }


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A desk page: never stored by the browser, told apart from its fragments."""
    response = TemplateResponse(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    if wants_pane(request):
        response.headers["HX-Push-Url"] = (
            "false"  # the list's address stays: htmx would push a boosted form's
        )
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def wants_pane(request: HttpRequest) -> bool:
    """Whether only the case beside the list is asked for."""
    return bool(request.htmx) and request.htmx.target == "pane"  # type: ignore[attr-defined]


def case_context(
    request: HttpRequest,
    desk: Desk,
    number: str,
    *,
    form: StepForm | None = None,
    step: str = "",
    error: KotaError | None = None,
    opened: CaseParty | None = None,
) -> dict[str, Any]:
    """Everything the pane and the case page show of one case.

    form, step, error  a step that was posted and not taken: shown again with what was typed
    opened             the party whose number was opened in this request, journaled before
    """
    grants, actor = grants_for(request), acting(request)
    case = case_for(desk, grants, number)
    words = reads_words(desk, grants, case)
    seen = shown(desk, case, grants, words=words, opened=opened)
    stands = standing(desk, case, seen.parts, actor)
    origin = origin_of(request, desk, desk.url("case", case.number))
    history = History.of(
        case,
        [row for row, _seal in of_subject(case.id)],
        grants=grants,
        names={one.id: one.name for one in seen.parties},
    )
    first, more = bar(case, stands, origin.form_url)
    doing = _forms(case, stands, seen, step or request.GET.get(STEP, ""), form, error)
    return {
        "desk": desk,
        "seen": seen,
        "case": case,
        "reads": words,
        "entries": entries(desk, history, words=words),
        "history": history,
        "steps": first,
        "more_steps": more,
        "stands": stands,
        "origin": origin,
        "case_url": origin.case(case.number).url,
        "error": error,
        "steps_key": ids.new_id(),
        **doing,
        "form_origin": origin.form_url(doing["open_step"]),
        "draft": draft_of(desk, grants, case, doing["open_step"] or BOX),
        **(desk.context(case, seen) if desk.context else {}),
    }


def _forms(
    case: Case, stands: Standing, seen: Shown, step: str, form: StepForm | None, error: KotaError | None
) -> dict[str, Any]:
    """The open form of a step, or the box; nothing where nothing is legal.

    What was typed for a step that somebody else's made impossible stays readable above those that are left.
    """
    desk = stands.desk
    if step == OPEN_NUMBER and (party := seen.first_party) is not None and party.may_open:
        return {
            "open_step": OPEN_NUMBER,
            "open_label": _("Show the number"),
            "form": form or PurposeForm(case=case, purposes=desk.purposes),
            "form_action": party.reveal_url,
        }
    overtaken = form is None or isinstance(error, Conflict | Refused)
    act = desk.by_act.get(step)
    if act is not None and act.form is not None and (stands.may(step) or not overtaken):
        return {
            "open_step": step,
            "open_label": desk.lifecycle.by_step[step].label,
            "form": form or act.form(case=case),
            "form_action": desk.url("step", case.number, step),
        }
    return {"open_step": "", **_box(case, stands, form)}


def _box(case: Case, stands: Standing, form: StepForm | None) -> dict[str, Any]:
    """The box under the timeline, with what was typed into it."""
    desk, writes = stands.desk, stands.writes
    box = form if isinstance(form, BoxForm) and fits(form, writes) else None
    acts = {one: act for one in writes if (act := desk.in_box(one)) is not None}
    names = {name: act.step for name, act in acts.items()}
    return {
        "writes": writes,
        "typed": form.typed if form and not box else "",
        "box": box or BoxForm(case=case),
        "box_acts": {name: (act, desk.lifecycle.by_step[act.step]) for name, act in acts.items()},
        "box_action": desk.url("step", case.number, next(iter(names.values()))) if names else "",
    }


def fits(form: BoxForm, writes: tuple[Audience, ...]) -> bool:
    """Whether the typed words may be shown in the box: inside words are never shown in a box whose words go out."""
    return "inside" in writes or ("public" in writes and form["audience"].value() != "inside")
