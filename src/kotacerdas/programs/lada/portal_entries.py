"""What La-Da puts on the citizens' front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.shapes.portal import PortalEntry, PortalPart
from kotacerdas.kernel.programmes import programme
from kotacerdas.programs.lada.public.holdings import holdings


def _entries() -> Sequence[PortalEntry]:
    """The way to the public map, where something stands in the books: nobody is led to an empty map."""
    if not holdings():
        return ()
    return (
        PortalEntry(
            label=_("Land and buildings of the region"),
            note=programme("lada").name,
            icon=programme("lada").icon or "landmark",
            code="lada",
            url=reverse("lada:public_map"),
            order=6,
        ),
    )


PORTAL = PortalPart(entries=_entries)
