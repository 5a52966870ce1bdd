"""La-Da's figure on the wall: certified parcels of the regency's land, beside all of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Tile
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel.wall_figures import WallFigure
from kotacerdas.programs.lada.queries import in_the_books

STALE_SECONDS = 24 * 3600


def certified(_grants: Grants, at: datetime) -> Tile:
    """How many parcels of the regency's land have a certificate, of how many."""
    found = in_the_books("A").aggregate(all=Count("id"), certified=Count("id", filter=~Q(certificate="")))
    return Tile(
        label=_("Certified land"),
        value=number(found["certified"]),
        unit=_("parcels"),
        comparison=_("of %(n)s in the books") % {"n": number(found["all"])},
        at=at,
        stale_after_seconds=STALE_SECONDS,
        tone="laut",
    )


FIGURES = (WallFigure(code="lada.certified", tile=certified),)
