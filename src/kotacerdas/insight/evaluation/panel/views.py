"""The panel's seats, and blind scoring."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.models import Holding, User
from kotacerdas.insight.evaluation import pages
from kotacerdas.insight.evaluation.models import Item, Round, Seat
from kotacerdas.insight.evaluation.panel import actions
from kotacerdas.insight.evaluation.panel.queries import own_scores
from kotacerdas.insight.evaluation.permissions import RUN, SCORE
from kotacerdas.insight.evaluation.rounds import queries
from kotacerdas.insight.evaluation.rounds.views_item import piece_shape, scale
from kotacerdas.insight.evaluation.words import figure
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing


@require_http_methods(["GET", "HEAD", "POST"])
@desk(RUN)
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sits in the panel; the team seats assessors before scoring begins."""
    round = queries.round_of(grants_for(request), slug)
    if request.method != "POST":
        return _panel(request, round, {}, 200)
    return pages.answered(
        request,
        lambda: _seat(request, round),
        lambda wrong, status: _panel(request, round, wrong, status),
        to=reverse("evaluation:panel", args=[slug]),
        notice=_("The panel is changed."),
    )


@require_safe
@desk(SCORE)
def scoring(request: HttpRequest, slug: str) -> HttpResponse:
    """To the first item that has no score of one's own; to the consensus once all are in."""
    round, seat = _seated(request, slug)
    if round.state in (Round.State.CONSENSUS, Round.State.CLOSED):
        return HttpResponseRedirect(reverse("evaluation:consensus", args=[slug]))
    items = list(queries.items_of(grants_for(request), round))
    given = own_scores(seat)
    first = next((one for one in items if one not in given), items[0] if items else None)
    if first is None:
        return HttpResponseRedirect(reverse("evaluation:round", args=[slug]))
    return HttpResponseRedirect(reverse("evaluation:score_item", args=[slug, first.id]))


@require_http_methods(["GET", "HEAD", "POST"])
@desk(SCORE)
def score_item(request: HttpRequest, slug: str, item_id: UUID) -> HttpResponse:
    """Rubric, one's own score and note, and the evidence beside it. Nobody else's score is here."""
    round, seat = _seated(request, slug)
    item = queries.item_of(grants_for(request), slug, item_id)
    if request.method != "POST":
        return _score_page(request, round, seat, item, {}, 200)
    chosen = [one for one in (_uuid(text) for text in request.POST.getlist("evidence")) if one]
    try:
        actions.score_save(
            actor=acting(request),
            item=item,
            value=pages.chosen(request.POST.get("value", "")),
            words=request.POST.get("note", ""),
            evidence=chosen,
        )
    except (Invalid, Conflict) as error:
        wrong = {
            "words": str(error),
            "fields": dict(getattr(error, "fields", {})),
            "typed": {**request.POST.dict(), "evidence": [str(one) for one in chosen]},
        }
        return _score_page(request, round, seat, item, wrong, error.status)
    messages.success(request, _("Stored, sealed: nobody but you reads it until all four have sent."))
    return HttpResponseRedirect(_next(request, round, item))


@require_POST
@desk(SCORE)
def ballot(request: HttpRequest, slug: str) -> HttpResponse:
    """Send one's scores, all at once and for good."""
    round, _own = _seated(request, slug)
    try:
        actions.ballot_send(actor=acting(request), round=round)
    except Conflict as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("evaluation:scoring", args=[slug]))
    round.refresh_from_db()
    if round.state == Round.State.CONSENSUS:
        messages.success(request, _("All four have sent: the scores are open."))
        return HttpResponseRedirect(reverse("evaluation:consensus", args=[slug]))
    messages.success(request, _("Your scores are sent. They are opened when all four have sent theirs."))
    return HttpResponseRedirect(reverse("evaluation:round", args=[slug]))


def _seat(request: HttpRequest, round: Round) -> object:
    actor, given = acting(request, RUN), request.POST
    if given.get("take_back"):
        wanted = _uuid(given["take_back"])
        seat = Seat.objects.filter(round=round, pk=wanted).first() if wanted else None
        if seat is None:
            raise Conflict(_("This seat is empty already."))
        actions.seat_take_back(actor=actor, seat=seat)
        return None
    user = User.objects.filter(username=given.get("user", "").strip().lower(), is_staff=True).first()
    if user is None:
        raise Invalid(
            _("Nobody was seated."),
            fields={"user": _("No account has this user name. The operator makes one: ./run staff open")},
        )
    return actions.seat_give(actor=actor, round=round, user=user, role=given.get("role", ""))


