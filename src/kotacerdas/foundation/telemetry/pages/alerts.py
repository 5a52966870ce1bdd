"""Alerts: the list, and the case of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotacerdas.foundation.cases.actions import may_take, open_roles
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.queries import badge, clocks_of
from kotacerdas.foundation.parties.access import acting, desk, grants_for
from kotacerdas.foundation.telemetry import actions, queries
from kotacerdas.foundation.telemetry.models import Alert
from kotacerdas.foundation.telemetry.pages import present, words
from kotacerdas.foundation.telemetry.pages.frame import page, paged
from kotacerdas.foundation.telemetry.permissions import VIEW, WORK
from kotacerdas.foundation.ui.shapes import Chip, Crumb, Empty, Tag, TimelineEntry
from kotacerdas.kernel.errors import Invalid, Missing

_FILTERS = ("", "belum", "pulih")


@require_safe
@desk(VIEW, WORK)
def alerts(request: HttpRequest) -> HttpResponse:
    """Open alerts first, then those that ended, newest first."""
    wanted = request.GET.get("keadaan", "")
    every = queries.visible_alerts(grants_for(request))
    parts = {
        "": every.filter(recovered_at=None),
        "belum": every.filter(recovered_at=None, acknowledged_at=None),
        "pulih": every.filter(recovered_at__isnull=False),
    }
    labels = {"": _("Open"), "belum": _("Not acknowledged"), "pulih": _("Ended")}
    shown, links = paged(request, parts.get(wanted, parts[""]))
    context = {
        "rows": [present.alert_row(one) for one in shown],
        "pages": links,
        "chips": [
            Chip(
                text=labels[name],
                url=f"?keadaan={name}" if name else "?",
                count=rows.count(),
                on=name == wanted,
            )
            for name, rows in parts.items()
        ],
        "empty": Empty(
            icon="circle-check", title=_("No alert"), text=_("All devices are within their rules.")
        ),
    }
    return page(request, "alerts.html", context, live=True)


@require_safe
@desk(VIEW, WORK)
def alert(request: HttpRequest, number: str) -> HttpResponse:
    """The case of an alert: the device, what broke the rule, who answers, what happened."""
    return page(request, "alert.html", _context(request, _alert(request, number)), live=True)


@require_POST
@desk(WORK)
def alert_step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Acknowledge the alert, or close its case with words."""
    found = _alert(request, number)
    assert found.case is not None
    actor = acting(request, WORK, agencies=[found.case.lead_agency_id])
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None
    try:
        if name == "acknowledge":
            actions.alert_acknowledge(actor=actor, alert=found, seen_version=version)
        elif name == "close":
            actions.alert_close(
                actor=actor, alert=found, words=request.POST.get("words", ""), seen_version=version
            )
        else:
            raise Missing(_("There is no such step."), remedy=_("Go back to the alert."))
    except Invalid as error:
        context = {**_context(request, found), "wrong": next(iter(error.fields.values()), str(error))}
        return page(request, "alert.html", context, status=422)
    step = lifecycle_of(found.case).by_step[name]
    messages.success(request, f"{step.done}.")
    return HttpResponseRedirect(reverse("telemetry:alert", args=[number]))


def _alert(request: HttpRequest, number: str) -> Alert:
    found = queries.visible_alerts(grants_for(request)).filter(case__number=number.upper()).first()
    if found is None or found.case is None:
        raise Missing(_("There is no such case here."), remedy=_("Look for it in the list of alerts."))
    return found


def _context(request: HttpRequest, found: Alert) -> dict[str, Any]:
    case = found.case
    assert case is not None
    lifecycle, actor = lifecycle_of(case), acting(request, WORK, agencies=[case.lead_agency_id])
    state, roles = lifecycle.by_state[case.state], open_roles(case)
    clock = next(iter(clocks_of(case)), None)
    return {
        "alert": found,
        "case": case,
        "title": lifecycle.title(case.title_code),
        "tag": Tag(text=state.label, tone=state.tone, icon=state.icon),  # type: ignore[arg-type]
        "badge": badge(clock) if clock else None,
        "row": present.alert_row(found),
        "sentence": words.sentence(found.version.kind, found.version.params),
        "place": present.place(case.area_code),
        "steps": [
            step
            for step in lifecycle.steps_from(case.state)
            if step.name in ("acknowledge", "close") and may_take(case, step, actor, roles)
        ],
        "crumbs": (
            Crumb(text=_("Alerts"), url=reverse("telemetry:alerts")),
            Crumb(text=case.number),
        ),
        "story": _story(found),
    }


def _story(found: Alert) -> list[TimelineEntry]:
    case = found.case
    assert case is not None
    entries = [
        TimelineEntry(kind="event", icon="activity", at=found.first_at, title=_("First sign")),
        TimelineEntry(
            kind="event",
            icon="bell-ring",
            at=found.raised_at,
            title=_("The rule was broken, a case was opened"),
        ),
    ]
    if found.acknowledged_at:
        who = found.acknowledged_by.name if found.acknowledged_by else ""
        entries.append(
            TimelineEntry(
                kind="event", icon="eye", at=found.acknowledged_at, title=_("acknowledged it"), who=who
            )
        )
    entries += [
        TimelineEntry(
            kind="inside",
            icon="pencil-line",
            at=note.created_at,
            title=_("Inside note"),
            who=str(note.author.name) if note.author else "",
            body=note.body,
        )
        for note in case.notes.select_related("author")
    ]
    if found.recovered_at:
        entries.append(
            TimelineEntry(
                kind="system", icon="circle-check", at=found.recovered_at, title=_("The device recovered")
            )
        )
    return sorted(entries, key=lambda one: one.at)
