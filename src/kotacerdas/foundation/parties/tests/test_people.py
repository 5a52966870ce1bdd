"""A number is a way to reach someone: it matches nobody, and it may get a new holder."""

from __future__ import annotations

from datetime import timedelta

import pytest
from trials.cast import MONDAY

from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.adapter import citizen_for, link_person
from kotacerdas.foundation.parties.models import ContactPoint, Person
from kotacerdas.foundation.parties.people import (
    contact_by,
    contact_made,
    contact_used,
    people_found,
    person_merge,
    person_new,
    person_part,
)
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Refused

pytestmark = pytest.mark.django_db
NUMBER = "0812-3456-7890"


class TestContactPoints:
    def test_a_number_is_one_point_however_it_is_written(self):
        made = contact_made(phone=NUMBER)
        assert contact_made(phone="+62 812 3456 7890") == contact_by(phone=NUMBER) == made
        assert (made.phone, made.phone_masked, made.email) == ("+6281234567890", "0812-••••-7890", "")
        assert "3456" not in made.sealed

    def test_an_address_is_one_too_and_a_number_goes_before_it(self):
        made = contact_made(email="Wati@contoh.test")
        assert contact_made(email="wati@contoh.test ") == made
        assert (made.email, made.phone, made.phone_masked) == ("Wati@contoh.test", "", "")
        assert contact_made(phone=NUMBER, email="wati@contoh.test").kind == ContactPoint.Kind.PHONE

    def test_what_is_neither_number_nor_address_is_none(self):
        assert contact_made(phone="112 atau 113") is None
        assert not ContactPoint.objects.exists()

    @pytest.mark.parametrize(("days", "is_anew"), [(90, False), (91, True)])
    def test_after_ninety_days_without_use_it_may_have_a_new_holder(self, days, is_anew):
        with clock.frozen(MONDAY):
            made = contact_made(phone=NUMBER)
        later = MONDAY + timedelta(days=days)
        with clock.frozen(later):
            assert contact_used(made) is is_anew
            assert contact_used(made) is False
        made.refresh_from_db()
        assert (made.held_since, made.last_used_at) == (later if is_anew else MONDAY, later)

    def test_a_new_holder_who_signs_in_is_a_new_person(self):
        with clock.frozen(MONDAY):
            first = link_person(citizen_for(NUMBER))
            assert link_person(citizen_for(NUMBER)) == first
        with clock.frozen(MONDAY + timedelta(days=91)):
            second = link_person(citizen_for(NUMBER))
        first.refresh_from_db()
        assert (second != first, first.user) == (True, None)


class TestMerging:
    @pytest.fixture
    def two(self, cast) -> tuple[Person, Person]:
        return person_new(name="Wati"), person_new(name="Bu Wati")

    def test_two_are_one_by_a_pointer_in_the_journal_and_two_again(self, cast, two):
        (one, other), desk = two, cast.agency("KOMINFO")
        person_merge(actor=staff(cast.dewi), agency=desk, person=other, into=one)
        assert people_found([one.id, other.id]) == {one.id: one.id, other.id: one.id}
        person_part(actor=staff(cast.dewi), agency=desk, person=other)
        assert people_found([one.id, other.id]) == {one.id: one.id, other.id: other.id}
        rows = Row.objects.filter(subject_id=other.id).order_by("recorded_at", "id")
        assert [row.verb for row in rows] == ["parties.person.merge", "parties.person.part"]
        assert {row.payload["into"] for row in rows} == {str(one.id)}
        assert "Wati" not in f"{[row.as_value() for row in rows]}"

    def test_pointers_run_in_no_circle(self, cast, two):
        (one, other), given = two, {"actor": staff(cast.dewi), "agency": cast.agency("KOMINFO")}
        person_merge(**given, person=other, into=one)
        for person, into in ((one, other), (other, one), (one, one)):
            with pytest.raises(Conflict):
                person_merge(**given, person=person, into=into)

    def test_ways_of_different_length_all_come_to_their_end(self, cast):
        given = {"actor": staff(cast.dewi), "agency": cast.agency("KOMINFO")}
        short, end, long, middle, last = (person_new(name=name) for name in "abcde")
        for person, into in ((short, end), (long, middle), (middle, last)):
            person_merge(**given, person=person, into=into)
        assert people_found([short.id, long.id]) == {short.id: end.id, long.id: last.id}

    def test_a_circle_of_pointers_holds_nobody_up(self, two):
        one, other = two
        for person, into in ((one, other), (other, one)):
            Person.objects.filter(id=person.id).update(same_as=into)
        ends = people_found([one.id, other.id])
        assert ends[one.id] == ends[other.id]

    def test_who_takes_no_calls_merges_nobody(self, cast, two):
        with pytest.raises(Refused):
            person_merge(actor=staff(cast.rudi), agency=cast.agency("PU"), person=two[1], into=two[0])
        with pytest.raises(Conflict):
            person_part(actor=staff(cast.dewi), agency=cast.agency("KOMINFO"), person=two[1])
