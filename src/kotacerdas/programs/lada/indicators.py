"""Indicators of goods: land certified in a year, as it was published, and certified land at a date.

The flows count `certify` events on their day, where a parcel had no certificate before, and take off what was taken
back. The stocks follow every event that changes certified land: who has it, its village, its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.indicators.declarations import Contribution, Fact, Indicator

PARCELS, RUPIAH = 2, 3  # places in the journal's `certified`
_CERTIFY, _REVERSE = "lada.asset.certify", "lada.asset.reverse"
_KINDS = ("acquire", "opening", "transfer", "move", "capitalise", "reclassify", "correct", "split", "dispose")
_ALL = frozenset({*(f"lada.asset.{kind}" for kind in _KINDS), _CERTIFY, _REVERSE})


def _contributes(place: int, is_flow: bool) -> Callable[[Fact], Iterable[Contribution]]:
    def contribute(fact: Fact) -> Iterable[Contribution]:
        if is_flow and fact.verb == _REVERSE and fact.codes.get("undone") != "certify":
            return
        for one in fact.payload.get("certified", ()):
            is_new = bool(one[PARCELS])  # a certificate that replaces another certifies nothing
            if one[place] and (is_new or not is_flow):
                yield Contribution(
                    day=fact.coded_day("day"), agency=one[0], area=one[1], numerator=int(one[place])
                )

    return contribute


def _indicator(name: str, place: int, words: Any, *, is_flow: bool) -> Indicator:
    return Indicator(
        code=f"lada.{name}",
        kind="flow" if is_flow else "stock",
        verbs=frozenset({_CERTIFY, _REVERSE}) if is_flow else _ALL,
        contribute=_contributes(place, is_flow),
        terms=(words, ""),
    )


INDICATORS = (
    _indicator("parcels_certified", PARCELS, _("parcels certified"), is_flow=True),
    _indicator("value_certified", RUPIAH, _("rupiah of land certified"), is_flow=True),
    _indicator("parcels_certified_at", PARCELS, _("certified parcels"), is_flow=False),
    _indicator("value_certified_at", RUPIAH, _("rupiah of certified land"), is_flow=False),
)
