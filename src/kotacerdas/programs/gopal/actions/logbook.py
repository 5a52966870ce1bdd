"""A plant's logbook: laboratory results, maintenance, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.event_time import AHEAD
from kotacerdas.foundation.dispatch.models import Station
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.gopal.models import LogEntry
from kotacerdas.programs.gopal.permissions import RECEIVE

SUBJECT = "gopal.log"
KINDS = {
    "laboratory": gettext_lazy("Laboratory"),
    "maintenance": gettext_lazy("Maintenance"),
    "incident": gettext_lazy("Incident"),
}
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of the laboratory: what Permen LHK 68/2016 has measured of treated domestic waste water."""

    name: str
    label: Any
    unit: str = ""
    most: float = 100_000


FIGURES = (
    Figure(name="ph", label="pH", most=14),
    Figure(name="bod_mg_per_l", label="BOD", unit="mg/L"),
    Figure(name="cod_mg_per_l", label="COD", unit="mg/L"),
    Figure(name="tss_mg_per_l", label="TSS", unit="mg/L"),
    Figure(name="oil_mg_per_l", label=gettext_lazy("Oil and grease"), unit="mg/L"),
    Figure(name="ammonia_mg_per_l", label=gettext_lazy("Ammonia"), unit="mg/L"),
    Figure(name="coliform_per_100ml", label=gettext_lazy("Total coliform"), unit="/100 mL", most=10**9),
)


def log_write(
    *,
    actor: Actor,
    plant: Station,
    kind: str,
    words: str = "",
    values: Mapping[str, float] | None = None,
    at: datetime | None = None,
) -> LogEntry:
    """A line of the logbook. Raises Refused, Invalid with its field: kind, words, or a figure's name."""
    require(actor.grants, RECEIVE, agencies=[plant.agency_id])
    assert actor.user is not None
    at = min(at or actor.happened_at or clock.now(), clock.now() + AHEAD)
    words, figures = words.strip(), dict(values or {})
    if wrong := _wrong(kind, words, figures):
        raise Invalid(_("The line was not written."), fields=wrong)
    with transaction.atomic():
        entry = LogEntry.objects.create(
            plant=plant, kind=kind, at=at, words=words, values=figures, written_by=actor.user
        )
        append(
            verb=f"{SUBJECT}.{kind}",
            subject=(SUBJECT, entry.id),
            actor=actor.code,
            codes={"agency": plant.agency.code, "area": "", "plant": plant.code},
            measures=figures,
            occurred_at=at,
        )
        return entry


def _wrong(kind: str, words: str, figures: Mapping[str, float]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = {one.name: one for one in FIGURES}
    if kind not in KINDS:
        found["kind"] = _("Choose one of the list.")
    if len(words) > LONGEST:
        found["words"] = _("At most %(most)d letters.") % {"most": LONGEST}
    elif kind == "laboratory" and not figures:
        found["words"] = _("Type at least one figure of the laboratory.")
    elif kind != "laboratory" and not words:
        found["words"] = _("Write what was done or seen.")
    for name, value in figures.items():
        most = known[name].most if name in known else -1
        if not isfinite(value) or not 0 <= value <= most:
            found[name] = _("From 0 to %(most)d.") % {"most": most}
    return found