def _panel(request: HttpRequest, round: Round, wrong: dict[str, Any], status: int) -> HttpResponse:
    seats = list(round.seats.select_related("user"))
    posted = Holding.objects.on(clock.today()).values("user")
    free = User.objects.filter(is_staff=True, is_active=True).exclude(pk__in=posted)
    context = {
        "round": round,
        "name": pages.round_name(round),
        "tag": pages.round_tag(round),
        "crumbs": pages.crumbs(round, (_("Panel"), "")),
        "seats": seats,
        "wanted": round.instrument.assessors,
        "free": free.exclude(seats__round=round).order_by("username")[:50],
        "has_chair": any(one.role == Seat.Role.CHAIR for one in seats),
        "may_seat": round.state == Round.State.ASSESSING,
        "wrong": wrong,
    }
    return render(request, "evaluation/panel.html", context, status=status)


def _score_page(
    request: HttpRequest, round: Round, seat: Seat, item: Item, wrong: dict[str, Any], status: int
) -> HttpResponse:
    items = list(queries.items_of(grants_for(request), round))
    given = own_scores(seat)
    own_score, typed = given.get(item), wrong.get("typed", {})
    place = next(n for n, one in enumerate(items) if one.pk == item.pk)
    context = {
        "round": round,
        "name": pages.round_name(round),
        "seat": seat,
        "item": item,
        "place": place + 1,
        "total": len(items),
        "done": len(given),
        "share": 100 * len(given) / max(1, len(items)),
        "groups": _index(round, items, given, item),
        "before": _url(round, items[place - 1]) if place else "",
        "after": _url(round, items[place + 1]) if place + 1 < len(items) else "",
        "levels": item.measure.levels.all(),
        "values": scale(item),
        "value": typed.get("value") or (f"{own_score.value.normalize():f}" if own_score else ""),
        "note": typed.get("note", own_score.note if own_score else ""),
        "ticked": typed.get("evidence", list(own_score.evidence) if own_score else []),
        "figures": [
            {"one": one, "shown": figure(one.indicator, one.value), "tag": pages.mark_tag(one.mark)}
            for one in item.figures.select_related("indicator")
        ],
        "evidence": [piece_shape(one) for one in queries.current(item)],
        "changed": queries.changed_since_verified(item),
        "notes": item.notes.all(),
        "claimed": pages.step_words(item.claimed_level) if item.claimed_level is not None else "",
        "sent": seat.sent_at is not None,
        "wrong": wrong,
    }
    return render(request, "evaluation/scoring.html", context, status=status)


def _index(round: Round, items: list[Item], given: dict[Item, Any], here: Item) -> list[dict[str, Any]]:
    weights: dict[str, dict[str, Any]] = {}
    scoring = weights_shown(round)
    for one in items:
        group = weights.setdefault(
            one.measure.code,
            {"measure": one.measure, "weight": scoring.get(one.measure.code, ""), "rows": []},
        )
        held = given.get(one)
        group["rows"].append(
            {
                "name": one.dimension.name,
                "url": _url(round, one),
                "here": one.pk == here.pk,
                "value": pages.step_words(held.value) if held else "",
            }
        )
    return list(weights.values())


def weights_shown(round: Round) -> dict[str, str]:
    """The weight of each measure in percent, as read."""
    from kotacerdas.insight.evaluation.instruments.queries import weights_of

    return {
        code: pages.step_words(weight * 100)
        for code, weight in weights_of(round.instrument, round.year).items()
    }


def _seated(request: HttpRequest, slug: str) -> tuple[Round, Seat]:
    round = queries.round_of(grants_for(request), slug)
    seat = queries.seat_of(grants_for(request), round)
    if seat is None or round.state == Round.State.ASSESSING:
        raise Missing(
            _("There is nothing to score here now."), remedy=_("The programme team says when scoring begins.")
        )
    return round, seat


def _next(request: HttpRequest, round: Round, item: Item) -> str:
    items = list(queries.items_of(grants_for(request), round))
    place = next(n for n, one in enumerate(items) if one.pk == item.pk)
    return _url(round, items[min(place + 1, len(items) - 1)])


def _url(round: Round, item: Item) -> str:
    return reverse("evaluation:score_item", args=[round.slug, item.id])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
