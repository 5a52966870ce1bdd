"""The pack's part of telemetry: how long what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.telemetry.models import Retention
from kotacerdas.kernel.pack import Counts, Pack, Section
from kotacerdas.kernel.packstore import upsert

LEAST_DAYS = 2


@dataclass(frozen=True, kw_only=True)
class RetentionRow:
    """One [[retention]] of telemetry.toml."""

    what: Literal["raw", "minute", "hour", "day"]
    days: int
    valid_from: date
    source: str = ""


def check_retention(rows: Sequence[RetentionRow], _pack: Pack) -> Iterator[tuple[RetentionRow, str]]:
    """At least two days: what came late today must still find its place."""
    for row in rows:
        if not LEAST_DAYS <= row.days <= 36_600:
            yield row, _("days: at least %(n)s") % {"n": LEAST_DAYS}


def load_retention(rows: Sequence[RetentionRow], _pack: Pack) -> Counts:
    """Retention by kind and first day. One gone from the pack stays: earlier rows explain what was deleted."""
    wanted = [
        {"what": row.what, "days": row.days, "valid_from": row.valid_from, "source": row.source}
        for row in rows
    ]
    return upsert(Retention, ("what", "valid_from"), wanted)


SECTIONS = (
    Section(
        name="retention",
        file="telemetry.toml",
        row=RetentionRow,
        stored=Retention,
        key=("what", "valid_from"),
        load=load_retention,
        check=check_retention,
        optional=True,
    ),
)
