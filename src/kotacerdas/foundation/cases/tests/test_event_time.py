"""A step that comes late counts from when it happened, as far as that can be, and mends what was marked meanwhile."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections, transaction
from trials.cast import MONDAY

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case, CaseClock
from kotacerdas.foundation.cases.tests.repairs import REPAIR, declared_kind
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import NotThen, WrongStep
from kotacerdas.programs.iceta import actions

pytestmark = pytest.mark.django_db

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture
def repairs(cast):
    with declared_kind(REPAIR, "officer"):
        yield cast


def bring(cast, actor=SYSTEM, lifecycle=REPAIR, **given):
    return cases.open(
        lifecycle,
        actor=actor,
        title_code="bicycle",
        channel="counter",
        given_to=[(LEAD, cast.agency("PU"))],
        own=lambda case: None,
        **given,
    ).case


@pytest.fixture
def case(repairs):
    return bring(repairs)


def when(span):
    """Now is that long after Monday at ten."""
    return clock.frozen(MONDAY + span)


def take(case, step, who, happened=None, **given):
    """Take a step on the case as it is in the store, that long after Monday at ten."""
    fresh = Case.objects.select_related("lead_agency").get(id=case.id)
    actor = replace(staff(who), happened_at=None if happened is None else MONDAY + happened)
    with transaction.atomic():
        return cases.take(fresh, step, actor=actor, **given)


class TestWhen:
    def test_the_row_says_when_it_happened_and_when_it_came(self, repairs, case):
        with when(5 * HOUR):
            row = take(case, "find", repairs.rudi, HOUR, hours=2).row
        assert (row.occurred_at, row.recorded_at) == (MONDAY + HOUR, MONDAY + 5 * HOUR)

    def test_a_time_given_to_the_step_wins_over_the_actors(self, repairs, case):
        with when(5 * HOUR):
            row = take(case, "find", repairs.rudi, HOUR, hours=2, at=MONDAY + 2 * HOUR).row
        assert row.occurred_at == MONDAY + 2 * HOUR

    def test_without_one_it_is_now(self, repairs, case):
        with when(5 * HOUR):
            row = take(case, "find", repairs.rudi, hours=2).row
        assert row.occurred_at == row.recorded_at == MONDAY + 5 * HOUR

    @pytest.mark.parametrize("ahead", [TICK, timedelta(minutes=2)])
    def test_a_little_ahead_is_now(self, repairs, case, ahead):
        with when(HOUR):
            assert take(case, "find", repairs.rudi, HOUR + ahead, hours=2).row.occurred_at == MONDAY + HOUR

    @pytest.mark.parametrize("ahead", [timedelta(minutes=2) + TICK, timedelta(minutes=3)])
    def test_the_future_is_refused_with_the_way_out(self, repairs, case, ahead):
        with when(HOUR), pytest.raises(NotThen) as refused:
            take(case, "find", repairs.rudi, HOUR + ahead, hours=2)
        assert (refused.value.code, refused.value.status) == ("event_time", 409)
        assert refused.value.remedy
        assert Row.objects.filter(subject_id=case.id).count() == 1  # nothing was written

    def test_thirty_days_back_is_taken_and_not_a_moment_more(self, repairs, case):
        with when(timedelta(days=30)):
            assert take(case, "find", repairs.rudi, timedelta(), hours=2).row.occurred_at == MONDAY
        for late in (timedelta(days=30) + TICK, timedelta(days=31)):
            with when(late), pytest.raises(NotThen):
                take(case, "find", repairs.rudi, timedelta(), hours=2)

    def test_nothing_happens_to_a_case_before_it_was_opened(self, repairs, case):
        with when(HOUR):
            with pytest.raises(NotThen):
                take(case, "find", repairs.rudi, -TICK, hours=2)
            assert take(case, "find", repairs.rudi, timedelta(), hours=2)


class TestInBetween:
    def test_a_colleagues_note_and_reading_refuse_nobody(self, repairs, case):
        with when(2 * HOUR):
            take(case, "jot", repairs.officer_of("PU"), body="Rantainya putus")
            cases.record_reading(case=case, actor=staff(repairs.rudi), what="phone", purpose="call")
        with when(3 * HOUR):
            assert take(case, "begin", repairs.rudi, HOUR).case.state == "on_bench"

    @pytest.mark.parametrize("step", ["begin", "call_in"])
    def test_a_changed_state_or_assignment_refuses_what_happened_before(self, repairs, case, step):
        with when(2 * HOUR):
            take(case, step, repairs.rudi, agency=repairs.agency("BAPPEDA"))
        with when(3 * HOUR):
            with pytest.raises(NotThen) as refused:
                take(case, "find", repairs.rudi, 2 * HOUR - TICK, hours=2)
            assert "12.00" in str(refused.value) or "12:00" in str(refused.value)
            assert take(case, "find", repairs.rudi, 2 * HOUR, hours=2)

    def test_a_changed_clock_alone_refuses_too(self, cast):
        again = replace(REPAIR.clocks[0], starts=frozenset({"receive"}), keeps=frozenset({"find", "finish"}))
        with declared_kind(replace(REPAIR, clocks=(again, REPAIR.clocks[1])), "officer"):
            case = bring(cast, lifecycle=replace(REPAIR, clocks=(again, REPAIR.clocks[1])))
            with when(2 * HOUR):
                take(case, "find", cast.rudi, hours=1)
            with when(3 * HOUR), pytest.raises(NotThen):
                take(case, "jot", cast.rudi, HOUR, body="Rantainya putus")

    def test_another_holder_refuses_what_happened_before(self, cast):
        filed, head = cast.verified(), cast.officer_of("PU", "head")
        with when(2 * HOUR):
            post = staff(cast.rudi).position
            actions.report_hand(actor=staff(head), case=fresh(filed), position=post)
        with when(3 * HOUR), pytest.raises(NotThen):
            reply(filed, cast.rudi, HOUR)

    def test_a_step_that_is_lawful_no_more_is_refused_as_ever(self, repairs, case):
        with when(2 * HOUR):
            take(case, "finish", repairs.rudi)
        with when(3 * HOUR), pytest.raises(WrongStep):
            take(case, "begin", repairs.rudi, HOUR)

    def test_what_one_outbox_brings_in_order_is_taken_whole(self, cast):
        filed = cast.verified()
        with when(9 * HOUR):
            actions.report_accept(actor=late(cast.rudi, HOUR), case=fresh(filed))
            actions.report_on_scene(actor=late(cast.rudi, 2 * HOUR), case=fresh(filed))
            actions.report_note(actor=late(cast.rudi, 3 * HOUR), case=fresh(filed), body="Tiangnya lapuk")
            actions.report_resolve(actor=late(cast.rudi, 4 * HOUR), case=fresh(filed), body="Sudah diganti")
        case = fresh(filed)
        assert (case.state, case.turned_at) == ("resolved", MONDAY + 4 * HOUR)
        assert case.assignments.get(role="lead").accepted_at == MONDAY + 2 * HOUR
        assert list(case.notes.values_list("created_at", flat=True)) == [MONDAY + 3 * HOUR, MONDAY + 4 * HOUR]


class TestOpening:
    def test_a_case_opened_late_runs_from_when_it_happened(self, repairs):
        with when(30 * HOUR):
            case = bring(repairs, late(repairs.rudi, HOUR))
        assert case.opened_at == case.turned_at == MONDAY + HOUR
        assert CaseClock.objects.get(case=case).started_at == MONDAY + HOUR
        row = Row.objects.get(subject_id=case.id)
        assert (row.occurred_at, row.recorded_at) == (MONDAY + HOUR, MONDAY + 30 * HOUR)

    @pytest.mark.parametrize("happened", [timedelta(minutes=3), -timedelta(days=31)])
    def test_a_time_too_far_off_opens_nothing(self, repairs, happened):
        with pytest.raises(NotThen):
            bring(repairs, late(repairs.rudi, happened))
        assert not Case.objects.exists()

    def test_the_clock_of_others_starts_when_they_can_have_heard(self, cast):
        theirs = replace(REPAIR, clocks=(replace(REPAIR.clocks[0], ours=False), REPAIR.clocks[1]))
        with declared_kind(theirs, "officer"), when(30 * HOUR):
            case = bring(cast, late(cast.rudi, HOUR), theirs)
            one = CaseClock.objects.get(case=case)
            assert one.started_at == MONDAY + 30 * HOUR
            take(case, "finish", cast.rudi, 2 * HOUR)
        one.refresh_from_db()
        assert (one.state, one.ended_at) == ("kept", MONDAY + 30 * HOUR)  # no clock ends before it began

    def test_a_citizen_has_their_whole_time_to_rate(self, cast):
        filed = cast.verified()
        with when(50 * HOUR):
            actions.report_resolve(actor=late(cast.rudi, HOUR), case=fresh(filed), body="Sudah diganti")
        theirs = CaseClock.objects.get(case=filed.case, name="reply")
        ours = CaseClock.objects.get(case=filed.case, name="resolve")
        assert (theirs.started_at, ours.ended_at) == (MONDAY + 50 * HOUR, MONDAY + HOUR)


def late(who, happened):
    """The member of staff, who acted that long after Monday at ten."""
    return replace(staff(who), happened_at=MONDAY + happened)


def fresh(filed) -> Case:
    return Case.objects.select_related("lead_agency").get(id=filed.case.id)


def reply(filed, who, happened):
    return actions.report_reply(actor=late(who, happened), case=fresh(filed), body="Kami periksa besok")


@pytest.mark.django_db(transaction=True)
def test_a_late_step_never_slips_in_before_one_that_is_being_written(cast):
    """It waits for the other one, and is judged by what that one changed."""
    with declared_kind(REPAIR, "officer"):
        with transaction.atomic():
            case = bring(cast)
        helper = cast.agency("BAPPEDA")
        gate, found = threading.Barrier(2), []

        def colleague() -> None:
            with when(2 * HOUR), transaction.atomic():
                cases.take(Case.objects.get(id=case.id), "call_in", actor=staff(cast.rudi), agency=helper)
                gate.wait(10)
                threading.Event().wait(0.5)
            connections.close_all()

        def phone() -> None:
            with when(3 * HOUR):
                gate.wait(10)
                try:
                    take(case, "find", cast.rudi, HOUR, hours=1)
                    found.append("taken")
                except NotThen:
                    found.append("refused")
            connections.close_all()

        threads = [threading.Thread(target=run) for run in (colleague, phone)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == ["refused"]
        assert case.assignments.filter(is_open=True).count() == 2
