"""A report's whole way through the actions: who may, what is written, what the clocks and figures say."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import translation

from kotacerdas.foundation.cases.lookout import treat_due_clocks
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, Note
from kotacerdas.foundation.cases.queries import queue, visible_to
from kotacerdas.foundation.commands.declarations import command_take
from kotacerdas.foundation.following.queries import followed
from kotacerdas.foundation.indicators import engine, queries
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import SYSTEM, reporter, staff
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.parties.models import Person
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, LostRace, Missing, Refused, WrongStep
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.actions.filing import fingerprint
from kotacerdas.programs.iceta.public.report_form import FILE_REPORT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def clocks(case: Case) -> dict[str, str]:
    return dict(CaseClock.objects.filter(case=case).order_by("started_at").values_list("name", "state"))


def fresh(filed: actions.Filed) -> Case:
    return Case.objects.select_related("lead_agency").get(id=filed.case.id)


def later(days: float):
    return clock.frozen(clock.now() + timedelta(days=days))


class TestReporting:
    def test_a_stored_report_has_a_number_a_link_a_row_and_a_running_promise(self, cast):
        filed = cast.report()
        assert filed.case.number.startswith("TML-2026-")
        assert Row.objects.get(subject_id=filed.case.id).verb == "iceta.report.receive"
        assert clocks(filed.case) == {"verify": "running"}
        assert Message.objects.get().effect == "iceta.received"

    def test_sending_twice_stores_once(self, cast):
        given = actions.Draft(
            words="Papan dermaga patah di ujung",
            category=cast.category(),
            channel="web",
            area_code="99.01.01.2001",
        )
        sent = {"given": given, "command_id": ids.new_id(), "digest": fingerprint(given), "scope": "reporter"}
        first, second = (command_take(FILE_REPORT, actor=reporter(), **sent) for _time in range(2))
        assert (second.refs, second.is_new) == (first.refs, False)
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"words": "rusak"}, "words"),
            ({"words": "a" * 10_000}, "words"),
            ({"phone": "12"}, "phone"),
            ({"area_code": ""}, "place"),
            ({"urgency": "gawat"}, "urgency"),
        ],
    )
    def test_bad_input_names_the_field_and_stores_nothing(self, cast, given, field):
        with pytest.raises(Invalid) as wrong:
            cast.report(**given)
        assert list(wrong.value.fields) == [field]
        assert not Case.objects.exists()
        assert not Row.objects.exists()

    def test_an_anonymous_web_report_stores_nobody(self, cast):
        filed = cast.report(is_anonymous=True)
        assert filed.party.person is None
        assert not Person.objects.exists()

    def test_names_and_numbers_are_sealed_in_the_store(self, cast):
        party = cast.report().party
        person = Person.objects.get()
        assert "Wati" not in person.name_sealed
        assert "3456" not in party.contact.sealed
        assert (party.name, party.phone_masked) == ("Wati", "0812-••••-7890")

    def test_an_emergency_by_telephone_is_with_its_agency_at_once(self, cast):
        draft = actions.Draft(
            words="Tanah bergerak di lereng belakang rumah",
            category=cast.category("landslide"),
            channel="phone",
            area_code="99.01.01.2001",
            phone="0812-3456-7890",
        )
        filed = actions.report_file(actor=staff(cast.dewi), draft=draft, desk=cast.agency("KOMINFO"))
        case = fresh(filed)
        assert (case.state, case.lead_agency.code) == ("assigned", "PU")
        assert clocks(case) == {"handover": "running", "arrive": "running"}

    def test_a_stranger_takes_no_calls(self, cast):
        draft = actions.Draft(
            words="Papan dermaga patah semuanya",
            category=cast.category(),
            channel="phone",
            area_code="99.01.01.2001",
        )
        with pytest.raises(Refused):
            actions.report_file(actor=staff(cast.asep), draft=draft, desk=cast.agency("KOMINFO"))


class TestDeciding:
    def test_verifying_starts_the_agencys_promises_and_keeps_ours(self, cast):
        filed = cast.verified()
        assert clocks(filed.case) == {"verify": "kept", "respond": "running", "resolve": "running"}
        mine = queue(grants_of(cast.rudi), "iceta.work_report")
        assert [one.case_id for one in mine] == [filed.case.id]
        assert mine[0].due_at == CaseClock.objects.get(name="respond").due_at

    def test_only_the_verifier_verifies(self, cast):
        filed = cast.report()
        for user in (cast.rudi, cast.dewi, cast.asep):
            with pytest.raises(Refused):
                actions.report_verify(
                    actor=staff(user), case=fresh(filed), agency=cast.agency("PU"), report_class="complaint"
                )

    def test_postponing_works_once_and_not_too_far(self, cast):
        filed, sari = cast.report(), staff(cast.sari)
        today = clock.today()
        with pytest.raises(Invalid):
            actions.report_postpone(actor=sari, case=fresh(filed), until=today + 60 * DAY, reason="menunggu")
        actions.report_postpone(actor=sari, case=fresh(filed), until=today + 3 * DAY, reason="menunggu peta")
        assert clocks(filed.case) == {"verify": "paused"}
        actions.report_take_up(actor=SYSTEM, case=fresh(filed))
        with pytest.raises(Conflict):
            actions.report_postpone(actor=sari, case=fresh(filed), until=today + 2 * DAY, reason="lagi")

    def test_merging_keeps_every_reporter_informed(self, cast):
        first, second = cast.verified(), cast.report(phone="0813-0000-2244", name="")
        actions.report_merge(actor=staff(cast.sari), case=fresh(second), into=fresh(first))
        assert fresh(second).state == "merged"
        assert fresh(first).parties.count() == 2
        Message.objects.all().delete()
        actions.report_reply(actor=staff(cast.rudi), case=fresh(first), body="Kami periksa besok")
        assert Message.objects.filter(effect="iceta.reply").count() == 2

    def test_what_is_not_ours_ends_with_its_reason_for_the_reporter(self, cast):
        filed = cast.report()
        actions.report_end(
            actor=staff(cast.sari), case=fresh(filed), step="not_ours", reason="Milik pelabuhan"
        )
        assert fresh(filed).closed_at is not None
        assert Note.objects.get().kind == "reply"


class TestWorking:
    def test_a_question_stops_the_clock_and_the_answer_starts_it(self, cast):
        filed, rudi = cast.verified(), staff(cast.rudi)
        actions.report_ask(actor=rudi, case=fresh(filed), body="Sisi mana?")
        assert clocks(filed.case)["resolve"] == "paused"
        assert clock.local_day(CaseClock.objects.get(name="resolve").due_at) == date(2026, 12, 7)
        with later(2):  # asked on Monday, answered on Wednesday, a holiday: ten working days remain
            actions.report_answer(actor=reporter(), party=followed_party(filed), body="Sisi timur")
        resolve = CaseClock.objects.get(name="resolve")
        assert resolve.state == "running"
        assert clock.local_day(resolve.due_at) == date(2026, 12, 8)

    def test_an_overdue_promise_stays_broken_whatever_follows(self, cast):
        filed, rudi = cast.verified(), staff(cast.rudi)
        with later(40):
            actions.report_ask(actor=rudi, case=fresh(filed), body="Masih rusak?")
        with later(41):
            actions.report_answer(actor=reporter(), party=followed_party(filed), body="Masih")
            actions.report_resolve(actor=rudi, case=fresh(filed), body="Sudah diganti")
        assert CaseClock.objects.get(name="resolve").state == "broken"
        assert CaseClock.objects.get(name="respond").state == "broken"

    def test_returning_ends_our_clocks_without_count_and_starts_the_verifiers(self, cast):
        filed = cast.verified()
        actions.report_return(actor=staff(cast.rudi), case=fresh(filed), reason="Milik dinas lain")
        assert clocks(filed.case) == {
            "verify": "kept",
            "respond": "void",
            "resolve": "void",
            "reassign": "running",
        }
        assert not queue(grants_of(cast.rudi), "iceta.work_report").exists()

    def test_a_supporting_agency_has_a_promise_of_its_own(self, cast):
        filed = cast.verified()
        actions.report_support(actor=staff(cast.rudi), case=fresh(filed), agency=cast.agency("BAPPEDA"))
        helper = cast.officer_of("BAPPEDA")
        assert queue(grants_of(helper), "iceta.work_report").get().role == "support"
        actions.report_note(actor=staff(helper), case=fresh(filed), body="Data sudah kami kirim")
        assert clocks(filed.case)["support"] == "kept"

    def test_a_supporting_agency_does_not_resolve(self, cast):
        filed = cast.verified()
        actions.report_support(actor=staff(cast.rudi), case=fresh(filed), agency=cast.agency("BAPPEDA"))
        with pytest.raises(Refused):
            actions.report_resolve(actor=staff(cast.officer_of("BAPPEDA")), case=fresh(filed), body="Beres")

    def test_a_queue_belongs_to_the_post_and_an_acting_head_has_it_from_that_day(self, cast):
        from trials.cast import seat

        filed = cast.verified()
        plt = seat("plt", "PU", "head", since=clock.today() + DAY, acting="plt")
        assert not visible_to(grants_of(plt)).exists()
        assert visible_to(grants_of(plt, clock.today() + DAY)).get().id == filed.case.id

    def test_a_closed_case_takes_no_step(self, cast):
        filed = cast.verified()
        actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Sudah diganti")
        actions.report_rate(actor=reporter(), party=followed_party(filed), rating=4)
        with pytest.raises(WrongStep):
            actions.report_reply(actor=staff(cast.rudi), case=fresh(filed), body="Terima kasih")


class TestFollowing:
    def resolved(self, cast) -> actions.Filed:
        filed = cast.verified()
        actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Papan sudah diganti")
        return filed

    @pytest.mark.parametrize(
        ("rating", "state"), [(1, "resolved"), (2, "resolved"), (3, "closed"), (4, "closed")]
    )
    def test_a_good_rating_closes_and_a_bad_one_leaves_the_way_to_reopening(self, cast, rating, state):
        filed = self.resolved(cast)
        actions.report_rate(actor=reporter(), party=followed_party(filed), rating=rating)
        assert fresh(filed).state == state

    def test_reopening_gives_a_new_answer_clock_and_what_was_left(self, cast):
        filed = self.resolved(cast)
        with later(1):
            actions.report_reopen(actor=reporter(), party=followed_party(filed), body="Patah lagi")
        live = {one.name: one for one in CaseClock.objects.filter(case=filed.case, state="running")}
        assert set(live) == {"respond", "resolve"}
        assert live["resolve"].budget == 10
        assert live["resolve"].continues is not None

    @pytest.mark.parametrize("body", ["\u200b" * 20, "\u202e \u200d"])
    def test_a_reason_nobody_can_read_reopens_nothing(self, cast, body):
        filed = self.resolved(cast)
        with pytest.raises(Invalid):
            actions.report_reopen(actor=reporter(), party=followed_party(filed), body=body)

    def test_a_report_without_a_result_is_not_reopened_and_told_why(self, cast):
        with pytest.raises(Conflict, match="never resolved"), translation.override("en"):
            actions.report_reopen(actor=reporter(), party=cast.verified().party, body="Patah lagi")

    def test_reopening_after_the_promised_date_is_refused_with_the_way_out(self, cast):
        filed = self.resolved(cast)
        with later(60), pytest.raises(Conflict) as refused:
            actions.report_reopen(actor=reporter(), party=followed_party(filed), body="Patah lagi")
        assert refused.value.remedy

    def test_nobody_rates_so_it_closes_by_itself(self, cast):
        filed = self.resolved(cast)
        with later(30):
            while treat_due_clocks():
                pass
        assert fresh(filed).state == "closed"
        assert not CaseClock.objects.filter(case=filed.case, state__in=("running", "paused")).exists()

    def test_a_link_expires_ninety_days_after_closing(self, cast):
        from kotacerdas.foundation.cases.links import link_token

        filed = self.resolved(cast)
        token = link_token(filed.party)
        actions.report_rate(actor=reporter(), party=followed_party(filed), rating=4)
        with later(89):
            assert followed(token).id == filed.party.id
        with later(91), pytest.raises(Missing):
            followed(token)

    def test_a_guessed_link_opens_nothing(self, cast):
        cast.report()
        with pytest.raises(Missing):
            followed("0" * 40)


class TestEscalating:
    def test_an_overdue_promise_goes_up_the_chain_once_per_level(self, cast):
        filed = cast.verified()
        with later(12):
            while treat_due_clocks():
                pass
        respond = CaseClock.objects.get(name="respond")
        assert respond.overdue_at == respond.due_at
        assert respond.escalated == 1
        assert (
            Assignment.objects.filter(case=filed.case, role="escalation", position__code="head").count() == 1
        )
        assert Row.objects.filter(verb="iceta.report.escalate").count() == 1
        with later(13):
            assert treat_due_clocks() == 0


class TestFigures:
    def test_the_rating_is_found_in_the_indicator_and_the_report_behind_the_figure(self, cast):
        filed = cast.verified()
        actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Sudah diganti")
        actions.report_rate(actor=reporter(), party=followed_party(filed), rating=4)
        sealer.seal_batch()
        engine.follow_batch()
        day = clock.today()
        assert queries.figure("iceta.satisfied_share", day, day).value == 1
        assert queries.figure("iceta.resolved_share", day, day, agencies=["PU"]).value == 1
        behind = queries.rows_behind("iceta.resolved_share", day, day)
        assert {one.subject_id for one in behind} == {filed.case.id}

    def test_a_reopening_takes_its_share_back_and_merges_and_pranks_leave_the_count(self, cast):
        filed = cast.verified()
        actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Sudah diganti")
        actions.report_reopen(actor=reporter(), party=followed_party(filed), body="Belum")
        for step in ("prank", "not_ours"):
            other = cast.report()
            actions.report_end(actor=staff(cast.sari), case=fresh(other), step=step, reason="x")
        sealer.seal_batch()
        engine.follow_batch()
        day = clock.today()
        assert queries.figure("iceta.received", day, day).numerator == 2
        share = queries.figure("iceta.resolved_share", day, day)
        assert (share.numerator, share.denominator) == (0, 1)

    def test_rebuilding_gives_what_following_gave(self, cast):
        for _ in range(3):
            cast.verified()
        sealer.seal_batch()
        engine.follow_batch()
        day = clock.today()
        before = {code: queries.figures(code, day, day, by="agency") for code in engine_codes()}
        engine.rebuild()
        assert {code: queries.figures(code, day, day, by="agency") for code in engine_codes()} == before
        assert all(queries.check(code, day, day).agrees for code in engine_codes())


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_of_two_verifiers_at_once_one_wins_and_the_other_reads_why(self, cast):
        filed = cast.report()
        outcomes = at_once(
            lambda case: actions.report_verify(
                actor=staff(cast.sari), case=case, agency=cast.agency("PU"), report_class="complaint"
            ),
            filed,
        )
        assert sorted(outcomes) == ["LostRace", "won"]
        assert Row.objects.filter(verb="iceta.report.verify").count() == 1
        assert Assignment.objects.filter(case=filed.case, role="lead").count() == 1

    def test_of_two_officers_resolving_at_once_one_wins(self, cast):
        filed = cast.verified()
        outcomes = at_once(
            lambda case: actions.report_resolve(actor=staff(cast.rudi), case=case, body="Sudah diganti"),
            filed,
        )
        assert sorted(outcomes) == ["LostRace", "won"]
        assert Note.objects.filter(kind="resolution").count() == 1

    def test_a_stale_page_loses(self, cast):
        filed = cast.verified()
        seen = fresh(filed).version
        actions.report_accept(actor=staff(cast.rudi), case=fresh(filed))
        with pytest.raises(LostRace):
            actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Sudah", seen_version=seen)


def followed_party(filed: actions.Filed):
    from kotacerdas.foundation.cases.models import CaseParty

    return CaseParty.objects.select_related("case__lead_agency", "person").get(id=filed.party.id)


def engine_codes() -> list[str]:
    from kotacerdas.foundation.indicators.declarations import indicators

    return sorted(indicators())


def at_once(act, filed: actions.Filed) -> list[str]:
    """Run an action twice at once, each on its own connection and its own copy of the case."""
    gate, outcomes = threading.Barrier(2), []
    when = clock.now()

    def run() -> None:
        case = fresh(filed)
        with clock.frozen(when):
            gate.wait(10)
            try:
                act(case)
                outcomes.append("won")
            except LostRace as lost:
                outcomes.append("LostRace" if lost.remedy else "lost without a way out")
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
