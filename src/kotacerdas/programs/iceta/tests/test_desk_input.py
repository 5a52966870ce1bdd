"""What an officer sends or typed is not lost: a session that has ended, a page that is not there, a draft."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image
from trials.cast import client_of

from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.casework import views_step
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions

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
        here = f"{reverse('iceta:queue')}?tiket={case.number}"
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


def key_in(page: str, form: str) -> str:
    """The key of the form that is sent to an address ending so."""
    found = re.search(rf'action="[^"]*{form}".*?name="key"\s+value="([^"]+)"', page, re.DOTALL)
    assert found, form
    return found[1]


def picture(shade: int) -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (64, 48), (shade * 60, 90, 120)).save(data, "JPEG")
    return SimpleUploadedFile("foto.jpg", data.getvalue(), "image/jpeg")


class TestAnswerLost:
    """The step was taken but its answer lost: the same form comes once more."""

    @pytest.mark.parametrize("extra", [{}, PANE], ids=["page", "pane"])
    @pytest.mark.parametrize("name", ["reply", "note", "ask", "resolve", "hand", "support", "return"])
    def test_nothing_is_done_twice_and_the_answer_is_the_same(self, cast, case, name, extra):
        browser = client_of(cast.head if name == "hand" else cast.rudi)
        here = reverse("iceta:case", args=[case.number])
        page = browser.get(here, {"langkah": name}).content.decode()
        box = name in ("reply", "note")
        given = {
            "key": key_in(page, "/reply/" if box else f"/{name}/"),
            "seen_version": case.version,
            "body": "Kami ke sana besok",
            "reason": "Bukan jalan kami",
            "position": cast.agency("PU").positions.get(code="liaison").id,
            "agency": cast.agency("BAPPEDA").id,
            "audience": {"reply": "public", "note": "inside"}.get(name, ""),
        }
        first = browser.post(step(case, name), given, **extra)
        left = Row.objects.count(), Note.objects.count()
        again = browser.post(step(case, name), given, **extra)
        assert (Row.objects.count(), Note.objects.count()) == left
        assert first.status_code == again.status_code == (200 if extra else 302)
        assert first.headers.get("HX-Trigger") == again.headers.get("HX-Trigger")
        assert first.headers.get("Location") == again.headers.get("Location")

    def test_a_step_without_words_too(self, cast, case):
        browser = client_of(cast.rudi)
        given = {"key": key_in(browser.get(reverse("iceta:case", args=[case.number])).content.decode(), "")}
        first = browser.post(step(case, "accept"), given, **PANE)
        rows = Row.objects.count()
        again = browser.post(step(case, "accept"), given, **PANE)
        assert (again.status_code, Row.objects.count()) == (200, rows)
        assert first["HX-Trigger"] == again["HX-Trigger"]
        assert browser.post(step(case, "on_scene"), given, **PANE).status_code == 200
        assert Row.objects.count() == rows + 1

    def test_each_form_has_its_own_key_and_a_new_one_after_its_step(self, cast, case):
        browser, here = client_of(cast.rudi), reverse("iceta:case", args=[case.number])
        key = key_in(browser.get(here).content.decode(), "/reply/")
        taken = browser.post(step(case, "reply"), {"body": "Besok", "key": key}, **PANE).content.decode()
        fresh = key_in(taken, "/reply/")
        assert fresh != key
        assert browser.post(step(case, "reply"), {"body": "Besok", "key": fresh}, **PANE).status_code == 200
        assert Note.objects.filter(case=case, body="Besok").count() == 2

    def test_words_changed_before_the_second_press_are_neither_sent_nor_dropped(self, cast, case):
        browser, here = client_of(cast.rudi), reverse("iceta:case", args=[case.number])
        key = key_in(browser.get(here).content.decode(), "/reply/")
        browser.post(step(case, "reply"), {"body": "Kami ke sana", "key": key}, **PANE)
        again = browser.post(step(case, "reply"), {"body": "Kami ke sana lusa", "key": key}, **PANE)
        page = again.content.decode()
        assert again.status_code == 409
        assert "HX-Trigger" not in again
        assert ">Kami ke sana lusa</textarea>" in page
        fresh = key_in(page, "/reply/")
        browser.post(step(case, "reply"), {"body": "Kami ke sana lusa", "key": fresh}, **PANE)
        assert Note.objects.filter(case=case, kind="reply").count() == 2

    def test_a_refused_step_is_no_step_taken(self, cast, case):
        browser, key = client_of(cast.rudi), "0198c0de-0000-7000-8000-000000000001"
        assert browser.post(step(case, "ask"), {"body": " ", "key": key}, **PANE).status_code == 422
        assert browser.post(step(case, "ask"), {"body": "Di mana?", "key": key}, **PANE).status_code == 200

    def test_a_key_counts_for_its_case_alone_and_for_ever(self, cast, case):
        browser, other = client_of(cast.rudi), cast.verified(phone="0812-3456-7891").case
        given = {"body": "Besok", "key": "0198c0de-0000-7000-8000-000000000001"}
        for one in (case, other):
            assert browser.post(step(one, "note"), given, **PANE).status_code == 200
        assert Note.objects.filter(body="Besok").count() == 2
        with clock.frozen(clock.now() + timedelta(days=400)):
            assert client_of(cast.rudi).post(step(case, "note"), given, **PANE).status_code == 200
        assert Note.objects.filter(body="Besok").count() == 2

    def test_it_counts_in_every_tab_and_after_signing_in_again(self, cast, case):
        given = {"body": "Besok", "key": "0198c0de-0000-7000-8000-000000000001"}
        for browser in (client_of(cast.rudi), client_of(cast.rudi)):
            assert browser.post(step(case, "note"), given, **PANE).status_code == 200
        assert Note.objects.filter(body="Besok").count() == 1
        client_of(cast.head).post(step(case, "note"), given, **PANE)
        assert Note.objects.filter(body="Besok").count() == 2

    def test_another_photo_with_the_same_words_is_told_apart(self, cast, case, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        browser, key = client_of(cast.rudi), "0198c0de-0000-7000-8000-000000000001"
        for number, status in ((1, 200), (1, 200), (2, 409)):
            given = {"body": "Lihat foto", "key": key, "photos": picture(number)}
            assert browser.post(step(case, "reply"), given, **PANE).status_code == status


@pytest.mark.django_db(transaction=True)
def test_a_second_press_that_overlaps_the_first_waits_and_is_answered_as_it(cast, case, monkeypatch):
    perform, pressed = views_step.perform, []

    def slow(*given):
        if not pressed:
            pressed.append(pool.submit(press))
            time.sleep(0.5)
        return perform(*given)

    def press():
        try:
            given = {"body": "Besok", "key": "0198c0de-0000-7000-8000-000000000001"}
            return client_of(cast.rudi).post(step(case, "reply"), given, **PANE).status_code
        finally:
            connection.close()

    monkeypatch.setattr(views_step, "perform", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(press).result()
        assert (first, pressed[0].result()) == (200, 200)
    assert Note.objects.filter(body="Besok").count() == 1


class TestOvertaken:
    """Somebody else changed the case: what is offered is what may be done now."""

    @pytest.mark.parametrize("extra", [{}, PANE], ids=["page", "pane"])
    def test_the_steps_are_those_of_now_and_the_words_stay_readable(self, cast, case, extra):
        actions.report_return(actor=staff(cast.rudi), case=case, reason="Bukan kami")
        answer = client_of(cast.sari).post(step(case, "resolve"), {"body": "Sudah & rapi"}, **extra)
        page = answer.content.decode()
        assert answer.status_code in (403, 409)
        assert f'action="{step(case, "resolve")}"' not in page
        assert re.search(r"data-typed>.*Sudah &amp; rapi", page, re.DOTALL)
        assert 'role="alert"' in page

    @pytest.mark.parametrize("extra", [{}, PANE], ids=["page", "pane"])
    def test_a_resolved_case_is_not_offered_to_be_resolved_again(self, cast, case, extra):
        browser = client_of(cast.rudi)
        actions.report_resolve(actor=staff(cast.rudi), case=case, body="Papan baru")
        answer = browser.post(step(case, "resolve"), {"body": "Sudah diganti"}, **extra)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert f'action="{step(case, "resolve")}"' not in page
        assert re.search(r"data-typed>.*Sudah diganti", page, re.DOTALL)
        assert 'role="alert"' in page

    def test_words_for_inside_never_stand_where_all_goes_out(self, case):
        from kotacerdas.foundation.casework.forms import BoxForm
        from kotacerdas.foundation.casework.pages import fits

        inside, public = ({"audience": one, "body": "Rahasia"} for one in ("inside", "public"))
        inside, public = (BoxForm(one, case=case) for one in (inside, public))
        assert not fits(inside, ("public",))
        assert fits(inside, ("public", "inside"))
        assert fits(public, ("inside",))
        assert not fits(public, ())
