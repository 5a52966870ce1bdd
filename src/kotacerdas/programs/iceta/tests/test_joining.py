"""What those who join a report, and those whose report was merged, are shown; and what the public learns."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from trials.cast import MONDAY

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.foundation.parties.adapter import citizen_for
from kotacerdas.foundation.parties.people import person_new
from kotacerdas.foundation.territory.actions import place_remember
from kotacerdas.foundation.ui.tags.words import day
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Refused
from kotacerdas.programs.iceta import actions, queries
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.tests.test_mine import sign_in
from kotacerdas.programs.iceta.tests.test_public import page, press
from kotacerdas.programs.iceta.tests.test_trail import at_once

pytestmark = pytest.mark.django_db


def test_joining_with_a_number_tells_nobody_whether_that_number_reported(client, cast):
    filed = cast.verified()
    door = reverse("iceta:report_join", args=[filed.case.number])
    hide = re.compile(r'value="[^"]*"|[0-9a-f-]{36}|08[0-9]{2}-[^ ]+')
    Message.objects.all().delete()
    known = client.post(door, {"phone": "0812-3456-7890", "go": "join"}, follow=True)
    assert Message.objects.get().effect == "iceta.link"
    assert Message.objects.get().recipient_id == filed.party.id
    new = client.post(door, {"phone": "0813-1111-2222", "go": "join"}, follow=True)
    again = client.post(door, {"phone": "0813-1111-2222", "go": "join"}, follow=True)
    assert known.status_code == new.status_code == 200
    assert hide.sub("", page(known)) == hide.sub("", page(new)) == hide.sub("", page(again))
    assert "Kami kirim tautan" in page(known)
    assert "/l/" not in page(known)
    assert "mine" not in client.cookies
    assert filed.case.parties.filter(role="joined").count() == 1


def test_joining_without_a_number_gives_the_new_followers_own_link(client, cast):
    filed = cast.verified()
    joined = client.post(reverse("iceta:report_join", args=[filed.case.number]), {"go": "join"})
    party = filed.case.parties.get(role="joined")
    assert joined.url == reverse("following:sent", args=[link_token(party)])
    assert party.person is None


def test_who_joins_twice_in_one_browser_follows_once(client, cast):
    filed = cast.verified()
    door = reverse("iceta:report_join", args=[filed.case.number])
    client.post(door, {"go": "join"})
    again = client.post(door, {"go": "join"})
    assert again.url == reverse("following:follow", args=[link_token(filed.case.parties.get(role="joined"))])


def test_a_citizen_signed_in_joins_once_as_themselves(cast):
    filed = cast.verified()
    door = reverse("iceta:report_join", args=[filed.case.number])
    first, second = Client(), Client()
    sign_in(first, "0813-1111-2222")
    second.force_login(citizen_for("0813-1111-2222"))
    assert "0813-••••-2222" in page(first.get(door))
    first.post(door, {"go": "join"})
    party = filed.case.parties.get(role="joined")
    assert (party.phone, party.is_anonymous) == ("+6281311112222", False)
    assert second.post(door, {"go": "join"}).url == reverse("following:follow", args=[link_token(party)])


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_follower_comes(cast):
    filed = cast.verified()
    person = person_new()
    at_once(lambda case: actions.report_join(actor=reporter(person=person), case=case), filed)
    assert filed.case.parties.filter(role="joined").count() == 1


def test_a_reporter_signed_in_who_joins_their_own_report_is_led_to_it(client, cast):
    filed = cast.verified()
    sign_in(client)
    joined = client.post(reverse("iceta:report_join", args=[filed.case.number]), {"go": "join"})
    assert joined.url == reverse("following:follow", args=[link_token(filed.party)])
    assert filed.case.parties.count() == 1


def test_who_joined_reads_what_is_done_and_due_and_no_promise_of_an_answer_from_them(client, cast):
    with clock.frozen(MONDAY):
        filed = cast.verified()
    client.cookies["lang"] = "en"
    with clock.frozen(MONDAY + timedelta(days=2)):
        party = joined_party(filed.case)
        html = page(client.get(reverse("following:sent", args=[link_token(party)])))
        due = filed.case.clocks.get(name="respond").due_at
        assert f"No later than <b>{day(due)}</b>" in re.sub(r"\s+", " ", html)
    steps = html[html.index('<ol class="way') :].split("</ol>")[0].split("<li>")[1:]
    assert [("dot padi" in one) for one in steps] == [True, True, False, False]
    assert "in today" not in html
    assert "Reported 23 November 2026" in html
    assert "and answer this report" not in html
    assert "Working days from today" not in html


def test_on_the_last_day_it_is_due_today(client, cast):
    filed = cast.report()
    client.cookies["lang"] = "en"
    with clock.frozen(filed.case.clocks.get(name="verify").due_at):
        html = page(client.get(reverse("following:sent", args=[link_token(filed.party)])))
    assert '<span class="quiet">today</span>' in html


def test_links_by_joining_count_for_the_number_as_lost_ones_do(client, cast):
    door = reverse("iceta:report_join", args=[cast.verified().case.number])
    for _ in range(3):
        assert client.post(door, {"phone": "0812-3456-7890", "go": "join"}).status_code == 302
    assert client.post(door, {"phone": "0812-3456-7890", "go": "join"}).status_code == 429


def joined_party(case) -> CaseParty:
    return actions.report_join(actor=reporter(), case=case).party


def test_who_joined_only_follows(client, cast):
    filed = cast.verified()
    link = reverse("following:follow", args=[link_token(joined_party(filed.case))])
    actions.report_ask(actor=staff(cast.rudi), case=filed.case, body="Dermaga sebelah mana?")
    html = page(client.get(link))
    assert "Dermaga sebelah mana?" not in html
    assert 'action="' + link not in html
    client.post(link + "jawab/", {"body": "Sebelah timur"})
    filed.case.refresh_from_db()
    assert filed.case.state == "waiting"
    actions.report_carry_on(actor=staff(cast.rudi), case=filed.case)
    actions.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Papan sudah diganti")
    assert 'name="rating"' not in page(client.get(link))
    for door, given in (("nilai/", {"rating": "4"}), ("buka-lagi/", {"body": "Belum"})):
        assert client.post(link + door, given).status_code == 403
    assert Case.objects.get().state == "resolved"


@pytest.mark.parametrize(
    "act",
    [
        lambda party: actions.report_answer(actor=reporter(), party=party, body="Timur"),
        lambda party: actions.report_rate(actor=reporter(), party=party, rating=4),
        lambda party: actions.report_reopen(actor=reporter(), party=party, body="Belum"),
    ],
)
def test_the_actions_of_a_reporter_are_refused_to_a_follower(cast, act):
    filed = cast.verified()
    with pytest.raises(Refused, match="pelapor"):
        act(joined_party(filed.case))


def test_who_joined_reads_only_what_is_published(client, cast):
    filed = cast.verified()
    rudi = staff(cast.rudi)
    link = reverse("following:follow", args=[link_token(joined_party(filed.case))])
    actions.report_reply(actor=rudi, case=filed.case, body="Ibu Wati, kami datang besok")
    filed.case.refresh_from_db()
    actions.report_resolve(actor=rudi, case=filed.case, body="Papan sudah diganti")
    html = page(client.get(link))
    for hidden in ("Ibu Wati", "Papan dermaga patah", "Papan sudah diganti"):
        assert hidden not in html
    assert "Dermaga rusak" in html
    filed.case.notes.update(is_published=True)
    Report.objects.update(words_published=True)
    html = page(client.get(link))
    assert "Papan dermaga patah" in html
    assert "Papan sudah diganti" in html
    assert "Ibu Wati" not in html


def test_a_link_follows_a_chain_of_merges_to_its_end(client, cast):
    numbers = ("0812-3456-7890", "0813-1111-2222", "0814-1111-2222")
    first, second, last = (cast.report(phone=number) for number in numbers)
    sari = staff(cast.sari)
    actions.report_merge(actor=sari, case=first.case, into=second.case)
    second.case.refresh_from_db()
    actions.report_merge(actor=sari, case=second.case, into=last.case)
    last.case.refresh_from_db()
    actions.report_verify(actor=sari, case=last.case, agency=cast.agency("PU"), report_class="complaint")
    link = reverse("following:follow", args=[link_token(first.party)])
    with clock.frozen(MONDAY + timedelta(days=100)):
        assert last.case.number in page(client.get(link))
        last.case.refresh_from_db()
        actions.report_resolve(actor=staff(cast.rudi), case=last.case, body="Selesai")
        assert client.post(link + "nilai/", {"rating": "4"}).status_code == 302
        last.case.refresh_from_db()
        assert last.case.state == "resolved"  # who was merged rates under their own name, and closes nothing
        own = reverse("following:follow", args=[link_token(last.party)])
        assert client.post(own + "nilai/", {"rating": "4"}).status_code == 302
    last.case.refresh_from_db()
    assert last.case.state == "closed"
    rated = set(last.case.feedback.values_list("party__stands_for__stands_for", "rating"))
    assert rated == {(first.party.id, 4), (None, 4)}
    with clock.frozen(MONDAY + timedelta(days=189)):
        assert client.get(link).status_code == 200
    with clock.frozen(MONDAY + timedelta(days=191)):
        assert client.get(link).status_code == 404


def test_likeness_tells_the_public_nothing_of_unpublished_words(cast):
    hidden = cast.verified(words="Tetangga saya Budi merusak dermaga tadi malam")
    among = queries.published().filter(area_code="99.01.01.2001")

    def found(words, category=None, **place):
        place = place or {"lat": None, "lng": None}
        return queries.similar(words=words, among=among, category=category, for_public=True, **place)

    assert found("Budi merusak dermaga") == []
    assert [one.case.id for one in found("apa saja", cast.category())] == [hidden.case.id]
    near = cast.verified(lat=-1.171, lng=122.491, words="Budi merusak dermaga")
    for words in ("Budi merusak dermaga", "lampu padam"):
        assert [one.likeness for one in found(words, lat=-1.171, lng=122.491)] == [0]
    Report.objects.filter(case=near.case).update(words_published=True)
    assert [one.case.id for one in found("Budi merusak dermaga")] == [near.case.id]


def test_a_place_as_a_caller_named_it_is_not_offered_to_the_public(client, cast):
    place = place_remember(name="Rumah Pak Budi dekat dermaga", area_code="99.01.01.2001")
    assert "Pak Budi" not in page(client.get(reverse("iceta:report_places"), {"q": "rumah pak budi"}))
    first = client.get(reverse("iceta:report_place"))
    answer = press(client, first, "words", choice=f"place:{place.id}")
    assert answer.status_code == 422
    assert "Pak Budi" not in page(answer)


def test_a_follower_is_asked_nothing_and_told_of_news_alone(cast):
    from kotacerdas.foundation.notify.declarations import templates

    filed = cast.verified()
    joined = actions.report_join(actor=reporter(), case=filed.case, phone="0813-1111-2222").party
    told = [f"iceta.{name}" for name in ("question", "reply", "resolved", "postponed", "archive", "not_ours")]
    Case.objects.filter(id=filed.case.id).update(state="resolved")  # in which news of a result is true
    say = {name: templates()[name].compose(joined.id, {}) for name in told}
    assert say["iceta.question"] is None
    assert say["iceta.reply"] is None  # their page shows no reply
    for name in ("iceta.postponed", "iceta.archive", "iceta.not_ours"):
        assert "Ada kabar" in say[name].body, name  # the words of the decision are the reporter's
    assert "penilaian" not in say["iceta.resolved"].body
    assert "penilaian" in templates()["iceta.resolved"].compose(filed.party.id, {}).body
