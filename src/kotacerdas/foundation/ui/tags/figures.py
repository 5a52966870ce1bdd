"""Pieces that show figures: tiles, meters, trends, bars and maps. All SVG from the server."""

from __future__ import annotations

from typing import Any

from kotacerdas.foundation.ui import drawing
from kotacerdas.foundation.ui.shapes import BarChart, Choropleth, LineChart, Meter, Sparkline, Tile
from kotacerdas.kernel import clock

from .registry import TEMPLATES, register


@register.inclusion_tag(TEMPLATES + "tile.html")
def tile(shape: Tile) -> dict[str, Any]:
    """A figure with its age: fresh, stale or without data."""
    if shape.at is None:
        state = "none"
    else:
        state = "stale" if (clock.now() - shape.at).total_seconds() > shape.stale_after_seconds else "fresh"
    return {"t": shape, "state": state}


@register.inclusion_tag(TEMPLATES + "meter.html")
def meter(shape: Meter) -> dict[str, Any]:
    """A share as a bar with a target tick. At 100% the bar has room left where a target may be overshot."""
    return {"m": shape}


@register.inclusion_tag(TEMPLATES + "sparkline.html")
def sparkline(shape: Sparkline, width: int = 104, height: int = 34) -> dict[str, Any]:
    """A small trend with its goal dashed and its last value dotted."""
    return drawing.spark(shape, width, height)


@register.inclusion_tag(TEMPLATES + "bar_chart.html")
def bar_chart(chart: BarChart) -> dict[str, Any]:
    """Published hatched, live solid, missing as a dashed frame with its reason; the table stands behind."""
    return drawing.bars(chart)


@register.inclusion_tag(TEMPLATES + "line_chart.html")
def line_chart(chart: LineChart) -> dict[str, Any]:
    """One line over equal steps; gaps stay gaps; the table stands behind."""
    return drawing.line(chart)


@register.inclusion_tag(TEMPLATES + "choropleth.html")
def choropleth(shape: Choropleth) -> dict[str, Any]:
    """A map of five classes; every shape is a link where it has an address; the list stands behind."""
    # The chosen shape is drawn last, so that its neighbours do not cover its outline.
    drawn = sorted(shape.regions, key=lambda region: region.on)
    return {"m": shape, "drawn": drawn, "box": " ".join(f"{part:g}" for part in shape.box)}


@register.inclusion_tag(TEMPLATES + "wall_clock.html")
def wall_clock() -> dict[str, Any]:
    """Time and day of the wall's header; ticks where there is script."""
    return {"at": clock.now(), "zone": str(clock.local_zone())}
