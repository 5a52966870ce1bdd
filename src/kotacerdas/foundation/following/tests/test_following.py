"""Any kind of case is followed by its secret link; the room knows nothing of what it is about."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kotacerdas.foundation.cases.links import link_token, message_mark
from kotacerdas.foundation.cases.models import CaseParty, Note
from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.following import plain
from kotacerdas.foundation.following.actions import link_send
from kotacerdas.foundation.following.messages import MARK
from kotacerdas.foundation.following.queries import still_followed, target_of
from kotacerdas.foundation.following.tests.conftest import links_sent, page
from kotacerdas.foundation.parties.adapter import citizen_for, link_person
from kotacerdas.foundation.parties.people import person_new
from kotacerdas.kernel import clock

pytestmark = pytest.mark.django_db


def link(party) -> str:
    return reverse("following:follow", args=[link_token(party)])


def answer(client: Client, party, body: str):
    return client.post(
        reverse("following:act", args=[link_token(party), "jawab"]), {"body": body}, follow=True
    )


def test_the_page_of_a_loan_shows_its_title_state_and_story(client, lend):
    party = lend()
    html = page(client.get(link(party)))
    for words in (party.case.number, "The book laskar", "With you", "Lent to you"):
        assert words in html
    assert "<textarea" not in html
    assert client.get(link(party)).headers["Referrer-Policy"] == "same-origin"


def test_a_question_is_answered_once_however_often_it_is_sent(client, lend, ask):
    party = lend()
    ask(party.case)
    assert "<textarea" in page(client.get(link(party)))
    assert answer(client, party, "At home").status_code == 200
    assert answer(client, party, " At home ").status_code == 200
    assert Note.objects.filter(kind="answer").count() == 1
    other = answer(client, party, "In the bus")
    assert (other.status_code, "In the bus" in page(other)) == (409, True)
    assert TakenCommand.objects.get().name == "toy.loan.answer"


def test_the_same_words_answer_the_next_question_too(client, lend, ask):
    party = lend()
    ask(party.case)
    answer(client, party, "At home")
    ask(party.case, after=timedelta(minutes=1))
    assert answer(client, party, "At home").status_code == 200
    assert Note.objects.filter(kind="answer").count() == 2


def test_an_empty_answer_is_said_at_its_field_and_nothing_is_taken(client, lend, ask):
    party = lend()
    ask(party.case)
    wrong = answer(client, party, " ")
    assert (wrong.status_code, "Tulis jawaban Anda." in page(wrong)) == (422, True)
    assert not TakenCommand.objects.exists()


def test_who_only_follows_may_not_act_and_an_unknown_act_is_not_there(client, lend, ask):
    party = lend(role="friend")
    ask(party.case)
    assert "<textarea" not in page(client.get(link(party)))
    assert answer(client, party, "At home").status_code == 403
    assert client.post(reverse("following:act", args=[link_token(party), "pinjamkan"])).status_code == 404


def test_a_link_ends_ninety_days_after_closing_and_looks_like_a_wrong_one(client, lend):
    party = lend(state="back")
    party.case.closed_at = clock.now()
    party.case.save()
    assert still_followed(party)
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert not still_followed(party)
        old, wrong = client.get(link(party)), client.get(reverse("following:follow", args=["a" * 40]))
    assert old.status_code == wrong.status_code == 404


def test_cases_of_every_program_are_in_one_list(client, lend, cast):
    loan, report = lend(), cast.report().party
    for party in (loan, report):
        client.get(link(party))
    listed = page(client.get(reverse("following:my_cases")))
    assert loan.case.number in listed
    assert report.case.number in listed
    assert loan.case.number not in page(Client().get(reverse("following:my_cases")))


def test_a_lost_link_is_sent_by_the_program_that_has_the_case(lend):
    party = lend("0813-0000-1111")
    link_send(number=party.case.number, phone="0813-0000-1111")
    link_send(number=party.case.number, phone="0813-9999-1111")
    assert links_sent() == [party.id]


def test_the_link_of_a_message_proves_the_number(client, lend):
    party = lend()
    client.get(f"{link(party)}?{MARK}=wrong")
    party.refresh_from_db()
    assert not party.is_proved
    opened = client.get(f"{link(party)}?{MARK}={message_mark(party)}")
    party.refresh_from_db()
    assert (opened.url, party.is_proved) == (link(party), True)


class TestNumbersGivenToOthers:
    """After ninety days without use a number may have a new holder: of what came before, the ticket number tells."""

    NUMBER = "0813-0000-1111"

    def sign_in(self, client: Client, at: datetime) -> str:
        user = citizen_for(self.NUMBER)
        with clock.frozen(at):
            link_person(user)
        client.force_login(user)
        return page(client.get(reverse("following:my_cases")))

    def test_what_came_by_a_number_in_use_is_in_the_list_of_its_account(self, client, lend):
        party = lend(self.NUMBER)
        listed = self.sign_in(client, clock.now() + timedelta(days=90))
        assert party.case.number in listed
        assert "90 hari" not in listed

    def test_after_ninety_days_the_list_asks_for_the_ticket_number(self, client, lend):
        party = lend(self.NUMBER)
        listed = self.sign_in(client, clock.now() + timedelta(days=91))
        assert party.case.number not in listed
        assert "90 hari" in listed
        client.post(reverse("following:link_again"), {"number": party.case.number, "phone": self.NUMBER})
        assert links_sent() == [party.id]
        client.get(link(party))  # as it came by message
        assert party.case.number in page(client.get(reverse("following:my_cases")))

    def test_what_was_filed_while_signed_in_is_asked_for_too(self, client, lend):
        party = lend(self.NUMBER)
        CaseParty.objects.filter(id=party.id).update(person=link_person(citizen_for(self.NUMBER)))
        assert party.case.number in self.sign_in(client, clock.now())
        assert party.case.number not in self.sign_in(client, clock.now() + timedelta(days=91))

    def test_a_number_alone_makes_nobody_the_accounts_person(self, client, lend):
        party = lend(self.NUMBER)
        self.sign_in(client, clock.now())
        party.person.refresh_from_db()
        assert party.person.user is None


class TestThePlainTimeline:
    """What a program gets that says nothing of its timeline."""

    def words(self, party) -> str:
        return " ".join(str(one.body) for one in plain.timeline(party.case, target_of(party), party))

    def test_who_borrows_along_reads_no_words_of_another(self, client, lend, ask):
        wati = lend()
        ask(wati.case)
        answer(client, wati, "At home")
        along = CaseParty.objects.create(case=wati.case, role="borrower", person=person_new())
        assert "At home" in self.words(wati)
        assert "At home" not in self.words(along)

    def test_who_was_merged_reads_no_talk_with_another(self, lend, ask):
        wati, merged = lend(), lend("0813-0000-1111")
        ask(wati.case)
        stand_in = CaseParty.objects.create(case=wati.case, role="borrower", stands_for=merged)
        assert "Where is it?" in self.words(wati)
        assert "Where is it?" not in self.words(stand_in)
