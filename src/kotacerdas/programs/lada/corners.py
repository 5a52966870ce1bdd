"""The corners of an area as they are typed: one `latitude, longitude` a line, in degrees. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

from django.utils.translation import gettext as _

MOST_CORNERS = 200
Ring = list[list[float]]


def corners(text: str) -> Ring:
    """The corners that somebody typed; none for an empty text. Raises ValueError in the reader's words."""
    ring: Ring = []
    for line in text.strip().splitlines():
        try:
            lat, lng = (float(one) for one in line.replace(";", ",").split(","))
        except ValueError:
            lat = lng = float("nan")
        if not is_place(lat, lng):
            raise ValueError(_("Write one corner a line, as -6.3271, 108.3249."))
        ring.append([lat, lng])
    if ring and not 3 <= len(ring) <= MOST_CORNERS:
        raise ValueError(_("An area has between 3 and %(most)d corners.") % {"most": MOST_CORNERS})
    return ring


def typed(rings: Iterable[Sequence[Sequence[float]]]) -> str:
    """Corners as they would be typed."""
    return "\n".join(f"{lat}, {lng}" for ring in rings for lat, lng in ring)


def is_place(lat: float | None, lng: float | None) -> bool:
    """Whether these are degrees on the earth."""
    if lat is None or lng is None or not (isfinite(lat) and isfinite(lng)):
        return False
    return abs(lat) <= 90 and abs(lng) <= 180
