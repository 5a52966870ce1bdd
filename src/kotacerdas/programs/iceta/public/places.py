"""What the place page offers: a position's nearest villages, what a search finds, a district's villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotacerdas.foundation.territory.models import Area, Place
from kotacerdas.foundation.territory.queries import (
    Hit,
    area_by_code,
    inside_regency,
    nearest_villages,
    search_places,
    villages,
)
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.programs.iceta.public.drafts import Carried

_MOST_QUERY = 80


@dataclass(frozen=True, kw_only=True)
class Option:
    """One place that can be chosen; `value` says how: near:<code>, village:<code>, place:<id>."""

    value: str
    name: str
    context: str = ""
    distance: str = ""
    icon: str = "map-pin"
    on: bool = False


def view_of(request: HttpRequest) -> dict[str, str]:
    """What is open on the place page: a search (`cari`), a district's villages (`kecamatan`).

    Read from what was pressed on the page, or from the address it led to.
    """
    if request.method != "POST":
        return {name: request.GET.get(name, "").strip()[:_MOST_QUERY] for name in ("cari", "kecamatan")}
    go, chosen = request.POST.get("go", ""), request.POST.get("choice", "")
    query = request.POST.get("q", "").strip()[:_MOST_QUERY] if go in ("search", "enter") else ""
    district = request.POST.get("district", "") if go == "district" else ""
    if chosen.startswith("district:") and not query:
        district = chosen.partition(":")[2]
    return {"cari": query, "kecamatan": "" if query else district[:_MOST_QUERY]}


def answer_of(draft: Carried) -> tuple[Option | None, list[Option]]:
    """The village to show first, chosen already or not, and the others near the position.

    A position states no village by itself: the nearest is offered first, and stands unchosen.
    """
    near = nearest(draft)
    village = draft.village
    if village is None:
        return (near[0], near[1:]) if near else (None, [])
    chosen = _village(village, f"{'near' if near else 'village'}:{village.code}", "", on=True)
    chosen = next((one for one in near if one.on), chosen)
    return chosen, [one for one in near if not one.on]


def nearest(draft: Carried) -> list[Option]:
    """The three villages nearest to the position; none without one, or outside the regency."""
    if draft.position is None or not inside_regency(*draft.position):
        return []
    return [
        _village(near.area, f"near:{near.area.code}", metres(near.metres), on=near.area.code == draft.area)
        for near in nearest_villages(*draft.position)
    ]


def found(text: str, draft: Carried | None = None) -> list[Option]:
    """What a search finds, best first; never a place as a caller named it: it may name a person."""
    near = draft.position if draft else None
    return [_hit(hit) for hit in search_places(text, near, limit=8, typed=False)]


def of_district(code: str, draft: Carried) -> list[Option]:
    """The villages of a district, by name."""
    chosen = sorted(villages(code), key=lambda area: area.name) if code else []
    return [_village(area, f"village:{area.code}", "", on=area.code == draft.area) for area in chosen]


def choose(draft: Carried, value: str) -> Carried:
    """The draft with a chosen place. A village by name has no position; one near a position keeps it."""
    kind, _colon, key = value.partition(":")
    if kind == "near" and _is_village(key):
        return replace(draft, area=key)
    if kind == "village" and _is_village(key):
        return replace(draft, area=key, lat=None, lng=None, accuracy=None)
    if kind == "place" and (place := _place(key)) is not None:
        return replace(
            draft,
            area=place.area.code if place.area else "",
            lat=place.lat,
            lng=place.lng,
            accuracy=None,
            place_words=draft.place_words or place.name,
        )
    return draft


def metres(distance: float) -> str:
    """`440 m`, `1,1 km` in the reader's language."""
    if distance < 1000:
        return f"{round(distance, -1):.0f} m"
    return f"{number(round(distance / 1000, 1))} km"


def _village(area: Area, value: str, distance: str, *, on: bool) -> Option:
    return Option(
        value=value, name=area.full_name, context=_parent(area), distance=distance, icon="house", on=on
    )


def _parent(area: Area) -> str:
    return area.parent.full_name if area.parent else ""


def _hit(hit: Hit) -> Option:
    distance = metres(hit.metres) if hit.metres is not None else ""
    if hit.kind == "village":
        area = area_by_code(hit.area_code)
        context = _parent(area) if area else hit.context
        return Option(value=f"village:{hit.area_code}", name=hit.name, context=context, distance=distance)
    if hit.kind == "district":
        return Option(
            value=f"district:{hit.area_code}",
            name=hit.name,
            context=_("Show its villages"),
            icon="list",
        )
    return Option(
        value=f"place:{hit.id}", name=hit.name, context=hit.context, distance=distance, icon="landmark"
    )


def _place(key: str) -> Place | None:
    try:
        found = Place.objects.select_related("area").filter(id=UUID(key), closed_on=None)
        return found.exclude(kind=Place.Kind.TYPED).first()
    except ValueError:
        return None


def _is_village(code: str) -> bool:
    area = area_by_code(code)
    return area is not None and area.level == Area.Level.VILLAGE


def options_for(draft: Carried, *, query: str, district: str) -> Sequence[Option]:
    """What the page's list shows: a district's villages where one is chosen, else what was searched."""
    if district:
        return of_district(district, draft)
    return found(query, draft) if query else []
