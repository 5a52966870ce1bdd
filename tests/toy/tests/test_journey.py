"""A borrower, a librarian and a telephone agent go through the toy program."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from toy.fixtures import NUMBER, draft_in, page
from toy.library import expiry
from toy.library.actions import loan_lapse, loan_lend, loan_remind
from toy.library.lifecycles import KIND
from toy.library.models import Book, Loan
from trials.cast import MONDAY, client_of

from kotacerdas.foundation.calls.models import Call
from kotacerdas.foundation.cases import lookout
from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock
from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.documents.actions import document_revoke
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.following.messages import message_url
from kotacerdas.foundation.notify import delivery
from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.foundation.parties.models import Person, Position
from kotacerdas.foundation.tables import actions as tables
from kotacerdas.foundation.tables import running
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, WrongStep
from kotacerdas.kernel.sheets import sheets
from kotacerdas.programs.iceta.actions import Draft, report_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian", "book")]
BOOK, CHECK = "library:borrow_book", "library:borrow_check"


def till_check(client):
    given = {"draf": draft_in(client.get(reverse(BOOK))), "from": "book", "go": "next", "book": "L-1"}
    return draft_in(client.post(reverse(CHECK), given, follow=True))


def send(client, draft, **given):
    told = {"draf": draft, "from": "check", "go": "send", "name": "Wati", "phone": NUMBER, **given}
    return client.post(reverse(CHECK), told)


def step(desk, case, name, **given):
    return desk.post(reverse("library:step", args=[case.number, name]), given, follow=True)


def message_path(party) -> str:
    return message_url(party).removeprefix(settings.PUBLIC_URL)


def messages() -> list[str]:
    """All that was asked to be sent, as it goes out, the oldest first."""
    for one in Message.objects.order_by("created_at"):
        delivery.deliver(str(one.id))
    return [letter.body for letter in OutboxLetter.objects.order_by("message__created_at")]


class TestPublicForm:
    def test_two_pages_make_a_loan_that_its_link_follows(self, client):
        sent = send(client, till_check(client))
        case = Case.objects.get(kind=KIND)
        assert case.lead_agency.code == "PERPUS"
        assert case.number in page(client.get(sent.url))
        follow = reverse("following:follow", args=[link_token(case.parties.get())])
        assert "Buku L-1" in page(client.get(follow))
        assert case.number in page(client.get(reverse("following:my_cases")))
        assert follow in messages()[0]

    def test_pressed_twice_there_is_one_loan_and_changed_it_is_said(self, client):
        draft = till_check(client)
        before = client.cookies.copy()
        first = send(client, draft)
        client.cookies = before
        assert send(client, draft).url == first.url
        assert Loan.objects.count() == TakenCommand.objects.filter(name="library.loan.ask").count() == 1
        for cookies in (client.cookies.copy(), before):  # whether the first answer came back or not
            client.cookies = cookies
            changed = send(client, draft, name="Sari")
            assert changed.status_code == 409
            assert Case.objects.get(kind=KIND).number in page(changed)
            assert "Perubahan terakhir" in page(changed)
        assert Loan.objects.count() == 1

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"phone": "12"}])
    def test_what_is_wrong_is_said_and_nothing_is_stored(self, client, wrong):
        answer = send(client, till_check(client), **wrong)
        assert client.get(answer.url).status_code == 422
        assert not Loan.objects.exists()

    def test_a_book_that_is_gone_is_refused_by_the_action(self, ask):
        with pytest.raises(Invalid) as refused:
            ask(book="L-9")
        assert set(refused.value.fields) == {"book"}
        assert not Case.objects.exists()


class TestDesk:
    def test_the_librarian_lends_reminds_fines_and_takes_back(self, desk, ask, client):
        opened = ask()
        case = opened.case
        assert "Laut Bercerita" in page(desk.get(reverse("library:queue")))
        assert (
            client.get(message_path(opened.parties[0]), follow=True).status_code == 200
        )  # the number is theirs
        assert "Buku dipinjamkan." in page(step(desk, case, "lend"))
        assert "Peminjam diingatkan." in page(step(desk, case, "remind", body="Mohon dikembalikan"))
        assert step(desk, case, "fine", amount="5000").status_code == 200
        follow = page(client.get(reverse("following:follow", args=[link_token(opened.parties[0])])))
        assert "Mohon dikembalikan" in follow
        assert "Rp5.000" in follow
        assert "Pengingat" in follow
        assert follow.index("Pengingat") < follow.index("Diterima")
        assert "Buku kembali." in page(step(desk, case, "return"))
        case.refresh_from_db()
        assert (case.state, case.assignments.filter(is_open=True).count()) == ("returned", 0)
        assert [body.split(" http")[0] for body in messages()] == [
            f"Peminjaman {case.number} dicatat. Ikuti di sini:",
            f"Mohon kembalikan buku peminjaman {case.number}. Lihat di sini:",
        ]

    def test_the_queue_reads_as_often_for_many_loans_as_for_one(self, desk, ask):
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(reverse("library:queue")).status_code == 200
            return len(seen)

        ask()
        desk.get(reverse("library:queue"))  # what is kept in memory is read
        one = queries()
        for _more in range(4):
            ask()
        assert queries() <= one

    def test_a_lost_link_is_sent_again_to_its_number(self, ask, client):
        opened = ask()
        given = {"phone": NUMBER, "number": opened.case.number}
        client.post(reverse("following:link_again"), given)
        assert "Ini tautan" in messages()[-1]

    def test_the_slip_is_a_numbered_paper_of_the_case(self, desk, ask):
        case = ask().case
        step(desk, case, "lend")
        html = page(desk.get(reverse("library:case", args=[case.number])))
        url = next(part for part in html.split('"') if part.endswith(".pdf"))
        text = PdfReader(io.BytesIO(desk.get(url).content)).pages[0].extract_text()
        for words in ("/PJM/PERPUS/", case.number, "Laut Bercerita"):
            assert words in text

    def test_the_borrower_fetches_the_slip_behind_the_own_link_and_nobody_elses(self, desk, ask, client):
        opened, other = ask(), ask(name="Sari", phone="0813-3456-7890")
        step(desk, opened.case, "lend")
        token, strange = (link_token(one.parties[0]) for one in (opened, other))
        html = page(client.get(reverse("following:follow", args=[token])))
        url = next(part for part in html.split('"') if part.endswith(".pdf"))
        assert "Bukti peminjaman" in html
        assert client.get(url).content.startswith(b"%PDF")
        assert ".pdf" not in page(client.get(reverse("following:follow", args=[strange])))
        assert client.get(url.replace(token, strange)).status_code == 404
        document_revoke(actor=SYSTEM, document=Document.objects.get(kind="library.slip"), why="salah buku")
        assert client.get(url).status_code == 404

    def test_no_more_copies_are_lent_than_there_are(self, lend, ask, librarian):
        lend(), lend()
        third = ask()
        with pytest.raises(Conflict):
            loan_lend(actor=librarian, case=third.case)
        third.case.refresh_from_db()
        assert third.case.state == "asked"

    def test_what_the_life_cycle_does_not_allow_is_refused(self, ask, librarian):
        with pytest.raises(WrongStep):
            loan_remind(actor=librarian, case=ask().case, body="?")

    def test_another_agency_and_another_program_find_nothing(self, cast, ask):
        case = ask().case
        for user in (cast.rudi, cast.sari, cast.officer_of("BAPPEDA")):
            browser = client_of(user)
            assert browser.get(reverse("library:case", args=[case.number])).status_code == 404
            assert browser.get(reverse("library:queue")).status_code == 404
            assert reverse("library:queue") not in page(browser.get(reverse("desk_home"), follow=True))

    def test_one_search_finds_it_and_its_number_leads_to_its_page(self, desk, ask):
        case = ask().case
        assert case.number in page(desk.get(reverse("casework:search"), {"q": "bercerita"}))
        answer = desk.get(reverse("casework:by_number", args=[case.number]))
        assert answer.url == reverse("library:case", args=[case.number])


class TestClocks:
    @pytest.mark.parametrize("told", [{(KIND, "lapse"): loan_lapse}, {}], ids=["own action", "none declared"])
    def test_a_book_that_nobody_fetches_lapses_by_itself(self, ask, monkeypatch, told):
        monkeypatch.setattr(expiry, "EXPIRES", told)
        case = ask().case
        with clock.frozen(MONDAY + timedelta(days=7)):
            lookout.treat_due_clocks()
        case.refresh_from_db()
        assert case.state == "lapsed"

    def test_a_late_book_calls_the_head_of_the_library_until_it_is_back(self, lend, librarian, desk):
        case = lend()
        with clock.frozen(MONDAY + timedelta(days=30)):
            lookout.treat_due_clocks()
            assert CaseClock.objects.get(case=case, name="back").overdue_at is not None
            called = Assignment.objects.get(case=case, role="escalation")
            assert (called.agency.code, called.position.code) == ("PERPUS", "head")
            step(desk, case, "return")
        called.refresh_from_db()
        assert not called.is_open
        assert CaseClock.objects.get(case=case, name="back").state == "broken"


class TestCalls:
    def call(self, **changed):
        given = {"jadi": KIND, "phone": NUMBER, "name": "Wati", "book": "L-1", "seconds": "30"}
        return {**given, "key": str(ids.new_id()), **changed}

    def test_a_call_becomes_a_loan_once(self, cast):
        dewi, given = client_of(cast.dewi), self.call()
        first, again = (dewi.post(reverse("calls:phone"), given) for _press in range(2))
        assert first.url == again.url
        case = Case.objects.get(kind=KIND)
        assert (case.channel, Call.objects.get().case) == ("phone", case)

    def test_who_took_the_call_reads_its_number_out_and_its_page_stays_the_librarians(self, cast):
        dewi = client_of(cast.dewi)
        html = page(dewi.post(reverse("calls:phone"), self.call(), follow=True))
        case = Case.objects.get(kind=KIND)
        assert case.number in html
        assert reverse("library:case", args=[case.number]) not in html
        Position.objects.create(agency=cast.agency("PU"), code="phone_agent", roles=["phone_agent"])
        other = client_of(cast.officer_of("PU", "phone_agent"))
        assert other.get(reverse("calls:phone")).status_code == 200
        assert other.get(reverse("calls:phone_stored", args=[case.number])).status_code == 404

    def test_whom_the_desk_chose_behind_the_number_is_the_borrower(self, cast):
        told = {"words": "Papan dermaga patah, anak-anak hampir jatuh", "area_code": "99.01.01.2001"}
        draft = Draft(**told, category=cast.category(), phone=NUMBER, name="Wati", channel="phone")
        filed = report_file(actor=staff(cast.dewi), desk=cast.agency("KOMINFO"), draft=draft)
        wati = filed.case.parties.get().person
        for person, expected in ((str(wati.id), 1), ("", 2)):  # nobody chosen is somebody new
            client_of(cast.dewi).post(reverse("calls:phone"), self.call(person=person))
            assert Person.objects.count() == expected
        assert Case.objects.filter(kind=KIND, parties__person=wati).count() == 1

    def test_a_message_is_promised_where_one_goes_out_alone(self, cast):
        dewi, sent, none = client_of(cast.dewi), "tautan lewat pesan", "Tidak ada pesan yang dikirim"
        for phone, expected in ((NUMBER, (True, False)), ("", (False, True))):
            told = page(dewi.post(reverse("calls:phone"), self.call(phone=phone), follow=True))
            assert (sent in told, none in told) == expected

    def test_the_desk_offers_report_and_loan(self, cast):
        html = page(client_of(cast.dewi).get(reverse("calls:phone"), {"jadi": KIND}))
        assert 'name="book"' in html
        assert "?jadi=iceta.report" in html

    def test_a_missing_book_is_said_at_its_field(self, cast):
        answer = client_of(cast.dewi).post(reverse("calls:phone"), self.call(book="L-9"))
        assert answer.status_code == 422
        assert not Case.objects.exists()


class TestSheet:
    def test_the_librarian_finds_the_table_and_others_do_not(self, cast, desk):
        assert "Buku" in page(desk.get(reverse("tables:sheet", args=["library.books"])))
        other = client_of(cast.officer_of("KOMINFO", "operator"))
        assert other.get(reverse("tables:sheet", args=["library.books"])).status_code == 404

    def give(self, actor, text):
        sheet = sheets()["library.books"]
        upload, _new = tables.upload_open(actor=actor, sheet=sheet, file_name="buku.csv", data=text.encode())
        running.read_upload(str(upload.id))
        upload.refresh_from_db()
        return upload

    def test_books_come_by_a_table_and_a_corrected_one_shows_what_differs(self, librarian):
        text = "Kode;Judul;Eksemplar\nL-1;Laut Bercerita;3\nB-1;Bumi Manusia;1\n"
        upload = self.give(librarian, text)
        assert (upload.new, upload.wrong) == (1, 0)
        tables.upload_take(actor=librarian, upload=upload, wrong=0)
        running.take_upload(str(upload.id))
        assert dict(Book.objects.values_list("code", "copies")) == {"L-1": 3, "B-1": 1}
        corrected = self.give(librarian, text.replace(";3", ";4"))
        assert (corrected.new, corrected.changed) == (0, 1)
