"""Distances on the earth and a flat plane in metres round one regency, pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, TypeAlias

if (
    TYPE_CHECKING
):  # shapely brings numpy, and the roles without maps need neither: it is imported where it draws
    from shapely import Geometry, MultiPolygon, Polygon

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1 (IUGG)
_METRES_PER_DEGREE = EARTH_RADIUS_M * radians(1)

Land: TypeAlias = "Polygon | MultiPolygon"


def land(shape: Geometry) -> Land:
    """The polygons of a shape, made valid; an intersection may also hold points and lines, which are dropped."""
    from shapely import MultiPolygon, Polygon, is_valid, make_valid

    if not is_valid(shape):
        shape = make_valid(shape)
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    return MultiPolygon([part for part in getattr(shape, "geoms", ()) if isinstance(part, Polygon)])


def distance_m(lat_a: float, lng_a: float, lat_b: float, lng_b: float) -> float:
    """Great-circle distance in metres by the haversine formula; within 0.5% of the ellipsoid's."""
    a, b = radians(lat_a), radians(lat_b)
    half_lng = sin(radians(lng_b - lng_a) / 2)
    half_lat = sin((b - a) / 2)
    return 2 * EARTH_RADIUS_M * asin(sqrt(half_lat**2 + cos(a) * cos(b) * half_lng**2))


@dataclass(frozen=True)
class Plane:
    """An equirectangular plane, metres east and north of a middle; true to 0.1% within 100 km."""

    lat: float
    lng: float

    def flat(self, lat: float, lng: float) -> tuple[float, float]:
        """(x east, y north) in metres of a position in WGS 84 degrees."""
        east = (lng - self.lng) * _METRES_PER_DEGREE * cos(radians(self.lat))
        return east, (lat - self.lat) * _METRES_PER_DEGREE
