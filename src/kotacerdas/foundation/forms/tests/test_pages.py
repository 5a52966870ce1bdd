"""A form of two pages without photos and place goes through the same room as any other."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.forms.flash import flash_of, lead_back
from kotacerdas.foundation.forms.models import SealedDraft
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.forms.tests.loan import BORROWED, LENT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("kotacerdas.foundation.forms.tests.loan"),
    pytest.mark.usefixtures("cast"),
]
BOOK = "Laskar Pelangi"


@pytest.fixture(autouse=True)
def _empty_shelf():
    LENT.clear()


def page(answer) -> str:
    return answer.content.decode()


def id_in(answer) -> str:
    found = re.search(r'name="draf" value="([^"]*)"', page(answer))
    assert found
    return found[1]


def till_check(client: Client, book: str = BOOK):
    first = client.get(reverse("toy:loan_book"))
    given = {"draf": id_in(first), "from": "book", "go": "next", "book": book}
    return client.post(reverse("toy:loan_check"), given, follow=True)


def send(client: Client, check, **given: str):
    told = {"draf": id_in(check), "from": "check", "go": "send", "name": "Wati", **given}
    return client.post(reverse("toy:loan_check"), told)


def test_two_pages_and_the_book_is_lent_once(client):
    check = till_check(client)
    assert check.redirect_chain[-1][0].startswith("/pinjam/siapa/?draf=")
    before = client.cookies.copy()
    first = send(client, check)
    client.cookies = before
    again = send(client, check)
    assert (first.url, again.url) == (f"/pinjam/1/?draf={id_in(check)}",) * 2
    assert LENT == [{"book": BOOK, "name": "Wati", "phone": "", "then": ""}] or LENT[0]["book"] == BOOK
    assert TakenCommand.objects.get().refs == {"loan": "1"}
    assert first.headers["X-Loan"] == "1"
    assert not StoredFile.objects.exists()


def test_a_sent_draft_tells_what_became_of_it_and_says_nothing_more(client):
    check = till_check(client)
    send(client, check)
    assert page(client.get(reverse("toy:loan_check"), {"draf": id_in(check)})) == "sent already: loan 1"
    assert BOOK not in page(client.get(reverse("toy:loan_book")))


def test_what_came_too_late_waits_as_a_draft_of_its_own(client):
    check = till_check(client)
    before = client.cookies.copy()
    send(client, check)
    client.cookies = before
    SealedDraft.objects.all().delete()  # the answer, and what it kept, never came
    late = send(client, check, book="Bumi Manusia", name="Asep")
    assert late.status_code == 409
    door = re.search(r"too late: Bumi Manusia at (\S+)", page(late))
    assert door
    assert "Bumi Manusia" in page(client.get(door[1]))
    assert len(LENT) == 1


def test_a_request_checks_the_form_of_a_page_once_at_most(client, monkeypatch):
    seen, usual, ask = [], PageForm.full_clean, client.generic

    def counted(form):
        seen.append(type(form))
        usual(form)

    def asked(*given, **named):
        seen.clear()
        answer = ask(*given, **named)
        assert len(seen) == len(set(seen)), answer.request["PATH_INFO"]
        checked.append({form.__name__ for form in seen})
        return answer

    checked: list[set[str]] = []
    monkeypatch.setattr(PageForm, "full_clean", counted)
    monkeypatch.setattr(client, "generic", asked)
    send(client, till_check(client, book=""))
    checked.clear()
    send(client, till_check(client))
    assert checked == [{"BookForm"}, {"BookForm"}, {"WhoForm"}, {"BookForm", "WhoForm"}]


def test_a_missing_answer_is_said_on_its_page_and_what_was_told_stays(client):
    wrong = till_check(client, book="")
    assert (wrong.status_code, "Which book?" in page(wrong)) == (422, True)
    nameless = client.post(reverse("toy:loan_check"), {}, follow=True)
    assert nameless.status_code == 200
    check = till_check(client)
    answer = client.get(send(client, check, name="").url)
    assert (answer.status_code, "Who are you?" in page(answer)) == (422, True)
    assert LENT == []


def test_what_the_action_refuses_is_said_at_its_field_on_its_page(client):
    send(client, till_check(client))
    refused = client.get(send(client, till_check(client)).url)
    assert refused.request["PATH_INFO"] == reverse("toy:loan_book")
    assert BORROWED in page(refused)


def test_an_unfinished_draft_is_offered_by_its_excerpt(client):
    till_check(client)
    fresh = page(client.get(reverse("toy:loan_book")))
    assert "You have not finished borrowing." in fresh
    assert BOOK in fresh
    assert BOOK not in page(Client().get(reverse("toy:loan_book")))


def test_an_address_brings_its_answer(client):
    assert f'value="{BOOK}"' in page(client.get(reverse("toy:loan_book"), {"buku": BOOK}))


def test_nothing_is_kept_of_what_came_from_no_page_of_ours(client):
    client.post(reverse("toy:loan_check"), {"from": "book", "go": "next", "book": BOOK})
    assert not SealedDraft.objects.exists()


class TestFlash:
    def led(self, rf, *, user: str = "", what: str = "mend"):
        request = rf.post("/pinjam/")
        request.user = type("Anybody", (), {"pk": user})()
        answer = lead_back(request, "/pinjam/", what, {"phone": "12"})
        again = rf.get(answer.url)
        again.user, again.COOKIES = request.user, {"draft": answer.cookies["draft"].value}
        return again

    def test_it_is_shown_where_the_address_asks_for_it_and_to_nobody_else(self, rf):
        again = self.led(rf)
        assert flash_of(again, "mend", "sent") == ("mend", {"phone": "12"})
        assert flash_of(again, "sent") == ("", {})
        again.COOKIES = {}
        assert flash_of(again, "mend") == ("", {})

    def test_what_was_typed_while_signed_in_is_not_shown_once_signed_out(self, rf):
        again = self.led(rf, user="7")
        again.user.pk = ""
        assert flash_of(again, "mend") == ("", {})

    def test_the_number_is_sealed(self, rf):
        self.led(rf)
        assert '"12"' not in SealedDraft.objects.get().sealed
