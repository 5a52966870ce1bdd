"""A number proves nothing: who files with another's gets no right over their report, merged or not."""

from __future__ import annotations

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.kernel.errors import Refused
from kotacerdas.programs.iceta import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
WATI = "0812-3456-7890"


def fresh(filed) -> Case:
    return Case.objects.select_related("lead_agency").get(id=filed.case.id)


@pytest.fixture
def merged(cast):
    """Wati's report, not published, and the one that Asep filed with her number, merged into hers."""
    wati = cast.verified(phone=WATI, name="Wati", words="Rahasia Wati: papan dermaga patah")
    asep = cast.report(phone=WATI, name="Asep", words="Kata Asep: dermaga rusak di sisi timur")
    actions.report_merge(actor=staff(cast.sari), case=fresh(asep), into=fresh(wati))
    return wati, asep


def link(filed) -> str:
    return reverse("following:follow", args=[link_token(filed.party)])


def stand_in(filed) -> CaseParty:
    return CaseParty.objects.select_related("case__lead_agency", "person").get(stands_for=filed.party)


def test_who_filed_with_anothers_number_reads_their_own_words_alone(client, merged):
    _wati, asep = merged
    html = client.get(link(asep)).content.decode()
    assert "Kata Asep" in html
    assert "Rahasia Wati" not in html
    assert 'name="rating"' not in html
    news = client.get(reverse("following:follow", args=[link_token(stand_in(asep))])).content.decode()
    assert "Kata Asep" in news
    assert "Rahasia Wati" not in news


def test_their_answer_ends_no_question_of_hers(client, cast, merged):
    wati, asep = merged
    actions.report_ask(actor=staff(cast.rudi), case=fresh(wati), body="Sisi mana yang patah?")
    assert "Sisi mana" not in client.get(link(asep)).content.decode()
    assert client.post(link(asep) + "jawab/", {"body": "Sudah tidak perlu"}).status_code == 403
    assert fresh(wati).state == "waiting"
    assert client.post(link(wati) + "jawab/", {"body": "Sisi timur"}).status_code == 302
    assert fresh(wati).state == "in_progress"


def test_their_rating_is_theirs_and_closes_nothing(client, cast, merged):
    wati, asep = merged
    actions.report_resolve(actor=staff(cast.rudi), case=fresh(wati), body="Papan sudah diganti")
    assert client.post(link(asep) + "nilai/", {"rating": "4", "words": "Bagus"}).status_code == 302
    assert fresh(wati).state == "resolved"
    assert wati.case.feedback.get().party == stand_in(asep)
    assert client.post(link(asep) + "buka-lagi/", {"body": "Belum"}).status_code == 403
    assert client.post(link(wati) + "nilai/", {"rating": "3"}).status_code == 302
    assert fresh(wati).state == "closed"
    assert (
        "4 dari 4"
        in client_of(cast.rudi).get(reverse("iceta:case", args=[wati.case.number])).content.decode()
    )


def test_they_rate_once_a_result(client, cast, merged):
    wati, asep = merged
    actions.report_resolve(actor=staff(cast.rudi), case=fresh(wati), body="Papan sudah diganti")
    client.post(link(asep) + "nilai/", {"rating": "1"})
    client.post(link(asep) + "nilai/", {"rating": "2"})
    assert [one.rating for one in wati.case.feedback.all()] == [1]


@pytest.mark.parametrize("act", ["answer", "reopen"])
def test_the_actions_themselves_refuse_who_was_merged(merged, act):
    _wati, asep = merged
    do = {"answer": actions.report_answer, "reopen": actions.report_reopen}[act]
    with pytest.raises(Refused):
        do(actor=reporter(), party=stand_in(asep), body="Saya")


def test_a_merge_of_strangers_with_one_number_sends_each_news_once(cast, merged):
    from kotacerdas.foundation.notify.models import Message

    wati, _asep = merged
    Message.objects.all().delete()
    actions.report_resolve(actor=staff(cast.rudi), case=fresh(wati), body="Papan sudah diganti")
    assert Message.objects.filter(effect="iceta.resolved", recipient_kind="party").count() == 1
