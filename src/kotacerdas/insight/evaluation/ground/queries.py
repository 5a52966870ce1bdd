"""From an index down to what it rests on, and the round beside those before it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.models import Feedback
from kotacerdas.foundation.journal.models import Block, Row
from kotacerdas.foundation.journal.queries import of_subject
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.insight.evaluation.instruments.arithmetic import from_text
from kotacerdas.insight.evaluation.models import Item, Programme, ProgrammeDimension, Recommendation, Round
from kotacerdas.insight.evaluation.panel.queries import may_see_scores
from kotacerdas.kernel.errors import Missing

EVENTS = {
    "evaluation.item.invited": gettext_lazy("Agency invited"),
    "evaluation.item.filled": gettext_lazy("Filled in by the agency"),
    "evaluation.item.submitted": gettext_lazy("Handed to the programme team"),
    "evaluation.item.returned": gettext_lazy("Sent back to the agency"),
    "evaluation.item.verified": gettext_lazy("Verified by the programme team"),
    "evaluation.item.overdue": gettext_lazy("Past its deadline"),
    "evaluation.item.settled": gettext_lazy("Value settled"),
    "evaluation.evidence.added": gettext_lazy("Evidence attached"),
    "evaluation.evidence.replaced": gettext_lazy("Evidence replaced"),
    "evaluation.evidence.removed": gettext_lazy("Evidence taken away"),
    "evaluation.evidence.checked": gettext_lazy("Link looked at again"),
    "evaluation.interview.noted": gettext_lazy("Interview noted"),
    "evaluation.score.kept": gettext_lazy("An assessor stored a score, sealed"),
    "evaluation.advice.given": gettext_lazy("Recommendation written"),
}


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """A row of the journal about an item, and where it is sealed."""

    row: Row
    words: Any
    position: int | None
    block: Block | None


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """The ratings of a programme's closed cases in a year: how many, their mean of 4, and the share of 3 and 4."""

    programme: Programme
    count: int
    mean: float | None
    satisfied: Fraction | None


def must_see_result(grants: Grants, round: Round) -> None:
    """Raise Missing unless the round's scores may be seen: closed for whoever sees the round, before that the panel's."""
    if round.state != Round.State.CLOSED and not may_see_scores(grants, round):
        raise Missing(
            _("There is no result to be seen here yet."),
            remedy=_(
                "It is shown when all four assessors have sent, and to agencies when the round is closed."
            ),
        )


def rows_of(item: Item) -> list[Sealing]:
    """The journal's rows about an item, oldest first, with position and block."""
    found = of_subject(item.id)
    blocks = Block.objects.in_bulk([mark.block_id for _row, mark in found if mark is not None])
    return [
        Sealing(
            row=row,
            words=EVENTS.get(row.verb, row.verb),
            position=mark.position if mark else None,
            block=blocks.get(mark.block_id) if mark else None,
        )
        for row, mark in found
    ]


def trend(round: Round) -> list[tuple[Round, Fraction | None]]:
    """Closed rounds up to this one and itself, oldest first, with their exact index."""
    past = (
        Round.objects.select_related("instrument")
        .filter(state=Round.State.CLOSED)
        .filter(Q(year__lt=round.year) | Q(year=round.year, stage__lte=round.stage))
    )
    found = sorted(past, key=lambda one: (one.year, one.stage))
    return [(one, from_text(one.index)) for one in found]


def recommendations_before(round: Round) -> list[Recommendation]:
    """What the round before recommended: with these the next one begins."""
    if round.previous_id is None:
        return []
    return list(
        Recommendation.objects.filter(round=round.previous_id).select_related(
            "case__lead_agency", "item__measure", "item__dimension"
        )
    )


def before(item: Item) -> Fraction | None:
    """What the same measure of the same dimension was settled at in the round before; None without one."""
    if item.round.previous_id is None:
        return None
    found = (
        Item.objects.filter(
            round=item.round.previous_id,
            measure__code=item.measure.code,
            dimension=item.dimension_id,
        )
        .select_related("ruling")
        .first()
    )
    ruling = getattr(found, "ruling", None)
    return Fraction(ruling.value) if ruling else None


def ratings(round: Round) -> list[Ratings]:
    """Citizens' ratings of closed cases in the round's year, by programme; a kind begins with its programme's code."""
    first, last = date(round.year, 1, 1), date(round.year, 12, 31)
    given: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    kinds = Feedback.objects.filter(at__date__range=(first, last)).values("case__kind")
    for one in kinds.annotate(n=Count("id"), sum=Sum("rating"), good=Count("id", filter=Q(rating__gte=3))):
        programme = one["case__kind"].split(".")[0]
        given[programme] = [
            a + b for a, b in zip(given[programme], (one["n"], one["sum"], one["good"]), strict=True)
        ]
    serving = ProgrammeDimension.objects.in_year(round.year).values("programme")
    found = []
    for programme in Programme.objects.filter(pk__in=serving, code__in=given):
        count, total, good = given[programme.code]
        found.append(
            Ratings(programme=programme, count=count, mean=total / count, satisfied=Fraction(good, count))
        )
    return found
