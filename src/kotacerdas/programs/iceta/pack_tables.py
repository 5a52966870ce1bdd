"""ICeta's own table in pack.toml: `[iceta]`."""

from __future__ import annotations

from dataclasses import dataclass

from kotacerdas.kernel.packtables import Table, pack_table


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of reports that a regency may choose; units are in the names."""

    least_story_letters: int = 10
    postpone_workdays: int = 10
    similar_within_metres: int = 250
    shown_distance_step_metres: int = 50
    least_ratings_shown: int = 10


TABLES = (Table("iceta", Limits),)


def limits() -> Limits:
    """What the pack says of reports."""
    return pack_table(Limits)
