"""What the timeline of a case tells staff: ratings, what was asked with a step, and merges."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.cases.models import Assignment, Case, CaseParty, Note
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def fresh(filed) -> Case:
    return Case.objects.select_related("lead_agency").get(id=filed.case.id)


def own_party(filed) -> CaseParty:
    return CaseParty.objects.select_related("case__lead_agency", "person").get(id=filed.party.id)


def step(case: Case, name: str) -> str:
    return reverse("iceta:step", args=[case.number, name])


def told(user, case: Case, name: str = "case", **query: str) -> str:
    """The page of a case as somebody reads it."""
    answer = client_of(user).get(reverse(f"iceta:{name}", args=[case.number]), query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestWhoActed:
    def test_who_acts_for_the_first_time_is_named_with_post_and_agency_then_by_name(self, cast):
        filed = cast.verified()
        for words in ("Papan dipesan", "Papan tiba"):
            actions.report_note(actor=staff(cast.rudi), case=fresh(filed), body=words)
        story = told(cast.rudi, filed.case).split('<ol class="timeline')[1].split("</ol>")[0]
        names = re.findall(r"<b><bdi>(Rudi[^<]*)</bdi></b>", story)
        assert len(names) == 2
        assert re.fullmatch(r"Rudi, .+ · .+", names[0])
        assert names[1] == "Rudi"


class TestRating:
    def rated(self, cast, rating: int, words: str = ""):
        filed = cast.verified()
        actions.report_resolve(actor=staff(cast.rudi), case=fresh(filed), body="Papan sudah diganti")
        actions.report_rate(actor=reporter(), party=own_party(filed), rating=rating, words=words)
        return filed

    def test_the_timeline_tells_the_rating_and_the_words_that_came_with_it(self, cast):
        filed = self.rated(cast, 3, "Sudah kuat, terima kasih")
        page = told(cast.rudi, filed.case)
        assert "3 dari 4 · Puas" in page
        assert "Sudah kuat, terima kasih" in page

    def test_a_rating_without_words_is_told_in_one_line(self, cast):
        filed = self.rated(cast, 2)
        page = told(cast.rudi, filed.case)
        assert "<b><bdi>Wati</bdi></b> menilai hasilnya: 2 dari 4 · Kurang puas" in page

    def test_each_rating_keeps_its_own_words(self, cast):
        filed = self.rated(cast, 2, "Masih goyang sedikit")
        actions.report_rate(actor=reporter(), party=own_party(filed), rating=4, words="Sekarang kokoh")
        page = told(cast.rudi, filed.case)
        low, high = page.index("2 dari 4"), page.index("4 dari 4")
        assert low < page.index("Masih goyang sedikit") < high < page.index("Sekarang kokoh")

    def test_the_feedback_tab_and_the_journal_say_the_word_of_the_face(self, cast):
        filed = self.rated(cast, 4)
        assert "4 dari 4 · Sangat puas" in told(cast.rudi, filed.case, tab="umpan")
        assert "4 dari 4 · Sangat puas" in told(cast.rudi, filed.case, tab="jurnal")

    def test_who_reads_codes_only_reads_the_rating_without_words(self, cast):
        filed = self.rated(cast, 3, "Sudah kuat, terima kasih")
        page = told(cast.officer_of("KOMINFO", "duty_officer"), filed.case)
        assert "3 dari 4 · Puas" in page
        assert "Sudah kuat" not in page

    def test_the_promise_to_rate_is_named_so_after_it_ended_as_well(self, cast):
        filed = self.rated(cast, 4)
        page = told(cast.rudi, filed.case)
        assert "Penilaian pelapor" in page
        assert "Jawaban pelapor" not in page

    def test_a_merged_reporter_rates_under_their_own_name(self, cast):
        first, second = cast.verified(), cast.report(phone="0813-0000-2244", name="Tini")
        actions.report_merge(actor=staff(cast.sari), case=fresh(second), into=fresh(first))
        actions.report_resolve(actor=staff(cast.rudi), case=fresh(first), body="Papan sudah diganti")
        merged = CaseParty.objects.select_related("case__lead_agency", "person").get(
            case=first.case, role="merged"
        )
        actions.report_rate(actor=reporter(), party=merged, rating=3)
        assert "<b><bdi>Tini</bdi></b> menilai hasilnya: 3 dari 4" in told(cast.rudi, first.case)

    def test_who_joined_is_not_taken_for_the_first_reporter(self, cast):
        filed = cast.verified()
        actions.report_join(actor=reporter(), case=fresh(filed), phone="0813-0000-2244", name="Tini")
        page = told(cast.rudi, filed.case)
        assert "<b><bdi>Pelapor lain</bdi></b>" in page
        assert (
            "<b><bdi>Wati</bdi></b> "
            not in page.split('<ol class="timeline')[1].split("Pelapor lain")[1].split("</ol>")[0]
        )


class TestWordsWithAStep:
    ASKED = "Tolong pinjamkan perahu ukur hari Kamis"

    def test_what_is_asked_of_a_supporting_agency_is_an_inside_note_of_the_step(self, cast):
        filed = cast.verified()
        given = {"agency": cast.agency("BAPPEDA").id, "body": self.ASKED}
        assert client_of(cast.rudi).post(step(filed.case, "support"), given).status_code == 302
        note = Note.objects.get(case=filed.case)
        assert (note.kind, note.body) == ("inside", self.ASKED)
        page = told(cast.officer_of("BAPPEDA"), filed.case)
        assert self.ASKED in page
        assert "meminta dukungan Bappeda" in page

    @pytest.mark.parametrize("words", [ASKED, ""])
    def test_a_supporting_agency_reads_what_is_asked_and_answers_by_its_own_step(self, cast, words):
        filed, helper = cast.verified(), cast.officer_of("BAPPEDA")
        asked = cast.agency("BAPPEDA")
        actions.report_support(actor=staff(cast.rudi), case=fresh(filed), agency=asked, body=words)
        page = told(helper, filed.case)
        notice = page.split("data-asked")[1].split("</p>")[0]
        assert (words or "Tidak ada keterangan") in notice
        assert "langkah=support_note" in page
        assert "data-asked" not in told(cast.rudi, filed.case)
        assert "langkah=support_note" not in told(cast.rudi, filed.case)
        given = {"body": "Perahu kami kirim Kamis pagi"}
        assert client_of(helper).post(step(filed.case, "support_note"), given).status_code == 302
        assert filed.case.clocks.get(name="support").state == "kept"
        answered = told(helper, filed.case).split("data-asked")[1].split("</p>")[0]
        assert "Perangkat daerah Anda menjawab" in answered
        assert "Tidak ada keterangan" not in answered

    def test_resolving_says_whose_support_is_not_answered_yet(self, cast):
        filed = cast.verified()
        actions.report_support(actor=staff(cast.rudi), case=fresh(filed), agency=cast.agency("BAPPEDA"))
        address = reverse("iceta:case", args=[filed.case.number])
        asked = "dukungan yang diminta dari Bappeda"
        assert asked in client_of(cast.rudi).get(address, {"langkah": "resolve"}).content.decode()
        helper = staff(cast.officer_of("BAPPEDA"))
        actions.report_note(actor=helper, case=fresh(filed), body="Perahu sudah kami kirim")
        assert asked not in client_of(cast.rudi).get(address, {"langkah": "resolve"}).content.decode()

    def test_asking_needs_no_words(self, cast):
        filed = cast.verified()
        given = {"agency": cast.agency("BAPPEDA").id, "body": " "}
        assert client_of(cast.rudi).post(step(filed.case, "support"), given).status_code == 302
        assert not Note.objects.filter(case=filed.case).exists()
        assert "meminta dukungan Bappeda" in told(cast.rudi, filed.case)

    def test_what_a_post_is_to_do_is_an_inside_note_of_the_step(self, cast):
        filed = cast.verified()
        liaison = cast.agency("PU").positions.get(code="liaison")
        given = {"position": liaison.id, "body": self.ASKED}
        assert client_of(cast.head).post(step(filed.case, "hand"), given).status_code == 302
        page = told(cast.officer_of("PU", "liaison"), filed.case)
        assert self.ASKED in page
        assert "menugaskannya kepada" in page

    def test_the_reporter_never_reads_them_and_paper_tells_the_step_alone(self, cast, client):
        from kotacerdas.foundation.cases.links import link_token

        filed = cast.verified()
        actions.report_support(
            actor=staff(cast.rudi), case=fresh(filed), agency=cast.agency("BAPPEDA"), body=self.ASKED
        )
        public = client.get(f"/l/{link_token(filed.party)}/", follow=True).content.decode()
        assert filed.case.number in public
        assert self.ASKED not in public
        paper = told(cast.rudi, filed.case, "print")
        assert self.ASKED not in paper
        assert "meminta dukungan Bappeda" in paper

    def test_words_that_are_too_long_ask_nobody(self, cast):
        filed = cast.verified()
        with pytest.raises(Invalid) as wrong:
            actions.report_support(
                actor=staff(cast.rudi), case=fresh(filed), agency=cast.agency("BAPPEDA"), body="a" * 10_000
            )
        assert list(wrong.value.fields) == ["body"]
        assert not Assignment.objects.filter(case=filed.case, role="support").exists()
        given = {"agency": cast.agency("BAPPEDA").id, "body": "a" * 10_000}
        answer = client_of(cast.rudi).post(step(filed.case, "support"), given)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()


class TestMerges:
    @pytest.fixture
    def merged(self, cast):
        """A report of PU, and the one that Sari merged into it; PU never had a part in that."""
        words = "Lampu di ujung dermaga padam juga"
        lead, other = cast.verified(), cast.report(phone="0813-0000-2244", name="Tini", words=words)
        actions.report_merge(actor=staff(cast.sari), case=fresh(other), into=fresh(lead))
        return lead.case, other.case

    def test_the_case_that_stays_tells_which_report_was_merged_into_it_and_by_whom(self, cast, merged):
        lead, other = merged
        page = told(cast.sari, lead)
        assert f"menggabungkan laporan {other.number} ke laporan ini" in page
        assert "<b><bdi>Sari, " in page.split("menggabungkan laporan")[0].split("<li")[-1]

    def test_the_tab_counts_a_merged_report_once(self, cast, merged):
        lead, _other = merged
        assert 'Laporan gabungan <span class="quiet num">1</span>' in told(cast.sari, lead)

    def test_the_merge_stands_where_it_happened(self, cast, merged):
        lead, _other = merged
        actions.report_reply(
            actor=staff(cast.rudi),
            case=Case.objects.select_related("lead_agency").get(id=lead.id),
            body="Kami periksa besok",
        )
        page = told(cast.sari, lead)
        assert page.index("memverifikasi") < page.index("ke laporan ini") < page.index("Kami periksa besok")

    def test_who_works_on_the_report_reads_those_merged_into_it(self, cast, merged):
        lead, other = merged
        page = told(cast.rudi, lead)
        assert f"menggabungkan laporan {other.number} ke laporan ini" in page
        assert 'Laporan gabungan <span class="quiet num">1</span>' in page
        tab = told(cast.rudi, lead, tab="gabungan")
        assert other.number in tab
        assert "Lampu di ujung dermaga padam juga" in tab
        assert told(cast.rudi, other)

    def test_another_agency_sees_neither(self, cast, merged):
        stranger = client_of(cast.officer_of("BAPPEDA", "officer"))
        for one in merged:
            assert stranger.get(reverse("iceta:case", args=[one.number])).status_code == 404

    def test_the_merged_report_says_where_it_went(self, cast, merged):
        lead, other = merged
        assert f"menggabungkannya ke laporan {lead.number}" in told(cast.sari, other)

    def test_who_may_not_see_where_it_went_reads_no_number_of_that(self, cast):
        filed, lead = cast.verified(), cast.report(phone="0813-0000-2244", name="Tini")
        actions.report_return(actor=staff(cast.rudi), case=fresh(filed), reason="Milik dinas lain")
        actions.report_merge(actor=staff(cast.sari), case=fresh(filed), into=fresh(lead))
        page = told(cast.rudi, filed.case)
        assert "menggabungkannya ke laporan lain" in page
        assert "digabungkan ke laporan lain" in page
        assert lead.case.number not in page


def test_a_name_from_the_right_turns_round_no_number_beside_it(cast):
    filed = cast.verified(name="\u202eفاطمة\u202c", place_words="\u200bسوق")
    page = told(cast.rudi, filed.case)
    assert "<bdi>\u2068فاطمة\u2069</bdi>" in page or "<bdi>فاطمة</bdi>" in page
    assert "\u202e" not in page
    assert "\u200b" not in page
    assert "\u2068سوق\u2069" in page
