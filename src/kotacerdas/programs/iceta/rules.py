"""What the regency's pack decides about reports."""

from __future__ import annotations

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.kernel.regency import Limits, regency


def limits() -> Limits:
    """The pack's `[limits]`."""
    return regency().limits


def reception_agency() -> Agency:
    """The agency that verifies what has no agency yet. Unavailable when the pack is not loaded."""
    found = Agency.objects.filter(code=regency().desks.coordinating_agency).first()
    if found is None:
        raise Unavailable("the agency that receives reports is not loaded", remedy="./run pack load")
    return found
