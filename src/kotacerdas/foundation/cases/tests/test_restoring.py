"""A promise that was kept in time and marked as missed meanwhile is restored, and whoever was called in is let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trials.cast import MONDAY

from kotacerdas.foundation.cases.lifecycle import Clock, State, Step
from kotacerdas.foundation.cases.lookout import treat_due_clocks
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, Policy
from kotacerdas.foundation.cases.tests.repairs import OPEN, REPAIR, WORK, declared_kind
from kotacerdas.foundation.cases.tests.test_event_time import bring, fresh, late, reply, take, when
from kotacerdas.foundation.indicators import engine, queries
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import NotThen
from kotacerdas.programs.iceta import actions

pytestmark = pytest.mark.django_db

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


def look_out():
    while treat_due_clocks(ticks=False):
        pass


def the_clock(filed, name="respond") -> CaseClock:
    return CaseClock.objects.get(case=filed.case, name=name)


def escalations(case) -> list[tuple[str, bool, str]]:
    parts = case.assignments.filter(role="escalation").order_by("assigned_at")
    return list(parts.values_list("position__code", "is_open", "outcome"))


def restores(case):
    return Row.objects.filter(subject_id=case.id, verb="iceta.report.restore")


@pytest.fixture
def missed(cast):
    """A report whose first answer the look-out found missing on the twelfth day, so that the head was called in."""
    filed = cast.verified()
    with when(12 * DAY):
        look_out()
    assert the_clock(filed).overdue_at is not None
    assert escalations(filed.case) == [("head", True, "")]
    return filed


class TestRestored:
    def test_the_promise_is_kept_the_row_says_so_and_the_head_is_let_go_and_told(self, cast, missed):
        with when(13 * DAY):
            reply(missed, cast.rudi, 3 * DAY)
        one = the_clock(missed)
        assert (one.state, one.overdue_at, one.ended_at) == ("kept", None, MONDAY + 3 * DAY)
        assert escalations(missed.case) == [("head", False, "void")]
        row = restores(missed.case).get()
        assert (row.codes["clock"], row.codes["level"], row.codes["agency"]) == ("respond", 1, "PU")
        assert row.payload["withdrawn"] == ["post:PU.head"]
        assert [one["on"] for one in row.payload["taken_back"]] == ["2026-12-05"]
        told = Message.objects.filter(effect="iceta.restored")
        assert {one.recipient_id for one in told} == {staff(cast.head).position.id}
        assert {one.row_id for one in told} == {row.id}

    @pytest.mark.parametrize("language", ["id", "en"])
    def test_the_message_names_the_report(self, cast, missed, language):
        with when(13 * DAY):
            reply(missed, cast.rudi, 3 * DAY)
        sent = Message.objects.filter(effect="iceta.restored").first()
        with translation.override(language):
            words = templates()["iceta.restored"].compose(sent.recipient_id, sent.args)
        assert missed.case.number in words.body
        assert ("dicabut" if language == "id" else "No longer escalated") in words.body

    def test_the_last_moment_is_in_time_and_the_next_is_not(self, cast):
        ends = []
        for over in (timedelta(), TICK):
            filed = cast.verified()
            happened = the_clock(filed).due_at - MONDAY + over
            with when(12 * DAY):
                look_out()
                reply(filed, cast.rudi, happened)
            one = the_clock(filed)
            ends.append((one.state, one.overdue_at, escalations(filed.case), restores(filed.case).count()))
        due = one.due_at
        assert ends == [
            ("kept", None, [("head", False, "void")], 1),
            ("broken", due, [("head", False, "done")], 0),
        ]

    def test_a_step_taken_now_mends_nothing(self, cast, missed):
        with when(13 * DAY):
            actions.report_reply(actor=staff(cast.rudi), case=fresh(missed), body="Maaf terlambat")
        assert the_clock(missed).state == "broken"
        assert not restores(missed.case).exists()

    def test_a_late_note_mends_nothing(self, cast, missed):
        with when(13 * DAY):
            actions.report_note(actor=late(cast.rudi, DAY), case=fresh(missed), body="Tiangnya lapuk")
        assert the_clock(missed).overdue_at is not None
        assert escalations(missed.case) == [("head", True, "")]

    def test_a_broken_promise_that_has_ended_stays_as_it_is(self, cast, missed):
        with when(13 * DAY):
            actions.report_reply(actor=staff(cast.rudi), case=fresh(missed), body="Maaf terlambat")
            with pytest.raises(NotThen):
                reply(missed, cast.rudi, 3 * DAY)
        one = the_clock(missed)
        assert (one.state, one.overdue_at) == ("broken", one.due_at)

    def test_who_is_needed_for_another_missed_promise_stays(self, cast):
        filed = cast.verified()
        Policy.objects.filter(key="sp4n.resolve.complaint").update(escalation=CHAIN)
        with when(29 * DAY):
            look_out()  # both the answer and the resolution are missed, and the head is called in for either
            assert [part[1] for part in escalations(filed.case)].count(True) >= 1
            reply(filed, cast.rudi, 2 * DAY)
        assert the_clock(filed).state == "kept"
        assert the_clock(filed, "resolve").overdue_at is not None
        assert ("head", True, "") in escalations(filed.case)
        assert restores(filed.case).get().payload["withdrawn"] == []
        assert not Message.objects.filter(effect="iceta.restored").exists()

    def test_all_that_one_step_kept_is_restored_and_each_is_told_once(self, cast):
        filed = cast.verified()
        Policy.objects.filter(key="sp4n.resolve.complaint").update(escalation=CHAIN)
        with when(29 * DAY):
            look_out()
            actions.report_resolve(actor=late(cast.rudi, 2 * DAY), case=fresh(filed), body="Sudah diganti")
        assert {the_clock(filed, name).state for name in ("respond", "resolve")} == {"kept"}
        assert {(part[1], part[2]) for part in escalations(filed.case)} == {(False, "void")}
        assert {row.codes["clock"] for row in restores(filed.case)} == {"respond", "resolve"}
        told = Message.objects.filter(effect="iceta.restored", channel="email")
        assert len(told) == told.values("recipient_id").distinct().count()

    def test_what_stood_still_in_time_stands_still_with_what_was_left(self, cast):
        kept = ("state", "overdue_at", "paused_at", "remaining", "escalated", "next_look_at", "due_at")
        timely, filed = cast.verified(), cast.verified()
        with when(2 * DAY):
            actions.report_ask(actor=staff(cast.rudi), case=fresh(timely), body="Sisi mana?")
        expected = [getattr(the_clock(timely, "resolve"), name) for name in kept]
        with when(29 * DAY):
            look_out()
            assert the_clock(filed, "resolve").overdue_at is not None
            actions.report_ask(actor=late(cast.rudi, 2 * DAY), case=fresh(filed), body="Sisi mana?")
        assert [getattr(the_clock(filed, "resolve"), name) for name in kept] == expected
        assert the_clock(filed, "resolve").state == "paused"

    def test_a_return_in_time_is_no_broken_promise(self, cast, missed):
        with when(13 * DAY):
            actions.report_return(actor=late(cast.rudi, DAY), case=fresh(missed), reason="Milik dinas lain")
        assert the_clock(missed).state == "void"
        assert escalations(missed.case) == [("head", False, "void")]


class TestFigures:
    def test_it_is_counted_as_kept_on_the_day_on_which_it_happened(self, cast, missed):
        with when(13 * DAY):
            reply(missed, cast.rudi, 3 * DAY)
            sealer.seal_batch()
            while engine.follow_batch():
                pass
            first, came = clock.local_day(MONDAY + 3 * DAY), clock.today()
        assert queries.figure("iceta.on_time_share", first, first).value == 1
        assert queries.figure("iceta.on_time_share", came, came).denominator == 0
        answered = queries.figure("iceta.first_answer", first, first)
        assert answered.denominator == 1
        used = [one["used_minutes"] for one in Row.objects.get(verb="iceta.report.reply").payload["clocks"]]
        assert used == [
            current_calendar().workhours_between(MONDAY, MONDAY + 3 * DAY) // timedelta(minutes=1)
        ]
        before = [queries.figure(code, first, came) for code in ("iceta.on_time_share", "iceta.first_answer")]
        engine.rebuild()
        assert before == [
            queries.figure(code, first, came) for code in ("iceta.on_time_share", "iceta.first_answer")
        ]


# Sequences of steps of a repair that may also be laid aside, against a promise of working days and one of minutes.
ASIDE = State(name="aside", label="Laid aside", tone="warn", icon="clock")
QUICK = Clock(
    name="quick",
    label="A first look",
    policy=lambda case, given: "test.quick",
    policies=frozenset({"test.quick"}),
    role="lead",
    starts=frozenset({"receive", "take_up"}),
    keeps=frozenset({"find", "begin"}),
    lapses=frozenset({"finish"}),
    pauses_in=frozenset({"aside"}),
)


def _step(name, sources, target):
    return Step(name=name, sources=frozenset(sources), target=target, by=WORK, label=name, done=name)


PATIENT = replace(
    REPAIR,
    states=(*REPAIR.states, ASIDE),
    steps=(*REPAIR.steps, _step("lay_aside", OPEN, "aside"), _step("take_up", {"aside"}, "on_bench")),
    clocks=(replace(REPAIR.clocks[0], pauses_in=frozenset({"aside"})), QUICK, REPAIR.clocks[1]),
)
CHAIN = [{"to": "agency.head", "after": 0}]
AFTER = {  # of the steps that turn clocks: from which states, and the state after
    "find": {"waiting": "waiting", "on_bench": "on_bench"},
    "jot": {"waiting": "waiting", "on_bench": "on_bench", "ready": "ready"},
    "begin": {"waiting": "on_bench"},
    "lay_aside": {"waiting": "aside", "on_bench": "aside"},
    "take_up": {"aside": "on_bench"},
    "finish": {"waiting": "ready", "on_bench": "ready"},
}


def _random_course(dice):
    """Lawful steps with the minute of each and the one in which it came, in one order; and the look-out's rounds.

    The minutes lie around the five hours of the one promise and the two working days of the other.
    """
    steps, state, at, came = [], "waiting", 0, 0
    for _ in range(dice.randint(1, 6)):
        lawful = [one for one, after in AFTER.items() if state in after]
        if lawful:
            name = dice.choice(lawful)
            at += dice.choice([dice.randint(1, 290), dice.randint(1, 290), dice.randint(310, 4000)])
            came = max(came, at + dice.choice([0, dice.randint(1, 9000), dice.randint(300, 9000)]))
            state = AFTER[name][state]
            steps.append((name, at, came))
    return steps, dice.sample(range(300, 9000), dice.randint(2, 8))


def _course(cast, events):
    """Do what happens in its order; what became of the clocks, of whom they called in, and of the case."""
    case = bring(cast, lifecycle=PATIENT)
    for now, _order, step, happened in sorted(events):
        with when(now):
            if not step:
                look_out()
            else:
                take(case, step, cast.rudi, happened, hours=1, body="Rantainya putus")
    clocks = CaseClock.objects.filter(case=case).order_by("started_at", "name")
    fields = (
        "name",
        "state",
        "started_at",
        "due_at",
        "overdue_at",
        "ended_at",
        "paused_at",
        "remaining",
        "paused_days",
    )
    posts = Assignment.objects.filter(case=case, role="escalation", is_open=True)
    found = Case.objects.get(id=case.id)
    return (
        list(clocks.values_list(*fields)),
        sorted(posts.values_list("position__code", flat=True)),
        (found.state, found.due_at, found.is_paused, found.turned_at),
    )


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_comes_late_leaves_the_clocks_as_if_it_had_come_in_time(cast, seed):
    steps, rounds = _random_course(Random(seed))
    rounds = {*rounds, *(minute for _name, *minutes in steps for minute in minutes), 28 * 24 * 60}
    looks = [
        (timedelta(minutes=at), -1, "", None) for at in rounds
    ]  # it never rests: also just before each step
    in_time = [(timedelta(minutes=at), n, name, None) for n, (name, at, _came) in enumerate(steps)]
    too_late = [
        (timedelta(minutes=came), n, name, timedelta(minutes=at)) for n, (name, at, came) in enumerate(steps)
    ]
    quick = {"unit": "minutes", "budget": 300, "escalation": CHAIN}
    Policy.objects.get_or_create(key="test.quick", valid_from=MONDAY.date(), defaults=quick)
    with declared_kind(PATIENT, "officer"):
        Policy.objects.filter(key="test.ready").update(escalation=CHAIN)
        clocks, posts, case = _course(cast, in_time + looks)
        late_clocks, late_posts, late_case = _course(cast, too_late + looks)
    assert (late_clocks, late_case) == (clocks, case)
    # Nobody stays called in who would not be. Somebody may be missing: what went on and stood still again in one
    # exchange was never seen running by the look-out, and what stands still is not escalated.
    assert set(late_posts) <= set(posts)
