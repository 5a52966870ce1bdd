"""The citizens' satisfaction index (PermenPANRB 14/2017): mean of each element × 1/9, summed, × 25; and its margin.

Many reports take 0.111 for 1/9; nine times that is 0.999, so that their index stays a little lower. Both are given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kotacerdas.insight.evaluation.instruments.arithmetic import (
    Result,
    Scoring,
    class_of,
    index_of,
    with_other_weight,
)

LEAST_ANSWERS, LEAST_WORDS = 50, 10
_Z = 1.96  # of 95%


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """What the answers of a survey say. `index` None: nothing was answered."""

    answers: int
    index: Fraction | None
    other: Fraction | None
    category: str
    elements: dict[str, Fraction | None]
    margin: float | None

    @property
    def is_enough(self) -> bool:
        """Whether the least number of answers is there."""
        return self.answers >= LEAST_ANSWERS


def satisfaction(scoring: Scoring, answers: Sequence[Mapping[str, int]], served: int) -> Satisfaction:
    """The index of answers (element → 1 to 4; an element may be left out).

    served  how many could have been asked: where a large part of them answered, the margin is smaller
    """
    cells = {}
    for element in scoring.weights:
        given = [Fraction(one[element]) for one in answers if element in one]
        cells[element, ""] = sum(given, Fraction(0)) / len(given) if given else None
    found: Result = index_of(scoring, cells)
    return Satisfaction(
        answers=len(answers),
        index=found.index,
        other=with_other_weight(scoring, found.measures),
        category=class_of(scoring, found.index),
        elements=found.measures,
        margin=margin([_own(one, scoring) for one in answers if one], served),
    )


def margin(indexes: Sequence[float], served: int) -> float | None:
    """Half of the 95% interval of a mean, in points of the index; None for fewer than two answers."""
    n = len(indexes)
    if n < 2:
        return None
    mean = sum(indexes) / n
    spread = math.sqrt(sum((one - mean) ** 2 for one in indexes) / (n - 1))
    finite = math.sqrt((served - n) / (served - 1)) if served > n else 1.0
    return _Z * spread / math.sqrt(n) * finite


def _own(answer: Mapping[str, int], scoring: Scoring) -> float:
    return sum(answer.values()) / len(answer) * float(scoring.factor)
