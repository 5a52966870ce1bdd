"""Rules for reports that the regency's pack sets."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import phones
from kotacerdas.kernel.errors import Unavailable
from kotacerdas.kernel.memory import forgets
from kotacerdas.kernel.regency import regency


@dataclass(frozen=True, kw_only=True)
class Help:
    """What to do at once in an emergency: numbers to call, and whom to reach where none is known."""

    lines: Sequence[dict[str, str]]
    instead: Sequence[str]


def emergency_help(groups: Iterable[str]) -> Help:
    """The emergency help for these groups of categories, so that a fire does not get the ambulance's number."""
    pack, english = regency(), (get_language() or "id").startswith("en")
    wanted = sorted(set(groups))
    numbers = [one for one in pack.emergency_numbers if not one.groups or set(one.groups) & set(wanted)]
    reached = {group for group in wanted for one in numbers if not one.groups or group in one.groups}
    missing = [group for group in wanted if group not in reached]
    instead = [
        one.words_en if english else one.words_id
        for one in pack.emergency_instead
        if set(one.groups) & set(missing)
    ]
    covered = {group for one in pack.emergency_instead for group in one.groups}
    if any(group not in covered for group in missing):
        instead.append(
            _(
                "No confirmed number for this is known here. Tell the people around you and the nearest village office or police post."
            )
        )
    return Help(
        lines=[
            {
                "number": one.number,
                "label": one.name_en if english else one.name_id,
                "shown": phones.shown(one.number),
            }
            for one in numbers
        ],
        instead=instead,
    )


_KEEP_SECONDS = 5.0
_cache: tuple[float, Agency] | None = None


def reception_agency() -> Agency:
    """The agency that verifies what has no agency yet. Unavailable when the pack is not loaded."""
    global _cache
    if _cache is None or time.monotonic() > _cache[0]:
        found = Agency.objects.filter(code=regency().desks.coordinating_agency).first()
        if found is None:
            raise Unavailable("the agency that receives reports is not loaded", remedy="./run pack load")
        _cache = (time.monotonic() + _KEEP_SECONDS, found)
    return _cache[1]


@forgets
def forget_reception() -> None:
    """Read the store at the next call; for tests."""
    global _cache
    _cache = None
