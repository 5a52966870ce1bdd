"""The open emergencies of the alarm strip."""

from __future__ import annotations

from collections.abc import Sequence

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.insight.commandcenter.queries import EMERGENCY

MOST = 3  # as many as fit above the figures


def running(grants: Grants) -> Sequence[Case]:
    """The open emergencies the viewer may see, newest first, at most `MOST`: a new one is always named."""
    urgent = visible_to(grants).filter(priority=EMERGENCY, closed_at=None).exclude(state="resolved")
    return list(urgent.select_related("lead_agency").order_by("-opened_at", "-id")[:MOST])
