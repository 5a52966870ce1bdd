"""The fleet: units with their state and shifts, stations, the week ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kotacerdas.foundation.dispatch import actions, queries
from kotacerdas.foundation.dispatch.desk import fleet_reading, forms
from kotacerdas.foundation.dispatch.desk.views import FIRST_DAY, MOST_AHEAD
from kotacerdas.foundation.dispatch.models import Crew, UnitState
from kotacerdas.foundation.dispatch.permissions import MANAGE, REPORT, VIEW
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Crumb
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, KotaError

_DEFAULTS = {
    "starts": "07:30",
    "ends": "16:00",
    "break_minutes": "45",
    "break_from": "11:30",
    "break_until": "13:00",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW)
def fleet(request: HttpRequest) -> HttpResponse:
    """Units, stations and the shifts of a week; what is posted is done to them."""
    agency = queries.desk_of(acting(request, VIEW))
    week = _monday(request.GET.get("hari", ""))
    problem: KotaError | None = None
    if request.method == "POST":
        try:
            messages.success(request, _take(request, agency))
            return HttpResponseRedirect(request.get_full_path())
        except (Conflict, Invalid) as error:
            problem = error
    grants, today = grants_for(request), clock.today()
    context = {
        "agency": agency,
        "rows": fleet_reading.unit_rows(agency, week),
        "stations": fleet_reading.station_rows(agency),
        "crews": Crew.objects.filter(agency=agency, is_active=True),
        "states": UnitState.State.choices,
        "days": [
            (name, week + timedelta(days=number)) for number, name in enumerate(fleet_reading.weekday_names())
        ],
        "week": week,
        "before": week - timedelta(days=7),
        "after": week + timedelta(days=7),
        "today": today,
        "typed": {**_DEFAULTS, "first": max(today, week).isoformat(), **request.POST.dict()},
        "problem": problem,
        "may_manage": grants.may(MANAGE, agencies=[agency.id]),
        "may_report": grants.may(REPORT, agencies=[agency.id]),
        "crumbs": (Crumb(text=_("Routes today"), url=reverse("dispatch:today")), Crumb(text=_("Fleet"))),
    }
    return render(request, "dispatch/fleet.html", context, status=problem.status if problem else 200)


def _take(request: HttpRequest, agency: Agency) -> str:
    """Do what was posted; what is said of it. Raises what the action raises."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid(_("Please choose what is to be done."))
    return act(acting(request, MANAGE, REPORT, agencies=[agency.id]), agency, request.POST)


def _state(actor: Actor, agency: Agency, data: Mapping[str, Any]) -> str:
    given = forms.StateForm(data, agency).read()
    row = actions.unit_state_set(actor=actor, **given)
    return _("%(unit)s: %(state)s.") % {"unit": row.unit.name, "state": row.get_state_display()}


def _shift(actor: Actor, agency: Agency, data: Mapping[str, Any]) -> str:
    given = forms.ShiftForm(data, agency).read()
    hours = actions.Hours(
        starts=given["starts"],
        ends=given["ends"],
        break_minutes=given["break_minutes"] or 0,
        break_from=given["break_from"],
        break_until=given["break_until"],
    )
    made = actions.shifts_set(
        actor=actor,
        unit=given["unit"],
        first=given["first"],
        last=given["last"] or given["first"],
        hours=hours,
        crew=given["crew"],
    )
    words = ngettext(
        "%(unit)s has its shift on %(n)s day.", "%(unit)s has its shift on %(n)s days.", len(made)
    )
    return words % {"unit": given["unit"].name, "n": len(made)}


def _copy(actor: Actor, agency: Agency, data: Mapping[str, Any]) -> str:
    week = forms.WeekForm(data, agency).read()["week"]
    came = actions.week_copy(actor=actor, agency=agency, week=week - timedelta(days=week.weekday()))
    words = _("%(made)s shifts copied; %(kept)s were there already.") % {"made": came.made, "kept": came.kept}
    if came.refused:
        words += " " + _("Not copied, as the crew has another unit: %(units)s.") % {
            "units": ", ".join(came.refused)
        }
    return words


def _monday(text: str) -> date:
    """The Monday of the week asked for; of this one for none, or for one out of all reason."""
    today = clock.today()
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        wanted = today
    if not FIRST_DAY <= wanted <= today + MOST_AHEAD:
        wanted = today
    return wanted - timedelta(days=wanted.weekday())


_ACTS: Mapping[str, Callable[[Actor, Agency, Mapping[str, Any]], str]] = {
    "state": _state,
    "shift": _shift,
    "copy": _copy,
}
