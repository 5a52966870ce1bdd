"""Manifests: the list, and one with its mass balance, level, way and case; its printed paper."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.casework.pages import page
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.documents.responses import document_response
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.telemetry import tracks
from kotacerdas.foundation.telemetry.trace import trace_map
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing
from kotacerdas.programs.gopal import levels, plants
from kotacerdas.programs.gopal.actions.differences import may_decide, may_judge
from kotacerdas.programs.gopal.actions.manifests import SUBJECT
from kotacerdas.programs.gopal.levels import Fall
from kotacerdas.programs.gopal.lifecycles.differences import DECISIONS, EXPLANATION
from kotacerdas.programs.gopal.models import Manifest, SludgeDifference
from kotacerdas.programs.gopal.permissions import RECEIVE, VIEW
from kotacerdas.programs.gopal.plant.drawing import level_chart, scale_of
from kotacerdas.programs.gopal.plant.finding import manifest_of
from kotacerdas.programs.gopal.plant.journey import journey
from kotacerdas.programs.gopal.plant.papers import manifest_paper
from kotacerdas.programs.gopal.queries import balance_of

SHOWN = 50


@require_safe
@desk(VIEW, RECEIVE)
def manifests(request: HttpRequest) -> HttpResponse:
    """Manifests, newest first; by number or truck, state, and those that differ."""
    words, state = request.GET.get("q", "").strip()[:80], request.GET.get("keadaan", "")
    found = plants.manifests_for(grants_for(request)).prefetch_related("loads")
    if words:
        found = found.filter(Q(number__icontains=words) | Q(unit__name__icontains=words))
    if state in Manifest.State.values:
        found = found.filter(state=state)
    elif state == "selisih":
        found = found.exclude(difference=None)
    shown = Paginator(found.order_by("-day", "-opened_at", "-id"), SHOWN).get_page(request.GET.get("hal"))
    context = {
        "page": shown,
        "rows": [(one, plants.pumped_of(one)) for one in shown],
        "words": words,
        "state": state,
        "states": [*Manifest.State.choices, ("selisih", _("with a difference"))],
    }
    return page(request, "gopal/plant/manifests.html", context)


@require_safe
@desk(VIEW, RECEIVE)
def manifest(request: HttpRequest, number: str) -> HttpResponse:
    """One manifest: banner of its case first, then balance, level, way, and what happened."""
    found = manifest_of(grants_for(request), number)
    difference = _difference(found)
    loads = list(found.loads.select_related("order__tank", "order__case"))
    balance, fall = balance_of(found), _fall(difference)
    context = {
        "manifest": found,
        "loads": loads,
        "litres": sum(one.litres for one in loads),
        "balance": balance,
        "sides": {one.name: one for one in balance.sides},
        "scale": scale_of(balance, [one.litres for one in loads], fall.litres if fall else None),
        "fall": fall,
        "missing": abs(balance.worst.off) if balance.worst is not None else 0,
        "difference": difference,
        "banner": _banner(request, difference),
        "lines": journey(found, difference),
        "paid": sum(one.order.price for one in loads),
        "follower": Manifest.objects.filter(follows=found).first(),
        "may_receive": grants_for(request).may(RECEIVE, agencies=[found.agency_id])
        and found.state in (Manifest.State.OPEN, Manifest.State.CARRYING),
        **_drawn(found, loads, difference, fall),
        "crumbs": (Crumb(text=_("Manifests"), url=reverse("gopal:manifests")), Crumb(text=found.number)),
    }
    return page(request, "gopal/plant/manifest.html", context)


@require_safe
@desk(VIEW, RECEIVE)
def trace_csv(request: HttpRequest, number: str) -> HttpResponse:
    """The way of a manifest's truck and its level, as a table of moments."""
    found = manifest_of(grants_for(request), number)
    since, until = _span(found)
    out = io.StringIO()
    out.write("\ufeff")
    rows = csv.writer(out, delimiter=";")
    rows.writerow([_("at"), _("latitude"), _("longitude"), _("litres")])
    spots = tracks.track(levels.streams_of(found.unit, found.day, tracks.POSITION), since, until)
    filled = levels.readings(levels.streams_of(found.unit, found.day, levels.LEVEL), since, until)
    made = [(one.at, one.lat, one.lng, "") for one in spots]
    made += [(one.at, "", "", round(one.litres)) for one in filled]  # type: ignore[misc]
    zone = clock.local_zone()
    rows.writerows(
        [at.astimezone(zone).isoformat(), *rest] for at, *rest in sorted(made, key=lambda one: one[0])
    )
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    return answer


