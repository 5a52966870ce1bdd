"""The open emergencies of the alarm strip."""

from __future__ import annotations

from collections.abc import Sequence

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import EMERGENCY
from kotacerdas.foundation.cases.wall_figures import open_cases
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel.banners import Banner
from kotacerdas.kernel.discover import discover


def banners(grants: Grants, most: int) -> list[Banner]:
    """What the apps put beside emergencies, newest first."""
    found = [one for module in discover("banners") for make in module.BANNERS for one in make(grants)]
    return sorted(found, key=lambda one: one.since, reverse=True)[: max(0, most)]


MOST = 3  # as many as fit above the figures


def running(grants: Grants) -> Sequence[Case]:
    """Of the open emergencies the viewer may see the newest and the longest running, newest first, at most `MOST`.

    A new one is always named, and none that has run longest hides behind a count.
    """
    urgent = open_cases(grants).filter(priority=EMERGENCY)
    in_order = urgent.select_related("lead_agency").order_by("-opened_at", "-id")
    newest = list(in_order[:1])
    longest = in_order.exclude(id__in=[one.id for one in newest]).reverse()[: MOST - 1]
    return [*newest, *reversed(longest)]
