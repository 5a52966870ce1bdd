"""What happens to promises at the edges: changed urgency, a lapse, a reopening, two locks at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from kotacerdas.foundation.cases.lookout import treat_due_clocks
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, CaseParty
from kotacerdas.foundation.following.present import clock_bar_of
from kotacerdas.foundation.indicators import engine, queries
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.programs.iceta import actions

pytestmark = pytest.mark.django_db


def fresh(filed: actions.Filed) -> Case:
    return Case.objects.select_related("lead_agency").get(id=filed.case.id)


def party(filed: actions.Filed) -> CaseParty:
    return CaseParty.objects.select_related("case__lead_agency", "person").get(id=filed.party.id)


def later(days: float):
    return clock.frozen(clock.now() + timedelta(days=days))


def ends(filed: actions.Filed, name: str) -> list[str]:
    return list(filed.case.clocks.filter(name=name).order_by("started_at").values_list("state", flat=True))


def test_an_emergency_that_the_verifier_lowers_keeps_no_emergency_clock(cast):
    filed = cast.report(category=cast.category("landslide"))
    assert (ends(filed, "handover"), ends(filed, "arrive")) == (["running"], ["running"])
    actions.report_verify(
        actor=staff(cast.sari),
        case=fresh(filed),
        agency=cast.agency("PU"),
        report_class="complaint",
        urgency="normal",
    )
    assert (ends(filed, "handover"), ends(filed, "arrive")) == (["void"], ["void"])
    assert ends(filed, "respond") == ["running"]


def test_a_reporter_who_does_not_answer_does_not_wash_an_overdue_promise(cast):
    filed, rudi = cast.verified(), staff(cast.rudi)
    with later(40):
        actions.report_ask(actor=rudi, case=fresh(filed), body="Masih rusak?")
    with later(80):
        while treat_due_clocks():
            pass
    assert fresh(filed).state == "closed"
    assert ends(filed, "resolve") == ["broken"]


@pytest.mark.parametrize("given", [{"urgency": "emergency"}, {"report_class": "aspiration"}])
def test_reopening_revives_no_promise_that_the_case_carries_no_more(cast, given):
    filed = cast.verified()
    with later(40):
        actions.report_return(actor=staff(cast.rudi), case=fresh(filed), reason="Milik dinas lain")
        assert ends(filed, "resolve") == ["broken"]
        assert clock_bar_of(fresh(filed), "resolve")[1].name == "reassign"
        helper, planning = cast.officer_of("BAPPEDA"), cast.agency("BAPPEDA")
        decided = {"report_class": "complaint", **given}
        actions.report_verify(actor=staff(cast.sari), case=fresh(filed), agency=planning, **decided)
        assert clock_bar_of(fresh(filed), "resolve")[1].is_live
        actions.report_resolve(actor=staff(helper), case=fresh(filed), body="Sudah")
        actions.report_reopen(actor=reporter(), party=party(filed), body="Belum beres")
    assert ends(filed, "resolve") == ["broken"]


def test_returning_overdue_work_does_not_wash_it_and_the_next_agency_begins_anew(cast):
    filed = cast.verified()
    with later(9):
        actions.report_return(actor=staff(cast.rudi), case=fresh(filed), reason="Milik dinas lain")
        assert (ends(filed, "respond"), ends(filed, "resolve")) == (["broken"], ["void"])
        helper, planning = cast.officer_of("BAPPEDA"), cast.agency("BAPPEDA")
        actions.report_verify(
            actor=staff(cast.sari), case=fresh(filed), agency=planning, report_class="complaint"
        )
        actions.report_reply(actor=staff(helper), case=fresh(filed), body="Kami tangani")
    assert ends(filed, "respond") == ["broken", "kept"]
    sealer.seal_batch()
    engine.follow_batch()
    day = clock.today() + timedelta(days=9)
    assert queries.figure("iceta.first_answer", day, day).denominator == 1  # the answer that came


def test_one_report_has_one_first_answer_whoever_gives_it_back(cast):
    filed, rudi = cast.verified(), staff(cast.rudi)
    actions.report_resolve(actor=rudi, case=fresh(filed), body="Sudah diganti")
    actions.report_reopen(actor=reporter(), party=party(filed), body="Belum")
    with later(12):
        actions.report_return(actor=rudi, case=fresh(filed), reason="Milik dinas lain")
        actions.report_verify(
            actor=staff(cast.sari),
            case=fresh(filed),
            agency=cast.agency("BAPPEDA"),
            report_class="complaint",
        )
        actions.report_reply(actor=staff(cast.officer_of("BAPPEDA")), case=fresh(filed), body="Kami tangani")
    sealer.seal_batch()
    engine.follow_batch()
    first, last = clock.today(), clock.today() + timedelta(days=12)
    assert ends(filed, "respond") == ["kept", "broken", "kept"]
    assert queries.figure("iceta.first_answer", first, last).denominator == 1


def test_what_was_returned_and_lay_too_long_is_not_washed_by_archiving(cast):
    filed = cast.verified()
    actions.report_return(actor=staff(cast.rudi), case=fresh(filed), reason="Milik dinas lain")
    with later(5):
        actions.report_end(actor=staff(cast.sari), case=fresh(filed), step="archive", reason="Tidak jelas")
    assert ends(filed, "reassign") == ["broken"]


@pytest.mark.parametrize(("days", "end"), [(0, "void"), (1, "broken")])
def test_lowering_an_emergency_washes_no_promise_that_was_missed(cast, days, end):
    filed = cast.report(category=cast.category("landslide"))
    with later(days):
        actions.report_verify(
            actor=staff(cast.sari),
            case=fresh(filed),
            agency=cast.agency("PU"),
            report_class="complaint",
            urgency="normal",
        )
    assert (ends(filed, "handover"), ends(filed, "arrive")) == ([end], [end])


def test_a_merge_is_a_decision_in_time_or_late(cast):
    first = cast.verified()
    for days, end in ((0, "void"), (9, "broken")):
        twin = cast.report()
        with later(days):
            actions.report_merge(actor=staff(cast.sari), case=fresh(twin), into=fresh(first))
        assert ends(twin, "verify") == [end]


def test_a_promise_within_its_time_lapses_without_count(cast):
    filed, rudi = cast.verified(), staff(cast.rudi)
    actions.report_ask(actor=rudi, case=fresh(filed), body="Sisi mana?")
    with later(40):
        while treat_due_clocks():
            pass
    assert ends(filed, "resolve") == ["void"]


def test_what_a_pause_had_left_is_left_after_reopening(cast):
    filed, rudi = cast.verified(), staff(cast.rudi)
    actions.report_ask(actor=rudi, case=fresh(filed), body="Sisi mana?")
    with later(8):
        actions.report_resolve(actor=rudi, case=fresh(filed), body="Sudah diganti")
        actions.report_reopen(actor=reporter(), party=party(filed), body="Belum")
    assert filed.case.clocks.get(name="resolve", state="running").budget == 10


def test_who_was_called_in_for_a_late_verification_is_let_go_once_it_is_done(cast):
    filed = cast.report()
    with later(12):
        while treat_due_clocks():
            pass
        assert Assignment.objects.filter(role="escalation", is_open=True).count() == 1
        actions.report_verify(
            actor=staff(cast.sari), case=fresh(filed), agency=cast.agency("PU"), report_class="complaint"
        )
    assert not Assignment.objects.filter(role="escalation", is_open=True).exists()


def test_a_reopened_emergency_has_a_promise_again(cast):
    filed = cast.report(category=cast.category("landslide"))
    actions.report_verify(
        actor=staff(cast.sari), case=fresh(filed), agency=cast.agency("PU"), report_class="complaint"
    )
    actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Aman")
    actions.report_reopen(actor=reporter(), party=party(filed), body="Longsor lagi")
    assert fresh(filed).due_at is not None


def test_the_first_answer_is_counted_once_whatever_is_reopened(cast):
    filed, rudi = cast.verified(), staff(cast.rudi)
    actions.report_resolve(actor=rudi, case=fresh(filed), body="Sudah diganti")
    actions.report_reopen(actor=reporter(), party=party(filed), body="Belum")
    actions.report_reply(actor=rudi, case=fresh(filed), body="Kami kembali besok")
    sealer.seal_batch()
    engine.follow_batch()
    day = clock.today()
    assert queries.figure("iceta.first_answer", day, day).denominator == 1
    assert queries.figure("iceta.on_time_share", day, day).denominator == 4


def test_a_date_a_hundred_years_off_is_refused_at_once(cast):
    from datetime import date

    with pytest.raises(Invalid):
        actions.report_postpone(
            actor=staff(cast.sari), case=fresh(cast.report()), until=date(9999, 12, 31), reason="nanti"
        )


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_look_out_at_once_never_lock_each_other_out(cast):
    filed, rudi = cast.verified(), staff(cast.rudi)
    actions.report_ask(actor=rudi, case=fresh(filed), body="Sisi mana?")
    when, gate, outcomes = clock.now() + timedelta(days=40), threading.Barrier(2), []

    def run(act) -> None:
        with clock.frozen(when):
            gate.wait(10)
            try:
                act()
                outcomes.append("done")
            except Conflict:
                outcomes.append("too late")
        connections.close_all()

    answer = party(filed)
    threads = [
        threading.Thread(
            target=run, args=[lambda: actions.report_answer(actor=reporter(), party=answer, body="Timur")]
        ),
        threading.Thread(target=run, args=[treat_due_clocks]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    assert fresh(filed).state in ("in_progress", "closed")
    assert CaseClock.objects.filter(case=filed.case, name="reply").exclude(state="running").count() == 1
