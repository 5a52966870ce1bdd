"""All areas of the regency in memory: a few hundred rows that every page asks for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from math import pi, sqrt
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max

from kotacerdas.foundation.territory.geometry import Land, Plane, land
from kotacerdas.foundation.territory.models import Area
from kotacerdas.kernel.memory import forgets

if TYPE_CHECKING:
    import shapely

_LOOK_AGAIN = 5.0  # seconds: how late a process may learn that the pack was loaded anew
_HULL_RATIO = 0.3  # how closely the hull follows the reference points (1 is convex)
_SEAM_M = 800.0  # gaps narrower than twice this are closed in the drawn outline
_USUAL_KM2 = 6.0  # size of a village that the pack does not give
_DRAWN_RADII, _LIMIT_RADII = 1.1, 3.0
_MIDDLE = (-2.5, 118.0)  # of Indonesia, round which is drawn what lies where no village has a point
_lock = Lock()
_cached: tuple[float, Index] | None = None


@dataclass(frozen=True, eq=False)
class Index:
    """Open areas by code. `stamp` changes whenever an area does; drawn things are cached by it."""

    stamp: tuple[Any, ...]
    by_code: dict[str, Area] = field(default_factory=dict)

    @cached_property
    def regency(self) -> Area | None:
        return next((area for area in self.by_code.values() if area.level == Area.Level.REGENCY), None)

    @cached_property
    def districts(self) -> tuple[Area, ...]:
        return tuple(area for area in self.by_code.values() if area.level == Area.Level.DISTRICT)

    @cached_property
    def villages(self) -> tuple[Area, ...]:
        return tuple(area for area in self.by_code.values() if area.level == Area.Level.VILLAGE)

    @cached_property
    def points(self) -> tuple[tuple[Area, float, float], ...]:
        """Villages whose reference point is known, with it."""
        return tuple((area, *point) for area in self.villages if (point := area.point) is not None)

    @cached_property
    def is_mapped(self) -> bool:
        """Whether every village has its point. Without one of them the cells of its neighbours would be untrue."""
        return bool(self.villages) and len(self.points) == len(self.villages)

    def villages_of(self, district_code: str) -> tuple[Area, ...]:
        """Villages of a district, by code; empty for an unknown one."""
        return tuple(area for area in self.villages if area.code.startswith(district_code + "."))

    @cached_property
    def plane(self) -> Plane:
        """The flat plane round the middle of the villages."""
        lats, lngs = [lat for _area, lat, _lng in self.points], [lng for _area, _lat, lng in self.points]
        return Plane((min(lats) + max(lats)) / 2, (min(lngs) + max(lngs)) / 2) if lats else Plane(*_MIDDLE)

    @cached_property
    def outline(self) -> Land:
        """The regency's indicative outline on the plane, for drawing.

        A close hull round the reference points, and round each a disc of its village's own size.
        """
        import shapely

        points = shapely.MultiPoint([self.plane.flat(lat, lng) for _area, lat, lng in self.points])
        hull = shapely.concave_hull(points, ratio=_HULL_RATIO).buffer(_SEAM_M, quad_segs=4)
        whole = shapely.union_all([hull, *self._discs(_DRAWN_RADII)])
        closed = whole.buffer(_SEAM_M, quad_segs=4).buffer(-2 * _SEAM_M, quad_segs=4)
        return land(closed.simplify(_SEAM_M / 8))

    @cached_property
    def limits(self) -> Land:
        """What holds every point of the regency but far islands: the convex hull of generous discs."""
        import shapely

        return land(shapely.convex_hull(shapely.union_all(self._discs(_LIMIT_RADII))))

    def _discs(self, radii: float) -> list[shapely.Polygon]:
        """Discs round the villages' points: so many radii of a circle of the village's area, in metres."""
        import shapely

        return [
            shapely.Point(self.plane.flat(lat, lng)).buffer(
                radii * sqrt((area.area_km2 or _USUAL_KM2) / pi) * 1_000, quad_segs=6
            )
            for area, lat, lng in self.points
        ]


def index() -> Index:
    """The index in force; asks the store at most every five seconds whether an area has changed."""
    global _cached
    cached = _cached
    if cached is not None and time.monotonic() < cached[0]:
        return cached[1]
    with _lock:
        stamp = tuple(Area.objects.aggregate(count=Count("pk"), changed=Max("changed_at")).values())
        fresh = cached[1] if cached is not None and cached[1].stamp == stamp else _build(stamp)
        _cached = (time.monotonic() + _LOOK_AGAIN, fresh)
    return fresh


@forgets
def forget_index() -> None:
    """Read the store at the next call; for the pack's loader and for tests."""
    global _cached
    _cached = None


def _build(stamp: tuple[Any, ...]) -> Index:
    areas = list(Area.objects.filter(closed_on=None).order_by("code"))
    by_id = {area.pk: area for area in areas}
    for area in areas:
        if area.parent_id in by_id:
            area.parent = by_id[area.parent_id]
    return Index(stamp=stamp, by_code={area.code: area for area in areas})
