"""Indicators of desludging: manifests that are complete, litres received, trips, rupiah collected.

A manifest is complete when a plant received it and the sums agree, or what differed was explained and accepted. It counts
on the day of its trip, in the village of its first load; litres count in the villages they came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.indicators.declarations import Contribution, Fact, Indicator

RECEIVE, UNEVEN = "gopal.manifest.receive", "gopal.manifest.uneven"
EVEN_LATE = "gopal.manifest.even"
SETTLE, EVEN = "gopal.difference.settle", "gopal.difference.even"
PAY, REFUND = "payments.charge.pay", "payments.charge.refund"
PURPOSES = frozenset({"gopal.desludging", "gopal.desludging_extra"})


def complete(fact: Fact) -> Iterable[Contribution]:
    """One when the sums agree at the plant, or later by explanation or a late load; taken back where a late load parts them."""
    if fact.verb == RECEIVE:
        counted = int(bool(fact.payload["is_even"]))
    elif fact.verb == UNEVEN:
        counted = -1
    else:
        counted = int(fact.codes.get("completes") == "yes")
    if counted:
        yield _one(fact, counted)


def trips(fact: Fact) -> Iterable[Contribution]:
    """Manifests that a plant received."""
    yield _one(fact, 1)


def litres(fact: Fact) -> Iterable[Contribution]:
    """Litres by the plant's meter, shared out to the villages of the loads so that the parts make the whole."""
    received, loads = int(fact.measures["received_l"]), fact.payload["loads"]
    whole = sum(one["litres"] for one in loads)
    before = upto = 0
    for one in loads:
        upto += one["litres"]
        share = received * upto // whole - received * before // whole
        before = upto
        yield Contribution(
            day=fact.coded_day("day"), agency=fact.codes["agency"], area=one["area"], numerator=share
        )


def collected(fact: Fact) -> Iterable[Contribution]:
    """Rupiah that came for desludging, less what was given back."""
    if fact.codes["title"] in PURPOSES:
        yield Contribution(
            day=fact.coded_day("on"),
            agency=fact.codes["agency"],
            area=fact.codes["area"],
            numerator=int(fact.measures["rupiah"]) * (1 if fact.verb == PAY else -1),
        )


def _one(fact: Fact, number: int) -> Contribution:
    area = fact.codes.get("load_area", "")
    return Contribution(day=fact.coded_day("day"), agency=fact.codes["agency"], area=area, numerator=number)


def _flow(
    name: str, contribute: Callable[[Fact], Iterable[Contribution]], words: Any, *verbs: str
) -> Indicator:
    return Indicator(
        code=f"gopal.{name}",
        kind="flow",
        verbs=frozenset(verbs),
        contribute=contribute,
        terms=(words, ""),
    )


INDICATORS = (
    _flow("manifests_complete", complete, _("complete manifests"), RECEIVE, UNEVEN, EVEN_LATE, SETTLE, EVEN),
    _flow("trips", trips, _("trips to a plant"), RECEIVE),
    _flow("received_l", litres, _("litres received"), RECEIVE),
    _flow("collected", collected, _("rupiah of desludging"), PAY, REFUND),
)
