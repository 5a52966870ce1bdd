"""The front page and the few pages that belong to no program."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kotacerdas.kernel.regency import regency
from kotacerdas.portal import parts


@require_safe
def portal_home(request: HttpRequest) -> HttpResponse:
    """Promise, ask field, own reports, services, what was done, the promises in figures."""
    every = parts.parts()
    own = parts.my_cases(request)
    context = {
        "headline": next((part.headline() for part in every if part.headline), None),
        "ask_url": next((part.ask() for part in every if part.ask), ""),
        "act": next((part.act() for part in every if part.act), None),
        "my_cases": own[:1],
        "mine_count": len(own),
        "mine_url": next((part.my_cases_url() for part in every if part.my_cases_url), ""),
        "entries": parts.entries(),
        "finished": parts.finished(),
        "promises": parts.promises(),
    }
    response = render(request, "portal/home.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def portal_emergency(request: HttpRequest) -> HttpResponse:
    """Numbers to call, each with the source it stands on."""
    english = (get_language() or "id").startswith("en")
    lines = [
        {
            "number": line.number,
            "label": line.name_en if english else line.name_id,
            "basis": line.basis,
        }
        for line in regency().emergency_numbers
    ]
    instead = [line.words_en if english else line.words_id for line in regency().emergency_instead]
    return render(request, "portal/emergency.html", {"lines": lines, "instead": instead})


@require_safe
def portal_privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a reporter, who sees it, and for how long."""
    return render(request, "portal/privacy.html", {"limits": regency().limits, "contact": regency().contact})


@require_safe
def portal_accessibility(request: HttpRequest) -> HttpResponse:
    """How the pages can be used, and what does not work yet."""
    return render(request, "portal/accessibility.html", {"contact": regency().contact})
