"""What the desk pages of this program share: the header's search, the live stream, a case's context."""

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
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.parties.access import acting, grants_for
from kotacerdas.foundation.ui.shapes import Search
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, KotaError, Refused
from kotacerdas.kernel.live import live_token
from kotacerdas.programs.iceta.desk.forms import FORMS, PurposeForm, ReplyForm, StepForm
from kotacerdas.programs.iceta.desk.origin import STEP, origin_of
from kotacerdas.programs.iceta.desk.present import shown
from kotacerdas.programs.iceta.desk.queries import case_for, reads_words
from kotacerdas.programs.iceta.desk.steps import BOX, WITH_FORM, Standing, bar, draft_of, standing, step_url
from kotacerdas.programs.iceta.desk.story import entries
from kotacerdas.programs.iceta.desk.told import Told
from kotacerdas.programs.iceta.lifecycles import REPORT

OPEN_NUMBER = "nomor"


def frame(topics: Iterable[str] = (), query: str = "") -> dict[str, Any]:
    """The header's search box, and the live stream of the page where it has one."""
    topics = tuple(topics)
    return {
        "search": Search(
            url=reverse("iceta:search"), placeholder=_("Search number, words or landmark…"), query=query
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
    number: str,
    *,
    form: StepForm | None = None,
    step: str = "",
    error: KotaError | None = None,
    opened: CaseParty | None = None,
) -> dict[str, Any]:
    """Everything the pane and the case page show of one case.

    form, step, error  a step that was posted and not taken: shown again with what was typed
    opened             the reporter whose number was opened in this request, journaled before
    """
    grants, actor = grants_for(request), acting(request)
    case = case_for(grants, number)
    words = reads_words(grants, case)
    seen = shown(case, grants, words=words, opened=opened)
    stands = standing(case, seen.parts, actor)
    origin = origin_of(request, reverse("iceta:case", args=[case.number]))
    step = step or request.GET.get(STEP, "")
    told = Told.of(
        case,
        [row for row, _seal in of_subject(case.id)],
        grants=grants,
        names={one.id: one.name for one in seen.parties},
    )
    first, more = bar(case, stands, origin.form_url)
    doing = _forms(case, stands, seen, step, form, error)
    return {
        "seen": seen,
        "case": case,
        "reads": words,
        "entries": entries(told, words=words),
        "told": told,
        "steps": first,
        "more_steps": more,
        "stands": stands,
        "origin": origin,
        "case_url": origin.case(case.number).url,
        "error": error,
        "steps_key": ids.new_id(),
        **doing,
        "form_origin": origin.form_url(doing["open_step"]),
        "draft": draft_of(grants, case, doing["open_step"] or BOX),
    }


def _forms(
    case: Case, stands: Standing, seen: Any, step: str, form: StepForm | None, error: KotaError | None
) -> dict[str, Any]:
    """The open form of a step, or the reply box; nothing where nothing is legal.

    What was typed for a step that somebody else's made impossible stays readable above those that are left.
    """
    if step == OPEN_NUMBER and (party := seen.first_party) is not None and party.may_open:
        return {
            "open_step": OPEN_NUMBER,
            "open_label": _("Show the number"),
            "form": form or PurposeForm(case=case),
            "form_action": reverse("iceta:reveal", args=[case.number, party.id]),
        }
    overtaken = form is None or isinstance(error, Conflict | Refused)
    if step in WITH_FORM and (stands.may(step) or not overtaken):
        return {
            "open_step": step,
            "open_label": REPORT.by_step[step].label,
            "form": form or FORMS[step](case=case),
            "form_action": step_url(case, step),
        }
    writes = stands.writes
    box = form if isinstance(form, ReplyForm) and _fits(form, writes) else None
    return {
        "open_step": "",
        "writes": writes,
        "typed": form.typed if form and not box else "",
        "reply": box or ReplyForm(case=case),
        "reply_action": step_url(case, "reply" if "public" in writes else "note"),
    }


def _fits(form: ReplyForm, writes: tuple[str, ...]) -> bool:
    """Whether the reply box may hold the words: those meant for inside never stand where all goes out."""
    return "inside" in writes or ("public" in writes and form["audience"].value() != "inside")
