"""A book is no case: it is found, shown, charged for and proved as its kind declares."""

from __future__ import annotations

import pytest
from django.urls import reverse
from toy.fixtures import page
from toy.library.actions import donation_open
from toy.library.models import Book
from toy.library.subjects import BOOK
from trials.cast import client_of

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.subjects import found_by, seen, subjects
from kotacerdas.kernel import ids

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


@pytest.fixture
def history(book):
    return reverse("casework:history", args=[BOOK, book.id])


class TestABook:
    def test_is_found_by_the_search_beside_cases(self, desk, history, lend):
        lend()
        answer = page(desk.get(reverse("casework:search"), {"q": "laut"}))
        assert history in answer
        assert Case.objects.get().number in answer

    def test_is_found_by_nobody_of_another_agency(self, client, cast, history):
        assert history not in page(client_of(cast.rudi).get(reverse("casework:search"), {"q": "laut"}))
        assert client_of(cast.rudi).get(history).status_code == 404
        assert client.get(history).status_code == 302

    def test_tells_what_happened_under_its_seals(self, desk, history, count):
        count()
        answer = page(desk.get(history, {"periksa": "1"}))
        assert "Masuk rak" in answer
        assert "Segel utuh" in answer
        pack = desk.get(f"{history}bukti.json").json()
        assert (pack["kind"], pack["name"], len(pack["rows"])) == (BOOK, "Laut Bercerita", 1)

    def test_of_a_kind_that_is_none_or_gone_is_not_there(self, desk, history):
        for kind, key in ((BOOK, ids.new_id()), ("library.shelf", Book.objects.get().id)):
            assert desk.get(reverse("casework:history", args=[kind, key])).status_code == 404


def test_a_kind_is_declared_once_and_cases_are_among_them():
    assert {BOOK, "library.loan", "casework.case", "telemetry.device"} <= subjects().keys()


def test_seen_asks_one_query_a_kind(librarian, book, lend, django_assert_num_queries):
    case = lend()
    with django_assert_num_queries(2):
        found = seen(librarian.grants, [(BOOK, book.id), ("library.loan", case.id), ("no.kind", book.id)])
    assert {one.words for one in found.values()} == {"Laut Bercerita", case.number}


def test_a_paper_names_its_case_to_whoever_sees_that_and_to_nobody_else(client, cast, desk, lend):
    case, slip = lend(), Document.objects.get()
    address = reverse("documents:check", args=[slip.code])
    assert case.number in page(desk.get(address))
    assert case.number not in page(client.get(address))
    assert case.number not in page(client_of(cast.rudi).get(address))


def test_a_paper_is_found_by_its_number_at_the_agency_that_issued_it(cast, librarian, lend):
    lend()
    number = Document.objects.get().number
    assert [one.words for one in found_by(librarian.grants, number)] == [number]
    assert found_by(staff(cast.rudi).grants, number) == []


def test_what_a_charge_is_for_is_named_where_it_is_declared(librarian, cast):
    charge = donation_open(actor=librarian, agency=cast.agency("PERPUS"), amount=50_000)
    assert seen(librarian.grants, [(charge.subject_kind, charge.subject_id)]) == {}
