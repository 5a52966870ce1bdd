"""The list of rounds, opening one, and a round's own page with its steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotacerdas.foundation.cases.queries import due_badge
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.insight.evaluation import pages
from kotacerdas.insight.evaluation.closing.actions import round_close
from kotacerdas.insight.evaluation.instruments.queries import instruments_on
from kotacerdas.insight.evaluation.models import Item, ProgrammeDimension, Round
from kotacerdas.insight.evaluation.models.rounds import Mark
from kotacerdas.insight.evaluation.panel.actions import scoring_begin
from kotacerdas.insight.evaluation.permissions import FILL, RUN, SCORE, VIEW
from kotacerdas.insight.evaluation.rounds import queries
from kotacerdas.insight.evaluation.rounds.actions import FIRST_YEAR, round_open
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, WrongStep

SCORING_DAYS = 60


@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW, FILL, SCORE)
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds one may see; the team opens a new one here."""
    if request.method != "POST":
        return _list(request, {}, 200)
    pages.only(request, RUN)
    return pages.answered(
        request,
        lambda: _open(request),
        lambda wrong, status: _list(request, wrong, status),
        to=reverse("evaluation:rounds"),
        notice=_("The round is open, the agencies are invited to their items."),
    )


@require_safe
@desk(VIEW, FILL, SCORE)
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One round: how far it is, what is proven, its items."""
    return _page(request, queries.round_of(grants_for(request), slug), {}, 200)


@require_POST
@desk(RUN)
def round_step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Begin the scoring, or close the round."""
    round = queries.round_of(grants_for(request), slug)
    steps = {
        "nilai": (
            scoring_begin,
            _("The four may score now; nobody sees another's scores before all have sent."),
        ),
        "tutup": (
            round_close,
            _("The round is closed; its pack can be fetched as soon as the last row is sealed."),
        ),
    }
    if step not in steps:
        raise WrongStep(_("There is no such step."), remedy=_("Go back to the round."))
    act, notice = steps[step]
    actor = acting(request, RUN)
    return pages.answered(
        request,
        lambda: act(actor=actor, round=round),
        lambda wrong, status: _page(request, round, wrong, status),
        to=reverse("evaluation:round", args=[slug]),
        notice=notice,
    )


def _open(request: HttpRequest) -> None:
    given, wrong = request.POST, {}
    known = {str(one.id): one for one in instruments_on(clock.today())}
    instrument = known.get(given.get("instrument", ""))
    if instrument is None:
        wrong["instrument"] = _("Choose an instrument.")
    year, stage = given.get("year", ""), given.get("stage", "1")
    if not (year.isdigit() and len(year) == 4 and stage.isdigit()):
        wrong["year"] = _("Choose a year.")
    try:
        until = date.fromisoformat(given.get("score_until", ""))
    except ValueError:
        wrong["score_until"] = _("Choose a day.")
    if wrong or instrument is None:
        raise Invalid(_("The round was not opened."), fields=wrong)
    round_open(
        actor=acting(request, RUN), year=int(year), stage=int(stage), instrument=instrument, score_until=until
    )


def _list(request: HttpRequest, wrong: dict[str, Any], status: int) -> HttpResponse:
    grants = grants_for(request)
    found = queries.visible_rounds(grants)
    present = clock.today().year
    context = {
        "rounds": [
            {
                "round": one,
                "name": pages.round_name(one),
                "tag": pages.round_tag(one),
                "index": pages.index_shown(one) if grants.may(VIEW) else "",
                "url": reverse("evaluation:round", args=[one.slug]),
            }
            for one in found
        ],
        "instruments": instruments_on(clock.today()),
        "years": range(present, FIRST_YEAR - 1, -1),
        "until": (clock.today() + timedelta(days=SCORING_DAYS)).isoformat(),
        "may_run": grants.may(RUN),
        "wrong": wrong,
    }
    return render(request, "evaluation/rounds.html", context, status=status)


def _page(request: HttpRequest, round: Round, wrong: dict[str, Any], status: int) -> HttpResponse:
    grants = grants_for(request)
    items = list(queries.items_of(grants, round).prefetch_related("figures", "evidence"))
    marks = queries.marks_of(items)
    total = sum(marks.values())
    seats = list(round.seats.all())
    context = {
        "round": round,
        "name": pages.round_name(round),
        "tag": pages.round_tag(round),
        "stages": pages.stages(round),
        "crumbs": pages.crumbs(round),
        "marks": [
            {"tag": pages.mark_tag(one), "count": marks[one], "code": one.value}
            for one in (Mark.PROVEN, Mark.CLAIMED, Mark.MISSING)
        ],
        "total": total,
        "bar": _bar(marks, total),
        "groups": _groups(items),
        "unserved": _unserved(round, items) if grants.may(VIEW) else [],
        "waiting": sum(one.state != Item.State.VERIFIED for one in items),
        "seats": seats,
        "sent": sum(one.sent_at is not None for one in seats),
        "seat": queries.seat_of(grants, round),
        "may_run": grants.may(RUN),
        "may_view": grants.may(VIEW),
        "may_follow": grants.may(VIEW) or grants.may(FILL),
        "still_open": round.items.filter(ruling=None).count() if round.state == Round.State.CONSENSUS else 0,
        "previous": round.previous,
        "wrong": wrong,
    }
    return render(request, "evaluation/round.html", context, status=status)


def _bar(marks: Any, total: int) -> list[tuple[str, str, str]]:
    """Where each mark's part of the bar begins and how wide it is, of 100."""
    found, at = [], 0.0
    for one in (Mark.PROVEN, Mark.CLAIMED, Mark.MISSING):
        width = 100 * marks[one] / total if total else 0.0
        found.append((one.value, pages.plain(at), pages.plain(width)))
        at += width
    return found


def _groups(items: list[Item]) -> list[dict[str, Any]]:
    """Items by measure, each in words."""
    found: dict[str, dict[str, Any]] = {}
    now = clock.now()
    for item in items:
        group = found.setdefault(item.measure.code, {"measure": item.measure, "rows": []})
        waits = item.due_at is not None and item.round.state == Round.State.ASSESSING
        group["rows"].append(
            {
                "item": item,
                "url": reverse("evaluation:item", args=[item.round.slug, item.id]),
                "tag": pages.state_tag(item),
                "mark": pages.mark_tag(queries.mark_of_item(item)),
                "level": pages.step_words(item.claimed_level) if item.claimed_level is not None else "",
                "evidence_count": len(queries.current(item)),
                "badge": due_badge(item.due_at, now, started=item.started_at)
                if waits and item.due_at
                else None,
                "changed": bool(queries.changed_since_verified(item)),
            }
        )
    return list(found.values())


def _unserved(round: Round, items: list[Item]) -> list[str]:
    """Dimensions that no programme served in the round's year: they say so, and count nowhere."""
    from kotacerdas.insight.evaluation.models import Dimension

    served = set(ProgrammeDimension.objects.in_year(round.year).values_list("dimension", flat=True))
    return [one.name for one in Dimension.objects.exclude(pk__in=served)]
