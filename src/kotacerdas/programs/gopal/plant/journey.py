"""The way of a manifest from the journal: opened, loaded, sent off, received, asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.journal.models import Row, Sealed
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.programs.gopal.actions.manifests import SUBJECT
from kotacerdas.programs.gopal.lifecycles.differences import DIFFERENCE, KIND
from kotacerdas.programs.gopal.models import Manifest, SludgeDifference

_STEPS = {
    f"{SUBJECT}.open": ("truck", gettext_lazy("The trip began"), "plain"),
    f"{SUBJECT}.leave": ("log-in", gettext_lazy("Sent off to the plant"), "plain"),
    f"{SUBJECT}.receive": ("gauge", gettext_lazy("Received by the plant's meter"), "laut"),
    f"{SUBJECT}.refuse": ("ban", gettext_lazy("Refused by the plant"), "kunyit"),
    f"{KIND}.receive": ("octagon-alert", gettext_lazy("The sums differ: the operator is asked"), "kunyit"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened; `is_sealed` where the journal's chain holds it already."""

    at: datetime
    icon: str
    title: Any
    small: str = ""
    tone: str = "plain"
    is_sealed: bool = True


def journey(manifest: Manifest, difference: SludgeDifference | None) -> list[Line]:
    """What happened to a manifest, newest first."""
    rows = of_subject(manifest.id)
    sealed = {
        row.codes.get("order") for row, seal in rows if row.verb == f"{SUBJECT}.load" and seal is not None
    }
    found = [*_rows(manifest, rows), *_loads(manifest, sealed)]
    if not any(one.icon == "truck" for one in found):
        found.append(Line(at=manifest.opened_at, icon="truck", title=_("The trip began"), is_sealed=False))
    if difference is not None:
        found += _asked(difference)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _rows(manifest: Manifest, rows: list[tuple[Row, Sealed | None]]) -> list[Line]:
    lines = []
    for row, seal in rows:
        if row.verb not in _STEPS:
            continue
        icon, title, tone = _STEPS[row.verb]
        litres = row.measures.get("received_l")
        small = f"{number(litres)} L" if litres is not None else manifest.refused_why * (icon == "ban")
        lines.append(
            Line(
                at=row.occurred_at, icon=icon, title=title, small=small, tone=tone, is_sealed=seal is not None
            )
        )
    return lines


def _loads(manifest: Manifest, sealed: set[Any]) -> list[Line]:
    lines = []
    for index, load in enumerate(manifest.loads.select_related("order__tank", "order__case"), 1):
        where = load.order.tank.address or load.order.tank.code
        lines.append(
            Line(
                at=load.pumped_at,
                icon="droplets",
                title=_("Stop %(n)d: %(where)s") % {"n": index, "where": where},
                small=f"{number(load.litres)} L",
                tone="laut",
                is_sealed=str(load.order_id) in sealed,
            )
        )
    return lines


def _asked(difference: SludgeDifference) -> list[Line]:
    lines = []
    if difference.fell_at is not None:
        words = _("The level fell by %(n)s litres, not at a plant")
        lines.append(
            Line(
                at=difference.fell_at,
                icon="trending-down",
                title=words % {"n": number(difference.fell_l or 0)},
                tone="terasi",
                is_sealed=False,
            )
        )
    for row, seal in of_subject(difference.case_id):
        step = row.verb.removeprefix(f"{KIND}.")
        icon, title, tone = _STEPS.get(row.verb, ("message-square", "", "plain"))
        if not title and step in DIFFERENCE.by_step:
            icon, title = DIFFERENCE.by_step[step].icon, DIFFERENCE.by_step[step].label
        if title and step != "note":
            lines.append(
                Line(at=row.occurred_at, icon=icon, title=title, tone=tone, is_sealed=seal is not None)
            )
    return lines
