"""A public form cannot be used to send a stranger messages, nor to bury what a verifier has to read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from trials.cast import MONDAY, client_of

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.following.actions import link_opened, link_send
from kotacerdas.foundation.following.messages import message_url
from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.tests.test_public import send, till_check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
VICTIM = "0813-0000-2244"


def path_of(party: CaseParty) -> str:
    """The address in the message that the party gets."""
    return message_url(party).removeprefix(settings.PUBLIC_URL)


class TestMessages:
    def test_many_reports_with_a_number_nobody_proved_send_it_one_message(self, cast):
        filed = [cast.report(phone=VICTIM, proved=False) for _ in range(5)]
        actions.report_verify(
            actor=staff(cast.sari), case=filed[0].case, agency=cast.agency("PU"), report_class="complaint"
        )
        assert [one.effect for one in Message.objects.filter(recipient_kind="party")] == ["iceta.received"]

    def test_the_one_message_says_how_to_hear_more_and_opening_it_is_enough(self, cast, client):
        filed = cast.report(phone=VICTIM, proved=False)
        said = templates()["iceta.received"].compose(filed.party.id, {}).body
        assert "Buka tautan itu untuk mendapat kabar selanjutnya" in said
        answer = client.get(path_of(filed.party))
        assert answer.headers["Location"] == reverse("following:follow", args=[link_token(filed.party)])
        filed.party.refresh_from_db()
        assert filed.party.is_proved
        assert "kabar selanjutnya" not in templates()["iceta.verified"].compose(filed.party.id, {}).body
        actions.report_verify(
            actor=staff(cast.sari), case=filed.case, agency=cast.agency("PU"), report_class="complaint"
        )
        assert Message.objects.filter(effect="iceta.verified").count() == 1

    def test_the_link_on_the_page_of_who_sent_it_proves_nothing(self, cast, client):
        filed = cast.report(phone=VICTIM, proved=False)
        link = reverse("following:follow", args=[link_token(filed.party)])
        client.get(link)
        client.get(link, {"k": "0" * 12})
        filed.party.refresh_from_db()
        assert not filed.party.is_proved

    def test_a_lost_link_is_sent_twice_a_day_to_such_a_number(self, cast):
        filed = cast.report(phone=VICTIM, proved=False)
        for _ in range(5):
            link_send(number=filed.case.number, phone=VICTIM)
        assert Message.objects.filter(effect="iceta.link").count() == 2

    def test_a_new_person_of_each_address_gets_no_new_count(self, cast):
        for _ in range(3):
            cast.report(phone="", email="asep@contoh.test", proved=False)
        assert Message.objects.filter(recipient_kind="party").count() == 1

    def test_a_caller_and_who_is_signed_in_hear_everything(self, cast):
        called = cast.report(phone=VICTIM, channel="phone", proved=False)
        assert not called.party.is_proved  # a form may claim what it likes: the desk alone proves
        desk = cast.agency("KOMINFO")
        draft = {"words": "Lampu jalan padam di depan pasar", "area_code": "99.01.01.2001"}
        filed = actions.call_report(
            actor=staff(cast.dewi),
            desk=desk,
            draft=actions.Draft(**draft, category=cast.category(), channel="phone", phone="0813-0000-9999"),
        )
        assert filed.party.is_proved

    def test_who_is_merged_stays_as_proved_as_they_were(self, cast):
        kept, other = cast.verified(), cast.report(phone=VICTIM, proved=False)
        actions.report_merge(actor=staff(cast.sari), case=other.case, into=kept.case)
        stand_in = CaseParty.objects.get(stands_for=other.party)
        assert not stand_in.is_proved
        link_opened(party=other.party)
        stand_in.refresh_from_db()
        assert stand_in.is_proved


class TestFiling:
    def file(self, client: Client, phone: str) -> int:
        return send(client, till_check(client), phone=phone).status_code

    def test_one_number_is_named_six_times_an_hour_whatever_the_browser(self, cast, monkeypatch):
        monkeypatch.setattr(settings, "RATE_LIMITS", True)
        codes = [self.file(Client(REMOTE_ADDR=f"10.0.{n}.1"), VICTIM) for n in range(8)]
        assert codes == [302] * 6 + [429] * 2
        assert Report.objects.count() == 6

    def test_without_cookies_one_address_is_one_device(self, cast, monkeypatch):
        monkeypatch.setattr(settings, "RATE_LIMITS", True)
        codes = []
        for n in range(14):
            client = Client(REMOTE_ADDR="10.0.0.1")
            check = till_check(client)
            client.cookies.pop("device", None)
            codes.append(send(client, check, phone=f"0813-0000-{1000 + n}").status_code)
        assert codes.count(302) <= 10
        assert 429 in codes

    def test_the_owner_of_a_number_signed_in_is_not_held_up_by_others(self, cast, monkeypatch):
        from kotacerdas.foundation.parties.adapter import citizen_for, link_person

        monkeypatch.setattr(settings, "RATE_LIMITS", True)
        for n in range(7):
            self.file(Client(REMOTE_ADDR=f"10.0.{n}.1"), VICTIM)
        owner = citizen_for(VICTIM)
        link_person(owner)
        assert self.file(client_of(owner), VICTIM) == 302


class TestVerifier:
    def page(self, cast, **query: str) -> str:
        return client_of(cast.sari).get(reverse("iceta:verify"), query).content.decode()

    def test_a_flood_of_one_number_is_folded_and_opened(self, cast):
        flood = [
            cast.report(phone=VICTIM, words=f"Jalan rusak parah nomor {n}", proved=False) for n in range(9)
        ]
        other = cast.report(words="Lampu di dermaga padam")
        page = self.page(cast)
        shown = [one for one in flood if f"?tiket={one.case.number}" in page]
        assert len(shown) == 2
        assert "7 lagi dengan nomor atau kata-kata ini" in page
        assert f"?tiket={other.case.number}" in page
        assert '<span class="tag num">10</span>' in page
        opened = self.page(cast, kumpulan=shown[-1].case.number)
        assert all(f"?tiket={one.case.number}" in opened for one in flood)
        assert f"?tiket={other.case.number}" not in opened

    def test_the_same_words_without_a_number_are_folded_too(self, cast):
        for _ in range(5):
            cast.report(phone="", name="", words="Beli pulsa murah di sini")
        assert "3 lagi dengan" in self.page(cast)

    def test_emergencies_and_proved_numbers_are_never_folded(self, cast):
        with clock.frozen(MONDAY + timedelta(minutes=1)):
            filed = [cast.report(phone=VICTIM, urgency="emergency", proved=False) for _ in range(4)]
            filed += [cast.report() for _ in range(4)]
        page = self.page(cast)
        assert all(f"?tiket={one.case.number}" in page for one in filed)
