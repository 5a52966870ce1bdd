"""Reading the panel: one's own scores while blind; all of them, differences and agreement once opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.insight.evaluation.instruments.arithmetic import (
    Result,
    Scoring,
    bounds,
    index_of,
    settle,
)
from kotacerdas.insight.evaluation.instruments.queries import scoring_of
from kotacerdas.insight.evaluation.models import Item, Round, Ruling, Score, Seat
from kotacerdas.insight.evaluation.panel.agreement import Agreement, agreement_of
from kotacerdas.insight.evaluation.panel.sealed import Given, unseal
from kotacerdas.insight.evaluation.permissions import VIEW
from kotacerdas.insight.evaluation.rounds.queries import seat_of
from kotacerdas.kernel.errors import Missing

OPENED = (Round.State.CONSENSUS, Round.State.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One item with its four scores in the order of the seats, and how it was settled, if it was."""

    item: Item
    scores: tuple[Score, ...]
    ruling: Ruling | None
    spread: Fraction
    mean: Fraction

    @property
    def values(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(one.value or 0) for one in self.scores)

    @property
    def settled(self) -> Fraction | None:
        return Fraction(self.ruling.value) if self.ruling else None


@dataclass(frozen=True, kw_only=True)
class Leaning:
    """How far an assessor's scores lie from the panel's mean, on average, and in which measure the most."""

    seat: Seat
    mean: Fraction
    measure: str
    there: Fraction


@dataclass(frozen=True, kw_only=True)
class Board:
    """The whole panel of an opened round."""

    round: Round
    scoring: Scoring
    seats: tuple[Seat, ...]
    judged: tuple[Judged, ...]
    agreement: Agreement
    result: Result
    low: Fraction
    high: Fraction

    @property
    def still_open(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.judged if one.ruling is None)


def own_scores(seat: Seat) -> dict[Item, Given]:
    """What this assessor gave so far, by item: the one reader of a sealed score."""
    scores = seat.scores.select_related("item__measure", "item__dimension")
    return {one.item: unseal(one) for one in scores}


def may_see_scores(grants: Grants, round: Round) -> bool:
    """Once all are in: whoever may see scores, and the assessors themselves. Nobody before."""
    if round.state not in OPENED:
        return False
    return grants.may(VIEW) or seat_of(grants, round) is not None


def board_of(grants: Grants, round: Round) -> Board:
    """The panel's scores side by side. Missing while they are blind, and for whom they do not concern."""
    if not may_see_scores(grants, round):
        raise Missing(
            _("There are no scores to be seen here."),
            remedy=_("They are opened for all at once, when all four assessors have sent theirs."),
        )
    return board(round)


def board(round: Round) -> Board:
    """The same without a reader: for closing, sealing and printing. Only for opened rounds."""
    scoring = scoring_of(round.instrument, round.year)
    seats = tuple(round.seats.select_related("user"))
    items = round.items.select_related("measure", "dimension", "agency", "round", "ruling").prefetch_related(
        "scores__seat"
    )
    judged = tuple(_judged(item) for item in items)
    cells = {(one.item.measure.code, one.item.dimension.code): one.settled or one.mean for one in judged}
    ends = {
        (one.item.measure.code, one.item.dimension.code): (one.settled, one.settled)
        if one.settled is not None
        else (min(one.values), max(one.values))
        for one in judged
    }
    low, high = bounds(scoring, ends)
    return Board(
        round=round,
        scoring=scoring,
        seats=seats,
        judged=judged,
        agreement=agreement_of(_table(seats, judged)),
        result=index_of(scoring, cells),
        low=low,
        high=high,
    )


def leanings(found: Board) -> list[Leaning]:
    """Who differs, and where: the signed mean difference of each assessor from the four's mean."""
    made = []
    for place, seat in enumerate(found.seats):
        by_measure: dict[str, list[Fraction]] = {}
        for one in found.judged:
            by_measure.setdefault(one.item.measure.name, []).append(one.values[place] - one.mean)
        parts = {name: sum(values, Fraction(0)) / len(values) for name, values in by_measure.items()}
        every = [value for values in by_measure.values() for value in values]
        most = max(parts, key=lambda name: abs(parts[name]))
        made.append(
            Leaning(seat=seat, mean=sum(every, Fraction(0)) / len(every), measure=most, there=parts[most])
        )
    return made


def _judged(item: Item) -> Judged:
    scores = tuple(sorted(item.scores.all(), key=lambda one: one.seat.number))
    values = [Fraction(one.value or 0) for one in scores]
    return Judged(
        item=item,
        scores=scores,
        ruling=getattr(item, "ruling", None),
        spread=settle(values, Fraction(0)).spread,
        mean=sum(values, Fraction(0)) / len(values),
    )


def _table(seats: Sequence[Seat], judged: Sequence[Judged]) -> list[list[float]]:
    return [[float(one.values[place]) for one in judged] for place in range(len(seats))]
