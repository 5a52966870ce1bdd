"""Land and buildings of the region as anybody may see them: how many, how large, with a certificate or not, by village.

No value, no person, no place but the village. Kept for half a minute.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
_cache: tuple[float, _Found] | None = None


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


@dataclass(frozen=True)
class _Found:
    """What was looked up: by place, and by place and goods code."""

    places: dict[str, Holding] = field(default_factory=dict)
    kinds: dict[tuple[str, str], Holding] = field(default_factory=dict)


def holdings() -> dict[str, Holding]:
    """By code of the village, or of whatever area the books say; "" where the place is not known."""
    return _looked_up().places


def kinds(area: str = "") -> list[tuple[str, Holding]]:
    """By goods code, land first, in an area and the areas in it; without one in the whole region."""
    sums: dict[str, Holding] = {}
    for (place, goods), one in _looked_up().kinds.items():
        if not area or place == area or place.startswith(f"{area}."):
            sums[goods] = sums.get(goods, Holding()) + one
    names = dict(GoodsCode.objects.filter(code__in=sums).values_list("code", "name"))
    return [(names.get(code, code), sums[code]) for code in sorted(sums)]


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


def _looked_up() -> _Found:
    global _cache
    if _cache is None or time.monotonic() >= _cache[0]:
        _cache = (time.monotonic() + _KEEP_SECONDS, _counted())
    return _cache[1]


def _counted() -> _Found:
    found = _Found()
    for card in (LAND, BUILDINGS):
        metres = Cast(KT(f"facts__{AREAS[card]}"), FloatField())
        rows = in_the_books(card).order_by().values("area_code", "goods_code")
        for row in rows.annotate(n=Count("id"), has=Count("id", filter=~Q(certificate="")), m2=Sum(metres)):
            place = row["area_code"] if area_by_code(row["area_code"]) is not None else ""
            key, one = (place, row["goods_code"]), _holding(card, row["n"], row["has"], row["m2"] or 0)
            found.places[place] = found.places.get(place, Holding()) + one
            found.kinds[key] = found.kinds.get(key, Holding()) + one
    return found


def _holding(card: str, n: int, certified: int, m2: float) -> Holding:
    if card == LAND:
        return Holding(parcels=n, certified=certified, land_m2=m2)
    return Holding(buildings=n, floor_m2=m2)
