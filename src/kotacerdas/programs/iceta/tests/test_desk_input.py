"""What an officer sends or typed is not lost: a session that has ended, a page that is not there, a draft."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from kotacerdas.config.testing_cast import client_of
from kotacerdas.foundation.cases.models import Case

pytestmark = pytest.mark.django_db
PANE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "pane"}
HOME = "/desk/"


@pytest.fixture
def case(cast) -> Case:
    return cast.verified().case


def step(case: Case, name: str = "resolve") -> str:
    return reverse("iceta:step", args=[case.number, name])


def after_signing_in(answer) -> str:
    """The page that the sign-in page leads back to."""
    assert answer.status_code == 302
    parts = urlsplit(answer["Location"])
    assert parts.path == reverse("account_login")
    return parse_qs(parts.query)["next"][0]


class TestSessionEnded:
    def test_the_page_of_the_form_is_opened_again_with_the_step(self, client, cast, case):
        here = f"{reverse('iceta:case', args=[case.number])}?antrean=semua"
        page = client_of(cast.rudi).get(f"{here}&langkah=resolve").content.decode()
        told = f"{here}&langkah=resolve"
        assert f'name="dari" value="{told.replace("&", "&amp;")}"' in page
        answer = client.post(step(case), {"body": "Sudah", "dari": told})
        assert after_signing_in(answer) == told
        assert client_of(cast.rudi).get(told).status_code == 200

    def test_without_its_word_it_is_the_page_that_the_browser_names(self, client, case):
        here = f"{reverse('iceta:queue')}?perkara={case.number}"
        answer = client.post(step(case, "accept"), HTTP_REFERER=f"http://testserver{here}")
        assert after_signing_in(answer) == here

    @pytest.mark.parametrize(
        "told",
        [
            "",
            "https://jahat.example/desk/iceta/",
            "//jahat.example/desk/iceta/",
            "javascript:alert(1)",
            "http://[/desk/iceta/",
            "/desk/tidak-ada/",
            "/akun/keluar/",
            "/static/x.css",
        ],
    )
    def test_what_is_no_page_of_the_desk_leads_home(self, client, case, told):
        answer = client.post(step(case), {"dari": told}, HTTP_REFERER=told)
        assert after_signing_in(answer) == HOME

    def test_an_address_that_is_only_posted_to_is_never_opened(self, client, case):
        for name in ("resolve", "accept"):
            answer = client.post(
                step(case), {"dari": step(case)}, HTTP_REFERER=f"http://testserver{step(case, name)}"
            )
            assert after_signing_in(answer) == HOME

    def test_a_page_that_was_asked_for_is_opened_as_it_was(self, client, case):
        here = f"{reverse('iceta:case', args=[case.number])}?tab=foto"
        assert after_signing_in(client.get(here)) == here


def test_a_page_of_origin_with_braces_is_no_fault_of_ours(cast, case):
    given = {"body": " ", "dari": "/desk/iceta/{x}/?a={0}"}
    for extra in ({}, PANE):
        assert client_of(cast.rudi).post(step(case), given, **extra).status_code == 422


class TestDrafts:
    def test_the_pane_is_told_which_draft_is_done_with(self, cast, case):
        browser = client_of(cast.rudi)
        page = browser.get(reverse("iceta:case", args=[case.number]), {"langkah": "resolve"})
        draft = f"{cast.rudi.id}.{case.number}.resolve"
        assert f'data-draft="{draft}"' in page.content.decode()
        refused = browser.post(step(case), {"body": " "}, **PANE)
        assert "HX-Trigger" not in refused
        taken = browser.post(step(case), {"body": "Papan sudah diganti"}, **PANE)
        assert json.loads(taken["HX-Trigger"])["desk:taken"]["draft"] == draft

    @pytest.mark.parametrize("name", ["reply", "note"])
    def test_the_page_after_a_step_is_told_it_once(self, cast, case, name):
        browser, here = client_of(cast.rudi), reverse("iceta:case", args=[case.number])
        draft = f"{cast.rudi.id}.{case.number}.reply"
        assert f'data-draft="{draft}"' in browser.get(here).content.decode()
        page = browser.post(step(case, name), {"body": "Kami ke sana"}, follow=True).content.decode()
        assert f'data-taken="{draft}"' in page
        assert 'class="toast' in page
        assert "data-taken" not in browser.get(here).content.decode()

    def test_the_purpose_of_opening_a_number_is_not_kept(self, cast, case):
        page = client_of(cast.rudi).get(reverse("iceta:case", args=[case.number]), {"langkah": "nomor"})
        assert "data-draft" not in page.content.decode()


def test_the_desk_says_page_on_the_very_address_and_true_under_it(cast, case):
    browser, queue = client_of(cast.rudi), reverse("iceta:queue")
    assert f'<a href="{queue}" aria-current="page">' in browser.get(queue).content.decode()
    below = browser.get(reverse("iceta:case", args=[case.number])).content.decode()
    assert f'<a href="{queue}" aria-current="true">' in below
    assert f'<a href="{queue}" aria-current="page">' not in below
