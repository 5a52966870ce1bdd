"""What desludging puts on the citizens' front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.shapes.portal import PortalEntry, PortalPart
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.kernel.programmes import programme
from kotacerdas.programs.gopal import queries


def _entries() -> Sequence[PortalEntry]:
    """The way to order, where there is a plant that takes sludge: nobody is led to a form that must refuse."""
    try:
        plants = queries.plants_of(queries.serving_agency())
    except Unavailable:
        plants = []
    if not plants:
        return ()
    return (
        PortalEntry(
            label=_("Order desludging"),
            note=programme("gopal").name,
            icon=programme("gopal").icon or "truck",
            code="gopal",
            url=reverse("gopal:order_place"),
            tone="",
            order=4,
        ),
    )


PORTAL = PortalPart(entries=_entries)
