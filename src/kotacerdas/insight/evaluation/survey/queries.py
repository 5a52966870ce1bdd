"""Reading surveys: the index with what it rests on, and who waits to be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.insight.evaluation.instruments.arithmetic import rounded
from kotacerdas.insight.evaluation.instruments.queries import scoring_of
from kotacerdas.insight.evaluation.models import Invitation, Measure, Round, Survey
from kotacerdas.insight.evaluation.survey.actions import hash_of
from kotacerdas.insight.evaluation.survey.arithmetic import (
    LEAST_ANSWERS,
    LEAST_WORDS,
    Satisfaction,
    satisfaction,
)


@dataclass(frozen=True, kw_only=True)
class Element:
    """One element with its mean as people read it."""

    measure: Measure
    mean: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A survey in words. `words` is empty below the least number of answers: too few to hide behind."""

    survey: Survey
    found: Satisfaction
    index: str
    other: str
    category: str
    margin: str
    elements: tuple[Element, ...]
    words: tuple[str, ...]
    channels: dict[str, int]
    invited: int

    @property
    def lacking(self) -> int:
        """How many answers are lacking to the least number."""
        return max(0, LEAST_ANSWERS - self.found.answers)

    @property
    def withholds_words(self) -> bool:
        return self.found.answers < LEAST_WORDS


def surveys_shown(round: Round) -> list[Shown]:
    """All surveys of a round."""
    return [shown(one) for one in round.surveys.select_related("programme", "instrument", "round")]


def shown(survey: Survey) -> Shown:
    """One survey with its index, both ways, its class and margin."""
    scoring = scoring_of(survey.instrument, survey.round.year)
    answers = list(survey.answers.all())
    found = satisfaction(scoring, [one.scores for one in answers], survey.served)
    named = survey.instrument.classes.filter(code=found.category).first()
    written = sorted(one.words for one in answers if one.words)
    channels: dict[str, int] = {}
    for one in answers:
        name = str(one.get_channel_display())
        channels[name] = channels.get(name, 0) + 1
    return Shown(
        survey=survey,
        found=found,
        index=_points(found.index, scoring),
        other=_points(found.other, scoring),
        category=f"{named.code} · {named.name}" if named else "",
        margin=number(found.margin, 2) if found.margin is not None else "",
        elements=tuple(
            Element(measure=one, mean=_mean(found.elements.get(one.code)))
            for one in survey.instrument.measures.all()
        ),
        words=tuple(written) if found.answers >= LEAST_WORDS else (),
        channels=channels,
        invited=survey.invitations.count(),
    )


def invitation_by(token: str) -> Invitation | None:
    """The invitation whose link this is, or None."""
    if not 20 <= len(token) <= 80:
        return None
    return (
        Invitation.objects.filter(link_hash=hash_of(token))
        .select_related("survey__programme", "survey__instrument", "survey__round", "party")
        .first()
    )


def answers_of(level: int) -> str:
    """The word for one of the four answers."""
    return {1: _("Not good"), 2: _("Less good"), 3: _("Good"), 4: _("Very good")}[level]


def _points(value: Any, scoring: Any) -> str:
    return (
        "" if value is None else str(number(rounded(value, scoring.places, scoring.rounding), scoring.places))
    )


def _mean(value: Any) -> str:
    return "" if value is None else str(number(rounded(value, 3, "half_up"), 3))
