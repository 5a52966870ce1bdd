"""A citizen presses again since the answer was lost: nothing is stored twice, and no change is dropped behind thanks."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from trials.cast import MONDAY

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, Feedback, Note
from kotacerdas.foundation.commands.models import TakenCommand
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.forms.drafts import ID
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.actions.filing import fingerprint
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.tests.test_back import NEW_WORDS, noise
from kotacerdas.programs.iceta.tests.test_public import (
    WORDS,
    _own_disk,  # noqa: F401
    fields,
    page,
    photo,
    press,
    send,
    till_check,
)

pytestmark = pytest.mark.django_db


class TestReports:
    """The report was stored, but the answer did not reach the phone, whose cookies are those from before."""

    def lost(self, client: Client, **given):
        check = till_check(client, **given)
        cookies = client.cookies.copy()
        send(client, check)
        client.cookies = cookies
        return check

    def late(self, client: Client, check, **change):
        """Sent again, perhaps changed."""
        given = {"identity": "named", "name": "Wati", "phone": "0812-3456-7890", **change, "go": "send"}
        return client.post(reverse("iceta:report_check"), {**fields(check), **given})

    @pytest.mark.parametrize("photos", [0, 1])
    def test_the_same_once_more_is_thanked_for(self, client, cast, photos):
        again = send(client, self.lost(client, **({"photo": photo()} if photos else {})))
        assert again.status_code == 302
        assert Case.objects.get().number in page(client.get(again.url))

    def test_a_photo_added_since_is_refused_in_words_not_dropped_behind_thanks(self, client, cast):
        check = self.lost(client)
        own = {name: fields(check)[name] for name in ("draf", "from")}
        answer = client.post(reverse("iceta:report_photo_add"), {**own, "photo": photo(), "photo_id": "p1"})
        assert (answer.status_code, "sudah terkirim" in page(answer)) == (409, True)
        assert not StoredFile.objects.exists()

    def test_a_photo_that_arrived_while_it_was_being_sent_waits_in_a_draft_of_its_own(self, client, cast):
        check = till_check(client)
        own = {name: fields(check)[name] for name in ("draf", "from")}
        client.post(reverse("iceta:report_photo_add"), {**own, "photo": photo(), "photo_id": "p1"})
        StoredFile.objects.update(claimed_at=MONDAY)  # as one that comes after the report was stored
        send(client, check)
        StoredFile.objects.update(claimed_at=None)
        answer = send(client, check)
        assert answer.status_code == 409
        door = re.search(r"draf=([^\"&]+)", page(answer))
        assert door
        assert "photo-card" in page(client.get(reverse("iceta:report_photo"), {"draf": door[1]}))

    @pytest.mark.parametrize(
        "change",
        [
            {"words": NEW_WORDS},
            {"phone": "0812-9999-9999"},
            {"category": "landslide"},
            {"area": "99.01.01.2002"},
            {"lat": "-1.171", "lng": "122.491"},
            {"place_words": "di belakang masjid"},
            {"name": "Tini"},
            {"identity": "anonymous"},
            {"secret": "1"},
        ],
    )
    def test_a_change_that_came_too_late_is_not_thanked_for(self, client, cast, change):
        answer = self.late(client, self.lost(client), **change)
        assert answer.status_code == 409
        assert "Perubahan terakhir Anda belum termasuk" in page(answer)
        assert (NEW_WORDS in page(answer)) == ("words" in change)
        assert ("Sampaikan perubahan itu lewat telepon" in page(answer)) == ("words" not in change)
        assert (Case.objects.count(), Report.objects.get().words) == (1, WORDS)

    def test_words_changed_on_an_earlier_page_are_shown_beside_what_was_sent(self, client, cast):
        check = self.lost(client)
        given = {"draf": fields(check)["draf"], "from": "words", "go": "next"}
        given |= {"words": NEW_WORDS, "category": "jetty"}
        answer = client.post(reverse("iceta:report_check"), given)
        assert (answer.status_code, NEW_WORDS in page(answer)) == (409, True)
        assert NEW_WORDS in page(client.get(self.new_report(answer)))

    def test_what_a_verifier_changed_meanwhile_is_no_change_of_theirs(self, client, cast):
        check = self.lost(client)
        verifying = {"agency": cast.agency("PU"), "report_class": "complaint"}
        landslide = cast.category("landslide")
        case = Case.objects.get()
        actions.report_verify(actor=staff(cast.sari), case=case, category=landslide, **verifying)
        assert send(client, check).status_code == 302

    def test_a_report_from_before_is_accused_of_nothing(self, client, cast):
        check = self.lost(client)
        TakenCommand.objects.update(digest="")
        assert self.late(client, check, name="Tini").status_code == 302

    def new_report(self, answer) -> str:
        """Where the page leads whoever wants what came too late sent as a report of its own."""
        html = page(answer)
        door = re.findall(r'href="([^"]*)"', html[: html.index("Kirim sebagai laporan baru")])[-1]
        return str(door)

    def test_late_words_outlive_a_reload_and_stand_in_no_address(self, client, cast):
        check = self.lost(client)
        self.late(client, check, identity="anonymous", words=NEW_WORDS)
        loaded_again = client.get(reverse("iceta:report_check"), {ID: fields(check)["draf"]})
        assert NEW_WORDS in page(loaded_again)
        assert "Perubahan terakhir Anda belum termasuk" in page(loaded_again)
        door = self.new_report(loaded_again)
        assert re.fullmatch(r"/lapor/cerita/\?draf=[0-9a-f-]{36}", door)
        words = client.get(door)
        assert NEW_WORDS in page(words)
        assert send(client, press(client, words, "check"), identity="anonymous").status_code == 302
        assert sorted(Report.objects.values_list("words", flat=True)) == sorted([NEW_WORDS, WORDS])
        mark = fields(check)["draf"]
        html = page(client.get(reverse("iceta:report_check"), {ID: mark}))
        assert "sudah terkirim" in html
        assert "Perubahan terakhir" not in html

    def test_late_words_as_long_as_any_are_kept_too(self, client, cast):
        check = self.lost(client)
        story = "".join(map(chr, random.Random(4).choices(range(0x1F300, 0x1F5FF), k=3_000))) + noise(900)
        for _time in range(2):  # the second as the page is loaded again
            answer = self.late(client, check, words=story)
            assert story in page(answer)
        again = client.get(self.new_report(answer))
        assert story in page(again)
        assert fields(again)["draf"] != fields(check)["draf"]

    def test_a_page_from_before_drafts_were_rows_is_sent_as_it_stands_and_once(self, client, cast):
        given = {
            "key": "k" * 28,
            "submission_key": str(ids.new_id()),
            "from": "check",
            "area": "99.01.01.2001",
            "words": WORDS,
            "category": "jetty",
            "identity": "anonymous",
            "go": "send",
        }
        for _time in range(2):
            assert client.post(reverse("iceta:report_check"), given).status_code == 302
        assert Case.objects.count() == 1

    def test_a_report_of_before_is_found_again_by_its_page_and_told_of_a_change(self, client, cast):
        filed = cast.report()
        taken = {
            "name": "iceta.report.file",
            "refs": {"case": str(filed.case.id), "party": str(filed.party.id)},
        }
        key = ids.new_id()
        category = cast.category()
        draft = actions.Draft(
            words=WORDS, category=category, channel="web", area_code="99.01.01.2001", is_anonymous=True
        )
        TakenCommand.objects.create(actor="reporter", command_id=key, digest=fingerprint(draft), **taken)
        given = {"submission_key": str(key), "key": "k" * 28, "from": "check", "area": "99.01.01.2001"}
        given |= {"words": WORDS, "category": "jetty", "identity": "anonymous", "go": "send"}
        same = client.post(reverse("iceta:report_check"), given)
        assert link_token(filed.party) in same.url
        changed = Client().post(reverse("iceta:report_check"), {**given, "words": NEW_WORDS})
        assert changed.status_code == 409
        assert Case.objects.count() == 1


class TestPhotos:
    """A script names each photo it sends; the answer to one is lost."""

    def sent(self, client: Client, fresh, name: str = "1.5", **given):
        """A photo sent by script under that name; what was answered."""
        keys = {field: fields(fresh)[field] for field in ("draf", "from")}
        return client.post(
            reverse("iceta:report_photo_add"), {**keys, "photo_id": name, "photo": photo(), **given}
        )

    def test_sent_again_it_is_stored_once_even_where_no_other_would_fit(self, client, cast):
        fresh = client.get(reverse("iceta:report_photo"))
        for number in range(5):
            self.sent(client, fresh, f"1.{number}")
        again = self.sent(client, fresh, "1.4")
        assert (again.status_code, page(again).count("<img")) == (200, 5)
        assert StoredFile.objects.count() == 5
        refused = self.sent(client, fresh, "1.5")
        assert (refused.status_code, page(refused)) == (422, "Paling banyak 5 foto untuk satu laporan.")

    def test_it_is_taken_back_by_its_name_alone_and_from_its_own_draft(self, client, cast):
        fresh, other = (client.get(reverse("iceta:report_photo")) for _time in range(2))
        self.sent(client, fresh)
        press(client, other, "place", remove="1.5")
        assert StoredFile.objects.count() == 1
        self.sent(client, fresh, "1.6", remove="1.5")
        assert StoredFile.objects.count() == 1
        press(client, fresh, "place", remove=["1.5", "1.6"])
        assert not StoredFile.objects.exists()


class TestFollowing:
    """What a reporter wrote on the page of their report was taken; they press again."""

    def asked(self, cast) -> str:
        filed = cast.verified()
        actions.report_ask(actor=staff(cast.rudi), case=filed.case, body="Dermaga sebelah mana?")
        return reverse("following:follow", args=[link_token(filed.party)])

    def resolved(self, cast) -> str:
        filed = cast.verified()
        actions.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Sudah diganti")
        return reverse("following:follow", args=[link_token(filed.party)])

    def test_the_same_answer_with_its_photo_is_one_and_no_mistake(self, client, cast):
        link = self.asked(cast)
        html = page(client.get(link))
        key = re.search(r'name="key" value="([^"]*)"', html[html.index('id="answer"') :])
        assert key
        for _time in range(2):
            given = {"body": " Sisi laut,\r\ndekat tangga", "key": key[1], "photo": photo()}
            answer = client.post(f"{link}jawab/", given, follow=True)
            assert answer.status_code == 200
        note = Note.objects.get(kind="answer")
        assert note.files.count() == 1
        other = client.post(f"{link}jawab/", {"body": "Sisi darat"}, follow=True)
        assert (other.status_code, "belum terkirim" in page(other)) == (409, True)

    @pytest.mark.parametrize("rating", ["2", "3"])
    def test_the_same_rating_is_one_and_no_mistake(self, client, cast, rating):
        link = self.resolved(cast)
        for _time in range(2):
            given = {"rating": rating, "words": "Lumayan cepat "}
            assert client.post(f"{link}nilai/", given, follow=True).status_code == 200
        assert Feedback.objects.count() == 1
        other = client.post(f"{link}nilai/", {"rating": rating, "words": "Lama"}, follow=True)
        assert other.status_code == 409

    def test_the_same_reopening_is_one_and_no_mistake(self, client, cast):
        link = self.resolved(cast)
        for _time in range(2):
            given = {"body": "Patah lagi di sisi laut"}
            assert client.post(f"{link}buka-lagi/", given, follow=True).status_code == 200
        assert Note.objects.filter(kind="reopening").count() == 1
        other = client.post(f"{link}buka-lagi/", {"body": "Pagarnya juga"}, follow=True)
        assert other.status_code == 409

    def test_the_words_of_an_earlier_answer_are_not_taken_for_this_one(self, client, cast):
        link, rudi = self.asked(cast), staff(cast.rudi)
        client.post(f"{link}jawab/", {"body": "Sisi laut"})
        with clock.frozen(MONDAY + timedelta(hours=1)):
            actions.report_ask(actor=rudi, case=Case.objects.get(), body="Sisi mana pagarnya?")
            actions.report_carry_on(actor=rudi, case=Case.objects.get())
        late = client.post(f"{link}jawab/", {"body": "Sisi laut"}, follow=True)
        assert (late.status_code, "belum terkirim" in page(late)) == (409, True)
