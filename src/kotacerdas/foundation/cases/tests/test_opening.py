"""A case of any kind is opened in one call, and its steps carry the assignments that they give and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.kinds import ESCALATION, LEAD, Role
from kotacerdas.foundation.cases.lifecycle import PARTY, Step, flaws
from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock
from kotacerdas.foundation.cases.queries import clocks_of, party_by_link, undone, visible_to
from kotacerdas.foundation.cases.tests.repairs import HELPER, KIND, OWNER, REPAIR, WORK, declared_kind
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM, reporter, staff
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.parties.models import Person
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, LostRace

pytestmark = pytest.mark.django_db


@pytest.fixture
def repairs(cast):
    with declared_kind(REPAIR, "officer"):
        yield cast


@pytest.fixture
def opened(repairs):
    owner = Person()
    owner.set_name("Made")
    owner.save(force_insert=True)
    return cases.open(
        REPAIR,
        actor=SYSTEM,
        title_code="bicycle",
        channel="counter",
        place=cases.Place(area_code="99.01.01.2001"),
        parties=[cases.Party(role=OWNER.name, person=owner)],
        given_to=[(LEAD, repairs.agency("PU"))],
        own=lambda case: None,
    )


def take(case: Case, step: str, who, **given):
    with transaction.atomic():
        return cases.take(case, step, actor=staff(who), **given)


def open_parts(case: Case) -> set[tuple[str, str]]:
    return set(case.assignments.filter(is_open=True).values_list("role", "agency__code"))


class TestOpening:
    def test_everything_stands_after_one_call(self, repairs, opened):
        case = Case.objects.get(id=opened.case.id)
        assert (case.state, case.kind, case.lead_agency.code) == ("waiting", KIND, "PU")
        assert open_parts(case) == {("lead", "PU")}
        assert [one.name for one in clocks_of(case)] == ["ready"]
        assert case.due_at == case.clocks.get().due_at == case.assignments.get().due_at
        assert party_by_link(link_token(opened.parties[0])) == case.parties.get()
        assert Row.objects.get(subject_id=case.id) == opened.row
        assert opened.row.verb == f"{KIND}.receive"

    def test_each_part_given_from_the_beginning_has_its_own_promise(self, repairs):
        given_to = [(LEAD, repairs.agency("PU")), (HELPER, repairs.agency("BAPPEDA"))]
        case = cases.open(
            REPAIR, actor=SYSTEM, title_code="pump", channel="", given_to=given_to, own=lambda case: None
        ).case
        assert {(one.name, one.assignment_id) for one in clocks_of(case)} == {
            ("ready", None),
            ("help", case.assignments.get(role=HELPER.name).id),
        }

    def test_what_the_kind_does_not_declare_is_refused_and_nothing_is_written(self, repairs):
        unknown = {"given_to": [(Role(name="verifier", label="Verifier"), repairs.agency("PU"))]}
        for wrong in (unknown, {"parties": [cases.Party(role="plaintiff")]}):
            with pytest.raises(LookupError), transaction.atomic():
                cases.open(
                    REPAIR, actor=SYSTEM, title_code="bicycle", channel="", own=lambda case: None, **wrong
                )
        assert not Case.objects.filter(kind=KIND).exists()


class TestSteps:
    def test_zero_and_false_are_answers(self, repairs, opened):
        for hours in (0, False, 2):
            assert take(opened.case, "find", repairs.rudi, hours=hours).row

    @pytest.mark.parametrize("missing", [None, "", [], {}])
    def test_what_is_missing_or_empty_is_refused(self, repairs, opened, missing):
        with pytest.raises(Invalid) as refused:
            take(opened.case, "find", repairs.rudi, hours=missing)
        assert set(refused.value.fields) == {"hours"}

    def test_a_step_opens_the_assignment_it_gives_with_its_own_clock(self, repairs, opened):
        taken = take(opened.case, "call_in", repairs.rudi, agency=repairs.agency("BAPPEDA"))
        part = taken.opened[0]
        assert open_parts(opened.case) == {("lead", "PU"), (HELPER.name, "BAPPEDA")}
        clock = CaseClock.objects.get(name="help")
        assert clock.assignment == part
        part.refresh_from_db()
        assert part.due_at == clock.due_at

    def test_a_step_ends_the_assignments_it_says_and_renews_what_is_due(self, repairs, opened):
        take(opened.case, "call_in", repairs.rudi, agency=repairs.agency("BAPPEDA"))
        take(opened.case, "finish", repairs.rudi)
        ended = opened.case.assignments.get(role=HELPER.name)
        assert (ended.is_open, ended.outcome) == (False, "done")
        assert open_parts(opened.case) == {("lead", "PU")}
        assert opened.case.due_at is None
        assert opened.case.assignments.get(role="lead").due_at is None

    def test_another_lead_stands_in_the_header_and_in_the_row(self, repairs, opened):
        taken = take(opened.case, "pass_on", repairs.rudi, agency=repairs.agency("BAPPEDA"))
        case = Case.objects.get(id=opened.case.id)
        assert case.lead_agency.code == "BAPPEDA"
        assert open_parts(case) == {("lead", "BAPPEDA")}
        assert (taken.row.codes["agency_before"], taken.row.codes["agency"]) == ("PU", "BAPPEDA")
        ended = Assignment.objects.get(case=case, is_open=False)
        assert ended.outcome == "passed_on"

    def test_a_lost_race_changes_neither_header_nor_assignments(self, repairs, opened):
        seen = Case.objects.get(id=opened.case.id)
        take(opened.case, "find", repairs.rudi, hours=1)
        with pytest.raises(LostRace):
            take(seen, "pass_on", repairs.rudi, agency=repairs.agency("BAPPEDA"), seen_version=seen.version)
        assert open_parts(opened.case) == {("lead", "PU")}
        assert Case.objects.get(id=seen.id).lead_agency.code == "PU"


class TestWhatIsDone:
    def test_done_is_what_the_states_say(self, repairs, opened):
        assert Case.objects.filter(undone()).get() == opened.case
        take(opened.case, "finish", repairs.rudi)
        assert opened.case.closed_at is None
        assert not Case.objects.filter(undone(), kind=KIND).exists()

    def test_only_the_kinds_asked_for_are_looked_at(self, repairs, opened):
        grants = grants_of(repairs.rudi)
        assert visible_to(grants, kinds=[KIND]).get() == opened.case
        assert not visible_to(grants, kinds=["test.other"]).exists()
        assert not visible_to(grants_of(repairs.asep), kinds=[KIND]).exists()


class TestDeclarations:
    def test_the_kind_of_the_tests_holds_together(self):
        assert flaws(REPAIR, [WORK]) == []

    def test_a_step_of_a_part_nobody_declares_is_a_flaw(self):
        step = Step(
            name="lose",
            sources=frozenset({"waiting"}),
            target=None,
            by=WORK,
            roles=("thief",),
            label="l",
            done="d",
        )
        found = flaws(replace(REPAIR, steps=(*REPAIR.steps, step)), [WORK])
        assert any("thief" in one for one in found)

    def test_the_look_outs_own_part_is_every_kinds(self):
        assert ESCALATION.name in REPAIR.by_role


def test_what_is_done_to_a_closed_case_closes_it_no_later(repairs, opened):
    case = opened.case
    for step in ("finish", "fetch"):
        take(case, step, repairs.rudi)
    closed = case.closed_at
    thanked = replace(REPAIR.by_step["jot"], name="thank", sources=frozenset({"fetched"}), needs=(), roles=())
    later = replace(REPAIR, steps=(*REPAIR.steps, replace(thanked, by=PARTY)))
    with declared_kind(later), clock.frozen(clock.now() + timedelta(days=80)), transaction.atomic():
        cases.take(case, "thank", actor=reporter())
    case.refresh_from_db()
    assert case.closed_at == closed
