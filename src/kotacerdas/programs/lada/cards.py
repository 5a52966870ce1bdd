"""The columns of the inventory cards (KIB A to F) as fields: what a good's facts may say, card by card. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Type = Literal["text", "integer", "decimal", "day", "boolean", "choice"]
DIGITS = 2  # after the point, of areas and lengths
LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a card.

    unit        m, m2, km, rupiah; least, most  of a number, both inclusive; longest  of a text, in letters
    choices     code and words; is_due  a day that comes round, and stands in the list of what is due
    is_address  shown as the place, and nothing that a stranger sees
    """

    name: str
    label: Any
    type: Type = "text"
    unit: str = ""
    least: int = 0
    most: int = 1_000_000_000
    longest: int = LONGEST
    choices: tuple[tuple[str, Any], ...] = ()
    is_due: bool = False
    is_address: bool = False


LAND_RIGHTS = (
    ("use", gettext_lazy("right of use (hak pakai)")),
    ("manage", gettext_lazy("right of management (hak pengelolaan)")),
    ("other", gettext_lazy("another right")),
)
LAND_STATES = (
    ("own", gettext_lazy("the regency's land")),
    ("state", gettext_lazy("state land")),
    ("village", gettext_lazy("village land")),
    ("customary", gettext_lazy("customary land")),
    ("other", gettext_lazy("somebody else's land")),
)
BUILDINGS = (
    ("permanent", gettext_lazy("permanent")),
    ("semi", gettext_lazy("semi-permanent")),
    ("light", gettext_lazy("emergency or light")),
)


def _area(name: str, label: Any) -> Column:
    return Column(name=name, label=label, type="decimal", unit="m2")


def _length(name: str, label: Any, unit: str = "m", most: int = 1_000_000) -> Column:
    return Column(name=name, label=label, type="decimal", unit=unit, most=most)


ADDRESS = Column(name="address", label=gettext_lazy("Address"), longest=200, is_address=True)
DOCUMENT = (
    Column(name="document_on", label=gettext_lazy("Day of the document"), type="day"),
    Column(name="document_no", label=gettext_lazy("Number of the document"), longest=60),
)
ON_LAND = (
    Column(name="land_status", label=gettext_lazy("Status of the land"), type="choice", choices=LAND_STATES),
    Column(name="land_code", label=gettext_lazy("Code of the land"), longest=60),
)
BUILT = (
    Column(name="storeyed", label=gettext_lazy("Several storeys"), type="boolean"),
    Column(name="concrete", label=gettext_lazy("Concrete"), type="boolean"),
    _area("floor_m2", gettext_lazy("Floor area")),
)
MADE_YEAR = Column(name="made_year", label=gettext_lazy("Year made"), type="integer", least=1800, most=2200)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "A": (
        _area("area_m2", gettext_lazy("Area")),
        ADDRESS,
        Column(name="right", label=gettext_lazy("Right"), type="choice", choices=LAND_RIGHTS),
        Column(name="land_use", label=gettext_lazy("Used for")),
    ),
    "B": (
        Column(name="brand", label=gettext_lazy("Brand and type")),
        Column(name="size", label=gettext_lazy("Size"), longest=60),
        Column(name="material", label=gettext_lazy("Material"), longest=60),
        MADE_YEAR,
        Column(name="factory_no", label=gettext_lazy("Factory number"), longest=60),
        Column(name="chassis_no", label=gettext_lazy("Chassis number"), longest=60),
        Column(name="engine_no", label=gettext_lazy("Engine number"), longest=60),
        Column(name="plate_no", label=gettext_lazy("Plate"), longest=20),
        Column(name="bpkb_no", label=gettext_lazy("BPKB number"), longest=60),
        Column(name="tax_until", label=gettext_lazy("Vehicle tax until"), type="day", is_due=True),
        Column(name="plate_until", label=gettext_lazy("Plate and STNK until"), type="day", is_due=True),
        Column(name="insured_until", label=gettext_lazy("Insured until"), type="day", is_due=True),
    ),
    "C": (*BUILT, ADDRESS, *DOCUMENT, _area("land_m2", gettext_lazy("Area of the land")), *ON_LAND),
    "D": (
        Column(name="construction", label=gettext_lazy("Construction")),
        _length("length_km", gettext_lazy("Length"), "km", 10_000),
        _length("width_m", gettext_lazy("Width"), most=10_000),
        _area("area_m2", gettext_lazy("Area")),
        ADDRESS,
        *DOCUMENT,
        *ON_LAND,
    ),
    "E": (
        Column(name="title", label=gettext_lazy("Title and author")),
        Column(name="spec", label=gettext_lazy("Specification")),
        Column(name="art_origin", label=gettext_lazy("Origin of the work of art")),
        Column(name="creator", label=gettext_lazy("Made by")),
        Column(name="material", label=gettext_lazy("Material"), longest=60),
        Column(name="species", label=gettext_lazy("Kind of animal or plant")),
        Column(name="size", label=gettext_lazy("Size"), longest=60),
        Column(name="quantity", label=gettext_lazy("How many"), type="integer", least=1),
        MADE_YEAR,
    ),
    "F": (
        Column(name="building", label=gettext_lazy("Kind of building"), type="choice", choices=BUILDINGS),
        *BUILT,
        ADDRESS,
        *DOCUMENT,
        Column(name="started_on", label=gettext_lazy("Work began on"), type="day"),
        *ON_LAND,
        Column(
            name="contract_value",
            label=gettext_lazy("Value of the contract"),
            type="integer",
            unit="rupiah",
            most=1_000_000_000_000_000,
        ),
    ),
}
NOTE = Column(name="note", label=gettext_lazy("Note"), longest=300)
NAMES = {
    "A": gettext_lazy("Land"),
    "B": gettext_lazy("Equipment and machines"),
    "C": gettext_lazy("Buildings"),
    "D": gettext_lazy("Roads, irrigation, networks"),
    "E": gettext_lazy("Other goods"),
    "F": gettext_lazy("Under construction"),
}
SHORT = {
    "A": gettext_lazy("land"),
    "B": gettext_lazy("equipment"),
    "C": gettext_lazy("buildings"),
    "D": gettext_lazy("roads, networks"),
    "E": gettext_lazy("others"),
    "F": gettext_lazy("in progress"),
}


