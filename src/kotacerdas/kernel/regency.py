"""What pack.toml says of the regency: names, desks, contacts, limits. Read once, without a store.

`regency()` is how any room learns it; nothing in the code names a regency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext as _

from kotacerdas.kernel.pack import MANIFEST, Problem, read_manifest
from kotacerdas.kernel.packtables import tables

_INSTANCE = re.compile(r"[A-Z]{2,5}")
_AREA = re.compile(r"[0-9]{2}\.[0-9]{2}")


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Who runs this instance. `code` precedes ticket numbers; `area` is the Kemendagri code of the regency."""

    code: str
    area: str
    time_zone: Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
    name_id: str
    name_en: str
    short_name: str
    brand: str
    head_id: str
    head_en: str


@dataclass(frozen=True, kw_only=True)
class Desks:
    """Codes of the agencies with a part of their own in every flow."""

    coordinating_agency: str
    planning_agency: str
    escalation_end: str = ""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """The public address; `is_example` until the regency has confirmed it, and then said beside it."""

    address: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    is_example: bool = True


@dataclass(frozen=True, kw_only=True)
class EmergencyNumber:
    """A number to call, printed only with the source it stands on. `groups` of categories it helps in; none: in all."""

    number: str
    name_id: str
    name_en: str
    basis: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmergencyInstead:
    """Whom to reach in emergencies of these groups of categories as long as no number for them is known."""

    groups: tuple[str, ...]
    words_id: str
    words_en: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits that a regency may choose for every program; units are in the names."""

    most_story_letters: int = 4000
    most_photos: int = 5
    most_photo_mb: int = 10
    draft_photo_hours: int = 24
    link_days_after_closing: int = 90


@dataclass(frozen=True, kw_only=True)
class Bands:
    """Attainment in percent from which a score is good, and from which it is fair."""

    good_from: int = 90
    fair_from: int = 70


@dataclass(frozen=True, kw_only=True)
class Wall:
    """The command center's wall: codes of its figures, in order. None: the first that the apps declare."""

    figures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Regency:
    """The whole of pack.toml."""

    instance: Instance
    desks: Desks
    contact: Contact
    emergency_numbers: tuple[EmergencyNumber, ...]
    emergency_instead: tuple[EmergencyInstead, ...]
    limits: Limits
    bands: Bands
    wall: Wall = Wall()


def flaws_of_instance(regency: Regency) -> Iterator[Problem]:
    """What is wrong with [instance]: its code stands before every ticket number, its area in every address."""
    if not _INSTANCE.fullmatch(regency.instance.code):
        yield Problem(MANIFEST, 0, _("[instance] code: write 2 to 5 capital letters, as in TML"))
    if not _AREA.fullmatch(regency.instance.area):
        yield Problem(
            MANIFEST, 0, _("[instance] area: write the Kemendagri code of the regency, as in 12.34")
        )


@lru_cache(maxsize=4)
def read_regency(folder: Path) -> Regency:
    """The manifest of a pack. Raises PackError with file, line and what to do."""
    return read_manifest(folder, Regency, others=tables())


def regency() -> Regency:
    """The manifest of this instance's pack (`settings.PACK`)."""
    from django.conf import settings

    return read_regency(Path(settings.PACK))
