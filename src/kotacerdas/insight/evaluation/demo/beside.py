"""What stands beside the demo's rounds: example budgets, a target, and invented answers of citizens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.insight.evaluation.actions import target_set
from kotacerdas.insight.evaluation.models import IndicatorSheet, Instrument, Programme, Round, Survey
from kotacerdas.insight.evaluation.plan.actions import budget_set
from kotacerdas.insight.evaluation.survey.actions import answer_give, sample_draw, survey_open

SOURCE = "Contoh untuk peraga, bukan angka APBD"
SAMPLE, ANSWERS_2022, ANSWERS_NOW = 60, 64, 27
_BUDGETS = (  # programme, sub-kegiatan, account, planned, revised, realised
    ("iceta", "2.16.03.2.02.0012", "5.1.02.01", 850_000_000, 920_000_000, 811_000_000),
    ("dokmaru", "1.02.02.2.02.0033", "5.1.02.02", 900_000_000, None, 780_000_000),
    ("lada", "5.02.03.2.01.0004", "5.1.02.01", 400_000_000, 350_000_000, None),
)
_WORDS = (
    "Petugasnya ramah. (peraga)",
    "Jawabannya cepat, tetapi perbaikannya lama. (peraga)",
    "Mohon diberi kabar kalau sudah selesai. (peraga)",
)


def beside_2022(team: Actor, round: Round) -> None:
    """Budgets and a target to show what they are for, and a survey answered at the counter."""
    for code, activity, account, planned, revised, realised in _BUDGETS:
        programme = Programme.objects.filter(code=code).first()
        if programme is not None:
            budget_set(
                actor=team,
                programme=programme,
                year=round.year,
                activity=activity,
                account=account,
                planned=planned,
                revised=revised,
                realised=realised,
                source=SOURCE,
                activity_name="Contoh sub-kegiatan (peraga)",
                as_of=date(round.year, 9, 20),
            )
    sheet = IndicatorSheet.objects.filter(code="dokmaru.served").first()
    if sheet is not None:
        target_set(actor=team, sheet=sheet, year=round.year, value=Decimal(1500), basis=SOURCE)
    survey = _opened(team, round)
    if survey is not None:
        _answered(team, survey, Random(round.year), ANSWERS_2022)


def survey_2026(team: Actor, round: Round, random: Random) -> None:
    """A survey with a sample that was drawn, not yet answered often enough."""
    survey = _opened(team, round)
    if survey is None:
        return
    sample_draw(actor=team, survey=survey, count=SAMPLE)
    _answered(team, survey, random, ANSWERS_NOW)


def _opened(team: Actor, round: Round) -> Survey | None:
    programme = Programme.objects.filter(code="iceta").first()
    instrument = Instrument.objects.filter(kind=Instrument.Kind.SURVEY).first()
    if programme is None or instrument is None:
        return None
    return survey_open(actor=team, round=round, programme=programme, instrument=instrument, is_demo=True)


def _answered(team: Actor, survey: Survey, random: Random, count: int) -> None:
    elements = [one.code for one in survey.instrument.measures.all()]
    for number in range(count):
        scores = {code: random.choice((2, 3, 3, 3, 4, 4)) for code in elements}
        words = _WORDS[number % len(_WORDS)] if number % 7 == 0 else ""
        answer_give(actor=team, survey=survey, channel="counter", scores=scores, words=words)
