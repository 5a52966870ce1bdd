"""The shortest way through a round, by the real actions: for tests of what comes after each station."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from trials.cast import account, seat

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.insight.evaluation.closing.actions import round_close
from kotacerdas.insight.evaluation.models import Instrument, Item, Round
from kotacerdas.insight.evaluation.panel import actions as panel
from kotacerdas.insight.evaluation.rounds import actions as rounds
from kotacerdas.insight.evaluation.rounds import evidence
from kotacerdas.kernel import clock

PDF = b"%PDF-1.7\nsk kepala dinas"
FOUR = ("ketua", "anggota-1", "anggota-2", "anggota-3")


def planner():
    return staff(seat("planner", "BAPPEDA", "planner"))


def agency(code="KOMINFO"):
    return staff(seat(f"pengisi-{code.lower()}", code, "officer"))


def assessor(name):
    return staff(account(name, name=name.title(), is_staff=True))


def opened(year=2026, **given):
    return rounds.round_open(
        actor=planner(),
        year=year,
        instrument=Instrument.objects.get(code="melati"),
        score_until=clock.today() + timedelta(days=30),
        **given,
    )


def items_of(round: Round) -> list[Item]:
    return list(round.items.select_related("round", "measure", "dimension", "agency"))


def fresh(item: Item) -> Item:
    return Item.objects.select_related("round__instrument", "measure", "dimension", "agency").get(pk=item.pk)


def filled(item: Item, level="3", figures=None) -> Item:
    item = fresh(item)
    return rounds.item_fill(
        actor=agency(item.agency.code),
        item=item,
        seen_version=item.version,
        level=Decimal(level),
        words="Sudah berjalan di semua kecamatan",
        figures=figures or {},
    )


def attached(item: Item, data=PDF, title="SK Kepala Dinas", **given):
    return evidence.file_add(
        actor=agency(item.agency.code), item=item, title=title, data=data, name="sk.pdf", **given
    )


def submitted(item: Item) -> Item:
    item = fresh(item)
    return rounds.item_submit(actor=agency(item.agency.code), item=item, seen_version=item.version)


def verified(item: Item) -> Item:
    item = fresh(item)
    proven = [one.id for one in item.evidence.all()]
    return rounds.item_verify(actor=planner(), item=item, seen_version=item.version, proven=proven)


def ready(round: Round) -> Round:
    """All items verified, the panel seated, scoring begun; the first item has a file."""
    items = items_of(round)
    attached(items[0])
    for item in items:
        filled(item)
        submitted(item)
        verified(item)
    for number, name in enumerate(FOUR):
        assessor(name)
        panel.seat_give(
            actor=planner(), round=round, user=assessor(name).user, role="member" if number else "chair"
        )
    return panel.scoring_begin(actor=planner(), round=round)


def scored(round: Round, name: str, values=None) -> None:
    """One assessor scores every item: 3, or what is given by the item's place."""
    for place, item in enumerate(items_of(round)):
        value = Decimal((values or {}).get(place, "3"))
        pieces = [one.id for one in item.evidence.all()]
        panel.score_save(
            actor=assessor(name), item=item, value=value, words="karena buktinya begitu", evidence=pieces
        )


def sent(round: Round, name: str, values=None) -> None:
    scored(round, name, values)
    panel.ballot_send(actor=assessor(name), round=round)


def in_consensus(round: Round | None = None) -> Round:
    """All four sent: item 0 lies apart, item 1 half a step, the others are alike."""
    round = ready(round or opened())
    sent(round, "ketua", {0: "2", 1: "3"})
    sent(round, "anggota-1", {0: "3.5", 1: "3.5"})
    sent(round, "anggota-2", {0: "2", 1: "3"})
    sent(round, "anggota-3", {0: "3", 1: "3"})
    round.refresh_from_db()
    return round


def closed(round: Round | None = None, advice="Lengkapi daftar hadir pelatihan") -> Round:
    round = in_consensus(round)
    for item in items_of(round):
        if not hasattr(item, "ruling"):
            panel.ruling_make(
                actor=assessor("ketua"),
                item=item,
                value=Decimal("2.5"),
                words="Rencana berjalan",
                advice=advice,
            )
    caught_up()
    done = round_close(actor=planner(), round=round)
    caught_up()
    return done


def caught_up() -> None:
    while sealer.seal_batch():
        pass
    while engine.follow_batch():
        pass


@pytest.fixture
def media(settings, tmp_path):
    """A place of their own for files."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return SimpleNamespace(path=tmp_path / "media")
