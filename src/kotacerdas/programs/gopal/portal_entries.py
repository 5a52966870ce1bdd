"""What desludging puts on the citizens' front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.shapes.portal import PortalEntry, PortalPart


def _entries() -> Sequence[PortalEntry]:
    return (
        PortalEntry(
            label=_("Order desludging"),
            note="Gopal",
            icon="truck",
            code="gopal",
            url=reverse("gopal:order_place"),
            tone="",
            order=4,
        ),
    )


PORTAL = PortalPart(entries=_entries)
