"""What nobody can read on a page in a browser: cut, written over, beyond the edge.

`./run shots` lists it for every page, and a browser test keeps the main ones free of it. An element that may show
the beginning alone carries `data-shortened` (the whole stands elsewhere, or in the list that a field opens), one that is
meant to be pushed sideways `data-sideways`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_FIND = Path(__file__).with_name("cut.js").read_text()


def cut_text(page: Any) -> list[str]:
    """One line for each text that is cut, hidden, written over or off the screen, and for a page that scrolls sideways."""
    return list(page.evaluate(_FIND))
