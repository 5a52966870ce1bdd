"""What the library of holidays knows, written down in the store when a pack is loaded.

Importing the library brings in the calendars of all countries: half a second and some 40 MB in every process. So a
process reads the page of the store, and imports the library only where the page is of another version of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from kotacerdas.foundation.workdays.calendar import Name, Stretch
from kotacerdas.foundation.workdays.models import AlmanacPage

_FORM = 1  # of the facts as written


@dataclass(frozen=True)
class Almanac:
    """Days off with their names, Ramadans, and the last year whose collective leave is decreed."""

    days_off: dict[date, Name]
    ramadans: tuple[Stretch, ...]
    decreed_through: int


def known() -> Almanac:
    """The almanac of the installed library: from the store, else reckoned here."""
    page = AlmanacPage.objects.filter(version=_version()).first()
    return _read(page.facts) if page else reckoned()


def keep() -> None:
    """Write the almanac of the installed library down, in place of an older one."""
    if not AlmanacPage.objects.filter(version=_version()).exists():
        facts = _facts(reckoned())
        AlmanacPage.objects.update_or_create(id=1, defaults={"version": _version(), "facts": facts})


@lru_cache(maxsize=1)
def reckoned() -> Almanac:
    """The almanac from the library itself."""
    from kotacerdas.foundation.workdays import library

    return Almanac(library.days_off(), library.ramadans(), library.decreed_through())


@lru_cache(maxsize=1)
def _version() -> str:
    return f"{_FORM} holidays {version('holidays')}"


def _facts(almanac: Almanac) -> dict[str, Any]:
    return {
        "days_off": [[day.isoformat(), *name] for day, name in almanac.days_off.items()],
        "ramadans": [[one.season, one.first.isoformat(), one.last.isoformat()] for one in almanac.ramadans],
        "decreed_through": almanac.decreed_through,
    }


def _read(facts: dict[str, Any]) -> Almanac:
    day = date.fromisoformat
    return Almanac(
        {day(off): Name(*names) for off, *names in facts["days_off"]},
        tuple(Stretch(season, day(first), day(last)) for season, first, last in facts["ramadans"]),
        int(facts["decreed_through"]),
    )
