"""What a round promises between its stations: clocks, marks, flags, refusals, late rows, recommendations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from trials.cast import MONDAY, seat

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.foundation.parties.models import Membership
from kotacerdas.insight.evaluation import evidence_files
from kotacerdas.insight.evaluation.closing.actions import (
    recommendation_judge,
    recommendation_report,
    round_close,
)
from kotacerdas.insight.evaluation.closing.frozen import late
from kotacerdas.insight.evaluation.closing.sealing import pack_of
from kotacerdas.insight.evaluation.ground.queries import before, recommendations_before, trend
from kotacerdas.insight.evaluation.models import (
    Evidence,
    IndicatorSheet,
    Instrument,
    Item,
    Round,
    Ruling,
    Seat,
)
from kotacerdas.insight.evaluation.panel import actions as panel
from kotacerdas.insight.evaluation.rounds import actions as rounds
from kotacerdas.insight.evaluation.rounds import evidence
from kotacerdas.insight.evaluation.rounds.queries import changed_since_verified, mark_of_item, marks_of
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.insight.evaluation.tests.walk import media as media
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, LostRace, Refused, WrongStep
from kotacerdas.programs.iceta import actions as reports

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "media")]


@pytest.fixture
def round():
    return walk.opened()


@pytest.fixture
def item(round):
    return walk.fresh(round.items.get(measure__code="outcome"))


def test_a_year_and_stage_have_one_round_and_a_survey_instrument_none(round):
    with pytest.raises(Conflict):
        walk.opened()
    with pytest.raises(Invalid) as refused:
        rounds.round_open(
            actor=walk.planner(),
            year=2027,
            instrument=Instrument.objects.get(code="ikm"),
            score_until=clock.today() - timedelta(days=1),
        )
    assert set(refused.value.fields) == {"year", "instrument", "score_until"}
    assert Round.objects.count() == 1


def test_only_the_team_opens_and_only_the_items_agency_fills_in(round, item, cast):
    with pytest.raises(Refused):
        rounds.round_open(
            actor=walk.agency(), year=2025, instrument=item.round.instrument, score_until=clock.today()
        )
    for stranger in (walk.agency("PU"), walk.planner(), staff(cast.asep)):
        with pytest.raises(Refused):
            rounds.item_fill(actor=stranger, item=item, seen_version=1, level=None, words="x", figures={})


def test_deadlines_are_working_days_of_the_pack_and_kept_or_not_is_journaled(item):
    assert item.due_at.astimezone(clock.local_zone()).date() == date(2026, 12, 7)  # ten working days
    with clock.frozen(MONDAY + timedelta(days=30)):
        walk.filled(item)
        handed = walk.submitted(item)
    row = Row.objects.get(verb="evaluation.item.submitted")
    assert row.payload == {"in_time": False}
    assert handed.due_at > MONDAY + timedelta(days=30)


def test_what_was_sent_back_gets_a_new_deadline_and_its_reason(item):
    walk.filled(item)
    handed = walk.submitted(item)
    back = rounds.item_return(
        actor=walk.planner(), item=handed, seen_version=handed.version, reason="Lampirkan daftar hadir"
    )
    assert (back.state, back.reason) == (Item.State.RETURNED, "Lampirkan daftar hadir")
    assert back.due_at is not None
    with pytest.raises(WrongStep):
        rounds.item_verify(actor=walk.planner(), item=back, seen_version=back.version, proven=())


def test_a_figure_is_missing_claimed_or_proven_and_proven_only_by_evidence(item):
    walk.filled(item, figures={"iceta.received": Decimal(120)})
    handed = walk.submitted(item)
    figure = handed.figures.get(indicator__code="iceta.received")
    assert figure.mark == "claimed"
    assert handed.figures.get(indicator__code="iceta.resolved_share").mark == "missing"
    with pytest.raises(Invalid, match=r"terbukti"):
        rounds.item_verify(actor=walk.planner(), item=handed, seen_version=handed.version, proven=[figure.id])
    assert walk.fresh(item).state == Item.State.SUBMITTED  # nothing half-written
    back = rounds.item_return(actor=walk.planner(), item=handed, seen_version=handed.version, reason="Bukti?")
    piece = walk.attached(back)
    walk.submitted(back)
    fresh = walk.fresh(item)
    rounds.item_verify(
        actor=walk.planner(), item=fresh, seen_version=fresh.version, proven=[figure.id, piece.id]
    )
    figure.refresh_from_db()
    assert figure.mark == "proven"
    assert marks_of([walk.fresh(item)])["proven"] == 2
    assert mark_of_item(walk.fresh(item)) == "proven"


def test_of_two_at_once_one_wins_and_the_other_is_told(item):
    walk.filled(item)
    with pytest.raises(LostRace):
        rounds.item_fill(
            actor=walk.agency(), item=item, seen_version=1, level=Decimal(2), words="Saya juga", figures={}
        )
    assert walk.fresh(item).words == "Sudah berjalan di semua kecamatan"


@pytest.mark.parametrize("value", ["-1", "1e15", "NaN"])
def test_a_figure_that_cannot_be_is_refused_before_anything_is_written(item, value):
    with pytest.raises((Invalid, ArithmeticError)):
        walk.filled(item, figures={"iceta.received": Decimal(value)})
    assert walk.fresh(item).version == 1


def test_a_share_over_a_hundred_and_a_strangers_indicator_are_told_together(item):
    with pytest.raises(Invalid) as refused:
        walk.filled(item, figures={"iceta.resolved_share": Decimal(101), "lada.value": Decimal(1)})
    assert set(refused.value.fields) == {"iceta.resolved_share", "lada.value"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00program",
        b"<html><script>alert(1)</script>",
        b"#!/bin/sh\nrm",
        b"PK\x03\x04broken",
        b"\x00\x01",
    ],
)
def test_a_file_is_told_by_its_content_never_by_its_name(item, data):
    with pytest.raises(Invalid):
        evidence.file_add(actor=walk.agency(), item=item, title="SK", data=data, name="sk.pdf")
    assert not Evidence.objects.exists()


def test_too_large_a_file_says_what_to_do(item):
    with pytest.raises(Invalid) as refused:
        walk.attached(item, data=walk.PDF + b"x" * (evidence_files.MOST_MB * 1024 * 1024))
    assert "10 MB" in str(refused.value.fields["file"])


def test_a_name_that_would_leave_its_folder_does_not(item):
    piece = evidence.file_add(
        actor=walk.agency(), item=item, title="SK", data=walk.PDF, name='../../etc/"pass\nwd.exe'
    )
    assert piece.name == "pass wd.pdf"


@pytest.mark.parametrize(
    "url", ["ftp://a.go.id/x", "javascript:alert(1)", "https://", "http://localhost/x", "a.go.id/x", ""]
)
def test_a_link_is_a_whole_public_address_with_a_day_that_has_come(item, url):
    with pytest.raises(Invalid):
        evidence.link_add(actor=walk.agency(), item=item, title="Berita", url=url, day=clock.today())
    with pytest.raises(Invalid):
        evidence.link_add(
            actor=walk.agency(),
            item=item,
            title="Berita",
            url="https://a.go.id/x",
            day=clock.today() + timedelta(days=1),
        )


def test_a_list_of_records_holds_only_what_its_sender_may_see(item, cast):
    mine, theirs = cast.verified().case.number, cast.report(phone="0813-0000-1111").case.number
    made = evidence.records_add(
        actor=_of(item, "PU"),
        item=walk.fresh(item),
        title="Laporan",
        numbers=[mine, mine],
    )
    assert made.records == [mine]
    with pytest.raises(Invalid):
        evidence.records_add(
            actor=_of(item, "PU"), item=walk.fresh(item), title="Laporan", numbers=[theirs, "X"]
        )


def _of(item, code):
    """Give the item to an agency and act as its officer."""
    from kotacerdas.foundation.parties.models import Agency

    Item.objects.filter(pk=item.pk).update(agency=Agency.objects.get(code=code))
    return walk.agency(code)


def test_a_live_indicator_is_frozen_at_the_position_reached(item, cast):
    cast.report()
    walk.caught_up()
    sheet = IndicatorSheet.objects.get(code="iceta.received")
    piece = evidence.live_add(actor=walk.agency(), item=item, title=sheet.name, sheet=sheet)
    assert piece.frozen["numerator"] == 1
    cast.report(phone="0813-5555-2222")
    walk.caught_up()
    piece.refresh_from_db()
    assert piece.frozen["numerator"] == 1
    assert piece.position > 0


def test_evidence_changed_afterwards_flags_its_score(round):
    walk.ready(round)
    first = walk.items_of(round)[0]
    piece = first.evidence.get()
    assert changed_since_verified(walk.fresh(first)) == []
    with clock.frozen(MONDAY + timedelta(days=1)):
        walk.attached(walk.fresh(first), data=walk.PDF + b" versi dua", replaces=piece)
    flagged = changed_since_verified(walk.fresh(first))
    assert [one.mark for one in flagged] == ["claimed"]
    assert Row.objects.filter(verb="evaluation.evidence.replaced").count() == 1
    with pytest.raises(Conflict):
        walk.attached(walk.fresh(first), data=walk.PDF + b" versi tiga", replaces=piece)


def test_a_byte_changed_on_the_disk_flags_its_score_too(round, media):
    walk.ready(round)
    first = walk.items_of(round)[0]
    path = evidence_files.path_of(first.evidence.get().sha256)
    path.write_bytes(path.read_bytes() + b"!")
    assert len(changed_since_verified(walk.fresh(first))) == 1


def test_a_link_that_changed_is_only_claimed_and_flags_its_score(round):
    item = walk.items_of(round)[0]
    piece = evidence.link_add(
        actor=walk.agency(), item=item, title="Berita", url="https://a.go.id/x", day=clock.today()
    )
    walk.ready(round)
    with clock.frozen(MONDAY + timedelta(days=2)):
        found = evidence.link_checked(actor=walk.planner(), evidence=piece, found="changed")
    assert (found.mark, found.checked) == ("claimed", "changed")
    assert piece.id in [one.id for one in changed_since_verified(walk.fresh(item))]


def test_who_holds_a_post_here_does_not_assess_and_a_panel_has_one_chair(round, cast):
    with pytest.raises(Invalid) as refused:
        panel.seat_give(actor=walk.planner(), round=round, user=cast.rudi, role="member")
    assert set(refused.value.fields) == {"user"}
    panel.seat_give(actor=walk.planner(), round=round, user=walk.assessor("ketua").user, role="chair")
    for name, role in (("ketua", "member"), ("lain", "chair")):
        with pytest.raises(Conflict):
            panel.seat_give(actor=walk.planner(), round=round, user=walk.assessor(name).user, role=role)
    assert Seat.objects.count() == Membership.objects.filter(role__startswith="panel").count() == 1


def test_scoring_begins_with_all_items_verified_and_all_seats_taken(round):
    with pytest.raises(Conflict, match="5"):
        panel.scoring_begin(actor=walk.planner(), round=round)


def test_a_half_step_needs_a_note_tied_to_evidence(round):
    walk.ready(round)
    item = walk.items_of(round)[0]
    for words, fields in (("", {"note", "evidence"}), ("karena", {"evidence"})):
        with pytest.raises(Invalid) as refused:
            panel.score_save(actor=walk.assessor("ketua"), item=item, value=Decimal("2.5"), words=words)
        assert set(refused.value.fields) == fields
    for value in (None, Decimal("2.25"), Decimal(0), Decimal(5)):
        with pytest.raises(Invalid):
            panel.score_save(actor=walk.assessor("ketua"), item=item, value=value, words="karena")


def test_a_ballot_is_sent_whole_and_once(round):
    walk.ready(round)
    with pytest.raises(Conflict, match="5"):
        panel.ballot_send(actor=walk.assessor("ketua"), round=round)
    walk.sent(round, "ketua")
    with pytest.raises(Conflict):
        panel.ballot_send(actor=walk.assessor("ketua"), round=round)
    with pytest.raises(Conflict):
        walk.scored(round, "ketua", {0: "4"})


def test_only_who_sits_there_scores(round, cast):
    walk.ready(round)
    for stranger in (walk.planner(), walk.agency(), walk.assessor("orang-lain")):
        with pytest.raises(Refused):
            panel.score_save(actor=stranger, item=walk.items_of(round)[0], value=Decimal(3))


def test_closing_is_refused_while_items_are_open_with_the_count():
    round = walk.in_consensus()
    with pytest.raises(Conflict, match="1"):
        round_close(actor=walk.planner(), round=round)
    assert Round.objects.get().state == Round.State.CONSENSUS


def test_the_chair_rules_once_and_the_four_scores_stay():
    round = walk.in_consensus()
    open_item = next(one for one in walk.items_of(round) if not hasattr(one, "ruling"))
    before_ruling = sorted(open_item.scores.values_list("value", flat=True))
    with pytest.raises(Refused):
        panel.ruling_make(
            actor=walk.assessor("anggota-1"), item=open_item, value=Decimal(3), words="Menurut saya"
        )
    panel.ruling_make(actor=walk.assessor("ketua"), item=open_item, value=Decimal(3), words="Cukup bukti")
    with pytest.raises(Conflict):
        panel.ruling_make(actor=walk.assessor("ketua"), item=open_item, value=Decimal(4), words="Berubah")
    assert Ruling.objects.get(item=open_item).value == "3"
    assert sorted(open_item.scores.values_list("value", flat=True)) == before_ruling


def test_a_late_row_is_shown_as_late_and_never_counted_in(cast):
    cast.report()
    round = walk.closed()
    frozen = round.figures.get(indicator__code="iceta.received")
    assert (frozen.numerator, late(round)) == (1, [])
    sealed = pack_of(round)
    cast.report(phone="0813-7777-1111")
    walk.caught_up()
    assert [(one.code, n) for one, n, _d in late(round) if one.code == "iceta.received"] == [
        ("iceta.received", 1)
    ]
    frozen.refresh_from_db()
    assert frozen.numerator == 1
    assert pack_of(Round.objects.get()) == sealed


def test_recommendations_become_cases_with_owners_and_clocks_and_the_next_round_begins_with_them():
    round = walk.closed(advice="Lengkapi daftar hadir")
    case = Case.objects.get(kind="evaluation.recommendation")
    assert (case.lead_agency.code, case.due_at is not None) == ("KOMINFO", True)
    with pytest.raises(Invalid):
        recommendation_report(actor=walk.agency(), case=case, report=" ")
    with pytest.raises(Refused):
        recommendation_report(actor=walk.agency("PU"), case=case, report="Bukan kami")
    reported = recommendation_report(actor=walk.agency(), case=case, report="Sudah dilengkapi")
    back = recommendation_judge(actor=walk.planner(), case=reported, accept=False)
    again = recommendation_report(actor=walk.agency(), case=back, report="Sudah dilengkapi semua")
    assert recommendation_judge(actor=walk.planner(), case=again, accept=True).closed_at is not None
    following = walk.opened(stage=2)
    assert [one.case_id for one in recommendations_before(following)] == [case.id]
    assert before(walk.items_of(following)[0]) == Fraction("2.5")
    assert [one.slug for one, _index in trend(round)] == ["2026-1"]


def test_a_closed_round_takes_nothing_more(round):
    closed = walk.closed(round)
    item = walk.items_of(closed)[0]
    with pytest.raises(WrongStep):
        walk.attached(item, data=walk.PDF + b"2", replaces=item.evidence.get())
    with pytest.raises(WrongStep):
        panel.interview_note(actor=walk.planner(), item=item, side="panel", words="Mengapa?")
    assert not Membership.objects.filter(role__startswith="panel", until__gte=clock.today()).exists()


def test_ratings_of_closed_cases_stand_beside_the_survey(cast):
    from kotacerdas.insight.evaluation.ground.queries import ratings

    filed = cast.verified()
    reports.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Sudah diganti")
    filed.party.case.refresh_from_db()
    reports.report_rate(actor=reporter(), party=filed.party, rating=4)
    found = ratings(walk.opened())
    assert [(one.programme.code, one.count, one.mean) for one in found] == [("iceta", 1, 4.0)]


def test_agencies_are_told_that_items_wait_and_not_when_none_does(round):
    from kotacerdas.foundation.notify.declarations import templates
    from kotacerdas.foundation.notify.models import Message
    from kotacerdas.foundation.parties.models import Position

    seat_of_liaison = seat("penghubung", "KOMINFO", "liaison")
    assert seat_of_liaison.email
    post = Position.objects.get(agency__code="KOMINFO", code="liaison")
    other = walk.opened(stage=2)
    assert Message.objects.filter(effect="evaluation.invited", recipient_id=post.id).count() == 1
    compose = templates()["evaluation.invited"].compose
    assert "5" in compose(post.id, {"round": str(other.id)}).body
    for item in walk.items_of(other):
        walk.filled(item)
        walk.submitted(item)
    assert compose(post.id, {"round": str(other.id)}) is None


def test_a_deadline_that_passed_is_marked_once_and_the_head_is_told(round):
    from kotacerdas.foundation.cases.lookout import treat_due_clocks
    from kotacerdas.foundation.notify.models import Message

    seat("kepala-kominfo", "KOMINFO", "head")
    walk.filled(walk.items_of(round)[0])
    walk.submitted(walk.items_of(round)[0])  # with the team: its own deadline
    with clock.frozen(MONDAY + timedelta(days=40)):
        treat_due_clocks()
        treat_due_clocks()
        assert round.items.exclude(overdue_at=None).count() == 5
        assert Row.objects.filter(verb="evaluation.item.overdue").count() == 5
        assert Message.objects.filter(effect="evaluation.overdue").count() == 4
        first = walk.fresh(walk.items_of(round)[0])
        back = rounds.item_return(
            actor=walk.planner(), item=first, seen_version=first.version, reason="Lampirkan daftar"
        )
        assert back.overdue_at is None
