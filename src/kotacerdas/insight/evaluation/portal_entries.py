"""The regency's other programmes on the front page: named, and without a link until they run here."""

from __future__ import annotations

from collections.abc import Sequence

from kotacerdas.foundation.ui.shapes.portal import PortalEntry, PortalPart
from kotacerdas.insight.evaluation.models import Programme, ProgrammeDimension
from kotacerdas.kernel import clock
from kotacerdas.kernel.programmes import named


def _entries() -> Sequence[PortalEntry]:
    """Programmes in force, with their own or their dimension's icon; "Name (what it means)" becomes label and note."""
    today = clock.today()
    icons = dict(ProgrammeDimension.objects.on(today).values_list("programme__code", "dimension__icon"))
    return [
        _entry(one, one.icon or icons.get(one.code, "circle-dashed")) for one in Programme.objects.on(today)
    ]


def _entry(programme: Programme, icon: str) -> PortalEntry:
    found = named(programme.name)
    label, note = (found.meaning, found.name) if found.meaning else (programme.name, "")
    return PortalEntry(label=label, note=note, icon=icon, code=programme.code, order=500)


PORTAL = PortalPart(entries=_entries)
