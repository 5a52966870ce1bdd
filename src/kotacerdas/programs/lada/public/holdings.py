"""Land and buildings of the region as anybody may see them: how many, how large, with a certificate or not, by village.

No value, no person, no place but the village. Kept for half a minute.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, FloatField, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.kernel.memory import forgets
from kotacerdas.programs.lada.models import GoodsCode
from kotacerdas.programs.lada.queries import in_the_books

LAND, BUILDINGS = "A", "C"
AREAS = {LAND: "area_m2", BUILDINGS: "floor_m2"}
MOST_GOODS = 100  # of a village, one by one
_KEEP_SECONDS = 30.0
_cache: tuple[float, dict[str, Holding]] | None = None


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What the region has in a place. m2: square metres of land, and of floors; None of them is known: 0."""

    parcels: int = 0
    certified: int = 0
    land_m2: float = 0
    buildings: int = 0
    floor_m2: float = 0

    def __add__(self, other: Holding) -> Holding:
        return Holding(
            parcels=self.parcels + other.parcels,
            certified=self.certified + other.certified,
            land_m2=self.land_m2 + other.land_m2,
            buildings=self.buildings + other.buildings,
            floor_m2=self.floor_m2 + other.floor_m2,
        )


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A parcel or a building, by the name of its goods code."""

    name: str
    is_land: bool
    is_certified: bool
    m2: float


def holdings() -> dict[str, Holding]:
    """By code of the village, or of whatever area the books say; "" where the place is not known."""
    global _cache
    if _cache is not None and time.monotonic() < _cache[0]:
        return _cache[1]
    found = _counted()
    _cache = (time.monotonic() + _KEEP_SECONDS, found)
    return found


def together(found: Iterable[Holding]) -> Holding:
    """The sum of some."""
    return sum(found, Holding())


def within(found: dict[str, Holding], area: str) -> Holding:
    """What lies in an area and the areas in it."""
    return together(one for code, one in found.items() if code == area or code.startswith(f"{area}."))


def one_by_one(village: str) -> tuple[Sequence[Shown], bool]:
    """Parcels and buildings of a village, land first, and whether there are more than are shown."""
    rows = in_the_books(LAND, BUILDINGS).filter(area_code=village).order_by("card", "goods_code", "nibar")
    goods = list(rows.only("card", "goods_code", "certificate", "facts")[: MOST_GOODS + 1])
    names = dict(
        GoodsCode.objects.filter(code__in={one.goods_code for one in goods}).values_list("code", "name")
    )
    return [
        Shown(
            name=names.get(one.goods_code, one.goods_code),
            is_land=one.card == LAND,
            is_certified=bool(one.certificate),
            m2=one.facts.get(AREAS[one.card]) or 0,
        )
        for one in goods[:MOST_GOODS]
    ], len(goods) > MOST_GOODS


@forgets
def forget() -> None:
    """Look again at the next call."""
    global _cache
    _cache = None


def _counted() -> dict[str, Holding]:
    found: dict[str, Holding] = {}
    for card in (LAND, BUILDINGS):
        metres = Cast(KT(f"facts__{AREAS[card]}"), FloatField())
        rows = in_the_books(card).order_by().values("area_code")
        for row in rows.annotate(n=Count("id"), has=Count("id", filter=~Q(certificate="")), m2=Sum(metres)):
            code = row["area_code"] if area_by_code(row["area_code"]) is not None else ""
            found[code] = found.get(code, Holding()) + _holding(card, row["n"], row["has"], row["m2"] or 0)
    return found


def _holding(card: str, n: int, certified: int, m2: float) -> Holding:
    if card == LAND:
        return Holding(parcels=n, certified=certified, land_m2=m2)
    return Holding(buildings=n, floor_m2=m2)
