"""What an app declares of what it charges for: `PURPOSES = (Purpose(...), ...)` in its `charge_purposes.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kotacerdas.kernel.discover import discover


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """One thing that is charged for: its code in charges and journal, its words on bill and receipt."""

    code: str
    label: Any


@lru_cache(maxsize=1)
def purposes() -> dict[str, Purpose]:
    """All declared purposes by code. Raises LookupError when two share one."""
    found: dict[str, Purpose] = {}
    for module in discover("charge_purposes"):
        for one in getattr(module, "PURPOSES", ()):
            if one.code in found:
                raise LookupError(f"purpose {one.code} is declared twice")
            found[one.code] = one
    return found
