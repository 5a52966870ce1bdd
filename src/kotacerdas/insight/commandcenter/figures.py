"""The wall's figures: declared by the apps, chosen and ordered by the pack."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Tile
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.regency import regency
from kotacerdas.kernel.wall_figures import WallFigure

MOST = 6  # as many tiles as the wall has room for: four over the channels, two under them


@lru_cache(maxsize=1)
def declared() -> dict[str, WallFigure]:
    """All declared figures by code, in the order of the apps. Raises LookupError when two share one."""
    found: dict[str, WallFigure] = {}
    for module in discover("wall_figures"):
        for one in module.FIGURES:
            if one.code in found:
                raise LookupError(f"wall figure {one.code} is declared twice")
            found[one.code] = one
    return found


def tiles(grants: Grants, at: datetime) -> list[Tile]:
    """The tiles that the pack names, in its order; without its word the first declared ones.

    A figure of a program that does not run here is left out.
    """
    wanted = regency().wall.figures or tuple(declared())
    return [declared()[code].tile(grants, at) for code in wanted if code in declared()][:MOST]
