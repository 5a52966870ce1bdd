"""Who reports is a step of its own; the page that is looked through last asks nothing."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.tests.test_public import WHO, WORDS, fields, page, press, send, till_you

pytestmark = pytest.mark.django_db


def steps(answer) -> tuple[list[str], str]:
    """The names of the steps, and the one that is now."""
    html = page(answer)
    names = re.findall(r'<li class="(done|now|next)"[^>]*><span>([0-9]\. [^<]*)', html)
    return [name for _state, name in names], next(name for state, name in names if state == "now")


class TestWhoIsAStepOfItsOwn:
    def test_the_last_page_asks_nothing_and_each_line_leads_to_where_it_is_changed(self, client, cast):
        you = till_you(client)
        assert steps(you) == (["1. Foto", "2. Tempat", "3. Cerita", "4. Anda", "5. Periksa"], "4. Anda")
        check = press(client, you, "check", **WHO, secret="1")
        assert steps(check)[1] == "5. Periksa"
        html = page(check)
        form = html[html.index('<form id="draft"') : html.index("</form>", html.index('<form id="draft"'))]
        assert set(re.findall(r'<(?:input|textarea|select)[^>]*type="([a-z]*)"', form)) == {"hidden"}
        assert "<textarea" not in form
        for line, door in (("Foto", ""), ("Tempat", "tempat/"), ("Yang terjadi", "cerita/"), ("Jenis", "cerita/"), ("Siapa yang boleh tahu?", "anda/")):  # fmt: skip
            at = form.index(f"<dt>{line}")
            assert f'formaction="/lapor/{door}"' in form[at : form.index("</dt>", at)]
        assert "Wati" in form
        assert "0812-3456-7890" in form
        assert "Tidak tampil di halaman publik" in form
        changed = press(client, check, "you", then="check")
        again = press(client, changed, "check", identity="anonymous")
        assert "0812-3456-7890" not in page(again)
        assert "Anonim" in page(again)
        assert send(client, again).status_code == 302
        assert CaseParty.objects.get().is_anonymous

    def test_what_is_missing_is_asked_for_on_its_own_page_and_back_works(self, client, cast):
        you = till_you(client)
        wrong = press(client, you, "check", identity="named", phone="12", name="Wati")
        assert wrong.redirect_chain[-1][0].startswith(reverse("iceta:report_you"))
        assert "bukan satu nomor" in page(wrong) or "This is not one whole" in page(wrong)
        assert fields(wrong)["name"] == "Wati"
        back = client.post(reverse("iceta:report_words"), {**fields(wrong), "go": "back"}, follow=True)
        assert steps(back)[1] == "3. Cerita"
        assert fields(press(client, back, "you"))["name"] == "Wati"
        straight = send(client, till_you(client, words=WORDS + " lagi"))
        assert straight.url.startswith(reverse("iceta:report_you"))
        assert not Case.objects.exists()

    def test_whoever_becomes_anonymous_leaves_no_name_and_number_in_the_draft(self, client, cast):
        you = till_you(client)
        check = press(client, you, "check", **WHO)
        you = press(client, check, "you", then="check")
        typed = {**fields(you), "identity": "anonymous"}  # without script the hidden fields come along
        assert (typed["name"], typed["phone"]) == (WHO["name"], WHO["phone"])
        check = press(client, you, "check", **typed)
        back = press(client, check, "you", then="check", identity="named")
        assert (fields(back)["name"], fields(back)["phone"]) == ("", "")
        check = press(client, back, "check", identity="anonymous")
        assert send(client, check).status_code == 302
        once_more = press(
            client, you, "check", **typed
        )  # the step's page, posted again after sending: no change
        assert once_more.status_code == 200
        assert Case.objects.count() == 1

    def test_a_page_from_before_that_asked_who_on_the_last_page_is_taken_as_it_was(self, client, cast):
        you = till_you(client)
        before = {**fields(you), "from": "check"}
        sent = client.post(reverse("iceta:report_check"), {**before, **WHO, "go": "send"})
        assert sent.status_code == 302
        assert CaseParty.objects.get().phone == "+6281234567890"

    @pytest.mark.parametrize("who", [WHO, {}])
    def test_a_draft_kept_on_the_last_page_before_goes_on_with_all_that_was_said(self, client, cast, who):
        """As a browser comes back to the address that the old form had kept."""
        you = till_you(client)
        at = {"draf": fields(you)["draf"]}
        if who:
            client.post(reverse("iceta:report_words"), {**fields(you), "from": "check", **who, "go": "back"})
        check = client.get(reverse("iceta:report_check"), at)
        assert WORDS in page(check)
        answer = send(client, check)
        if who:
            assert CaseParty.objects.get().phone == "+6281234567890"
        else:
            asked = client.get(answer.url)
            assert steps(asked)[1] == "4. Anda"
            check = press(client, asked, "check", **WHO)
            assert send(client, check).status_code == 302
        assert Report.objects.get().words == WORDS
