"""ICeta's figure on the wall: promises kept in the last seven days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.queries import figure
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Tile
from kotacerdas.foundation.ui.tags.words import number, percent
from kotacerdas.kernel import clock
from kotacerdas.kernel.wall_figures import WallFigure

STALE_SECONDS = 3600
DAYS = 7  # one day alone often has nothing that ended


def on_time(_grants: Grants, _at: datetime) -> Tile:
    """The share of promises that ended in time, beside their number; as old as the indicators are."""
    last = clock.today()
    found = figure("iceta.on_time_share", last - timedelta(days=DAYS - 1), last)
    share = found.value
    return Tile(
        label=_("On time, 7 days"),
        value=percent(share) if share is not None else _("none ended"),
        comparison=_("%(n)s of %(m)s deadlines")
        % {"n": number(found.numerator), "m": number(found.denominator)},
        at=engine.moved_at(),
        stale_after_seconds=STALE_SECONDS,
        tone="padi" if share is not None and share >= 0.9 else "kunyit",
    )


FIGURES = (WallFigure(code="iceta.on_time", tile=on_time),)
