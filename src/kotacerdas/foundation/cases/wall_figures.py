"""Figures of the wall over cases of every kind that the viewer may see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import EMERGENCY, undone, visible_to
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import Tile
from kotacerdas.foundation.ui.tags.words import lasting, number
from kotacerdas.kernel import clock
from kotacerdas.kernel.wall_figures import WallFigure

USUAL_DAYS = 28


def open_cases(grants: Grants) -> QuerySet[Case]:
    """Cases that still want work, of every kind the viewer may see."""
    return visible_to(grants).filter(undone(), closed_at=None)


def emergencies(grants: Grants, at: datetime) -> Tile:
    """Open emergencies, beside how long the oldest has run."""
    urgent = open_cases(grants).filter(priority=EMERGENCY).order_by("opened_at")
    count, oldest = urgent.count(), urgent.values_list("opened_at", flat=True).first()
    return Tile(
        label=_("Emergencies now"),
        value=count,
        comparison=_("oldest %(time)s") % {"time": lasting(oldest, at)} if oldest else "",
        at=at,
        tone="terasi" if count else "plain",
    )


def overdue(grants: Grants, at: datetime) -> Tile:
    """Open cases past their time, beside all open ones."""
    cases = open_cases(grants)
    late = cases.filter(Q(due_at__lt=at, is_paused=False)).count()
    return Tile(
        label=_("Overdue"),
        value=late,
        comparison=_("of %(n)s open") % {"n": number(cases.count())},
        at=at,
        tone="terasi" if late else "padi",
    )


def today(grants: Grants, at: datetime) -> Tile:
    """Cases that were opened today, beside the mean of a day over the four weeks before."""
    cases = visible_to(grants)
    midnight = datetime.combine(clock.today(), datetime.min.time(), tzinfo=clock.local_zone())
    before = cases.filter(opened_at__gte=midnight - timedelta(days=USUAL_DAYS), opened_at__lt=midnight)
    usual = round(before.count() / USUAL_DAYS, 1)
    return Tile(
        label=_("Came in today"),
        value=cases.filter(opened_at__gte=midnight).count(),
        comparison=_("usually %(n)s") % {"n": number(usual)} if usual else "",
        at=at,
    )


FIGURES = (
    WallFigure(code="cases.emergencies", tile=emergencies),
    WallFigure(code="cases.overdue", tile=overdue),
    WallFigure(code="cases.today", tile=today),
)
