"""The front page: promises with their figures, only links that lead somewhere, no program imported."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kotacerdas.foundation.cases.clocks import policy_on
from kotacerdas.foundation.indicators.engine import follow_batch
from kotacerdas.foundation.journal.sealer import seal_batch
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.kernel import clock
from kotacerdas.portal import parts
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.public import finished

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    parts.forget_figures()
    finished.forget()
    yield
    parts.forget_figures()
    finished.forget()


def page(answer) -> str:
    return answer.content.decode()


def test_the_front_page_names_the_regency_its_promise_and_the_way_to_report(client, cast):
    html = page(client.get("/"))
    assert "Melati Satu" in html
    days = policy_on("sp4n.respond", clock.now()).budget
    assert f"Lapor sekali, dijawab paling lambat {days} hari kerja." in html
    assert f'action="{reverse("iceta:report_words")}"' in html
    assert f'href="{reverse("iceta:report_photo")}"' in html


def test_what_was_asked_on_the_front_page_stands_on_the_words_page(client, cast):
    answer = client.get(reverse("iceta:report_words"), {"q": "dermaga patah"})
    assert ">dermaga patah</textarea>" in page(answer)


def test_a_visitor_without_reports_sees_no_empty_section(client, cast):
    assert "Laporan saya</h2>" not in page(client.get("/"))


def test_figures_are_hidden_until_there_are_ten_ratings(client, cast):
    assert "Puas dengan hasilnya" not in page(client.get("/"))
    for n in range(10):
        filed = cast.verified(phone=f"0812-3456-70{n:02d}")
        actions.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Selesai")
        filed.party.case.refresh_from_db()
        actions.report_rate(actor=reporter(), party=filed.party, rating=3 if n else 1)
    seal_batch()
    while follow_batch():
        pass
    parts.forget_figures()
    html = page(client.get("/"))
    assert "Puas dengan hasilnya" in html
    assert "90%" in html
    assert "30 hari sampai 23 November 2026, 10 penilai" in html


def test_done_this_week_shows_published_ones_alone_by_their_coded_title(client, cast):
    shown, secret = cast.verified(words="Kata rahasia Wati di dermaga"), cast.verified(is_secret=True)
    for filed in (shown, secret):
        actions.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Selesai")
    html = page(client.get("/"))
    assert html.count("done-card") == 2  # the list and its one card
    assert "Dermaga rusak" in html
    assert "Kata rahasia" not in html
    finished.forget()
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert "Dermaga rusak" not in page(client.get("/"))


def test_a_programme_that_does_not_run_here_has_no_link(client, cast):
    tiles = parts.entries()
    assert [entry.code for entry in tiles if entry.code == "iceta"] == ["iceta"]
    assert all(entry.url or entry.order == 500 for entry in tiles)


@pytest.mark.parametrize(
    "name", ["portal_home", "portal_emergency", "portal_privacy", "portal_accessibility"]
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_opens_in_both_languages(cast, name, language):
    client = Client()
    client.cookies["lang"] = language
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in page(answer)


def test_emergency_numbers_stand_with_their_source(client, cast):
    html = page(client.get(reverse("portal_emergency")))
    assert "0400" in html
    assert "invented for tests" in html
