"""Two people changed one record: what is merged by the field's rule, and what a person must settle."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.commands.checking import is_asked
from kotacerdas.foundation.commands.fields import UPLOADS, Field
from kotacerdas.kernel.errors import Conflict


class FieldConflict(Conflict):
    """Fields that two people changed and no rule settles. `differences`: field → what it was, theirs, mine."""

    code = "field_conflict"

    def __init__(self, differences: Mapping[str, list[Any]]) -> None:
        super().__init__(
            _("Somebody else changed this too. Nothing was overwritten."),
            remedy=_("Choose for each answer which one holds."),
        )
        self.differences = dict(differences)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What the record becomes, and the fields that a person must settle: what it was, theirs, mine."""

    values: dict[str, Any]
    asked: dict[str, list[Any]]


def merged(
    fields: tuple[Field, ...],
    *,
    base: Mapping[str, Any],
    stored: Mapping[str, Any],
    mine: Mapping[str, Any],
    newer: Collection[str] = (),
) -> Merged:
    """Merge an answer that was given before the stored one was known.

    base   what the phone had; stored  what stands now; mine  what it says now
    newer  fields whose stored answer was given later than mine

    A field that only one of both changed takes the change. Of two changes `last` takes the later one, `add` counts
    both, `ask` is left to a person; equal changes are one.
    """
    values, asked = dict(stored), {}
    for one in fields:
        was, theirs, ours = base.get(one.name), stored.get(one.name), mine.get(one.name)
        if ours in (was, theirs):
            continue
        if theirs == was or (one.merge == "last" and one.name not in newer):
            _put(values, one.name, ours)
        elif one.merge == "add" and all(isinstance(part, int | None) for part in (was, theirs, ours)):
            _put(values, one.name, (theirs or 0) + (ours or 0) - (was or 0))
        elif one.merge != "last":
            asked[one.name] = [was, theirs, ours]
    return Merged(values=values, asked=asked)


def still_asked(fields: tuple[Field, ...], values: Mapping[str, Any], today: str) -> dict[str, Any]:
    """The answers without those that hang on another one and are not asked any more; `today` as in `check`.

    What hangs on photos, which are not among the answers, stays.
    """
    kinds = {one.name: one.type for one in fields}
    kept: dict[str, Any] = {}
    for one in fields:
        is_sure = one.shown_if is None or kinds.get(one.shown_if.field) in UPLOADS
        if one.name in values and (is_sure or is_asked(one, kept, today)):
            kept[one.name] = values[one.name]
    return {name: value for name, value in values.items() if name in kept or name not in kinds}


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value
