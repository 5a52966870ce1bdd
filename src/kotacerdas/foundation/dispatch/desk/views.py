"""The planner's day: one page that shows a plan, takes what is done to it, and tells how working it out goes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kotacerdas.foundation.dispatch import queries
from kotacerdas.foundation.dispatch.desk import acts, present
from kotacerdas.foundation.dispatch.desk.forms import SECONDS
from kotacerdas.foundation.dispatch.desk.gantt import gantt_of
from kotacerdas.foundation.dispatch.desk.map import map_of
from kotacerdas.foundation.dispatch.desk.reading import Sheet, sheet_of
from kotacerdas.foundation.dispatch.models import Plan, Unit
from kotacerdas.foundation.dispatch.permissions import PLAN, VIEW
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError, Missing
from kotacerdas.kernel.live import live_token

FIRST_DAY = date(2020, 1, 1)
LIVE = "/live/?t=%s"  # a day under way moves by itself, as its stops are reported
MOST_AHEAD = timedelta(days=366)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW)
def today(request: HttpRequest) -> HttpResponse:
    """Today's plan."""
    return _page(request, clock.today())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW)
def day(request: HttpRequest, day: str) -> HttpResponse:
    """A day's plan; what is posted is done to it."""
    return _page(request, day_named(day))


@never_cache
@require_safe
@desk(VIEW)
def run(request: HttpRequest, day: str) -> HttpResponse:
    """How working out the day's plan goes, for the page that asks every second; sent on to the plan when it is there."""
    wanted, agency = day_named(day), queries.desk_of(acting(request, VIEW))
    progress = present.progress_of(queries.newest_run(agency, wanted))
    if progress is not None and progress.state == "done":
        address = present.address(wanted, progress.run.plan)
        if not request.headers.get("HX-Request"):
            return HttpResponseRedirect(address)
        return HttpResponse(headers={"HX-Redirect": address})
    given = {"progress": progress, "day": wanted, "seconds": SECONDS, **_rights(request, agency)}
    return render(request, "dispatch/_run.html", given)


def day_named(text: str) -> date:
    """The day of an address. Missing for a text that is none, or a day out of all reason."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        wanted = date.min
    if not FIRST_DAY <= wanted <= clock.today() + MOST_AHEAD:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    return wanted


def _page(request: HttpRequest, wanted: date) -> HttpResponse:
    agency = queries.desk_of(acting(request, VIEW))
    plan = queries.plan_shown(agency, wanted, _version(request))
    problem: KotaError | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(acts.take(request, agency, wanted, plan))
        except (Conflict, Invalid) as error:
            problem = error
    sheet = sheet_of(grants_for(request), agency, wanted, plan)
    context = {**_context(request, sheet), "problem": problem}
    return render(request, "dispatch/day.html", context, status=problem.status if problem else 200)


def _context(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    now, plan, today = clock.now(), sheet.plan, clock.today()
    is_today = sheet.day == today
    seen = queries.last_seen([lane.unit.id for lane in sheet.lanes], now=now) if is_today else {}
    progress = present.progress_of(queries.newest_run(sheet.agency, sheet.day))
    versions = present.versions_shown(sheet.agency, sheet.day, plan)
    is_in_force = plan is not None and plan.state == Plan.State.PUBLISHED
    return {
        **_rights(request, sheet.agency),
        "live_url": LIVE % quote(live_token(["dispatch"])) if is_today and is_in_force else "",
        "sheet": sheet,
        "day": sheet.day,
        "plan": plan,
        "figures": present.figures_of(sheet) if plan is not None else (),
        "badge": present.badge_of(plan) if plan is not None else None,
        "travel": present.travel_words(plan) if plan is not None else "",
        "remarks": present.remarks_of(sheet),
        "versions": versions,
        "newer": present.newer_draft(versions, plan),
        "state_words": present.state_words(plan) if plan is not None else "",
        "is_draft": plan is not None and plan.state == Plan.State.DRAFT,
        "is_in_force": is_in_force,
        "has_force": is_in_force or queries.published(sheet.agency, sheet.day) is not None,
        "typed": request.POST,
        "routes": sum(bool(lane.lines) for lane in sheet.lanes),
        "map": map_of(sheet, seen),
        "gantt": gantt_of(sheet, now if is_today else None),
        "chosen": present.chosen_of(sheet, _uuid(request)),
        "progress": progress if progress is not None and progress.state != "done" else None,
        "units": Unit.objects.filter(agency=sheet.agency, is_active=True),
        "seconds": SECONDS,
        "is_today": is_today,
        "is_past": sheet.day < today,
        "tomorrow": reverse("dispatch:day", args=[(today + timedelta(days=1)).isoformat()]),
        "neighbours": present.neighbours(sheet.day),
        "here": present.address(sheet.day, plan),
        "as_list": request.GET.get("tampil") == "daftar",
        "crumbs": (Crumb(text=_("Routes today"), url=reverse("dispatch:today")), Crumb(text=_("Plan"))),
    }


def _rights(request: HttpRequest, agency: Agency) -> dict[str, bool]:
    return {"may_plan": grants_for(request).may(PLAN, agencies=[agency.id])}


def _version(request: HttpRequest) -> int | None:
    text = request.GET.get("versi", "")
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _uuid(request: HttpRequest) -> UUID | None:
    """The job whose acts are open."""
    try:
        return UUID(request.POST.get("job") or request.GET.get("tugas", ""))
    except ValueError:
        return None
