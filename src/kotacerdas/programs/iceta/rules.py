"""What the regency's pack decides about reports."""

from __future__ import annotations

import time

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.kernel.regency import Limits, regency


def limits() -> Limits:
    """The pack's `[limits]`."""
    return regency().limits


_KEEP_SECONDS = 5.0
_kept: tuple[float, Agency] | None = None


def reception_agency() -> Agency:
    """The agency that verifies what has no agency yet. Unavailable when the pack is not loaded."""
    global _kept
    if _kept is None or time.monotonic() > _kept[0]:
        found = Agency.objects.filter(code=regency().desks.coordinating_agency).first()
        if found is None:
            raise Unavailable("the agency that receives reports is not loaded", remedy="./run pack load")
        _kept = (time.monotonic() + _KEEP_SECONDS, found)
    return _kept[1]


def forget_reception() -> None:
    """Read the store at the next call; for tests."""
    global _kept
    _kept = None