def columns(card: str) -> tuple[Column, ...]:
    """The columns of a card, with the note that every card has; none for a card that is not there."""
    return (*COLUMNS[card], NOTE) if card in COLUMNS else ()


def cleaned(card: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they are stored: numbers as numbers, days as ISO 8601; empty ones left out. Raises ValueError."""
    known = {one.name: one for one in columns(card)}
    return {name: value for name, raw in facts.items() if (value := clean(known[name], raw)) is not None}


def clean(column: Column, raw: Any) -> Any:
    """A value as it is stored; None for an empty one. Raises ValueError in the reader's words."""
    if raw is None or raw == "":
        return None
    match column.type:
        case "boolean":
            if not isinstance(raw, bool):
                raise ValueError(_("yes or no"))
            return raw
        case "integer" | "decimal":
            return _number(column, raw)
        case "day":
            return _day(raw)
        case "choice":
            if raw not in dict(column.choices):
                raise ValueError(_("one of: %(codes)s") % {"codes": ", ".join(dict(column.choices))})
            return raw
    text = " ".join(str(raw).split())
    if len(text) > column.longest:
        raise ValueError(_("at most %(most)d letters") % {"most": column.longest})
    return text or None


def flaws(card: str, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with facts of a card: the column's name, and words."""
    known = {one.name: one for one in columns(card)}
    for name, raw in facts.items():
        column = known.get(name)
        if column is None:
            yield name, _("card %(card)s (KIB) has no column “%(name)s”") % {"card": card, "name": name}
            continue
        try:
            clean(column, raw)
        except ValueError as error:
            yield name, f"{column.label}: {error}"


def _number(column: Column, raw: Any) -> int | float:
    try:
        value = Decimal(str(raw)) if not isinstance(raw, bool) else Decimal("NaN")
    except InvalidOperation as error:
        raise ValueError(_("a number")) from error
    if not value.is_finite():
        raise ValueError(_("a number"))
    if not column.least <= value <= column.most:
        raise ValueError(_("between %(least)d and %(most)d") % {"least": column.least, "most": column.most})
    if column.type == "integer":
        if value != value.to_integral_value():
            raise ValueError(_("a whole number"))
        return int(value)
    if round(value, DIGITS) != value:
        raise ValueError(_("at most %(digits)d digits after the point") % {"digits": DIGITS})
    return int(value) if value == value.to_integral_value() else float(value)


def _day(raw: Any) -> str:
    try:
        found = raw if isinstance(raw, date) else date.fromisoformat(str(raw))
    except ValueError as error:
        raise ValueError(_("a day, as 2026-11-30")) from error
    if not 1800 <= found.year <= 2200:
        raise ValueError(_("a day between 1800 and 2200"))
    return found.isoformat()
