"""A search for places as pages and desks offer it, and what a chosen value stands for.

A desk finds districts, villages and what callers have named before (`desk_options`); a public page never shows what a
caller named: it may name a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.territory.models import Area, Place
from kotacerdas.foundation.territory.names import name_key, search_key
from kotacerdas.foundation.territory.queries import Hit, area_by_code, search_places
from kotacerdas.foundation.ui.tags.words import number

_MOST = 6
_TAIL_WORDS = 3


@dataclass(frozen=True, kw_only=True)
class Option:
    """One place that can be chosen; `value` says how: near:<code>, village:<code>, area:<code>, place:<id>."""

    value: str
    name: str
    context: str = ""
    distance: str = ""
    icon: str = "map-pin"
    on: bool = False


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A chosen place: area, position where one is known (degrees), and the words that name it."""

    area_code: str = ""
    lat: float | None = None
    lng: float | None = None
    words: str = ""
    is_typed: bool = False  # the words are the caller's own, worth remembering
    label: str = ""


def desk_options(text: str, near_code: str = "") -> list[Option]:
    """Villages and districts of exactly that name, then landmarks and typed places, then further areas.

    What lies near the caller's last village comes before the rest. The further areas are villages named in the
    text, those of the places found, the caller's last one.
    """
    area = area_by_code(near_code)
    near = area.point if area else None
    hits = search_places(text, near, limit=_MOST)
    places = [_place_option(hit) for hit in hits if hit.kind in ("landmark", "typed")]
    areas: dict[str, Option] = {}
    for code in _area_codes(text, hits, near, near_code):
        known = area_by_code(code)
        if known is not None and known.level != Area.Level.REGENCY:
            areas.setdefault(code, _area_option(known))
    found = list(areas.values())[:_MOST]
    named = sum(hit.is_named for hit in hits)  # the first of the areas are those of `hits`, best first
    return [*found[:named], *places[:_MOST], *found[named:]]


def spot_of(value: str, typed: str) -> Spot | None:
    """What a chosen value stands for; None for a value that names nothing.

    Words typed beyond the area's own name are kept as the place's words.
    """
    kind, _colon, key = value.partition(":")
    if kind == "area" and (area := area_by_code(key)) is not None:
        words = "" if _names_only(typed, area) else " ".join(typed.split())
        return Spot(area_code=key, words=words, is_typed=bool(words), label=_full(area))
    if kind == "place" and (place := place_named(key)) is not None:
        return Spot(
            area_code=place.area.code if place.area else "",
            lat=place.lat,
            lng=place.lng,
            words=place.name,
            is_typed=place.kind == Place.Kind.TYPED,
            label=f"{place.name}, {_full(place.area)}" if place.area else place.name,
        )
    return None


def centre_of(spot: Spot) -> tuple[float, float] | None:
    """Where a map of the spot is centred: its own position, else its area's reference point, where that is known."""
    if spot.lat is not None and spot.lng is not None:
        return spot.lat, spot.lng
    area = area_by_code(spot.area_code)
    return area.point if area else None


def _area_codes(
    text: str, hits: list[Hit], near: tuple[float, float] | None, near_code: str
) -> Iterator[str]:
    yield from (hit.area_code for hit in hits if hit.kind in ("village", "district"))
    words = text.split()
    for count in range(min(_TAIL_WORDS, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        yield from (
            hit.area_code
            for hit in search_places(tail, near, limit=3)
            if hit.kind == "village" and search_key(tail) in name_key(hit.name)
        )
    yield from (hit.area_code for hit in hits if hit.kind in ("landmark", "typed") and hit.area_code)
    if near_code:
        yield near_code


def _place_option(hit: Hit) -> Option:
    area = area_by_code(hit.area_code)
    return Option(
        value=f"place:{hit.id}",
        name=hit.name,
        context=_full(area) if area else hit.context,
        distance=metres(hit.metres) if hit.metres is not None else "",
        icon="landmark" if hit.kind == "landmark" else "map-pin",
    )


def _area_option(area: Area) -> Option:
    if area.level == Area.Level.DISTRICT:
        return Option(
            value=f"area:{area.code}", name=area.full_name, context=_("the whole district"), icon="map"
        )
    parent = area.parent.full_name if area.parent else ""
    return Option(
        value=f"area:{area.code}",
        name=area.full_name,
        context=_("%(district)s · the whole village") % {"district": parent},
        icon="house",
    )


def metres(distance: float) -> str:
    """`440 m`, `1,1 km` in the reader's language."""
    return f"{round(distance, -1):.0f} m" if distance < 1000 else f"{number(round(distance / 1000, 1))} km"


def _names_only(typed: str, area: Area) -> bool:
    """Whether the typed words say no more than the area's name (and its district's)."""
    parent = area.parent.name if area.parent else ""
    bare = set(name_key(f"{area.full_name} {parent} kec kecamatan ds").split())
    joined = search_key(typed).replace(" ", "")
    key = name_key(area.name).replace(" ", "")
    return set(name_key(typed).split()) <= bare or (bool(joined) and key.startswith(joined))


def _full(area: Area) -> str:
    parent = area.parent
    if parent is None or parent.level == Area.Level.REGENCY:
        return area.full_name
    return f"{area.full_name}, {parent.full_name}"


def place_named(key: str, *, typed: bool = True) -> Place | None:
    """The place of an id; `typed`: also one as a caller named it. None for what is none."""
    try:
        found = Place.objects.select_related("area__parent").filter(id=UUID(key), closed_on=None)
    except ValueError:
        return None
    return (found if typed else found.exclude(kind=Place.Kind.TYPED)).first()
