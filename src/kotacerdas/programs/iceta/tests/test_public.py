"""What citizens are promised: a report in four plain pages, a link that is theirs alone, clear words."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from trials.cast import MONDAY

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.foundation.parties.adapter import citizen_for
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.models import Report

pytestmark = pytest.mark.django_db
WORDS = "Papan dermaga patah sejak kemarin, anak-anak hampir jatuh"


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(name="foto.jpg", kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 130, 160)).save(out, kind)
    out.seek(0)
    out.name = name
    return out


def page(answer) -> str:
    return answer.content.decode()


def fields(answer) -> dict[str, str]:
    """What a browser would send back from the page's form, nothing pressed."""
    html = page(answer)
    html = html[html.index('<form id="draft"') : html.index("</form>", html.index('<form id="draft"'))]
    found = {}
    for tag in re.findall(r"<input [^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        is_choice = kind and kind[1] in ("radio", "checkbox")
        if name and kind and kind[1] != "file" and (not is_choice or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    area = re.search(r"<textarea[^>]*>([^<]*)</textarea>", html)
    if area:
        found["words"] = area[1]
    return found


def press(client: Client, answer, to: str, **given):
    return client.post(reverse(f"iceta:report_{to}"), {**fields(answer), "go": "next", **given}, follow=True)


WHO = {"identity": "named", "name": "Wati", "phone": "0812-3456-7890"}


def till_you(client: Client, **given):
    """The three questions of the matter answered, on the page that asks who reports."""
    first = client.get(reverse("iceta:report_photo"))
    second = press(client, first, "place", **({"photo": given["photo"]} if "photo" in given else {}))
    third = press(client, second, "words", choice="village:99.01.01.2001")
    return press(client, third, "you", words=given.get("words", WORDS), category="jetty")


def till_check(client: Client, **given):
    """All questions answered, on the page that is checked last."""
    return press(client, till_you(client, **given), "check", **WHO)


def send(client: Client, answer, **given):
    """Press send on the last page; `given` as a page left open from when it asked who reports."""
    return client.post(reverse("iceta:report_check"), {**fields(answer), **given, "go": "send"})


def test_a_report_is_stored_by_plain_forms_without_script(client, cast):
    check = till_check(client, photo=photo())
    assert "Periksa laporan Anda" in page(check)
    assert "Desa Karang Putih" in page(check)
    sent = send(client, check, secret="1")
    assert sent.status_code == 302
    report = Report.objects.select_related("case").get()
    assert (report.words, report.is_secret, report.is_anonymous) == (WORDS, True, False)
    assert (report.case.area_code, report.case.channel, report.case.state) == (
        "99.01.01.2001",
        "web",
        "received",
    )
    assert report.case.files.get().file.claimed_at is not None
    party = report.case.parties.get()
    assert party.phone == "+6281234567890"
    shown = page(client.get(sent.url))
    assert report.case.number in shown
    assert "Jangan bagikan" in shown
    assert "0812-••••-7890" in shown
    assert page(client.get(reverse("following:my_cases"))).count(report.case.number) == 1


def test_a_citizen_signed_in_finds_their_number_filled_in_unless_they_report_anonymously(client, cast):
    client.force_login(citizen_for("0812-3456-7890"))
    you = till_you(client)
    assert 'value="0812-3456-7890"' in page(you)
    changed = press(client, you, "words", identity="anonymous", phone="")
    for door in ("you", "check"):
        assert "0812-3456-7890" not in page(press(client, changed, door))


def test_pressing_send_twice_stores_one_report(client, cast):
    check = till_check(client)
    before = client.cookies.copy()
    first = send(client, check)
    client.cookies, after = before, client.cookies
    second = send(client, check)  # as pressed before the first answer came
    client.cookies = after
    assert first.url == second.url
    assert send(client, check).url == first.url
    assert "sudah terkirim" in page(
        client.get(reverse("iceta:report_check"), {"draf": fields(check)["draf"]})
    )
    assert Case.objects.count() == 1


def test_an_anonymous_report_stores_no_person_even_if_a_name_was_typed(client, cast):
    sent = send(client, till_check(client), identity="anonymous")
    party = CaseParty.objects.get()
    assert party.person is None
    assert party.is_anonymous
    assert "Kabar dikirim" not in page(client.get(sent.url))


def test_too_few_letters_and_no_kind_are_said_at_their_fields_and_nothing_is_lost(client, cast):
    first = client.get(reverse("iceta:report_words"))
    answer = press(client, first, "check", words="Rusak")
    assert answer.status_code == 422
    html = page(answer)
    assert "Perbaiki 2 hal ini" in html
    assert "Baru 5 huruf" in html
    assert 'href="#id_words"' in html
    assert 'href="#id_category"' in html
    assert ">Rusak</textarea>" in html


def test_a_report_begun_with_its_words_asks_for_photo_and_place_too(client, cast):
    begun = client.get(reverse("iceta:report_words"), {"q": "papan dermaga patah"})
    assert page(begun).count('<li class="done"') == 0
    third = press(client, begun, "check", words=WORDS, category="jetty")
    assert third.redirect_chain[-1][0].startswith(reverse("iceta:report_photo"))
    fourth = press(client, third, "check")
    assert fourth.redirect_chain[-1][0].startswith(reverse("iceta:report_place"))
    cast.verified()
    offered = press(client, fourth, "check", choice="village:99.01.01.2001")
    assert "Mungkin sudah dilaporkan" in page(offered)
    you = press(client, offered, "check")
    assert you.redirect_chain[-1][0].startswith(reverse("iceta:report_you"))
    last = press(client, you, "check", **WHO)
    assert last.redirect_chain[-1][0].startswith(reverse("iceta:report_check"))
    assert WORDS in page(last)


def test_ten_thousand_characters_come_back_whole_with_the_limit_said(client, cast):
    story = "Dermaga rusak. " * 667
    answer = press(client, client.get(reverse("iceta:report_words")), "check", words=story, category="jetty")
    assert answer.status_code == 422
    told = re.search(r'id="id_words-error"[^>]*>(.*?)</p>', page(answer), re.S)
    assert told
    assert "terlalu banyak" in told[1]
    assert "paling banyak 4.000" in page(answer)
    assert story.strip() in page(answer)
    assert (Case.objects.count(), StoredFile.objects.count(), Row.objects.count()) == (0, 0, 0)


def test_a_position_outside_the_regency_is_said_and_states_no_village(client, cast):
    first = client.get(reverse("iceta:report_place"))
    answer = press(client, first, "words", lat="48.85", lng="2.35")
    assert answer.status_code == 422
    assert "di luar Kabupaten Teluk Melati" in page(answer)


def test_a_position_offers_the_nearest_three_and_chooses_none(client, cast):
    first = client.get(reverse("iceta:report_place"))
    answer = client.post(
        reverse("iceta:report_place"),
        {**fields(first), "lat": "-1.171", "lng": "122.491", "go": "district"},
        follow=True,
    )
    html = page(answer)
    assert html.count('value="near:') == 3
    assert "checked" not in html
    assert "<svg" in html


def test_a_place_is_found_by_search_without_script_and_as_one_types(client, cast):
    first = client.get(reverse("iceta:report_place"))
    answer = client.post(
        reverse("iceta:report_place"), {**fields(first), "q": "pasir panjang", "go": "search"}, follow=True
    )
    assert 'value="village:99.01.01.2002"' in page(answer)
    typed = client.get(reverse("iceta:report_places"), {"q": "pasir"})
    assert "Desa Pasir Panjang" in page(typed)
    assert "<html" not in page(typed)


def test_a_district_shows_its_villages_without_script(client, cast):
    first = client.get(reverse("iceta:report_place"))
    answer = client.post(
        reverse("iceta:report_place"),
        {**fields(first), "district": "99.01.02", "go": "district"},
        follow=True,
    )
    assert "Desa Batu Nona" in page(answer)
    assert "Desa Karang Putih" not in page(answer)


def test_what_is_no_photo_is_said_and_the_draft_goes_on(client, cast):
    fake = io.BytesIO(b"<script>alert(1)</script>")
    fake.name = "foto.jpg"
    answer = press(client, client.get(reverse("iceta:report_photo")), "place", photo=fake)
    assert answer.status_code == 422
    assert "bukan foto yang dapat dibaca" in page(answer)
    assert "Mulai dari fotonya" in page(answer)
    assert not StoredFile.objects.exists()


def test_a_sixth_photo_is_refused_in_words(client, cast):
    answer = client.get(reverse("iceta:report_photo"))
    for _ in range(6):
        answer = client.post(
            reverse("iceta:report_photo"), {**fields(answer), "photo": photo(), "go": "upload"}, follow=True
        )
    assert "Paling banyak 5 foto" in page(answer)
    assert StoredFile.objects.count() == 5


def test_a_photo_is_taken_back_by_its_own_draft_alone(client, cast):
    mine = client.post(
        reverse("iceta:report_photo"),
        {**fields(client.get(reverse("iceta:report_photo"))), "photo": photo(), "go": "upload"},
        follow=True,
    )
    stored = StoredFile.objects.get()
    other = fields(Client().get(reverse("iceta:report_photo")))
    Client().post(reverse("iceta:report_photo"), {**other, "remove": str(stored.id)})
    assert StoredFile.objects.exists()
    client.post(reverse("iceta:report_photo"), {**fields(mine), "remove": str(stored.id)})
    assert not StoredFile.objects.exists()


def test_words_suggest_kinds_and_an_emergency_is_offered_with_the_number_but_not_chosen(client, cast):
    first = client.get(reverse("iceta:report_words"), {"q": "ada longsor di dekat dermaga"})
    html = page(first)
    assert 'value="landslide"' in html
    assert "0400-000-000" in html
    assert "checked" not in html[html.index('id="id_category"') :]


def test_the_first_press_without_script_suggests_and_only_the_second_complains(client, cast):
    answer = press(client, client.get(reverse("iceta:report_words")), "check", words=WORDS)
    assert answer.status_code == 200
    assert 'value="jetty" checked' in page(answer)
    assert "Perbaiki" not in page(answer)
    unchosen = {name: value for name, value in fields(answer).items() if name != "category"}
    again = client.post(reverse("iceta:report_check"), {**unchosen, "go": "next"}, follow=True)
    assert again.status_code == 422
    assert "Pilih satu jenis masalah" in page(again)


def test_a_kind_plainly_ahead_is_preselected(client, cast):
    html = page(client.get(reverse("iceta:report_words"), {"q": "tambatan dan dermaga rusak"}))
    assert re.search(r'value="jetty" checked', html)


def test_similar_reports_nearby_show_the_coded_title_alone_and_can_be_joined(client, cast):
    filed = cast.verified(lat=-1.171, lng=122.491, words="Kata rahasia Wati tentang dermaga patah")
    first = client.get(reverse("iceta:report_words"))
    answer = client.post(
        reverse("iceta:report_suggest"),
        {**fields(first), "words": "dermaga patah", "lat": "-1.1712", "lng": "122.4911"},
    )
    html = page(answer)
    assert "Dermaga rusak" in html
    assert "50 m" in html
    assert "Kata rahasia" not in html
    door = reverse("iceta:report_join", args=[filed.case.number])
    assert door in html
    joined = client.post(door, {"phone": "0813-1111-2222", "go": "join"}, follow=True)
    assert joined.status_code == 200
    party = filed.case.parties.get(role="joined")
    followed = page(client.get(reverse("following:follow", args=[link_token(party)])))
    assert "Kata rahasia" not in followed


def test_an_unpublished_or_secret_report_is_neither_offered_nor_joined(client, cast):
    filed = cast.report(lat=-1.171, lng=122.491)
    secret = cast.verified(lat=-1.171, lng=122.491, is_secret=True)
    first = client.get(reverse("iceta:report_words"))
    answer = client.post(
        reverse("iceta:report_suggest"),
        {**fields(first), "words": "dermaga patah", "lat": "-1.171", "lng": "122.491"},
    )
    for one in (filed, secret):
        assert one.case.number not in page(answer)
        assert client.post(reverse("iceta:report_join", args=[one.case.number])).status_code == 404


def test_the_follower_answers_rates_and_reopens(client, cast):
    filed = cast.verified()
    rudi = staff(cast.rudi)
    actions.report_ask(actor=rudi, case=filed.case, body="Dermaga sebelah mana?")
    link = reverse("following:follow", args=[link_token(filed.party)])
    html = page(client.get(link))
    assert "Dermaga sebelah mana?" in html
    assert "Penghitungan waktu dihentikan sementara" in html
    empty = client.post(link + "jawab/", {"body": " "}, follow=True)
    assert empty.status_code == 422
    client.post(link + "jawab/", {"body": "Sebelah timur", "photo": photo()})
    case = Case.objects.get()
    assert case.state == "in_progress"
    assert case.files.count() == 1
    actions.report_note(actor=rudi, case=case, body="Catatan dalam kantor")
    case.refresh_from_db()
    joined = actions.report_join(actor=reporter(), case=case).party
    case.refresh_from_db()
    actions.report_resolve(actor=rudi, case=case, body="Papan sudah diganti")
    html = page(client.get(link))
    assert "Papan sudah diganti" in html
    assert "Catatan dalam kantor" not in html
    assert cast.rudi.name not in html
    assert html.count('name="rating"') == 4
    client.post(link + "nilai/", {"rating": "2", "words": "Papannya masih goyang"})
    assert Case.objects.get().state == "resolved"
    assert "Penilaian Anda: Kurang puas" in page(client.get(link))
    assert "Papannya masih goyang" in page(client.get(link))
    assert "Papannya masih goyang" not in page(client.get(f"/l/{link_token(joined)}/"))
    client.post(link + "buka-lagi/", {"body": "Masih goyang"})
    assert Case.objects.get().state == "in_progress"


def test_a_merged_reporter_sees_the_case_that_goes_on(client, cast):
    own = "Dermaga bolong, saya hampir terperosok"
    first, second = cast.verified(), cast.report(phone="0813-1111-2222", name="Asep", words=own)
    actions.report_merge(actor=staff(cast.sari), case=second.case, into=first.case)
    html = page(client.get(reverse("following:follow", args=[link_token(second.party)])))
    assert first.case.number in html
    assert second.case.number in html
    assert "Papan dermaga patah" not in html
    assert own in html


def test_a_secret_link_is_never_indexed_kept_or_told_on(client, cast):
    answer = client.get(reverse("following:follow", args=[link_token(cast.report().party)]))
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'name="robots" content="noindex' in page(answer)


def test_an_expired_link_and_a_wrong_one_look_alike_and_offer_a_new_one(client, cast):
    filed = cast.verified()
    actions.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Selesai")
    party = CaseParty.objects.select_related("case").get(id=filed.party.id)
    actions.report_rate(actor=reporter(), party=party, rating=4)
    link = reverse("following:follow", args=[link_token(filed.party)])
    with clock.frozen(MONDAY + timedelta(days=89)):
        assert client.get(link).status_code == 200
    with clock.frozen(MONDAY + timedelta(days=91)):
        old, wrong = client.get(link), client.get(reverse("following:follow", args=["a" * 40]))
    assert old.status_code == wrong.status_code == 404
    assert re.search(r"<h1[^>]*>Tautan ini tidak berlaku</h1>", page(old))
    assert "salah, sudah diganti, atau kedaluwarsa" in page(old)
    assert re.search(r'<input [^>]*name="number"', page(old))
    assert "Kirim tautan" in page(old)
    hide = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|name="next" value="[^"]*"|[0-9a-f-]{36}')
    assert hide.sub("", page(old)) == hide.sub("", page(wrong))


def test_asking_for_a_link_anew_tells_nobody_whether_a_report_exists(client, cast):
    filed = cast.report()
    Message.objects.all().delete()
    hide = re.compile(r'TML[-0-9A-Z]+|value="[^"]*"|[0-9a-f-]{36}')

    def ask(number: str, phone: str) -> str:
        answer = client.post(reverse("following:link_again"), {"number": number, "phone": phone}, follow=True)
        assert answer.status_code == 200
        return hide.sub("", page(answer))

    right = ask(filed.case.number, "0812-3456-7890")
    assert Message.objects.filter(effect="iceta.link").count() == 1
    strange = ask(ids.ticket_number("TML", 2026, 999_999), "0812-3456-7890")
    assert right == strange
    assert ask(filed.case.number, "0812-9999-7890") == right
    assert Message.objects.count() == 1


def test_links_are_sent_to_one_number_three_times_an_hour(client, cast):
    asked = {"number": ids.ticket_number("TML", 2026, 999_999), "phone": "081234567890"}
    for _ in range(3):
        assert client.post(reverse("following:link_again"), asked).status_code == 302
    asked |= {"number": ids.ticket_number("TML", 2026, 999_998), "phone": "0812-3456-7890"}
    form = f"http://testserver{reverse('following:link_again')}"
    many = Client().post(reverse("following:link_again"), asked, headers={"referer": form})
    assert f'href="{form}"' in page(many)
    strange = Client().post(reverse("following:link_again"), asked, headers={"referer": "https://lain.test/"})
    assert "lain.test" not in page(strange)
    assert many.status_code == 429
    assert "Terlalu sering" in page(many)
    assert "Coba lagi 20 menit lagi." in page(many)


def test_too_many_presses_are_answered_by_a_page_in_indonesian(client, cast):
    check = till_check(client)
    answers = [send(client, check) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert "Retry-After" in answers[-1].headers
    assert "Terlalu sering" in page(answers[-1])
    assert "Coba lagi 60 detik lagi." in page(answers[-1])
    assert Case.objects.count() == 1


def test_english_is_complete_too(client, cast):
    client.cookies["lang"] = "en"
    assert "Check your report" in page(till_check(client))


def test_an_open_emergency_tells_its_reporter_to_telephone(client, cast):
    filed = cast.report(category=cast.category("landslide"))
    told = "jangan menunggu di sini"
    assert told in page(client.get(f"/l/{link_token(filed.party)}/"))
    assert told not in page(client.get(f"/l/{link_token(cast.report().party)}/"))
