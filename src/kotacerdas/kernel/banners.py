"""What an app puts on the command center's wall beside emergencies: `BANNERS = (function, ...)` in its `banners.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Banner:
    """One thing that everybody in the room should see now. A declared function makes them: viewer's grants → banners.

    title, place, agency  words; never a person
    since                 from when on
    icon                  of lucide
    """

    title: Any
    place: Any
    since: datetime
    agency: Any = ""
    icon: str = "triangle-alert"
