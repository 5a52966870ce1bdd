"""What the phone desk shows of a report while the caller speaks.

The fragments are posted though they change nothing: number, name and story must not stand in an address,
which proxies and histories keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from kotacerdas.foundation.calls import queries
from kotacerdas.foundation.calls.views import caller_in, page
from kotacerdas.foundation.forms.place_search import centre_of, desk_options, spot_of
from kotacerdas.foundation.parties.access import acting, desk
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.lifecycles import title
from kotacerdas.programs.iceta.permissions import TAKE_CALL
from kotacerdas.programs.iceta.phone import present


@require_POST
@desk(TAKE_CALL)
def phone_kinds(request: HttpRequest) -> HttpResponse:
    """Fragment: the categories that the words, or the search, bring."""
    asked, words = request.POST.get("cari", "")[:80], request.POST.get("words", "")[:4000]
    chosen = request.POST.get("category", "")
    return page(
        request,
        "iceta/phone/kinds.html",
        {"kinds": present.kinds(words, asked, chosen), "asked": asked or words},
    )


@require_POST
@desk(TAKE_CALL)
def phone_places(request: HttpRequest) -> HttpResponse:
    """Fragment: the places that a search finds, those near the caller's last village first."""
    text, near = request.POST.get("place_text", "")[:120], request.POST.get("near", "")[:20]
    return page(
        request,
        "iceta/phone/places.html",
        {"options": desk_options(text, near), "asked": text, "chosen": request.POST.get("place", "")},
    )


@require_POST
@desk(TAKE_CALL)
def phone_outcome(request: HttpRequest) -> HttpResponse:
    """Fragments: what sending would do, the emergency panel, the map of the chosen place."""
    return page(request, "iceta/phone/outcome.html", {**_outcome(request, request.POST), "oob": True})


def call_context(request: HttpRequest, value: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a report shows besides: kinds, places and what sending would do, as typed so far."""
    caller = caller_in(request, str(value["phone"]))
    near = caller.village.code if caller and caller.village else ""
    return {
        "kinds": present.kinds(str(value["words"]), "", str(value["category"])),
        "every_kind": [(code, title(code)) for code in categories()],
        "options": desk_options(str(value["place_text"]), near) if value["place_text"] else [],
        "chosen_place": value["place"],
        "urgencies": present.urgencies(str(value["urgency"])),
        **_outcome(request, value),
    }


def _outcome(request: HttpRequest, given: Any) -> dict[str, Any]:
    category = categories().get(str(given.get("category", "")))
    urgency = str(given.get("urgency", ""))
    spot = spot_of(str(given.get("place", "")), str(given.get("place_text", "")))
    return {
        "outcome": present.outcome(
            queries.desk_of(acting(request, TAKE_CALL)),
            category=category,
            urgency=urgency,
            phone=str(given.get("phone", "")),
            name=str(given.get("name", "")),
            anonymous=bool(given.get("is_anonymous")),
        ),
        "panel": present.panel(category, urgency),
        "twins": present.twins(category, urgency, spot),
        "suggested": category,
        "spot": spot,
        "centre": centre_of(spot) if spot else None,
    }
