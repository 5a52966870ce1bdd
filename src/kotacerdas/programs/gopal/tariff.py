"""The price of a desludging before it is ordered: class of the tank × distance to the plant × litres, by a dated tariff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from kotacerdas.kernel.errors import Invalid, Unavailable
from kotacerdas.programs.gopal.models import TariffRow


class Band(Protocol):
    """What a row of the tariff says, in the pack and in the store."""

    @property
    def valid_from(self) -> date: ...
    @property
    def tank_class(self) -> str: ...
    @property
    def zone(self) -> int: ...
    @property
    def from_m(self) -> int: ...
    @property
    def to_m(self) -> int: ...
    @property
    def base_l(self) -> int: ...
    @property
    def price(self) -> int: ...
    @property
    def extra_per_m3(self) -> int: ...
    @property
    def article(self) -> str: ...


B = TypeVar("B", bound=Band)


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A price and how it came about, in whole rupiah, litres and metres.

    price      the sum; base_price  for the first `base_l` litres; extra_m3  cubic metres begun beyond them
    """

    tank_class: str
    litres: int
    distance_m: int
    zone: int
    base_l: int
    base_price: int
    extra_m3: int
    extra_per_m3: int
    price: int
    article: str
    tariff_from: date


def quote(*, tank_class: str, distance_m: int, litres: int, on: date) -> Quote:
    """The price by the tariff in force on a day.

    Unavailable where no tariff is in force; Invalid for a class or a distance that it does not have, or no litres.
    """
    newest = TariffRow.objects.filter(valid_from__lte=on).order_by("-valid_from").first()
    if newest is None:
        raise Unavailable(_("No tariff is in force on this day."), code="no_tariff")
    rows = TariffRow.objects.filter(valid_from=newest.valid_from)
    return quote_by(list(rows), tank_class=tank_class, distance_m=distance_m, litres=litres)


def extra_m3(base_l: int, litres: int) -> int:
    """Cubic metres begun beyond the litres that a price is for."""
    return -(-max(0, litres - base_l) // 1000)


def quote_by(bands: Sequence[Band], *, tank_class: str, distance_m: int, litres: int) -> Quote:
    """The price by the rows of one tariff. Invalid for a class or a distance that it does not have, or no litres."""
    if litres < 1:
        raise Invalid(_("How much is to be pumped?"), fields={"litres": _("At least one litre.")})
    ours = [one for one in bands if one.tank_class == tank_class]
    if not ours:
        raise Invalid(_("No price was found."), fields={"tank_class": _("The tariff has no such class.")})
    row = next((one for one in ours if one.from_m <= distance_m < one.to_m), None)
    if row is None:
        farthest = max(one.to_m for one in ours) / 1000
        raise Invalid(
            _("This is farther from the plant than the tariff goes: %(km)s km.") % {"km": f"{farthest:g}"},
            fields={"place": _("Too far for our trucks.")},
            remedy=_("Call the office: it may know another way."),
            code="too_far",
        )
    extra = extra_m3(row.base_l, litres)
    return Quote(
        tank_class=tank_class,
        litres=litres,
        distance_m=distance_m,
        zone=row.zone,
        base_l=row.base_l,
        base_price=row.price,
        extra_m3=extra,
        extra_per_m3=row.extra_per_m3,
        price=row.price + extra * row.extra_per_m3,
        article=row.article,
        tariff_from=row.valid_from,
    )


def flaws(rows: Iterable[B], classes: Sequence[str]) -> Iterator[tuple[B | None, str]]:
    """What is wrong with a tariff: for each day and class the bands begin at 0 and follow each other without gap or overlap.

    Yields (row, message); None where it is no row's: a class that a tariff leaves out.
    """
    tariffs: dict[date, dict[str, list[B]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        tariffs[row.valid_from][row.tank_class].append(row)
        if row.to_m <= row.from_m:
            yield row, _("to_m: the band ends before it begins")
        if row.price < 1 or row.base_l < 1:
            yield row, _("price, base_l: at least 1")
    for day, by_class in sorted(tariffs.items()):
        for code in classes:
            if code not in by_class:
                yield (
                    None,
                    _("tariff of %(day)s: the class %(code)s has no price") % {"day": day, "code": code},
                )
        for bands in by_class.values():
            yield from _breaks(sorted(bands, key=lambda one: one.from_m))


def _breaks(bands: Sequence[B]) -> Iterator[tuple[B, str]]:
    reached = 0
    for band in bands:
        if band.from_m > reached:
            yield (
                band,
                _("from_m: nothing is charged between %(a)d and %(b)d m") % {"a": reached, "b": band.from_m},
            )
        elif band.from_m < reached:
            yield (
                band,
                _("from_m: two prices hold between %(a)d and %(b)d m") % {"a": band.from_m, "b": reached},
            )
        reached = max(reached, band.to_m)
