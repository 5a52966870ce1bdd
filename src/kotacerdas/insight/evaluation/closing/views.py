"""Recommendations of past rounds: the list, one of them, and its steps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.actions import may_take, open_roles
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import badge, clocks_of, visible_case, visible_to
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.ui.shapes import Tag
from kotacerdas.insight.evaluation import pages
from kotacerdas.insight.evaluation.closing.actions import recommendation_judge, recommendation_report
from kotacerdas.insight.evaluation.lifecycles import KIND, RECOMMENDATION
from kotacerdas.insight.evaluation.models import Recommendation
from kotacerdas.insight.evaluation.permissions import FILL, RUN, VIEW
from kotacerdas.kernel.errors import Missing, WrongStep


@require_safe
@desk(VIEW, FILL)
def recommendations(request: HttpRequest) -> HttpResponse:
    """Those one may see: open ones first, by their clock."""
    cases = visible_to(grants_for(request), kinds=[KIND])
    found = (
        Recommendation.objects.filter(case__in=cases)
        .select_related("case__lead_agency", "item__measure", "item__dimension", "round")
        .order_by("case__closed_at", "case__due_at", "case__number")
    )
    context = {
        "rows": [_shape(one) for one in found[:300]],
        "crumbs": pages.crumbs(None, (_("Recommendations"), "")),
    }
    return render(request, "evaluation/recommendations.html", context)


@require_safe
@desk(VIEW, FILL)
def recommendation(request: HttpRequest, number: str) -> HttpResponse:
    """What is recommended, to whom, until when, and what was done."""
    return _page(request, _case(request, number), {}, 200)


@require_POST
@desk(FILL, RUN)
def recommendation_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Report, accept or send back."""
    case = _case(request, number)
    if step not in RECOMMENDATION.by_step:
        raise WrongStep(_("There is no such step."), remedy=_("Open the recommendation again."))
    agencies = [case.lead_agency_id]
    actor = acting(request, FILL if step == "report" else RUN, agencies=agencies if step == "report" else ())

    def act() -> object:
        if step == "report":
            return recommendation_report(actor=actor, case=case, report=request.POST.get("report", ""))
        return recommendation_judge(actor=actor, case=case, accept=step == "accept")

    return pages.answered(
        request,
        act,
        lambda wrong, status: _page(request, _case(request, number), wrong, status),
        to=reverse("evaluation:recommendation", args=[number]),
        notice=str(RECOMMENDATION.by_step[step].done),
        name=step,
    )


def _case(request: HttpRequest, number: str) -> Case:
    case = visible_case(grants_for(request), number)
    if case.kind != KIND:
        raise Missing(_("There is no such recommendation here."), remedy=_("Choose one from the list."))
    return case


def _shape(one: Recommendation) -> dict[str, Any]:
    state = RECOMMENDATION.by_state[one.case.state]
    clocks = clocks_of(one.case)
    return {
        "one": one,
        "url": reverse("evaluation:recommendation", args=[one.case.number]),
        "tag": Tag(text=state.label, tone=state.tone, icon=state.icon),  # type: ignore[arg-type]
        "badge": badge(clocks[-1]) if clocks else None,
    }


def _page(request: HttpRequest, case: Case, wrong: dict[str, Any], status: int) -> HttpResponse:
    one = Recommendation.objects.select_related(
        "case__lead_agency", "item__measure", "item__dimension", "item__round", "round"
    ).get(case=case)
    actor, roles = acting(request), open_roles(case)
    steps = [
        step.name for step in RECOMMENDATION.steps_from(case.state) if may_take(case, step, actor, roles)
    ]
    context = {
        **_shape(one),
        "case": case,
        "crumbs": pages.crumbs(
            None, (_("Recommendations"), reverse("evaluation:recommendations")), (case.number, "")
        ),
        "steps": steps,
        "round_name": pages.round_name(one.round),
        "typed": wrong.get("typed", {}),
        "wrong": wrong,
    }
    return render(request, "evaluation/recommendation.html", context, status=status)
