"""The public map of the region's land and buildings: by district and village, with a list beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotacerdas.foundation.parties.limits import limited
from kotacerdas.foundation.territory.cells import Shape, district_shapes, village_shapes
from kotacerdas.foundation.territory.names import search_key
from kotacerdas.foundation.territory.queries import area_by_code, districts, is_mapped, villages
from kotacerdas.foundation.ui.shapes import Choropleth, Region
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.public.holdings import Holding, holdings, kinds, one_by_one, together, within

WIDTH, HEIGHT, LETTERS = 620, 480, 12
MOST_FOUND = 30
DISTRICT = len("00.00.00")
_look = limited("asset_map", capacity=120, seconds=600, methods=("GET", "HEAD"), address_share=10)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A place of the list with what the region has there."""

    name: str
    holding: Holding
    query: str = ""
    within: str = ""


@_look
@require_safe
def public_map(request: HttpRequest) -> HttpResponse:
    """Land and buildings of the region: by district, in one district by village, in one village one by one."""
    found = holdings()
    code, words = request.GET.get("wilayah", ""), " ".join(request.GET.get("q", "").split())[:60]
    area = area_by_code(code)
    area = area if area is not None and len(code) >= DISTRICT else None
    district = area_by_code(code[:DISTRICT]) if area is not None else None
    is_land = request.GET.get("jenis") != "gedung"
    lines = _found(found, words) if words else _lines(found, district.code if district else "")
    goods, is_more = one_by_one(code) if area is not None and len(code) > DISTRICT else ([], False)
    context = {
        "lines": lines,
        "total": within(found, code) if area is not None else together(found.values()),
        "area": area,
        "district": district,
        "is_village": area is not None and area != district,
        "words": words,
        "kinds": kinds(area.code if area is not None else ""),
        "is_land": is_land,
        "kind": "" if is_land else "gedung",
        "is_mapped": is_mapped(),
        "map": _map(found, district.code if district else "", code, is_land),
        "goods": goods,
        "is_more": is_more,
        "most": MOST_FOUND,
        "at": clock.now(),
    }
    response = render(request, "lada/public/map.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _lines(found: dict[str, Holding], district: str) -> list[Line]:
    """Districts, or the villages of one; what lies elsewhere in it, or nobody knows where, stands last: the sum is whole."""
    areas = villages(district) if district else districts()
    lines = [
        Line(name=one.name, holding=within(found, one.code), query=one.code)
        for one in sorted(areas, key=lambda one: one.name)
    ]
    whole = within(found, district) if district else together(found.values())
    rest = _less(whole, together(one.holding for one in lines))
    return [*lines, Line(name=_("place not known"), holding=rest)] if rest != Holding() else lines


def _found(found: dict[str, Holding], words: str) -> list[Line]:
    """Villages in whose name the words stand."""
    key = search_key(words)
    named = [one for one in villages() if key and key in search_key(one.name)]
    return [
        Line(
            name=one.name,
            holding=within(found, one.code),
            query=one.code,
            within=district.name if (district := area_by_code(one.code[:DISTRICT])) else "",
        )
        for one in named[:MOST_FOUND]
    ]


def _less(whole: Holding, part: Holding) -> Holding:
    return Holding(
        parcels=whole.parcels - part.parcels,
        certified=whole.certified - part.certified,
        land_m2=round(whole.land_m2 - part.land_m2, 2),
        buildings=whole.buildings - part.buildings,
        floor_m2=round(whole.floor_m2 - part.floor_m2, 2),
    )


def _map(found: dict[str, Holding], district: str, chosen: str, is_land: bool) -> Choropleth:
    """Districts, or the villages of one, in five classes by how many parcels or buildings lie there."""
    drawn = village_shapes(district, WIDTH, HEIGHT) if district else district_shapes(WIDTH, HEIGHT)
    counts = {one.code: _count(within(found, one.code), is_land) for one in drawn}
    edges = _edges(sorted(counts.values()))
    link = _link("" if is_land else "gedung")
    return Choropleth(
        title=_("Parcels by place") if is_land else _("Buildings by place"),
        box=(0, 0, WIDTH, HEIGHT),
        regions=tuple(_region(one, counts[one.code], edges, chosen, link) for one in drawn),
        legend=_legend(edges),
        unit=_("parcels") if is_land else _("buildings"),
        label_size=LETTERS,
        is_tiles=not is_mapped(),
    )


def _region(
    shape: Shape, count: int, edges: Sequence[int], chosen: str, link: Callable[[str], str]
) -> Region:
    return Region(
        code=shape.code,
        label=number(count),
        name=shape.name,
        d=shape.d,
        level=sum(count >= edge for edge in edges) if count else None,
        at=(shape.x, shape.y),
        href=link(shape.code),
        on=shape.code == chosen,
    )


def _count(holding: Holding, is_land: bool) -> int:
    return holding.parcels if is_land else holding.buildings


def _link(kind: str) -> Callable[[str], str]:
    return lambda code: f"?wilayah={code}" + (f"&jenis={kind}" if kind else "")


def _edges(counts: Sequence[int]) -> list[int]:
    """Up to four edges between classes of about equal size."""
    some = [one for one in counts if one]
    return sorted({some[len(some) * part // 5] for part in range(1, 5)} - {some[0]}) if some else []


def _legend(edges: Sequence[int]) -> tuple[str, ...]:
    if not edges:
        return ()
    between = (
        number(low) if low == high - 1 else f"{number(low)}–{number(high - 1)}"
        for low, high in pairwise(edges)
    )
    first = _("fewer than %(n)s") % {"n": number(edges[0])}
    return (first, *between, _("%(n)s or more") % {"n": number(edges[-1])})
