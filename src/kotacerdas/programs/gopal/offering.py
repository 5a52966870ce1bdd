"""What may be ordered at a place: the nearest plant, the price and how it came about, and the times that are free.

Portal, telephone and counter show the same, from what is typed so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.forms.place_search import Option, Spot, desk_options, spot_of
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, KotaError
from kotacerdas.programs.gopal import queries, slots, tariff
from kotacerdas.programs.gopal.actions import ordering, tanks
from kotacerdas.programs.gopal.models import Tank

DAYS = 8
LITRES_A_USER = 360  # three years of sludge and two days of waste water of a person (after SNI 2398:2017)
LEAST_L = 1000


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A price and its times; `words` says why there is none, by field."""

    quote: tariff.Quote | None = None
    plant: str = ""
    days: Sequence[slots.SlotDay] = ()
    class_name: str = ""
    words: Mapping[str, Any] | None = None

    @property
    def first_free(self) -> str:
        """The value of the first time that is free; "" where none is."""
        return next((slot.value for one in self.days for slot in one.slots if slot.is_free), "")

    @property
    def km(self) -> str:
        """The way to the plant in kilometres, in the reader's notation."""
        return number(round(self.quote.distance_m / 1000, 1)) if self.quote is not None else ""


def litres_for(users: int) -> int:
    """Litres that a tank of so many users is likely to need pumped, in whole hundreds."""
    return max(LEAST_L, -(-users * LITRES_A_USER // 100) * 100)


def offer_at(where: tuple[float, float] | None, tank_class: str, litres: int | None) -> Offer:
    """What may be ordered at a place in degrees; with nothing but words while something lacks or cannot be."""
    if where is None or not tank_class or not litres:
        return Offer()
    if words := tanks.class_wrong(tank_class):
        return Offer(words={"tank_class": words})
    try:
        agency = queries.serving_agency()
        near, quote = ordering.priced(agency, where, tank_class, litres)
    except Invalid as error:
        return Offer(words=error.fields or {"": error.message})
    except KotaError as error:
        return Offer(words={"": str(error)})
    return Offer(
        quote=quote,
        plant=near.plant.name,
        days=slots.days(agency, near.plant, clock.today(), DAYS),
        class_name=queries.class_names().get(tank_class, tank_class),
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a desk has typed so far: the known tank, or the place found; and what may be ordered there."""

    tank: Tank | None = None
    spot: Spot | None = None
    options: Sequence[Option] = ()
    offer: Offer = Offer()
    slot: str = ""

    @property
    def chosen(self) -> str:
        """The time that was chosen, else the first one that is free."""
        return self.slot or self.offer.first_free


def asked_in(given: Mapping[str, Any], near_code: str = "") -> Asked:
    """What is typed at a desk, read: tank's code, or place; class and litres."""
    text = str(given.get("place_text") or "")
    tank = _tank(str(given.get("tank") or ""))
    spot = spot_of(str(given.get("place") or ""), text)
    where = queries.position_of(tank) if tank is not None else position_of(spot)
    tank_class = tank.tank_class if tank is not None else str(given.get("tank_class") or "")
    code, offer = (
        str(given.get("tank") or "").strip(),
        offer_at(where, tank_class, whole(given.get("litres"))),
    )
    if code and tank is None:
        offer = Offer(
            words={"tank": _("There is no tank with this code: leave it empty and say where it is.")}
        )
    return Asked(
        tank=tank,
        spot=spot,
        options=desk_options(text[:120], near_code) if text and tank is None else (),
        offer=offer,
        slot=str(given.get("slot") or ""),
    )


def position_of(spot: Spot | None) -> tuple[float, float] | None:
    """Where a spot is: its own position, else its village's point."""
    if spot is None:
        return None
    if spot.lat is not None and spot.lng is not None:
        return spot.lat, spot.lng
    return queries.point_of(spot.area_code)


def whole(value: Any, most: int = 1_000_000) -> int | None:
    """A whole number from 1 to `most` as it was typed; None for anything else."""
    text = str(value or "").replace(".", "").strip()
    return int(text) if text.isdecimal() and len(text) < 13 and 0 < int(text) <= most else None


def _tank(code: str) -> Tank | None:
    return (
        Tank.objects.filter(code=code.strip(), agency=queries.serving_agency()).first()
        if code.strip()
        else None
    )
