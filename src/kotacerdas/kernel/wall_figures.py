"""What an app counts on the command center's wall: `FIGURES = (WallFigure(...), ...)` in its `wall_figures.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class WallFigure:
    """One tile of the wall. Which are shown, and in which order, says `[wall] figures` of the pack.

    code   `<app>.<figure>`
    tile   viewer's grants, instant of counting → a `shapes.Tile` with its comparison; counts, never a person
    """

    code: str
    tile: Callable[[Any, datetime], Any]
