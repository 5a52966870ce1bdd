"""Gopal's figure on the wall: what the plants took in today, beside what is on the way."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Tile
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock
from kotacerdas.kernel.wall_figures import WallFigure
from kotacerdas.programs.gopal.models import Manifest, ManifestLoad

STALE_SECONDS = 12 * 3600  # nothing comes overnight


def received(_grants: Grants, at: datetime) -> Tile:
    """Cubic metres of sludge that plants received today, and what trucks carry now."""
    start = datetime.combine(clock.local_day(at), time(), tzinfo=clock.local_zone())
    today = Manifest.objects.filter(state=Manifest.State.RECEIVED, received_at__gte=start)
    found = today.aggregate(litres=Sum("received_l"), at=Max("received_at"))
    moving = (Manifest.State.OPEN, Manifest.State.CARRYING)
    carried = ManifestLoad.objects.filter(manifest__state__in=moving).aggregate(n=Sum("litres"))["n"] or 0
    return Tile(
        label=_("Sludge received today"),
        value=number((found["litres"] or 0) / 1000, 1),
        unit="m³",
        comparison=_("%(n)s m³ on board") % {"n": number(carried / 1000, 1)},
        at=found["at"] or at,
        stale_after_seconds=STALE_SECONDS,
        tone="laut",
    )


FIGURES = (WallFigure(code="gopal.received", tile=received),)
