"""The place page of a form: a position's nearest villages, what a search finds, a district's villages.

A draft holds `area` (a village's code), `lat` and `lng` (degrees, WGS 84), `accuracy` (metres) and `place_words`.
A position that is too rough to tell a village (`territory.minimap.ROUGH_M`) is said, and stands for nothing: it is no
pin, no village and no place of what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from math import isfinite
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kotacerdas.foundation.forms.declarations import Form, Page
from kotacerdas.foundation.forms.drafts import Draft, fresh
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.place_search import Option, metres, place_named
from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.territory.minimap import is_rough
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.queries import (
    Hit,
    area_by_code,
    districts,
    inside_regency,
    is_mapped,
    nearest_villages,
    search_places,
    villages,
)
from kotacerdas.kernel.errors import Words
from kotacerdas.kernel.regency import regency

_MOST_QUERY = 80
_FARTHEST_M = 100_000
FIELDS, SCRIPTED = ("place_words",), ("lat", "lng", "accuracy", "area")


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


def answer_of(draft: Draft) -> tuple[Option | None, list[Option]]:
    """The village to show first, chosen already or not, and the others near the position.

    A position states no village by itself: the nearest is offered first, and stands unchosen.
    """
    near = nearest(draft)
    village = village_of(draft)
    if village is None:
        return (near[0], near[1:]) if near else (None, [])
    chosen = _village(village, f"{'near' if near else 'village'}:{village.code}", "", on=True)
    chosen = next((one for one in near if one.on), chosen)
    return chosen, [one for one in near if not one.on]


def nearest(draft: Draft) -> list[Option]:
    """The three villages nearest to the position; none without one, outside the regency, or where villages lack points."""
    if (position := position_of(draft)) is None or not is_mapped() or not inside_regency(*position):
        return []
    return [
        _village(
            near.area, f"near:{near.area.code}", metres(near.metres), on=near.area.code == draft.text("area")
        )
        for near in nearest_villages(*position)
    ]


def found(text: str, draft: Draft | None = None) -> list[Option]:
    """What a search finds, best first; never a place as a caller named it: it may name a person."""
    near = position_of(draft) if draft else None
    return [_hit(hit) for hit in search_places(text, near, limit=8, typed=False)]


def of_district(code: str, draft: Draft) -> list[Option]:
    """The villages of a district, by name."""
    chosen = sorted(villages(code), key=lambda area: area.name) if code else []
    return [_village(area, f"village:{area.code}", "", on=area.code == draft.text("area")) for area in chosen]


def choose(draft: Draft, value: str) -> Draft:
    """The draft with a chosen place. A village by name has no position; one near a position keeps it."""
    kind, _colon, key = value.partition(":")
    if kind == "near" and _is_village(key):
        return draft.changed(area=key)
    if kind == "village" and _is_village(key):
        return draft.changed(area=key, lat="", lng="", accuracy="")
    if kind == "place" and (place := place_named(key, typed=False)) is not None:
        return draft.changed(
            area=place.area.code if place.area else "",
            lat=_degrees(place.lat),
            lng=_degrees(place.lng),
            accuracy="",
            place_words=draft.text("place_words") or place.name,
        )
    return draft


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


def _is_village(code: str) -> bool:
    area = area_by_code(code)
    return area is not None and area.level == Area.Level.VILLAGE


def options_for(draft: Draft, *, query: str, district: str) -> Sequence[Option]:
    """What the page's list shows: a district's villages where one is chosen, else what was searched."""
    if district:
        return of_district(district, draft)
    return found(query, draft) if query else []


class PlaceForm(PageForm):
    """A village, and perhaps a landmark."""

    area = forms.CharField(required=False, label=gettext_lazy("Village"))
    place_words = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Landmark"),
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        if (outside := outside_words(self.draft)) is not None:
            self.add_error("area", outside)
        elif village_of(self.draft) is None:
            self.add_error("area", _("Choose the village where it is."))
        return self.cleaned_data


def place_page(*, template: str, onwards: Words) -> Page:
    """The page on which a village is chosen, and a position and a landmark may be given."""
    return Page(
        name="place",
        label=gettext_lazy("Place"),
        template=template,
        form=PlaceForm,
        fields=FIELDS,
        scripted=SCRIPTED,
        errors=("place",),
        onwards=onwards,
        context=lambda request, draft, _form: place_context(request, draft),
        prepared=with_photo_place,
        received=_pressed,
        view=view_of,
    )


def places_view(form: Form) -> Callable[[HttpRequest], HttpResponse]:
    """What a search for a place finds, as typed: a list to choose from."""

    @require_safe
    @limited(f"{form.door}_look", capacity=300, seconds=600, methods=("GET", "POST"))
    def look(request: HttpRequest) -> HttpResponse:
        query = request.GET.get("q", "").strip()
        near = {name: request.GET.get(name, "") for name in ("lat", "lng", "accuracy")}
        context = {"options": found(query, fresh(request, form, values=near)), "query": query}
        return render(request, "forms/_options.html", context)

    return look


def position_of(draft: Draft) -> tuple[float, float] | None:
    """The position, rounded to some ten centimetres; None where none was given that can be one, or a rough one."""
    return None if is_rough_at(draft) else _given(draft)


def is_rough_at(draft: Draft) -> bool:
    """Whether a position was given that is too rough to tell a village."""
    return _given(draft) is not None and is_rough(accuracy_of(draft))


def _given(draft: Draft) -> tuple[float, float] | None:
    lat, lng = _number(draft.text("lat"), 90), _number(draft.text("lng"), 180)
    return (lat, lng) if lat is not None and lng is not None else None


def accuracy_of(draft: Draft) -> int | None:
    """How exact the position is, in metres; None where it is not told, or what is told can be none."""
    with suppress(ValueError, OverflowError):
        told = round(float(draft.text("accuracy")))
        return min(_FARTHEST_M, told) if told >= 0 else None
    return None


def village_of(draft: Draft) -> Area | None:
    """The chosen village, None while none is chosen or the code is of none."""
    area = area_by_code(draft.text("area"))
    return area if area is not None and area.level == Area.Level.VILLAGE else None


def outside_words(draft: Draft) -> str | None:
    """What to say of a position that cannot lie in the regency; None where it can or is not given."""
    position = position_of(draft)
    if position is None or inside_regency(*position):
        return None
    return _("This position lies outside %(region)s. Choose the village or search a landmark.") % {
        "region": regency().instance.name_id
    }


def place_context(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """Position, the village as the answer or the nearest as an offer, and what was searched."""
    view, position, village = view_of(request), position_of(draft), village_of(draft)
    inside = position is not None and inside_regency(*position)
    answer, others = answer_of(draft)
    accuracy = accuracy_of(draft)
    return {
        "places_url": reverse(draft.form.url_name("places")),
        "village": village,
        "accuracy": accuracy,
        "pin": position if inside else (village.point if village else None),
        "has_position": inside,
        "answer": answer,
        "nearest": others,
        "outside": outside_words(draft),
        "rough": metres(accuracy or 0) if is_rough_at(draft) else "",
        "options": options_for(draft, query=view["cari"], district=view["kecamatan"]),
        "query": view["cari"],
        "district": view["kecamatan"],
        "districts": sorted(districts(), key=lambda area: area.name),
        "from_photo": accuracy is None and _is_of_photo(draft),
    }


def with_photo_place(draft: Draft) -> Draft:
    """Where the camera says it was, as long as nothing else was said."""
    if position_of(draft) is not None or draft.text("area"):
        return draft
    for stored in draft.photos:
        if stored.lat is not None and stored.lng is not None and inside_regency(stored.lat, stored.lng):
            return draft.changed(lat=_degrees(stored.lat), lng=_degrees(stored.lng), accuracy="")
    return draft


def _pressed(request: HttpRequest, draft: Draft) -> tuple[Draft, Mapping[str, str]]:
    chosen = request.POST.get("choice", "")
    return (choose(draft, chosen) if chosen else draft), {}


def _is_of_photo(draft: Draft) -> bool:
    of_photos = {(round(one.lat, 6), round(one.lng, 6)) for one in draft.photos if one.lat and one.lng}
    return position_of(draft) in of_photos


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _number(text: str, most: float) -> float | None:
    with suppress(ValueError):
        value = float(text)
        if isfinite(value) and abs(value) <= most:
            return round(value, 6)
    return None
