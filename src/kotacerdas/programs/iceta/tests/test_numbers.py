"""A ticket number as citizens type it: understood in any spelling, told of when mistyped, never taken for a story."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.notify.models import Message
from kotacerdas.kernel import ids
from kotacerdas.programs.iceta.tests.test_public import page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("between", ["", " ", "-"])
def test_a_ticket_number_searched_on_the_front_page_leads_to_its_link_and_into_no_story(
    client, cast, between
):
    known, unknown = cast.report().case.number, ids.ticket_number("TML", 2026, 999_999)
    hide = re.compile(r"TML[-0-9A-Z]*|value=\"[^\"]*\"|[0-9a-f-]{36}")
    shown = [
        client.get(reverse("iceta:report_words"), {"q": number.lower().replace("-", between)}, follow=True)
        for number in (known, unknown)
    ]
    assert shown[0].request["PATH_INFO"] == reverse("following:link_again")
    assert f'name="number" value="{known}"' in page(shown[0])
    assert "kesalahan" not in page(shown[0])
    assert hide.sub("", page(shown[0])) == hide.sub("", page(shown[1]))


@pytest.mark.parametrize(
    "typed", ["TML-2026-000297-0", "tml 2O26 OOO297 2", "#000297-2", "nomor TML-2026-297-2"]
)
def test_a_mistyped_number_is_no_story_either(client, cast, typed):
    shown = client.get(reverse("iceta:report_words"), {"q": typed}, follow=True)
    assert shown.request["PATH_INFO"] == reverse("following:link_again")
    assert f'name="number" value="{typed}"' in page(shown)


@pytest.mark.parametrize("typed", ["119", "jalan 12345", "lampu RT 004 RW 010 mati", "air 2026", ""])
def test_words_with_few_figures_are_a_story(client, cast, typed):
    shown = client.get(reverse("iceta:report_words"), {"q": typed}, follow=True)
    assert shown.request["PATH_INFO"] == reverse("iceta:report_words")


@pytest.mark.parametrize("before", ["tiket ", "Nomor: ", "#", "no. "])
def test_a_word_before_a_number_does_not_matter(cast, before):
    number = cast.report().case.number
    assert ids.normal_ticket(f"{before}{number}") == number


def test_the_number_of_a_report_this_browser_has_leads_straight_to_it(client, cast):
    filed = cast.report()
    link = reverse("following:follow", args=[link_token(filed.party)])
    client.get(link)
    typed = filed.case.number.replace("-", "").lower()
    assert client.get(reverse("iceta:report_words"), {"q": typed}).url == link


def test_words_with_a_number_in_them_are_a_story(client, cast):
    typed = f"{cast.report().case.number} belum juga diperbaiki"
    assert f">{typed}</textarea>" in page(client.get(reverse("iceta:report_words"), {"q": typed}))


def test_a_page_that_is_not_there_leads_to_a_report_by_its_number(client, cast):
    lost = client.get("/tidak-ada/")
    assert lost.status_code == 404
    assert f'href="{reverse("following:link_again")}"' in page(lost)


@pytest.mark.parametrize("between", ["", " ", " - "])
def test_a_ticket_number_is_taken_as_it_is_typed(client, cast, between):
    number = cast.report().case.number.lower().replace("-", between)
    Message.objects.all().delete()
    client.post(reverse("following:link_again"), {"number": number, "phone": "0812-3456-7890"})
    assert Message.objects.get().effect == "iceta.link"


def test_a_mistyped_ticket_number_is_said_and_uses_up_no_try(client, cast):
    number = cast.report().case.number
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    for _ in range(4):
        told = client.post(
            reverse("following:link_again"), {"number": wrong, "phone": "0812-3456-7890"}, follow=True
        )
        assert told.status_code == 422
        assert "Nomor tiket ini salah ketik" in page(told)
        assert f'value="{wrong}"' in page(told)
    sent = client.post(reverse("following:link_again"), {"number": number, "phone": "0812-3456-7890"})
    assert sent.status_code == 302