@require_POST
@desk(VIEW, RECEIVE)
def paper_issue(request: HttpRequest, number: str) -> HttpResponse:
    """Issue the manifest as a paper, and show it; one that says the same is shown again."""
    found = manifest_of(grants_for(request), number)
    actor = acting(request, VIEW, RECEIVE, agencies=[found.agency_id])
    made = manifest_paper(actor=actor, manifest=found, language=get_language() or "id")
    return HttpResponseRedirect(reverse("gopal:manifest_paper", args=[found.number, made.id]))


@require_safe
@desk(VIEW, RECEIVE)
def paper(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """An issued paper of a manifest that the reader may see."""
    found = manifest_of(grants_for(request), number)
    made = Document.objects.filter(id=paper, subject_kind=SUBJECT, subject_id=found.id).first()
    if made is None:
        raise Missing(_("There is no such paper."), remedy=_("Choose one on the manifest's page."))
    return document_response(made)


def _difference(found: Manifest) -> SludgeDifference | None:
    if found.difference_id is None:
        return None
    related = ("case", "asked", "unit")
    return SludgeDifference.objects.select_related(*related).filter(case=found.difference_id).first()


def _fall(difference: SludgeDifference | None) -> Fall | None:
    if difference is None or difference.fell_at is None or difference.fell_until is None:
        return None
    return Fall(difference.fell_at, difference.fell_until, difference.fell_l or 0, 0)


def _banner(request: HttpRequest, difference: SludgeDifference | None) -> dict[str, Any] | None:
    """The case, its clock, what may be done now, and what the operator said."""
    if difference is None:
        return None
    case: Case = difference.case
    ticking = case.clocks.filter(name="explain").first()
    said = Note.objects.filter(case=case, kind=EXPLANATION.name).order_by("created_at")
    url = reverse("gopal:differences:case", args=[case.number])
    judges = may_judge(acting(request), case)
    return {
        "case": case,
        "url": url if grants_for(request).may(VIEW) else "",
        "badge": badge(ticking) if ticking is not None and case.state == "asked" else None,
        "ask_url": f"{url}?langkah=told" if judges and case.state in ("asked", "unheard") else "",
        "decide_url": f"{url}?langkah=settle" if judges and may_decide(case) else "",
        "said": list(said),
        "decisions": DECISIONS.values(),
        "decision": DECISIONS.get(difference.decision, ""),
    }


def _span(found: Manifest) -> tuple[datetime, datetime]:
    return found.opened_at, found.received_at or clock.now()


def _drawn(
    found: Manifest, loads: list[Any], difference: SludgeDifference | None, fall: Fall | None
) -> dict[str, Any]:
    """Level and way with the same signs: stops by number, the plant, and what is asked about."""
    since, until = _span(found)
    readings = levels.readings(levels.streams_of(found.unit, found.day, levels.LEVEL), since, until)
    spots = tracks.track(levels.streams_of(found.unit, found.day, tracks.POSITION), since, until)
    marks = [(one.pumped_at, str(index), False) for index, one in enumerate(loads, 1)]
    signs = [
        (one.order.tank.lat, one.order.tank.lng, str(index), "stop")
        for index, one in enumerate(loads, 1)
        if one.order.tank.lat is not None and one.order.tank.lng is not None
    ]
    if found.plant is not None:
        signs.append((found.plant.lat, found.plant.lng, "IPLT", "plant"))
        if found.received_at is not None:
            marks.append((found.received_at, "IPLT", True))
    case = difference.case if difference is not None and fall is not None else None
    if case is not None and case.lat is not None and case.lng is not None:
        signs.append((case.lat, case.lng, "!", "asked"))
    return {
        "chart": level_chart(readings, marks, fall),
        "readings": len(readings),
        "map": trace_map(spots, signs) if spots else None,
    }
