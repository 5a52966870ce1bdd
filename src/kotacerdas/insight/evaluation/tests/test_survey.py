"""The survey: who is asked, how an answer comes in, what is told of it and what never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from trials.cast import client_of

from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.insight.evaluation.models import Answer, Instrument, Invitation, Measure, Programme
from kotacerdas.insight.evaluation.survey.actions import answer_give, sample_draw, survey_open, token_of
from kotacerdas.insight.evaluation.survey.queries import shown
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.insight.evaluation.tests.walk import media as media
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.iceta import actions as reports

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SECRET = "Petugasnya tidak datang, saya tunggu dua hari"


@pytest.fixture
def survey(cast):
    for number in range(4):
        filed = cast.verified(phone=f"0813-0000-10{number:02d}")
        reports.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Sudah diganti")
        filed.party.case.refresh_from_db()
        reports.report_rate(actor=reporter(), party=filed.party, rating=4)
    cast.verified(phone="0813-0000-9999")  # at work still: not served
    return survey_open(
        actor=walk.planner(),
        round=walk.opened(),
        programme=Programme.objects.get(code="iceta"),
        instrument=Instrument.objects.get(code="ikm"),
    )


def elements():
    return list(Measure.objects.filter(instrument__code="ikm").values_list("code", flat=True))


def counter(survey, cast, level=3, words=""):
    return answer_give(
        actor=staff(cast.dewi),
        survey=survey,
        channel="counter",
        scores=dict.fromkeys(elements(), level),
        words=words,
    )


def test_only_served_citizens_are_drawn_each_case_once_and_get_a_link(survey):
    assert survey.served == 4
    assert sample_draw(actor=walk.planner(), survey=survey, count=3) == 3
    assert sample_draw(actor=walk.planner(), survey=survey, count=3) == 1
    assert sample_draw(actor=walk.planner(), survey=survey, count=3) == 0
    assert Message.objects.filter(effect="evaluation.survey").count() == 4
    with pytest.raises(Invalid):
        sample_draw(actor=walk.planner(), survey=survey, count=0)


def test_a_citizen_answers_by_the_link_without_signing_in_and_once(survey):
    sample_draw(actor=walk.planner(), survey=survey, count=1)
    address = f"/survei/{token_of(Invitation.objects.get())}/"
    client = Client()
    page = client.get(address).content.decode()
    assert page.count("<fieldset") == 9
    wrong = client.post(address, {"requirements": "9"})
    assert wrong.status_code == 422
    given = {**dict.fromkeys(elements(), "4"), "words": SECRET}
    assert client.post(address, given).status_code == 302
    assert "Terima kasih" in client.get(address).content.decode()
    client.post(address, given)
    assert Answer.objects.get().channel == "link"
    assert Client().get("/survei/" + "x" * 40 + "/").status_code == 404


def test_nothing_ties_an_answer_to_its_invitation_or_case(survey):
    sample_draw(actor=walk.planner(), survey=survey, count=4)
    invitation = Invitation.objects.first()
    answer_give(
        actor=reporter(),
        survey=survey,
        channel="link",
        scores={"time": 2},
        words=SECRET,
        invitation=invitation,
    )
    answer = Answer.objects.get()
    text = f"{vars(answer)}"
    for secret in (invitation.id, invitation.party_id, invitation.party.case_id, invitation.link_hash):
        assert str(secret) not in text
    row = Row.objects.get(verb="evaluation.answer.given")
    assert row.payload == {"channel": "link"}
    assert row.actor == "reporter"


def test_a_second_answer_to_one_invitation_is_refused_and_nothing_is_half_written(survey, cast):
    sample_draw(actor=walk.planner(), survey=survey, count=1)
    invitation = Invitation.objects.get()
    given = {"actor": staff(cast.dewi), "survey": survey, "channel": "phone", "scores": {"time": 3}}
    answer_give(**given, invitation=invitation)
    with pytest.raises(Conflict):
        answer_give(**given, invitation=invitation)
    with pytest.raises(Invalid):
        answer_give(**{**given, "scores": {"time": 5, "tempo": 1}})
    with pytest.raises(Refused):
        answer_give(**{**given, "actor": staff(cast.rudi)})
    assert Answer.objects.count() == 1


def test_words_are_never_shown_with_less_than_ten_answers(survey, cast):
    team = client_of(walk.planner().user)
    address = f"/desk/evaluasi/survei/{survey.id}/"
    for number in range(9):
        counter(survey, cast, words=SECRET if number == 4 else "")
    assert shown(survey).words == ()
    assert SECRET not in team.get(address).content.decode()
    counter(survey, cast)
    assert shown(survey).words == (SECRET,)
    assert SECRET in team.get(address).content.decode()
    assert SECRET not in client_of(cast.dewi).get(address).content.decode()  # who enters does not read


def test_fifty_answers_are_needed_or_it_says_so(survey, cast):
    for _number in range(49):
        counter(survey, cast)
    assert shown(survey).lacking == 1
    counter(survey, cast, level=4)
    found = shown(survey)
    assert (found.lacking, found.index, found.other) == (0, "75,50", "75,42")
    assert found.margin


def test_a_closed_round_takes_no_more_answers(survey, cast):
    walk.closed(survey.round)
    survey.refresh_from_db()
    with pytest.raises(Conflict):
        counter(survey, cast)


def test_the_phone_desk_enters_an_answer_in_the_page(survey, cast):
    sample_draw(actor=walk.planner(), survey=survey, count=1)
    client, address = client_of(cast.dewi), f"/desk/evaluasi/survei/{survey.id}/"
    given = {**dict.fromkeys(elements(), "3"), "channel": "phone"}
    assert client.post(address, given).status_code == 422  # who was called is not said
    given["invitation"] = str(Invitation.objects.get().id)
    assert client.post(address, given).status_code == 302
    assert client.post(address, {**given, "channel": "counter"}).status_code == 302
    assert sorted(Answer.objects.values_list("channel", flat=True)) == ["counter", "phone"]
    assert client.post(address, {"draw": "1", "count": "1"}).status_code == 404  # drawing is the team's


def test_an_answer_has_a_day_and_no_moment(survey, cast):
    with clock.frozen(clock.now() + timedelta(hours=3)):
        assert counter(survey, cast).day == clock.today()
    assert not hasattr(Answer.objects.get(), "at")
