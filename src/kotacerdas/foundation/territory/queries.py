"""Reading the territory: which areas there are, what is near, what somebody meant by a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.foundation.territory.index import index
from kotacerdas.foundation.territory.land import in_indonesia
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.names import search_key

_LIKENESS = 0.45  # least trigram word similarity of a misspelt name
_LIMIT = 10


@dataclass(frozen=True)
class Near:
    """A village and how far its reference point is, in metres."""

    area: Area
    metres: float


@dataclass(frozen=True)
class Hit:
    """A place found by name. `context` says where it lies; `metres` is None when nothing near was given.

    `is_named` says that it is a village or district of exactly the name that was typed.
    """

    kind: str  # "landmark" | "typed" | "village" | "district"
    id: UUID
    name: str
    context: str
    area_code: str
    lat: float | None
    lng: float | None
    metres: float | None = None
    feature: str = ""
    is_named: bool = False


def area_by_code(code: str) -> Area | None:
    """The open area with a Kemendagri code ("32.12.13.2005"), its parents attached."""
    return index().by_code.get(code)


def regency() -> Area | None:
    """The regency itself; None before a pack is loaded."""
    return index().regency


def is_mapped() -> bool:
    """Whether maps can be drawn: every village has its reference point. Else pages show tiles."""
    return index().is_mapped


def districts() -> tuple[Area, ...]:
    """All districts, by code."""
    return index().districts


def villages(district_code: str = "") -> tuple[Area, ...]:
    """Villages of a district, or all, by code."""
    return index().villages_of(district_code) if district_code else index().villages


def nearest_villages(lat: float, lng: float, n: int = 3) -> list[Near]:
    """The n villages whose reference points are nearest, nearest first.

    A position never states a village by itself: without boundaries the nearest point is wrong for about a
    third of positions. Offer the three. None are found where no village has a point.
    """
    found = [Near(area, distance_m(lat, lng, *point)) for area, *point in index().points]
    return sorted(found, key=lambda near: near.metres)[:n]


def inside_regency(lat: float, lng: float, slack_m: float = 0) -> bool:
    """Whether a position can lie in the regency: within the buffered hull of its reference points, or so near it.

    Where villages without a point leave that open, whatever lies in Indonesia can.
    """
    known = index()
    if not known.villages or not (-90 <= lat <= 90 and -180 <= lng <= 180):
        return False
    if not known.is_mapped:
        return in_indonesia(lat, lng)
    import shapely  # as in geometry: only who asks this needs it

    return bool(shapely.dwithin(known.limits, shapely.Point(*known.plane.flat(lat, lng)), slack_m))


def search_places(
    text: str, near: tuple[float, float] | None = None, limit: int = _LIMIT, *, typed: bool = True
) -> list[Hit]:
    """Landmarks, typed places, villages and districts for what somebody typed, best first.

    Villages and districts of exactly that name come first. Whole and prefix matches come before words within,
    those before misspellings; among equals what is near `near` (lat, lng) comes first, then what was chosen often. Spaces in village names are written either way
    and do not count. Under two letters finds nothing.

    typed  whether places that callers named are searched too; for desks only, they may name a person
    """
    key = search_key(text)[:80]
    if len(key) < 2:
        return []
    given: dict[str, str | int | float] = {
        "typed": typed,
        "key": key,
        "start": key + "%",
        "joined": key.replace(" ", ""),
        "joined_start": key.replace(" ", "") + "%",
        "word": f"% {key}%",
        "likeness": _LIKENESS,
        "most": 4 * limit,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(_LIKENESS)])
        cursor.execute(_SEARCH, given)
        rows = cursor.fetchall()
    ranked = sorted(((_hit(row, near), row) for row in rows), key=lambda pair: _rank(*pair))
    return [hit for hit, _row in ranked[:limit]]


_SEARCH = """
SELECT * FROM (
    SELECT a.level AS kind, a.id, a.kind AS feature, a.name, parent.name AS context, a.code AS area_code,
           a.lat, a.lng, 0 AS uses,
           CASE WHEN replace(a.name_key, ' ', '') = %(joined)s THEN 3
                WHEN replace(a.name_key, ' ', '') LIKE %(joined_start)s THEN 2
                WHEN a.name_key LIKE %(word)s OR a.name_key || ' ' || parent.name_key LIKE %(start)s THEN 1
                ELSE 0 END AS grade,
           greatest(similarity(%(key)s, a.name_key),
                    similarity(%(key)s, a.name_key || ' ' || parent.name_key)) AS likeness
    FROM territory_area a JOIN territory_area parent ON parent.id = a.parent_id
    WHERE a.closed_on IS NULL
    UNION ALL
    SELECT p.kind, p.id, p.feature, p.name, coalesce(a.name, ''), coalesce(a.code, ''),
           p.lat, p.lng, p.uses,
           CASE WHEN p.name_key = %(key)s THEN 3 WHEN p.name_key LIKE %(start)s THEN 2
                WHEN p.name_key LIKE %(word)s THEN 1 ELSE 0 END,
           word_similarity(%(key)s, p.name_key)
    FROM territory_place p LEFT JOIN territory_area a ON a.id = p.area_id
    WHERE p.closed_on IS NULL AND (%(typed)s OR p.kind <> 'typed')
      AND (p.name_key LIKE %(start)s OR p.name_key LIKE %(word)s OR %(key)s <%% p.name_key)
) found
WHERE grade > 0 OR likeness >= %(likeness)s
ORDER BY grade DESC, likeness DESC, uses DESC, name
LIMIT %(most)s
"""
_WHOLE = 3  # the grade of a name that was typed whole
_KIND_ORDER = {"landmark": 0, "typed": 1, "village": 2, "district": 3}


def _hit(row: tuple[Any, ...], near: tuple[float, float] | None) -> Hit:
    kind, key, feature, name, context, code, lat, lng = row[:8]
    area = kind in (Area.Level.VILLAGE, Area.Level.DISTRICT)
    metres = distance_m(*near, lat, lng) if near is not None and lat is not None else None
    return Hit(
        kind=kind,
        id=key,
        name=f"{Area.Kind(feature).label} {name}" if area else name,
        context=context,
        area_code=code,
        lat=lat,
        lng=lng,
        metres=metres,
        feature="" if area else feature,
        is_named=area and row[9] == _WHOLE,
    )


def _rank(hit: Hit, row: tuple[Any, ...]) -> tuple[Any, ...]:
    uses, grade, likeness = row[8:11]
    distance = hit.metres if hit.metres is not None else float("inf")
    likely = -round(likeness, 1) if not grade else 0
    return (not hit.is_named, -grade, likely, distance, _KIND_ORDER[hit.kind], -uses, hit.name)
