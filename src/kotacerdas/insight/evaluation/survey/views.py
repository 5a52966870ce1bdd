"""Surveys at the desk: opening, drawing, entering answers, reading the index; and the citizen's own form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.insight.evaluation import pages
from kotacerdas.insight.evaluation.models import (
    Answer,
    Instrument,
    Programme,
    ProgrammeDimension,
    Round,
    Survey,
)
from kotacerdas.insight.evaluation.permissions import RUN, SURVEY, VIEW
from kotacerdas.insight.evaluation.survey import queries
from kotacerdas.insight.evaluation.survey.actions import answer_give, sample_draw, survey_open
from kotacerdas.insight.evaluation.survey.arithmetic import LEAST_ANSWERS, LEAST_WORDS
from kotacerdas.kernel.errors import Conflict, Invalid, Missing


@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW, SURVEY)
def surveys(request: HttpRequest) -> HttpResponse:
    """All surveys; the team opens new ones for the rounds that are open."""
    if request.method != "POST":
        return _list(request, {}, 200)
    pages.only(request, RUN)
    return pages.answered(
        request,
        lambda: _open(request),
        lambda wrong, status: _list(request, wrong, status),
        to=reverse("evaluation:surveys"),
        notice=_("The survey is open. Draw a sample next."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW, SURVEY)
def survey(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """One survey: index, sample, and the form for answers by telephone or at the counter."""
    found = Survey.objects.select_related("round", "programme", "instrument").filter(pk=survey_id).first()
    if found is None:
        raise Missing(_("There is no such survey here."), remedy=_("Choose one from the list."))
    if request.method != "POST":
        return _page(request, found, {}, 200)
    draws = "draw" in request.POST
    pages.only(request, RUN if draws else SURVEY)
    return pages.answered(
        request,
        lambda: _draw(request, found) if draws else _enter(request, found),
        lambda wrong, status: _page(request, found, wrong, status),
        to=reverse("evaluation:survey", args=[survey_id]),
        notice=_("The sample is drawn; whoever is reachable gets a link.")
        if draws
        else _("The answer is stored."),
        name="draw" if draws else "answer",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@limited("survey", capacity=30, seconds=60)
def citizen(request: HttpRequest, token: str) -> HttpResponse:
    """The citizen's form behind a secret link: nine questions, nothing that says who answers."""
    found = queries.invitation_by(token)
    if found is None:
        raise Missing(
            _("This link leads nowhere."),
            remedy=_("Copy it from the message whole, or do without: it is voluntary."),
        )
    if request.method != "POST" or found.is_used:
        return _form(
            request, found.survey, {}, 200, done=found.is_used or found.survey.round.state == "closed"
        )
    try:
        answer_give(
            actor=reporter(),
            survey=found.survey,
            channel=Answer.Channel.LINK,
            scores=_scores(request, found.survey),
            words=request.POST.get("words", ""),
            invitation=found,
        )
    except Invalid as error:
        wrong = {"words": str(error), "fields": error.fields, "typed": request.POST.dict()}
        return _form(request, found.survey, wrong, 422, done=False)
    except Conflict:
        return HttpResponseRedirect(request.path)
    return HttpResponseRedirect(request.path)


def _open(request: HttpRequest) -> object:
    given, wrong = request.POST, {}
    round = next((one for one in _open_rounds() if str(one.id) == given.get("round")), None)
    programme = Programme.objects.filter(code=given.get("programme", "")).first()
    instrument = next((one for one in _instruments() if str(one.id) == given.get("instrument")), None)
    for name, value in (("round", round), ("programme", programme), ("instrument", instrument)):
        if value is None:
            wrong[name] = _("Choose one from the list.")
    if round is None or programme is None or instrument is None:
        raise Invalid(_("The survey was not opened."), fields=wrong)
    return survey_open(actor=acting(request, RUN), round=round, programme=programme, instrument=instrument)


def _draw(request: HttpRequest, survey: Survey) -> object:
    text = request.POST.get("count", "")
    count = int(text) if text.isdigit() and len(text) < 6 else 0
    return sample_draw(actor=acting(request, RUN), survey=survey, count=count)


