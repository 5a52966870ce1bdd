"""The operator's page: what loops set aside, rows that indicators could not count, jobs and messages that failed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from procrastinate.contrib.django.models import ProcrastinateJob

from kotacerdas.config.permissions import VIEW_FAULTS
from kotacerdas.foundation.indicators.models import Parked
from kotacerdas.foundation.jobs.fence import try_now
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.access import desk

SHOWN, STUBBORN_TRIES = 100, 5
STUCK = (Message.State.FAILED, Message.State.UNKNOWN)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(VIEW_FAULTS)
def faults(request: HttpRequest) -> HttpResponse:
    """What did not work, oldest first. Posted: all that was set aside is tried again at once."""
    if request.method == "POST":
        try_now()
        return HttpResponseRedirect(reverse("faults"))
    return render(request, "config/faults.html", _found())


def count() -> int:
    """How many items wait on the operator's page, for the navigation and the metrics."""
    return int(
        SetAside.objects.count()
        + Parked.objects.values("indicator").distinct().count()
        + _stubborn().count()
        + Message.objects.filter(state__in=STUCK).count()
    )


def _stubborn() -> Any:
    """Jobs that were given up, or fail again and again."""
    given_up = ProcrastinateJob.objects.filter(status="failed")
    return given_up | ProcrastinateJob.objects.filter(status="todo", attempts__gte=STUBBORN_TRIES)


def _found() -> dict[str, Any]:
    parked = Parked.objects.values("indicator").annotate(
        n=Count("id"), first=Min("position"), error=Min("error")
    )
    stuck = Message.objects.filter(state__in=STUCK)
    return {
        "aside": SetAside.objects.order_by("first_at")[:SHOWN],
        "parked": parked.order_by("indicator"),
        "jobs": _stubborn().order_by("id").values("id", "task_name", "status", "attempts")[:SHOWN],
        "messages_stuck": stuck.order_by("created_at").values(
            "created_at", "channel", "effect", "state", "attempts"
        )[:SHOWN],
        "total": count(),
    }
