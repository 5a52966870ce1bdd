"""A whole round by the real actions, for the benchmarks of the evaluation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

PDF = b"%PDF-1.7 bench"
FOUR = ("bench-ketua", "bench-1", "bench-2", "bench-3")


def planner():  # type: ignore[no-untyped-def]
    """The programme team's post, held by an account of the benchmark."""
    from kotacerdas.kernel.regency import regency

    return holder(regency().desks.planning_agency, "planner")


def holder(agency: str, code: str):  # type: ignore[no-untyped-def]
    """Whoever holds a post; an account is made when nobody does."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import Holding, Position, User

    position = Position.objects.get(agency__code=agency, code=code)
    name = f"bench-{agency}-{code}".lower()
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create(username=name, name=name, is_staff=True, is_demo=True)
        Holding.objects.create(position=position, user=user, since=date(2021, 1, 1))
    return staff(user, position=position)


def assessor(name: str):  # type: ignore[no-untyped-def]
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import User

    user = User.objects.get_or_create(
        username=name, defaults={"name": name, "is_staff": True, "is_demo": True}
    )[0]
    return staff(user)


def closed_round():  # type: ignore[no-untyped-def]
    """Every item with a file, filled in and verified; four ballots; ruled on; closed. Not sealed."""
    from kotacerdas.insight.evaluation.closing.actions import round_close
    from kotacerdas.insight.evaluation.instruments.queries import instruments_on
    from kotacerdas.insight.evaluation.panel import actions as panel
    from kotacerdas.insight.evaluation.rounds import actions as rounds
    from kotacerdas.insight.evaluation.rounds import evidence
    from kotacerdas.kernel import clock

    team = planner()
    round = rounds.round_open(
        actor=team,
        year=clock.today().year,
        instrument=instruments_on(clock.today())[0],
        score_until=clock.today() + timedelta(days=30),
    )
    for item in round.items.select_related("round__instrument", "measure", "dimension", "agency"):
        actor = holder(item.agency.code, "officer")
        data = PDF + str(item.id).encode()
        evidence.file_add(actor=actor, item=item, title="SK", data=data, name="sk.pdf")
        given = {"actor": actor, "item": item, "words": "Berjalan", "level": Decimal(3), "figures": {}}
        filled = rounds.item_fill(**given, seen_version=item.version)
        handed = rounds.item_submit(actor=actor, item=filled, seen_version=filled.version)
        pieces = [one.id for one in handed.evidence.all()]
        rounds.item_verify(actor=team, item=handed, seen_version=handed.version, proven=pieces)
    for place, name in enumerate(FOUR):
        role = "member" if place else "chair"
        panel.seat_give(actor=team, round=round, user=assessor(name).user, role=role)
    panel.scoring_begin(actor=team, round=round)
    items = list(round.items.select_related("round__instrument", "measure", "dimension", "agency"))
    for place, name in enumerate(FOUR):
        for number, item in enumerate(items):
            value = Decimal(2 + (number + place * (number % 5 == 0)) % 3)
            panel.score_save(actor=assessor(name), item=item, value=value, words="")
        panel.ballot_send(actor=assessor(name), round=round)
    for item in round.items.filter(ruling=None).select_related("round", "measure", "dimension", "agency"):
        panel.ruling_make(actor=assessor(FOUR[0]), item=item, value=Decimal(3), words="Berjalan")
    return round_close(actor=team, round=round)