def _enter(request: HttpRequest, survey: Survey) -> object:
    given = request.POST
    channel = given.get("channel", "")
    if channel not in (Answer.Channel.PHONE, Answer.Channel.COUNTER):
        raise Invalid(
            _("The answer was not stored."), fields={"channel": _("By telephone or at the counter?")}
        )
    invitation = None
    if channel == Answer.Channel.PHONE:
        wanted = given.get("invitation", "")
        invitation = next((one for one in _to_call(survey) if str(one.id) == wanted), None)
        if invitation is None:
            raise Invalid(
                _("The answer was not stored."),
                fields={"invitation": _("Choose who was called from the sample.")},
            )
    return answer_give(
        actor=acting(request, SURVEY),
        survey=survey,
        channel=channel,
        scores=_scores(request, survey),
        words=given.get("words", ""),
        invitation=invitation,
    )


def _scores(request: HttpRequest, survey: Survey) -> dict[str, int]:
    found = {}
    for one in survey.instrument.measures.all():
        text = request.POST.get(one.code, "")
        if text:
            found[one.code] = int(text) if text.isdigit() and len(text) == 1 else 0
    return found


def _list(request: HttpRequest, wrong: dict[str, Any], status: int) -> HttpResponse:
    grants = grants_for(request)
    found = Survey.objects.select_related("round", "programme", "instrument").order_by(
        "-round__year", "programme__code"
    )
    context = {
        "surveys": [queries.shown(one) for one in found[:60]],
        "crumbs": pages.crumbs(None, (_("Citizens' survey"), "")),
        "rounds": _open_rounds(),
        "programmes": Programme.objects.filter(pk__in=ProgrammeDimension.objects.values("programme")),
        "instruments": _instruments(),
        "may_run": grants.may(RUN),
        "least": LEAST_ANSWERS,
        "wrong": wrong,
    }
    return render(request, "evaluation/surveys.html", context, status=status)


def _page(request: HttpRequest, survey: Survey, wrong: dict[str, Any], status: int) -> HttpResponse:
    grants = grants_for(request)
    is_open = survey.round.state != Round.State.CLOSED
    context = {
        "shown": queries.shown(survey),
        "survey": survey,
        "name": pages.round_name(survey.round),
        "crumbs": pages.crumbs(
            None, (_("Citizens' survey"), reverse("evaluation:surveys")), (survey.programme.name, "")
        ),
        "questions": _questions(survey, wrong.get("typed", {})),
        "to_call": _to_call(survey)[:100] if is_open and grants.may(SURVEY) else [],
        "may_enter": grants.may(SURVEY) and is_open,
        "may_run": grants.may(RUN) and is_open,
        "may_view": grants.may(VIEW),
        "least": LEAST_ANSWERS,
        "least_words": LEAST_WORDS,
        "typed": wrong.get("typed", {}),
        "wrong": wrong,
    }
    return render(request, "evaluation/survey.html", context, status=status)


def _form(
    request: HttpRequest, survey: Survey, wrong: dict[str, Any], status: int, *, done: bool
) -> HttpResponse:
    context = {
        "survey": survey,
        "questions": _questions(survey, wrong.get("typed", {})),
        "typed": wrong.get("typed", {}),
        "done": done,
        "wrong": wrong,
    }
    response = render(request, "evaluation/survey_citizen.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _questions(survey: Survey, typed: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "measure": one,
            "choices": [(level, queries.answers_of(level)) for level in (1, 2, 3, 4)],
            "chosen": typed.get(one.code, ""),
        }
        for one in survey.instrument.measures.all()
    ]


def _to_call(survey: Survey) -> list[Any]:
    return list(survey.invitations.filter(is_used=False).select_related("party__case"))


def _open_rounds() -> list[Round]:
    return list(Round.objects.exclude(state=Round.State.CLOSED))


def _instruments() -> list[Instrument]:
    return list(Instrument.objects.filter(kind=Instrument.Kind.SURVEY))
