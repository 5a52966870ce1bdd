"""Pages of the master plan and of budgets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui import shapes
from kotacerdas.foundation.ui.tags.words import number, percent, rupiah
from kotacerdas.insight.evaluation import pages, words
from kotacerdas.insight.evaluation.models import Programme
from kotacerdas.insight.evaluation.permissions import SET_TARGET, VIEW
from kotacerdas.insight.evaluation.plan import queries
from kotacerdas.insight.evaluation.plan.actions import budget_set
from kotacerdas.insight.evaluation.plan.queries import Cost, Place
from kotacerdas.insight.evaluation.queries import years
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

AMOUNTS = ("planned", "revised", "realised")


@require_safe
@desk(VIEW)
def plan(request: HttpRequest) -> HttpResponse:
    """Vision → dimension → sub-dimension → programme → indicator, in one version of the plan and one year."""
    year = _year(request)
    found = queries.plan_of(year, request.GET.get("versi", ""))
    names = dict(Agency.objects.values_list("code", "short_name"))
    context = {
        "year": year,
        "years": _chips(request, "evaluation:plan", year),
        "plan": found,
        "versions": [
            shapes.Chip(
                text=one.name,
                url=f"?versi={one.code}&tahun={year}",
                on=found is not None and one.pk == found.pk,
            )
            for one in queries.plans()
        ],
        "branches": [
            {
                "dimension": branch.dimension,
                "programmes": branch.programmes,
                "parts": [
                    {"part": part, "rows": [_place(one, names, year) for one in places]}
                    for part, places in branch.parts
                ],
            }
            for branch in (queries.branches(found, year) if found else ())
        ],
        "crumbs": pages.crumbs(None, (_("Master plan"), "")),
    }
    return render(request, "evaluation/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW)
def budgets(request: HttpRequest) -> HttpResponse:
    """What each programme had and spent in a year, beside what it reached."""
    if request.method != "POST":
        return _budgets(request, {}, 200)
    pages.only(request, SET_TARGET)
    year = _year(request)
    return pages.answered(
        request,
        lambda: _set(request, year),
        lambda wrong, status: _budgets(request, wrong, status),
        to=f"{reverse('evaluation:budgets')}?tahun={year}",
        notice=_("The budget line is stored."),
    )


def _set(request: HttpRequest, year: int) -> object:
    given, wrong = request.POST, {}
    programme = Programme.objects.filter(code=given.get("programme", "")).first()
    if programme is None:
        wrong["programme"] = _("Choose a programme.")
    amounts = {}
    for name in AMOUNTS:
        value = pages.typed_number(given.get(name, "").strip().removeprefix("Rp").strip(), name, wrong)
        if value is not None and value != int(value):
            wrong[name] = _("Whole rupiah, without cents.")
        amounts[name] = None if value is None or name in wrong else int(value)
    if wrong or programme is None:
        raise Invalid(_("The budget line was not stored."), fields=wrong)
    return budget_set(
        actor=acting(request, SET_TARGET),
        programme=programme,
        year=year,
        activity=given.get("activity", "").strip(),
        activity_name=given.get("activity_name", ""),
        account=given.get("account", "").strip(),
        source=given.get("source", ""),
        as_of=clock.today(),
        **amounts,
    )


def _budgets(request: HttpRequest, wrong: dict[str, Any], status: int) -> HttpResponse:
    year = _year(request)
    context = {
        "year": year,
        "years": _chips(request, "evaluation:budgets", year),
        "rows": [_cost(one) for one in queries.costs(year)],
        "programmes": Programme.objects.in_year(year),
        "crumbs": pages.crumbs(None, (_("Budgets"), "")),
        "may_set": grants_for(request).may(SET_TARGET),
        "typed": wrong.get("typed", {}),
        "wrong": wrong,
    }
    return render(request, "evaluation/budgets.html", context, status=status)


def _place(one: Place, names: dict[str, str], year: int) -> dict[str, Any]:
    sheet, latest = one.line.sheet, one.line.latest
    target = one.line.target.value if one.line.target else one.targets.get(year)
    return {
        "one": one,
        "sheet": sheet,
        "url": reverse("evaluation:score", args=[year, sheet.code]),
        "baseline": words.figure(sheet, one.place.baseline),
        "target": words.figure(sheet, target),
        "targets": ", ".join(
            f"{when}: {words.figure(sheet, value)}" for when, value in sorted(one.targets.items())
        ),
        "live": words.figure(sheet, one.line.actual),
        "published": words.figure(sheet, latest.value) if latest else "",
        "period": f"{latest.start.year}" if latest else "",
        "source": latest.source if latest else "",
        "owner": names.get(one.place.owner_code, one.place.owner_code),
        "sdgs": one.place.sdgs.replace(";", ", "),
        "basis": one.place.source,
    }


def _cost(one: Cost) -> dict[str, Any]:
    money = one.spending
    result = words.figure(one.result.sheet, one.results) if one.result else ""
    context: dict[str, Any] = {
        "one": one,
        "planned": rupiah(money.planned),
        "revised": rupiah(money.revised),
        "realised": rupiah(money.realised),
        "absorbed": percent(float(one.absorbed)) if one.absorbed is not None else "",
        "result": result,
        "cost": rupiah(round(one.cost)) if one.cost is not None else "",
        "lines": [
            {
                "one": line,
                "planned": rupiah(line.planned),
                "revised": rupiah(line.revised),
                "realised": rupiah(line.realised),
            }
            for line in one.lines
        ],
    }
    if one.fit is not None:
        names = {
            "remaining": number(one.fit.remaining, 0),
            "cost": rupiah(round(one.fit.cost)),
            "needed": rupiah(one.fit.needed),
            "left": rupiah(one.fit.left),
        }
        context["fits"] = one.fit.fits
        context["fit"] = (
            _("%(remaining)s to go × %(cost)s = %(needed)s; %(left)s is left: it fits.") % names
            if one.fit.fits
            else _("%(remaining)s to go × %(cost)s = %(needed)s; only %(left)s is left.") % names
        )
    return context


def _chips(request: HttpRequest, name: str, year: int) -> list[shapes.Chip]:
    return [shapes.Chip(text=str(one), url=f"{reverse(name)}?tahun={one}", on=one == year) for one in years()]


def _year(request: HttpRequest) -> int:
    text = request.POST.get("year") or request.GET.get("tahun", "")
    known = years()
    return int(text) if text.isdigit() and len(text) == 4 and int(text) in known else known[-1]
