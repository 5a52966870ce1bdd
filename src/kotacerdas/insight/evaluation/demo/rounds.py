"""The demo's rounds, lived through by the real actions with time moved along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.indicators.engine import follow_batch
from kotacerdas.foundation.journal.sealer import seal_batch
from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.insight.evaluation.closing.actions import (
    recommendation_judge,
    recommendation_report,
    round_close,
)
from kotacerdas.insight.evaluation.closing.sealing import pack_of
from kotacerdas.insight.evaluation.demo import people, words
from kotacerdas.insight.evaluation.demo.beside import beside_2022, survey_2026
from kotacerdas.insight.evaluation.instruments.queries import instruments_on
from kotacerdas.insight.evaluation.models import Item, Round
from kotacerdas.insight.evaluation.panel import actions as panel
from kotacerdas.insight.evaluation.queries import line_of
from kotacerdas.insight.evaluation.rounds import actions as rounds
from kotacerdas.insight.evaluation.rounds import evidence
from kotacerdas.kernel import clock
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.timeline import Timeline

SEED = 2022
Who = Callable[[Agency], Actor]


def begin(pack: Pack, timeline: Timeline) -> None:
    """Three rounds; none where the pack has no cast or no instrument."""
    if pack.of("cast") and instruments_on(clock.today()):
        _round_2022(timeline)
        _scored_now(timeline)
        _filled_now(timeline)


def finish(_pack: Pack) -> int:
    """How many items the rounds have."""
    return Item.objects.count()


def _round_2022(timeline: Timeline) -> None:
    """Opened in August, scored and closed in October 2022, as the real one was; all scores are invented."""
    random = Random(SEED)
    four: list[User] = []

    def opened() -> None:
        _opened(people.team_then(), 2022, 1, date(2022, 10, 5))

    def filled() -> None:
        for item in _items(_round(2022, 1)):
            _filled(item, people.agency_then, random)

    def verified() -> None:
        team, round = people.team_then(), _round(2022, 1)
        _verified(_items(round), team)
        beside_2022(team, round)
        four.extend(people.assessors_then())
        _seated(team, round, four)

    def scored() -> None:
        for place, user in enumerate(four):
            _scores(_round(2022, 1), user, place, random, send=True)

    timeline.on(date(2022, 8, 15), opened)
    timeline.on(date(2022, 9, 12), filled)
    timeline.on(date(2022, 9, 20), verified)
    timeline.on(
        date(2022, 9, 26), lambda: panel.scoring_begin(actor=people.team_then(), round=_round(2022, 1))
    )
    timeline.on(date(2022, 10, 5), scored)
    timeline.on(date(2022, 10, 6), lambda: _ruled(_round(2022, 1), staff(four[0])))
    timeline.on(date(2022, 10, 14), _closed_2022)
    timeline.on(date(2022, 11, 21), _reported_2022)
    timeline.on(date(2022, 11, 28), _judged_2022)


def _closed_2022() -> None:
    """Closed over what was sealed and counted by then, and packed."""
    while seal_batch():
        pass
    while follow_batch():
        pass
    round_close(actor=people.team_then(), round=_round(2022, 1))
    while seal_batch():
        pass
    pack_of(_round(2022, 1))


def _reported_2022() -> None:
    """Two recommendations were carried out; the third is open and late."""
    for case in _advised()[:2]:
        if (agency := case.lead_agency) is not None:
            recommendation_report(actor=people.agency_then(agency), case=case, report=words.REPORT)


def _judged_2022() -> None:
    """One of the two is accepted."""
    if advised := _advised():
        recommendation_judge(actor=people.team_then(), case=advised[0], accept=True)


def _advised() -> list[Case]:
    given = _round(2022, 1).recommendations.select_related("case__lead_agency")
    return [one.case for one in given]


def _scored_now(timeline: Timeline) -> None:
    """The first stage of this year: two have sent, the chair is half-way, one member has not begun."""
    random, today = Random(SEED + 1), clock.today()
    four: list[User] = []

    def filled() -> None:
        round = _round(today.year, 1)
        for item in _items(round):
            _filled(item, people.agency_now, random)
        survey_2026(people.team_now(), round, random)

    def verified() -> None:
        round = _round(today.year, 1)
        _verified(_items(round), people.team_now())
        four.extend(people.assessors())
        _seated(people.team_now(), round, four)

    def asked() -> None:
        team, round = people.team_now(), _round(today.year, 1)
        panel.scoring_begin(actor=team, round=round)
        item = _items(round)[0]
        panel.interview_note(actor=team, item=item, side="panel", words=words.QUESTION)
        panel.interview_note(actor=team, item=item, side="agency", words=words.ANSWER)

    def scored() -> None:
        round = _round(today.year, 1)
        _scores(round, four[2], 2, random, send=True)
        _scores(round, four[3], 3, random, send=True)
        _scores(round, four[0], 0, random, send=False, part=0.5)

    timeline.on(
        today - timedelta(days=60),
        lambda: _opened(people.team_now(), today.year, 1, today + timedelta(days=12)),
    )
    timeline.on(today - timedelta(days=40), filled)
    timeline.on(today - timedelta(days=33), verified)
    timeline.on(today - timedelta(days=10), asked)
    timeline.on(today - timedelta(days=3), scored)


def _filled_now(timeline: Timeline) -> None:
    """The second stage of this year: some verified, some with the team, some sent back, some not begun."""
    random, today = Random(SEED + 2), clock.today()

    def filled() -> None:
        for place, item in enumerate(_items(_round(today.year, 2))):
            if place % 4 != 3:
                _filled(item, people.agency_now, random)

    def verified() -> None:
        team = people.team_now()
        handed = [one for one in _items(_round(today.year, 2)) if one.state == Item.State.SUBMITTED]
        _verified(handed[: len(handed) // 2], team)
        for item in handed[len(handed) // 2 :: 3]:
            rounds.item_return(actor=team, item=item, seen_version=item.version, reason=words.LACKING)

    timeline.on(
        today - timedelta(days=14),
        lambda: _opened(people.team_now(), today.year, 2, today + timedelta(days=45)),
    )
    timeline.on(today - timedelta(days=5), filled)
    timeline.on(today - timedelta(days=1), verified)


def _round(year: int, stage: int) -> Round:
    return Round.objects.select_related("instrument").get(year=year, stage=stage)


def _opened(team: Actor, year: int, stage: int, until: date) -> None:
    instrument = instruments_on(clock.today())[0]
    rounds.round_open(
        actor=team, year=year, stage=stage, instrument=instrument, score_until=until, is_demo=True
    )


def _filled(item: Item, who: Who, random: Random) -> None:
    """The agency's level, words, figures as published for the year, a note as evidence; handed over."""
    actor = who(item.agency)
    figures = {
        one.indicator.code: _stated(one.indicator.code, item.round.year)
        for one in item.figures.select_related("indicator")
    }
    text = words.evidence_text(item)
    evidence.file_add(actor=actor, item=item, title=words.evidence_title(item), data=text, name="peraga.txt")
    level = Decimal(random.choice(("2.5", "3", "3", "3.5", "4")))
    filled = rounds.item_fill(
        actor=actor,
        item=item,
        seen_version=item.version,
        level=level,
        words=words.claim(item),
        figures=figures,
        sources={
            code: words.source(code, item.round.year) for code, value in figures.items() if value is not None
        },
    )
    rounds.item_submit(actor=actor, item=filled, seen_version=filled.version)


