"""What came late stands where it happened, and says when it came: at the desk, on paper, in the journal, and to who follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from trials.cast import MONDAY, client_of

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.lookout import treat_due_clocks
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework import evidence
from kotacerdas.foundation.casework.registry import page_of
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAME_DAY, OTHER_DAY = "terjadi 11.00, diterima 15.00", "terjadi 23 November 2026 pukul 11.00 WITA, diterima"


def fresh(filed) -> Case:
    return Case.objects.select_related("lead_agency").get(id=filed.case.id)


@pytest.fixture
def told(cast):
    """Rudi replied at eleven, which came at three; a colleague wrote a note in between."""

    def reply(came):
        filed = cast.verified()
        with clock.frozen(MONDAY + 2 * HOUR):
            actions.report_note(actor=staff(cast.rudi), case=fresh(filed), body="Catatan di antaranya")
        with clock.frozen(MONDAY + came):
            late = replace(staff(cast.rudi), happened_at=MONDAY + HOUR)
            actions.report_reply(actor=late, case=fresh(filed), body="Kami periksa besok")
        return filed

    return reply


def read(cast, filed):
    return client_of(cast.rudi).get(page_of(fresh(filed))).text


@pytest.mark.parametrize(("came", "words"), [(5 * HOUR, SAME_DAY), (3 * DAY, OTHER_DAY)])
def test_at_the_desk_it_stands_where_it_happened(cast, told, came, words):
    filed = told(came)
    with clock.frozen(MONDAY + came):
        page = read(cast, filed)
    assert words in page
    assert page.index("Kami periksa besok") < page.index("Catatan di antaranya")


def test_what_came_at_once_says_nothing(cast, told):
    filed = told(HOUR + timedelta(minutes=2))
    with clock.frozen(MONDAY + 5 * HOUR):
        assert "diterima 1" not in read(cast, filed)


def test_who_follows_reads_it_too(cast, told):
    filed = told(5 * HOUR)
    with clock.frozen(MONDAY + 6 * HOUR):
        page = client_of(cast.asep).get(reverse("following:follow", args=[link_token(filed.party)])).text
    assert SAME_DAY in page


def test_the_journal_keeps_the_order_of_the_chain_and_says_it_of_the_row(cast):
    filed = cast.verified()
    sealer.seal_batch()
    with clock.frozen(MONDAY + 5 * HOUR):
        late = replace(staff(cast.rudi), happened_at=MONDAY + HOUR)
        actions.report_reply(actor=late, case=fresh(filed), body="Kami periksa besok")
    sealer.seal_batch()
    found = evidence.journal_of(filed.case.id, {}, lambda row: evidence.RowText(what=row.verb))
    assert [bundle.block.height for bundle in found.bundles] == [1, 2]
    lines = [line for bundle in found.bundles for line in bundle.lines]
    assert [line.came for line in lines if line.came] == [SAME_DAY]
    assert lines[-1].what == "iceta.report.reply"


def test_a_restored_promise_is_told_in_both_languages(cast):
    filed = cast.verified()
    with clock.frozen(MONDAY + 12 * DAY):
        while treat_due_clocks():
            pass
        late = replace(staff(cast.rudi), happened_at=MONDAY + HOUR)
        actions.report_reply(actor=late, case=fresh(filed), body="Kami periksa besok")
        assert "ternyata tidak terlewat; eskalasinya dicabut" in read(cast, filed)
        browser = client_of(cast.rudi)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        english = browser.get(page_of(fresh(filed))).text
    assert "was not missed after all; the escalation is withdrawn" in english
