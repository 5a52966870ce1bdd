"""A case on numbered paper: what its sheet and its evidence state, who gets them, and that none is issued twice."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from trials.cast import behind_our_back, client_of

from kotacerdas.foundation.casework.tests.test_desk import bench, bring, url  # noqa: F401  fixtures
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.journal import sealer
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("kotacerdas.foundation.casework.tests.bench")]


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sealed() -> None:
    while sealer.seal_batch():
        pass


def text_of(answer) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_the_sheet_tells_the_case_without_inside_notes(bench, bring):  # noqa: F811
    case, browser = bring(), client_of(bench.rudi)
    browser.post(url("step", case.number, "write"), {"body": "Besok siap", "audience": "public"})
    browser.post(url("step", case.number, "jot"), {"body": "Rantainya aus", "audience": "inside"})
    sealed()
    text = text_of(browser.post(url("issue", case.number, "lembar"), follow=True))
    document = Document.objects.get()
    for words in (case.number, document.number, "Besok siap", "Made"):
        assert words in text
    assert "Rantainya aus" not in text
    assert "5555" not in text


def test_the_evidence_sheet_holds_positions_and_roots(bench, bring):  # noqa: F811
    case, browser = bring(), client_of(bench.rudi)
    sealed()
    text = text_of(browser.post(url("issue", case.number, "bukti"), follow=True))
    assert case.number in text
    assert "Blok" in text
    assert (
        browser.get(url("case", case.number), {"tab": "jurnal"}).text.count(Document.objects.get().number)
        == 1
    )


def test_while_nothing_happens_it_stays_one_paper(bench, bring):  # noqa: F811
    case, browser = bring(), client_of(bench.rudi)
    sealed()

    now = clock.now()

    def issued(minutes: int) -> bytes:
        with clock.frozen(now + timedelta(minutes=minutes)):
            return browser.post(url("issue", case.number, "bukti"), follow=True).content

    first = issued(1)
    assert issued(2) == first
    with clock.frozen(now + timedelta(minutes=3)):
        browser.post(url("step", case.number, "begin"))
        sealed()
    assert issued(4) != first
    assert Document.objects.count() == 2


def test_no_evidence_is_issued_of_what_is_not_sealed_or_does_not_hold(bench, bring):  # noqa: F811
    case, browser = bring(), client_of(bench.rudi)
    answer = browser.post(url("issue", case.number, "bukti"), follow=True)
    assert "belum disegel" in answer.text
    sealed()
    with behind_our_back() as cursor:
        cursor.execute("UPDATE journal_row SET verb = verb || 'x' WHERE subject_id = %s", [case.id])
    answer = browser.post(url("issue", case.number, "bukti"), follow=True)
    assert "tidak cocok" in answer.text
    assert not Document.objects.exists()


def test_a_stranger_gets_and_issues_no_paper(bench, bring):  # noqa: F811
    case, browser = bring(), client_of(bench.rudi)
    sealed()
    browser.post(url("issue", case.number, "lembar"))
    paper = url("paper", case.number, Document.objects.get().id)
    assert browser.get(paper).status_code == 200
    for stranger in (client_of(bench.sari), client_of(bench.officer_of("BAPPEDA"))):
        assert stranger.get(paper).status_code == 404
        assert stranger.post(url("issue", case.number, "lembar")).status_code == 404
    other = bring("umbrella")
    assert browser.get(url("paper", other.number, Document.objects.get().id)).status_code == 404
    assert Document.objects.count() == 1
