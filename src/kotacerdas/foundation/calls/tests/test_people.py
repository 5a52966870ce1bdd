"""Two people with one number, on a library's loans: a desk sees both, chooses, merges and parts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db.models import Q
from django.test import Client
from trials.cast import client_of

from kotacerdas.foundation.calls.declarations import becomes
from kotacerdas.foundation.calls.people import people_known
from kotacerdas.foundation.calls.tests.test_calls import DESK, LENDING, NUMBER, call, page
from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.following.tests.conftest import KIND, LOAN
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Person
from kotacerdas.foundation.parties.people import contact_made, person_new
from kotacerdas.kernel import clock

pytestmark = pytest.mark.django_db
PEOPLE = f"{DESK}orang/"


def _lend(*, actor, desk, form, language) -> Case:
    given = form.cleaned_data
    case = Case.objects.create(
        number=cases.next_number(clock.now()), kind=KIND, state="lent", title_code="laskar", channel="phone"
    )
    party = CaseParty(
        case=case,
        role="borrower",
        person=form.chosen or person_new(name=given["name"]),
        contact=contact_made(phone=given["phone"]),
        is_anonymous=given["is_anonymous"],
    )
    party.set_name(given["name"])
    party.save(force_insert=True)
    return case


@pytest.fixture(autouse=True)
def library(cast) -> Iterator[None]:
    """The library among the programs; every desk may see its loans."""
    lifecycles()[KIND] = replace(LOAN, visible=lambda _grants: Q())
    becomes()[KIND] = replace(LENDING, run=_lend)
    yield
    del lifecycles()[KIND], becomes()[KIND]


@pytest.fixture
def dewi(cast) -> Client:
    return client_of(cast.dewi)


@pytest.fixture
def two(dewi, cast) -> list[Person]:
    """Wati and her father Karta, who share a telephone: Wati called first."""
    for name in ("Wati", "Karta"):
        assert dewi.post(DESK, call(name=name)).status_code == 302
    return [party.person for party in CaseParty.objects.order_by("since")]


def known(cast) -> list[tuple[str, int]]:
    return [(one.name, one.cases) for one in people_known(staff(cast.dewi).grants, NUMBER)]


def test_who_calls_with_a_known_number_is_somebody_new_until_chosen(dewi, cast, two):
    assert known(cast) == [("Karta", 1), ("Wati", 1)]
    shown = page(dewi.post(f"{DESK}penelepon/", {"phone": NUMBER}))
    for words in ("Wati", "Karta", 'type="radio"'):
        assert words in shown
    dewi.post(DESK, call(name="Bu Wati", person=str(two[0].id)))
    assert known(cast) == [("Bu Wati", 2), ("Karta", 1)]
    assert [party.name for party in two[0].parties.order_by("since")] == ["Wati", "Bu Wati"]


def test_nobody_is_chosen_who_is_not_behind_the_number(dewi, two):
    elsewhere = call(phone="0857-1111-2222", person=str(two[0].id))
    assert dewi.post(DESK, elsewhere).status_code == 422
    assert Case.objects.count() == 2


def test_who_stays_unknown_is_not_among_the_people(dewi, cast, two):
    dewi.post(DESK, call(name="Tini", is_anonymous="on"))
    assert [name for name, _cases in known(cast)] == ["Karta", "Wati"]


def test_two_are_merged_and_parted_again(dewi, cast, two):
    wati, karta = two
    step = {"phone": NUMBER, "one": str(karta.id), "into": str(wati.id), "step": "merge"}
    assert dewi.post(PEOPLE, step).status_code == 200
    assert known(cast) == [("Karta", 2)]
    karta.refresh_from_db()
    assert karta.same_as == wati
    assert dewi.post(PEOPLE, {**step, "step": "part"}).status_code == 200
    assert known(cast) == [("Karta", 1), ("Wati", 1)]
    rows = Row.objects.filter(verb__startswith="parties.person.").order_by("recorded_at", "id")
    assert [(row.verb, row.codes["agency"]) for row in rows] == [
        ("parties.person.merge", "KOMINFO"),
        ("parties.person.part", "KOMINFO"),
    ]


def test_nobody_is_merged_who_is_not_behind_the_number(dewi, two):
    stranger = person_new(name="Asep")
    step = {"phone": NUMBER, "one": str(two[1].id), "into": str(stranger.id), "step": "merge"}
    assert dewi.post(PEOPLE, step).status_code == 422
    assert not Person.objects.exclude(same_as=None).exists()


def test_pressed_again_after_two_were_merged_a_call_is_answered_as_it_was(dewi, two):
    wati, karta = (str(one.id) for one in two)
    given = call(name="Wati", person=wati)
    first = dewi.post(DESK, given)
    dewi.post(PEOPLE, {"phone": NUMBER, "step": "merge", "one": wati, "into": karta})
    again = dewi.post(DESK, given)
    assert (again.status_code, again.headers.get("Location")) == (302, first.url)


def test_a_call_whose_program_is_gone_stays_in_the_list(dewi, two):
    Case.objects.update(kind="gone.loan")
    assert dewi.get(DESK).status_code == 200
    assert dewi.get(f"{DESK}regu/").status_code == 200
