"""Whether positions of a pack can be true: both numbers or none, in Indonesia, not swapped, near what they belong to.

The bounds are generous, since a regency of islands reaches far: what lies beyond is a slip of the pen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.foundation.territory.land import in_indonesia

REGENCY_M = 400_000.0  # islands of one regency lie up to some 300 km apart
DISTRICT_M = 100_000.0
_SPREAD = 6  # times the median distance from the middle
_ENOUGH = 3  # positions, from which on there is a middle
Spot = tuple[float, float]


def spot_of(row: Any) -> Spot | None:
    """The position of a row, where it has one that can be one."""
    if row.lat is None or row.lng is None or not in_indonesia(row.lat, row.lng):
        return None
    return row.lat, row.lng


def flaw_of(row: Any) -> str | None:
    """What is wrong with a row's `lat` and `lng` by themselves."""
    if row.lat is None and row.lng is None:
        return None
    if row.lat is None or row.lng is None:
        return _("lat, lng: write both, or neither")
    if in_indonesia(row.lat, row.lng):
        return None
    if in_indonesia(row.lng, row.lat):
        return _("lat, lng: they are swapped; write %(lat)s, %(lng)s") % {"lat": row.lng, "lng": row.lat}
    return _("lat, lng: this is not in Indonesia; latitude first, south is negative")


def far_areas(rows: Sequence[Any], whole: str) -> Iterator[tuple[Any, str]]:
    """Areas far from the others of their regency, and villages far from the others of their district.

    rows   of areas.csv; whole  the name of the regency
    """
    villages = [row for row in rows if row.code.count(".") == 3 and spot_of(row)]
    middle, reach = _middle([spot_of(row) for row in villages], REGENCY_M)
    told = set()
    for row in rows:
        if (spot := spot_of(row)) and middle and distance_m(*spot, *middle) > reach:
            told.add(row.code)
            yield row, _far(row, middle, reach, whole)
    for district in [row for row in rows if row.code.count(".") == 2]:
        own = [row for row in villages if row.parent == district.code]
        middle, reach = _middle([spot_of(row) for row in own], DISTRICT_M)
        for row in (*own, district):
            spot = spot_of(row)
            if row.code not in told and spot and middle and distance_m(*spot, *middle) > reach:
                yield row, _far(row, middle, reach, district.name)


def far_places(rows: Sequence[Any], areas: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """Landmarks far from their area, or from every area where they name none."""
    spots = {row.code: (spot_of(row), row.name) for row in areas}
    every = [spot for spot, _name in spots.values() if spot]
    for row in rows:
        if (spot := spot_of(row)) is None:
            continue
        own, name = spots.get(row.area, (None, ""))
        near = own or min(every, key=lambda one: distance_m(*spot, *one), default=None)
        if near and distance_m(*spot, *near) > DISTRICT_M:
            yield row, _far(row, near, DISTRICT_M, name or _("every village"))


def _middle(spots: Sequence[Spot | None], least: float) -> tuple[Spot | None, float]:
    """The middle of positions, and how far from it one of them may lie, in metres."""
    known = [spot for spot in spots if spot]
    if len(known) < _ENOUGH:
        return None, least
    middle = (median(lat for lat, _lng in known), median(lng for _lat, lng in known))
    return middle, max(least, _SPREAD * median(distance_m(*spot, *middle) for spot in known))


def _far(row: Any, near: Spot, reach: float, name: str) -> str:
    words = {"km": round(distance_m(row.lat, row.lng, *near) / 1000), "name": name, "lat": -row.lat}
    if distance_m(-row.lat, row.lng, *near) <= reach:
        return _("lat, lng: %(km)d km from %(name)s; south is negative, so perhaps lat is %(lat)s") % words
    return _("lat, lng: %(km)d km from %(name)s; compare the numbers, latitude first") % words
