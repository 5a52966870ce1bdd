"""`{% load maps %}{% place_map lat lng accuracy %}`: a still map that works without script or tiles."""

from __future__ import annotations

from math import ceil
from typing import Any

from django import template

from kotacerdas.foundation.territory.minimap import is_rough, mini_map
from kotacerdas.foundation.territory.queries import nearest_villages

register = template.Library()


@register.inclusion_tag("territory/place_map.html")
def place_map(
    lat: float | None, lng: float | None, accuracy: float | None = None, link: str = "", area: str = ""
) -> dict[str, Any]:
    """The map round a position in WGS 84 degrees; accuracy in metres; `link` makes it lead to a larger one.

    `area` is the code of the village that was chosen, if one was. Draws nothing without a position, and no pin for one
    that is too rough to tell a village: the circle in which it lies, and how rough it is.
    """
    if lat is None or lng is None:
        return {"map": None}
    return {
        "map": mini_map(lat, lng, accuracy, area),
        "near": ", ".join(near.area.full_name for near in nearest_villages(lat, lng, 1)),
        "accuracy_m": accuracy,
        "rough_km": ceil((accuracy or 0) / 1_000) if is_rough(accuracy) else 0,
        "link": link,
    }