def _stated(code: str, year: int) -> Decimal | None:
    """What was published for the whole year, else the live figure, else nothing."""
    line = line_of(code, year)
    found = next(
        (one.value for one in line.published if one.whole_year and one.start.year == year), line.actual
    )
    return None if found is None else round(Decimal(found), 4)


def _verified(items: list[Item], team: Actor) -> None:
    for place, item in enumerate(items):
        evidence = [one.id for one in item.evidence.all()]
        figures = [one.id for one in item.figures.all() if one.value is not None]
        proven = [] if place % 5 == 4 else [*evidence, *figures]
        rounds.item_verify(actor=team, item=item, seen_version=item.version, proven=proven)


def _seated(team: Actor, round: Round, four: list[User]) -> None:
    for place, user in enumerate(four):
        panel.seat_give(actor=team, round=round, user=user, role="member" if place else "chair")


def _scores(round: Round, user: User, place: int, random: Random, *, send: bool, part: float = 1.0) -> None:
    """Mostly near one another; every seventh item apart on purpose, so that there is something to talk over."""
    actor = staff(user)
    items = _items(round)
    for number, item in enumerate(items[: int(len(items) * part)]):
        base = Decimal("2.5") + Decimal(number % 4) / 2
        lean = random.choice((Decimal(0), Decimal(0), Decimal(0), Decimal("0.5")))
        apart = Decimal(place % 3) / 2 if number % 7 == 1 else Decimal(0)
        value = min(Decimal(4), max(Decimal(1), base - apart + (lean if number % 3 else Decimal(0))))
        current = [one.id for one in item.evidence.filter(replaced_by=None, removed_at=None)]
        panel.score_save(actor=actor, item=item, value=value, words=words.note(place), evidence=current)
    if send:
        panel.ballot_send(actor=actor, round=round)


def _ruled(round: Round, chair: Actor) -> None:
    still = [item for item in _items(round) if not hasattr(item, "ruling")]
    for place, item in enumerate(still):
        advice = words.ADVICE[place % len(words.ADVICE)] if place < 3 else ""
        panel.ruling_make(actor=chair, item=item, value=Decimal("2.5"), words=words.RULING, advice=advice)


def _items(round: Round) -> list[Item]:
    return list(
        Item.objects.filter(round=round).select_related(
            "round__instrument", "measure", "dimension", "agency", "ruling"
        )
    )
