"""The officer's desk, as a browser meets it: who sees what, how steps are taken, and how much it asks for."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.cases.models import Assignment, Case, CaseParty, Note
from kotacerdas.foundation.casework.queries import PAGE_SIZE
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.kernel import clock, merkle
from kotacerdas.programs.iceta import actions

pytestmark = pytest.mark.django_db
PANE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "pane"}


@pytest.fixture
def desk(cast):
    """Signs somebody in and hands back their browser."""
    return client_of


@pytest.fixture
def queue_url(db):
    return reverse("iceta:queue")


def step(case: Case, name: str) -> str:
    return reverse("iceta:step", args=[case.number, name])


def fresh(filed) -> Case:
    return Case.objects.select_related("lead_agency").get(id=filed.case.id)


def addresses(case: Case) -> list[str]:
    names = ("case", "print", "evidence")
    return [reverse(f"iceta:{name}", args=[case.number]) for name in names]


class TestWhoSees:
    def test_nobody_signed_in_is_sent_to_sign_in(self, client, cast, queue_url):
        filed = cast.verified()
        for url in [queue_url, reverse("iceta:agency"), reverse("iceta:search"), *addresses(filed.case)]:
            answer = client.get(url)
            assert answer.status_code == 302, url
            assert answer["Location"].startswith("/akun/masuk/")

    def test_a_stranger_finds_nothing_there(self, desk, cast, queue_url):
        filed = cast.verified()
        browser = desk(cast.asep)
        for url in [queue_url, reverse("iceta:agency"), reverse("iceta:search"), *addresses(filed.case)]:
            assert browser.get(url).status_code == 404, url
        assert browser.post(step(filed.case, "accept")).status_code == 404
        assert browser.post(reverse("iceta:bulk", args=["accept"])).status_code == 404
        reveal = reverse("iceta:reveal", args=[filed.case.number, filed.party.id])
        assert browser.post(reveal, {"purpose": "visit"}).status_code == 404

    def test_an_officer_of_another_agency_finds_no_such_case(self, desk, cast, queue_url):
        filed = cast.verified()
        browser = desk(cast.officer_of("BAPPEDA"))
        for url in addresses(filed.case):
            assert browser.get(url).status_code == 404, url
        assert browser.post(step(filed.case, "reply"), {"body": "Halo"}).status_code == 404
        assert filed.case.number not in browser.get(queue_url).content.decode()
        assert browser.get(queue_url, {"tiket": filed.case.number}).status_code == 404
        assert (
            filed.case.number not in browser.get(reverse("iceta:search"), {"q": "dermaga"}).content.decode()
        )

    def test_a_step_is_posted_never_got(self, desk, cast):
        filed = cast.verified()
        assert desk(cast.rudi).get(step(filed.case, "accept")).status_code == 405

    def test_a_step_of_the_verifier_is_no_step_of_this_desk(self, desk, cast):
        filed = cast.verified()
        assert desk(cast.rudi).post(step(filed.case, "verify")).status_code == 404

    def test_an_agency_never_sees_an_anonymous_reporter(self, desk, cast):
        draft = actions.Draft(
            words="Papan dermaga patah lagi di ujung",
            category=cast.category(),
            channel="phone",
            area_code="99.01.01.2001",
            phone="0812-3456-7890",
            name="Wati",
            is_anonymous=True,
        )
        filed = actions.report_file(actor=staff(cast.dewi), draft=draft, desk=cast.agency("KOMINFO"))
        actions.report_verify(
            actor=staff(cast.sari), case=filed.case, agency=cast.agency("PU"), report_class="complaint"
        )
        seen = desk(cast.rudi).get(reverse("iceta:case", args=[filed.case.number])).content.decode()
        assert "Wati" not in seen
        assert "7890" not in seen
        reveal = reverse("iceta:reveal", args=[filed.case.number, filed.party.id])
        assert desk(cast.rudi).post(reveal, {"purpose": "visit"}).status_code == 404
        opened = desk(cast.sari).post(reveal, {"purpose": "visit"}).content.decode()
        assert "0812-3456-7890" in opened


class TestQueue:
    def test_the_case_stands_in_the_group_of_its_clock(self, desk, cast, queue_url, in_indonesian):
        filed = cast.verified()
        page = desk(cast.rudi).get(queue_url).content.decode()
        assert filed.case.number in page
        with clock.frozen(filed.case.opened_at.replace(month=12, day=20)):
            late = desk(cast.rudi).get(queue_url, {"saring": "lewat"}).content.decode()
        assert filed.case.number in late
        assert "Lewat tenggat" in late

    def test_an_empty_queue_says_where_work_is(self, desk, cast, queue_url, in_indonesian):
        cast.verified()
        page = desk(cast.rudi).get(queue_url, {"saring": "pendukung"}).content.decode()
        assert "Antrean Anda kosong" in page
        assert "?saring=kosong" in page

    def test_the_pane_comes_alone_when_only_it_is_asked_for(self, desk, cast, queue_url):
        filed = cast.verified()
        page = desk(cast.rudi).get(queue_url, {"tiket": filed.case.number}, **PANE)
        assert page.content.decode().lstrip().startswith("<aside")
        assert "HX-Request" in page["Vary"]

    def test_the_number_of_queries_does_not_grow_with_the_queue(
        self, desk, cast, queue_url, django_assert_max_num_queries
    ):
        browser = desk(cast.rudi)
        cast.verified()
        browser.get(queue_url)
        for count in range(8):
            cast.verified(phone=f"0812-3456-78{count:02d}")
        with django_assert_max_num_queries(16):
            page = browser.get(queue_url).content.decode()
        assert page.count("data-number=") == 9

    def test_pages_follow_one_another(self, desk, cast, queue_url):
        filed = cast.verified()
        head = {
            key: getattr(filed.case, key)
            for key in ("kind", "title_code", "channel", "area_code", "lead_agency")
        }
        cases = [Case(number=f"TML-2026-9{n:05d}-X", state="assigned", **head) for n in range(PAGE_SIZE + 5)]
        Case.objects.bulk_create(cases)
        Assignment.objects.bulk_create(
            Assignment(case=one, role="lead", agency=cast.agency("PU"), due_at=clock.now()) for one in cases
        )
        browser = desk(cast.rudi)
        assert browser.get(queue_url).content.decode().count('name="number"') == PAGE_SIZE
        second = browser.get(queue_url, {"halaman": 2}).content.decode()
        assert second.count('name="number"') == 6
        assert "halaman=3" not in second

    def test_what_was_escalated_to_a_post_is_in_the_list_of_its_holder(self, desk, cast, queue_url):
        filed = cast.verified()
        post = cast.agency("KOMINFO").positions.get(code="head")
        Assignment.objects.create(case=filed.case, role="escalation", agency=post.agency, position=post)
        holder = cast.officer_of("KOMINFO", "head")
        assert filed.case.number in desk(holder).get(queue_url).content.decode()


class TestSteps:
    def test_accepting_moves_the_case_and_leads_back(self, desk, cast, queue_url):
        filed = cast.verified()
        back = f"{queue_url}?tiket={filed.case.number}"
        answer = desk(cast.rudi).post(step(filed.case, "accept"), {"dari": back})
        assert (answer.status_code, answer["Location"]) == (302, back)
        assert fresh(filed).state == "in_progress"

    def test_nothing_leads_to_a_foreign_place(self, desk, cast):
        filed = cast.verified()
        answer = desk(cast.rudi).post(step(filed.case, "accept"), {"dari": "//jahat.example/desk/iceta/"})
        assert answer["Location"] == reverse("iceta:case", args=[filed.case.number])

    def test_what_is_inside_never_goes_out_whichever_address_it_is_sent_to(self, desk, cast):
        filed = cast.verified()
        given = {"body": "Bahan belum ada di gudang", "audience": "inside"}
        desk(cast.rudi).post(step(filed.case, "reply"), given)
        note = Note.objects.get(case=filed.case)
        assert note.kind == "inside"
        assert fresh(filed).state == "assigned"

    def test_a_reply_goes_to_the_reporter(self, desk, cast):
        filed = cast.verified()
        answer = desk(cast.rudi).post(
            step(filed.case, "reply"), {"body": "Kami ke sana besok", "audience": "public"}, **PANE
        )
        assert answer.status_code == 200
        assert json.loads(answer["HX-Trigger"])["desk:taken"]["number"] == filed.case.number
        assert Note.objects.get(case=filed.case).kind == "reply"

    def test_a_lost_race_is_told_and_what_was_typed_stays(self, desk, cast):
        filed = cast.verified()
        seen = fresh(filed).version
        actions.report_note(actor=staff(cast.rudi), case=fresh(filed), body="Saya lihat dulu")
        given = {"body": "Sudah diganti papan baru", "seen_version": seen}
        answer = desk(cast.rudi).post(step(filed.case, "resolve"), given, **PANE)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Sudah diganti papan baru" in page
        assert 'role="alert"' in page
        assert f'name="seen_version" value="{fresh(filed).version}"' in page
        again = desk(cast.rudi).post(
            step(filed.case, "resolve"), given | {"seen_version": fresh(filed).version}, **PANE
        )
        assert again.status_code == 200
        assert fresh(filed).state == "resolved"

    def test_a_step_that_is_not_possible_any_more_says_so(self, desk, cast):
        filed = cast.verified()
        actions.report_ask(actor=staff(cast.rudi), case=fresh(filed), body="Di ujung yang mana?")
        answer = desk(cast.rudi).post(step(filed.case, "reply"), {"body": "Sudah", "audience": "public"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert ">Sudah</textarea>" in page

    def test_a_step_on_a_case_closed_meanwhile_says_why_not_and_the_way_out(self, desk, cast, in_indonesian):
        filed = cast.verified()
        actions.report_resolve(
            actor=staff(cast.rudi), case=fresh(filed), body="Papan sudah diganti tadi pagi"
        )
        party = CaseParty.objects.select_related("case").get(id=filed.party.id)
        actions.report_rate(actor=reporter(), party=party, rating=4)
        before = Row.objects.count()
        answer = desk(cast.rudi).post(step(filed.case, "resolve"), {"body": "Sudah diganti"})
        told = re.search(
            r'class="notice terasi"[^>]*role="alert"[^>]*>(.*?)</div>', answer.content.decode(), re.S
        )
        assert answer.status_code == 409
        assert told
        assert "Ditutup" in told[1]
        assert "Buka" in told[1]
        assert (fresh(filed).state, Row.objects.count()) == ("closed", before)

    def test_words_that_are_missing_are_asked_for_at_the_field(self, desk, cast):
        filed = cast.verified()
        answer = desk(cast.rudi).post(step(filed.case, "return"), {"reason": " "}, **PANE)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
        assert fresh(filed).state == "assigned"

    def test_a_step_of_another_role_is_refused_in_place(self, desk, cast):
        filed = cast.verified()
        actions.report_support(actor=staff(cast.rudi), case=fresh(filed), agency=cast.agency("BAPPEDA"))
        answer = desk(cast.officer_of("BAPPEDA")).post(
            step(filed.case, "resolve"), {"body": "Sudah kami kerjakan"}, **PANE
        )
        assert answer.status_code == 403
        assert "Sudah kami kerjakan" in answer.content.decode()

    def test_the_bar_offers_only_what_may_be_done(self, desk, cast):
        filed = cast.verified()
        actions.report_support(actor=staff(cast.rudi), case=fresh(filed), agency=cast.agency("BAPPEDA"))
        page = desk(cast.officer_of("BAPPEDA")).get(reverse("iceta:case", args=[filed.case.number]))
        offered = page.content.decode()
        assert "langkah=resolve" not in offered
        assert 'value="inside"' in offered
        assert 'value="public"' not in offered

    def test_several_at_once_are_counted_and_the_others_explained(self, desk, cast, queue_url):
        first, second = cast.verified(), cast.verified(phone="0812-3456-7891")
        actions.report_accept(actor=staff(cast.rudi), case=fresh(second))
        given = {"number": [first.case.number, second.case.number], "dari": queue_url}
        browser = desk(cast.rudi)
        page = browser.post(reverse("iceta:bulk", args=["accept"]), given, follow=True).content.decode()
        assert fresh(first).state == "in_progress"
        assert f"{second.case.number}:" in page

    def test_several_whose_answer_was_lost_are_done_once(self, desk, cast, queue_url):
        filed, browser = cast.verified(), desk(cast.rudi)
        given = {"number": [filed.case.number], "dari": queue_url, "key": "a-form-of-the-queue"}
        pages = [
            browser.post(reverse("iceta:bulk", args=["accept"]), given, follow=True) for _time in range(2)
        ]
        assert "1 tiket: sudah" in pages[1].content.decode()
        assert f"{filed.case.number}:" not in pages[1].content.decode()
        assert Row.objects.filter(subject_id=filed.case.id, verb="iceta.report.accept").count() == 1

    def test_handing_to_another_post_by_the_same_form_is_another_word(self, desk, cast, queue_url):
        filed, browser = cast.verified(), desk(cast.head)
        for code in ("liaison", "officer"):
            post = cast.agency("PU").positions.get(code=code)
            given = {"number": [filed.case.number], "position": post.id, "dari": queue_url, "key": "a-form"}
            page = browser.post(reverse("iceta:bulk", args=["hand"]), given, follow=True).content.decode()
        assert "Ini sudah terkirim" in page
        assert Assignment.objects.get(case=filed.case, role="lead").position.code == "liaison"

    def test_several_are_handed_to_a_post(self, desk, cast, queue_url):
        filed = cast.verified()
        liaison = cast.agency("PU").positions.get(code="liaison")
        given = {"number": [filed.case.number], "position": liaison.id, "dari": queue_url}
        desk(cast.head).post(reverse("iceta:bulk", args=["hand"]), given)
        assert Assignment.objects.get(case=filed.case, role="lead").position == liaison


class TestPhotos:
    def photo(self):
        from io import BytesIO

        from django.core.files.uploadedfile import SimpleUploadedFile
        from PIL import Image

        out = BytesIO()
        Image.new("RGB", (640, 480), (80, 120, 90)).save(out, "JPEG")
        return SimpleUploadedFile("sesudah.jpg", out.getvalue(), content_type="image/jpeg")

    def test_the_result_comes_with_its_photos(self, desk, cast, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        filed = cast.verified()
        given = {"body": "Papan sudah diganti", "photos": [self.photo(), self.photo()]}
        desk(cast.rudi).post(step(filed.case, "resolve"), given)
        assert [one.moment for one in filed.case.files.all()] == ["after", "after"]
        page = desk(cast.rudi).get(reverse("iceta:case", args=[filed.case.number]), {"tab": "foto"})
        assert page.content.decode().count("<img") == 2

    def test_what_is_no_photo_is_said_and_nothing_is_written(self, desk, cast, settings, tmp_path):
        from django.core.files.uploadedfile import SimpleUploadedFile

        settings.MEDIA_ROOT = tmp_path
        filed = cast.verified()
        given = {"body": "Papan sudah diganti", "photos": [SimpleUploadedFile("a.jpg", b"bukan foto")]}
        answer = desk(cast.rudi).post(step(filed.case, "resolve"), given)
        assert answer.status_code == 422
        assert "Papan sudah diganti" in answer.content.decode()
        assert fresh(filed).state == "assigned"

    def test_six_photos_are_too_many(self, desk, cast, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        filed = cast.verified()
        given = {"body": "Papan sudah diganti", "photos": [self.photo() for _ in range(6)]}
        assert desk(cast.rudi).post(step(filed.case, "resolve"), given).status_code == 422


class TestIdentity:
    def test_a_number_is_masked_until_a_purpose_is_given_and_then_journaled(self, desk, cast):
        filed = cast.verified()
        browser = desk(cast.rudi)
        page = reverse("iceta:case", args=[filed.case.number])
        assert "0812-3456-7890" not in browser.get(page).content.decode()
        reveal = reverse("iceta:reveal", args=[filed.case.number, filed.party.id])
        assert browser.post(reveal, {"purpose": ""}).status_code == 422
        assert not Row.objects.filter(verb="iceta.report.read").exists()
        opened = browser.post(reveal, {"purpose": "visit"})
        assert "0812-3456-7890" in opened.content.decode()
        assert opened["Cache-Control"] == "no-store"
        row = Row.objects.get(verb="iceta.report.read")
        assert (row.codes["field"], row.codes["purpose"]) == ("reporter", "visit")
        assert "0812-3456-7890" not in browser.get(page).content.decode()


class TestJournal:
    def test_the_pack_proves_each_row(self, desk, cast):
        filed = cast.verified()
        sealer.seal_batch()
        pack = desk(cast.rudi).get(reverse("iceta:evidence", args=[filed.case.number])).json()
        roots = {one["height"]: (one["header"]["root"], one["header"]["count"]) for one in pack["blocks"]}
        assert len(pack["rows"]) == 2
        for row in pack["rows"]:
            root, size = roots[row["block"]]
            path = [bytes.fromhex(node) for node in row["path"]]
            folded = merkle.root_from_path(bytes.fromhex(row["leaf"]), row["index"], size, path)
            assert folded.hex() == root

    def test_an_altered_row_is_told(self, desk, cast, in_indonesian):
        from django.db import connection

        filed = cast.verified()
        sealer.seal_batch()
        url = reverse("iceta:case", args=[filed.case.number])
        assert "Segel utuh" in desk(cast.rudi).get(url, {"tab": "jurnal", "periksa": ""}).content.decode()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal_row DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE journal_row SET actor = 'x' WHERE verb = 'iceta.report.verify' AND subject_id = %s",
                [filed.case.id],
            )
            cursor.execute("ALTER TABLE journal_row ENABLE TRIGGER USER")
        assert "Segel tidak utuh" in desk(cast.rudi).get(url, {"tab": "jurnal"}).content.decode()


class TestLooks:
    @pytest.mark.parametrize("tab", ["", "foto", "gabungan", "umpan", "jurnal"])
    def test_every_tab_of_every_kind_of_case_opens(self, desk, cast, tab):
        filed = cast.verified(is_secret=True)
        actor = staff(cast.rudi)
        actions.report_support(actor=actor, case=fresh(filed), agency=cast.agency("BAPPEDA"))
        actions.report_ask(actor=actor, case=fresh(filed), body="Di ujung yang mana?")
        party = filed.party
        party.case = fresh(filed)
        actions.report_answer(actor=reporter(), party=party, body="Ujung timur")
        actions.report_resolve(actor=actor, case=fresh(filed), body="Papan diganti")
        party.case = fresh(filed)
        actions.report_reopen(actor=reporter(), party=party, body="Masih goyang")
        url = reverse("iceta:case", args=[filed.case.number])
        for user in (cast.rudi, cast.sari, cast.head):
            assert desk(user).get(url, {"tab": tab}).status_code == 200
        assert desk(cast.rudi).get(reverse("iceta:print", args=[filed.case.number])).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"keadaan": "terbuka"},
            {"keadaan": "closed"},
            {"pemegang": "kosong"},
            {"kecamatan": "99.01.01"},
        ],
    )
    def test_the_agencys_reports_open_with_every_filter(self, desk, cast, query):
        filed = cast.verified()
        page = desk(cast.rudi).get(reverse("iceta:agency"), query).content.decode()
        assert (filed.case.number in page) == (query.get("keadaan") != "closed")

    def test_the_command_center_reads_codes_and_no_words(self, desk, cast):
        filed = cast.verified()
        duty = cast.officer_of("KOMINFO", "duty_officer")
        page = desk(duty).get(reverse("iceta:case", args=[filed.case.number])).content.decode()
        assert filed.case.number in page
        assert "anak-anak" not in page
        assert "Wati" not in page


def test_who_supports_in_an_emergency_sees_the_clock_of_the_case_in_the_queue(cast, desk, queue_url):
    filed = cast.report(category=cast.category("landslide"))
    actions.report_verify(
        actor=staff(cast.sari),
        case=filed.case,
        agency=cast.agency("BAPPEDA"),
        supporting=[cast.agency("PU")],
        report_class="complaint",
        urgency="emergency",
    )
    page = desk(cast.rudi).get(queue_url).content.decode()
    assert filed.case.number in page
    assert "no due time" not in page
    assert "tanpa tenggat" not in page
    due = Case.objects.get(id=filed.case.id).due_at
    with clock.frozen(due + timedelta(minutes=107)):
        assert (
            "Lewat 1 jam</" in desk(cast.rudi).get(queue_url).content.decode()
        )  # as much as fits the column


def test_where_only_a_note_can_be_written_no_reply_is_asked_for(cast, desk, queue_url):
    filed = cast.verified()
    assert (
        "Tulis balasan atau catatan"
        in desk(cast.rudi).get(reverse("iceta:case", args=[filed.case.number])).content.decode()
    )
    actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Sudah diganti")
    page = desk(cast.rudi).get(reverse("iceta:case", args=[filed.case.number])).content.decode()
    assert "Tulis catatan… (R)" in page
