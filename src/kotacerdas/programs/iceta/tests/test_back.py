"""Going back and forth as a citizen does: every page is reached by GET, shows the draft as it is, and sends once."""

from __future__ import annotations

import random
import re
import string
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from trials.cast import MONDAY

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, CaseParty
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.forms.drafts import Draft, fresh
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.kernel import ids
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.public import similar
from kotacerdas.programs.iceta.public.report_form import REPORT_FORM
from kotacerdas.programs.iceta.tests.test_public import (
    WHO,
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
VILLAGE = "99.01.01.2001"
NEW_WORDS = "Pohon tumbang menutup jalan raya"


def shown_at(answer) -> str:
    """The address the browser stands at, which it asks for again when one goes back."""
    return answer.redirect_chain[-1][0]


def keys(answer) -> dict[str, str]:
    """What a script sends with a photo."""
    return {name: fields(answer)[name] for name in ("draf", "from")}


def noise(size: int, seed: int = 4) -> str:
    """A story that cannot be made shorter."""
    letters = random.Random(seed).choices(string.ascii_letters + " ", k=size)
    return "".join(letters).strip()


def drafted(**values: str) -> Draft:
    """A draft with these answers, of a browser that has told nothing else."""
    return fresh(RequestFactory().get("/"), REPORT_FORM, values=values)


def told(client: Client, words: str) -> str:
    """Another draft, begun in another tab; the address of its words."""
    first = client.get(reverse("iceta:report_words"))
    press(client, first, "words", words=words, category="jetty")
    return f"{reverse('iceta:report_words')}?draf={fields(first)['draf']}"


def last_page(client: Client, **given) -> list[str]:
    """The addresses a browser would have gone through up to the last page."""
    first = client.get(reverse("iceta:report_photo"))
    second = press(client, first, "place")
    third = press(client, second, "words", choice=f"village:{VILLAGE}")
    fourth = press(client, third, "you", words=WORDS, category="jetty", **given)
    fifth = press(client, fourth, "check", **WHO)
    return [shown_at(one) for one in (second, third, fifth)]


def test_no_page_of_a_report_is_the_answer_to_a_post(client, cast):
    first = client.get(reverse("iceta:report_photo"))
    doors = (
        ("photo", {"go": "upload"}),
        ("place", {"go": "next"}),
        ("place", {"go": "search", "q": "karang"}),
        ("place", {"go": "district", "district": "99.01.02"}),
        ("words", {"go": "next", "from": "place"}),
        ("words", {"go": "back"}),
        ("check", {"go": "next", "from": "words", "words": "Rusak"}),
        ("you", {"go": "next", "from": "words"}),
        ("check", {"go": "send"}),
    )
    for name, given in doors:
        answer = client.post(reverse(f"iceta:report_{name}"), {**fields(first), **given})
        assert answer.status_code == 302, (name, given)
        assert client.get(answer.url).status_code in (200, 422)


def test_going_back_shows_what_was_said_as_it_is_now(client, cast):
    _place, words, check = last_page(client)
    html = page(client.get(words))
    assert f">{WORDS}</textarea>" in html
    assert 'value="jetty" checked' in html
    changed = press(client, client.get(words), "check", words="Papan dermaga hilang dua")
    assert "Papan dermaga hilang dua" in page(changed)
    assert "Papan dermaga hilang dua" in page(client.get(check))
    assert "no-store" in client.get(check).headers["Cache-Control"]


def test_a_mistake_is_still_said_when_its_page_is_loaded_again(client, cast):
    answer = press(client, client.get(reverse("iceta:report_words")), "check", words="Rusak")
    again = client.get(shown_at(answer))
    assert "Baru 5 huruf" in page(again)
    assert ">Rusak</textarea>" in page(again)


def test_a_page_left_open_after_sending_takes_no_photo_in(client, cast):
    check = till_check(client)
    left_open = fields(check)
    send(client, check)
    answer = client.post(reverse("iceta:report_photo_add"), {**left_open, "photo": photo()})
    assert answer.status_code == 409
    assert "sudah terkirim" in page(answer)
    client.post(reverse("iceta:report_photo"), {**left_open, "go": "upload", "photo": photo()})
    assert not StoredFile.objects.exists()


def test_going_back_after_sending_tells_of_the_report_and_offers_no_second(client, cast):
    first = till_check(client)
    doors = [
        reverse(f"iceta:report_{name}") + f"?draf={fields(first)['draf']}" for name in ("check", "words")
    ]
    send(client, first)
    number = Case.objects.get().number
    for door in doors:
        html = page(client.get(door))
        assert "sudah terkirim" in html
        assert number in html
        assert 'id="draft"' not in html
    stale = client.post(doors[1], {**fields(first), "from": "words", "go": "next"}, follow=True)
    assert "sudah terkirim" in page(stale)
    assert Case.objects.count() == 1
    assert 'id="draft"' in page(client.get(reverse("iceta:report_photo")))


def test_an_unfinished_draft_is_offered_without_script_and_can_be_thrown_away(client, cast):
    last_page(client)
    fresh = client.get(reverse("iceta:report_photo"))
    html = page(fresh)
    assert WORDS in html
    door = re.search(r'href="([^"]*)" data-resume-go', html)
    assert door
    assert "Periksa laporan Anda" in page(client.get(door[1].replace("&amp;", "&")))
    client.post(reverse("iceta:report_photo"), {**fields(fresh), "go": "drop"})
    assert WORDS not in page(client.get(reverse("iceta:report_photo")))


def test_deleting_the_old_draft_leaves_the_new_one_its_words_and_photos(client, cast):
    last_page(client)
    fresh = client.get(reverse("iceta:report_photo"), {"q": NEW_WORDS})
    client.post(reverse("iceta:report_photo_add"), {**keys(fresh), "photo": photo()})
    door = reverse("iceta:report_photo")
    answer = client.post(door, {**fields(fresh), "go": "drop"}, follow=True)
    assert NEW_WORDS in page(client.get(reverse("iceta:report_words"), {"draf": fields(answer)["draf"]}))
    assert "Foto 1" in page(answer)
    again = page(client.get(door))
    assert NEW_WORDS in again
    assert WORDS not in again


def test_deleting_one_draft_leaves_a_third_that_was_not_meant(client, cast):
    kept = told(client, "Jembatan gantung putus talinya")
    told(client, WORDS)
    fresh = client.get(reverse("iceta:report_photo"), {"q": NEW_WORDS})
    assert WORDS in page(fresh)
    client.post(reverse("iceta:report_photo"), {**fields(fresh), "go": "drop"})
    assert "Jembatan gantung" in page(client.get(kept))


def test_a_draft_in_another_tab_leaves_the_first_its_story(client, cast):
    first = told(client, WORDS)
    second = told(client, NEW_WORDS)
    assert WORDS in page(client.get(first))
    assert NEW_WORDS in page(client.get(second))
    assert NEW_WORDS in page(client.get(reverse("iceta:report_photo")))
    press(client, client.get(first), "check")
    assert WORDS in page(client.get(reverse("iceta:report_photo")))


def test_two_stories_are_kept_and_empty_drafts_and_sent_ones_drive_none_out(client, cast):
    first, second = told(client, WORDS), told(client, NEW_WORDS)
    for _number in range(4):
        press(client, client.get(reverse("iceta:report_photo")), "place")
    assert WORDS in page(client.get(first))
    send(client, till_check(client, words="Longsor menutup jalan desa"))
    assert NEW_WORDS in page(client.get(second))
    told(client, "Jembatan gantung putus talinya")
    assert WORDS in page(client.get(first))


def test_no_cookie_grows_with_what_is_told(client, cast):
    addresses = [told(client, noise(3_500, seed)) for seed in (1, 2)]
    assert sum(len(one.value) for one in client.cookies.values()) < 1_000
    for seed, address in enumerate(addresses, 1):
        assert noise(3_500, seed) in page(client.get(address))


def test_a_draft_grown_too_long_leaves_no_older_words_behind(client, cast):
    address = told(client, WORDS)
    story = noise(12_000)
    assert story in page(press(client, client.get(address), "check", words=story, category="jetty"))
    assert WORDS not in page(client.get(address))


def test_joining_with_a_long_draft_can_be_gone_back_from(client, cast):
    door = reverse("iceta:report_join", args=[cast.verified().case.number])
    story = noise(12_000)
    given = {**fields(client.get(told(client, WORDS))), "words": story, "phone": "0813-1111-2222"}
    asked = client.post(door, {**given, "go": "ask"}, follow=True)
    wrong = client.post(door, {"draf": given["draf"], "phone": "12", "go": "join"}, follow=True)
    assert (asked.status_code, wrong.status_code) == (200, 422)
    for answer in (asked, wrong):
        back = re.search(r'class="back" href="([^"]*)"', page(answer))
        assert back
        assert story in page(client.get(back[1]))


def test_a_stale_page_that_asks_to_join_does_not_bring_a_sent_draft_back(client, cast):
    door = reverse("iceta:report_join", args=[cast.verified().case.number])
    check = till_check(client)
    send(client, check)
    client.post(door, {**fields(check), "go": "ask"})
    assert WORDS not in page(client.get(reverse("iceta:report_photo")))


def test_a_stale_check_page_with_other_words_is_told_what_was_sent(client, cast):
    check = till_check(client)
    send(client, check)
    stale = send(client, check, words=NEW_WORDS)
    html = page(stale)
    assert stale.status_code == 409
    assert "sudah terkirim" in html
    assert NEW_WORDS in html
    assert Case.objects.get().number in html
    assert Report.objects.get().words == WORDS


def test_who_reported_is_told_of_their_report_not_who_follows_it(client, cast):
    check = till_check(client)
    send(client, check)
    party = CaseParty.objects.get()
    joined = CaseParty.objects.create(case=party.case, role="joined", channel="web", since=MONDAY)
    CaseParty.objects.filter(id=joined.id).update(since=party.since - timedelta(days=1))
    told_of = page(client.get(reverse("iceta:report_check"), {"draf": fields(check)["draf"]}))
    assert link_token(party) in told_of
    assert link_token(joined) not in told_of


def test_a_cookie_from_before_does_not_make_a_draft_unreadable(client, cast):
    address = told(client, WORDS)
    client.cookies["draft.abcdef"] = "2~abc"
    client.cookies["draft.abcdef-2"] = "abc"
    assert WORDS in page(client.get(address))


def test_another_browser_with_the_address_sees_nothing_of_the_draft(client, cast):
    addresses = last_page(client)
    assert WORDS not in "".join(page(Client().get(one)) for one in addresses)
    secret = client.cookies["draft"].value
    client.cookies["draft"] = secret[:-1] + ("x" if secret[-1] != "x" else "y")
    assert WORDS not in "".join(page(client.get(one)) for one in addresses)


def test_a_story_longer_than_may_be_sent_is_carried_too(client, cast):
    first = client.get(reverse("iceta:report_words"))
    for size in (4_000, 12_000):
        story = noise(size)
        answer = press(client, first, "check", words=story, category="jetty")
        assert answer.redirect_chain
        assert story in page(client.get(reverse("iceta:report_words"), {"draf": fields(first)["draf"]}))


def test_similar_reports_of_the_village_are_offered_without_a_position(client, cast):
    number = cast.verified(words="Kata rahasia Wati").case.number
    hidden = cast.verified(is_secret=True, phone="0813-1111-0001").case.number
    waiting = cast.report(phone="0813-1111-0002").case.number
    place = press(client, client.get(reverse("iceta:report_photo")), "place")
    words = press(client, place, "words", choice=f"village:{VILLAGE}")
    answer = press(client, words, "check", words="Apa saja yang terjadi di sini", category="jetty")
    html = page(answer)
    assert "Mungkin sudah dilaporkan" in html
    assert "di desa yang sama" in html
    assert reverse("iceta:report_join", args=[number]) in html
    assert "Kata rahasia" not in html
    assert hidden not in html
    assert waiting not in html
    assert "Perbaiki" not in html
    assert "orang ikut" not in html
    seen = press(client, answer, "check")
    assert "Siapa yang boleh tahu?" in page(seen)


def test_similar_reports_elsewhere_or_of_another_kind_are_not_offered(cast):
    cast.verified(area_code="99.01.01.2002")
    cast.verified(
        category=cast.category("landslide"), phone="0813-1111-0001", words="Longsor di tebing jalan"
    )
    assert similar.offered(drafted(area=VILLAGE, category="jetty", words=WORDS)) == []


def test_a_report_without_a_position_is_offered_to_who_has_one_too(cast):
    filed = cast.verified()
    near = cast.verified(lat=-1.171, lng=122.491, phone="0813-1111-0001")
    given = {"lat": "-1.1711", "lng": "122.4911", "area": VILLAGE, "category": "jetty", "words": WORDS}
    found = similar.offered(drafted(**given))
    assert [(one["number"], one["distance"]) for one in found] == [
        (near.case.number, "50 m"),
        (filed.case.number, ""),
    ]


def test_joining_can_be_gone_back_from_and_ends_the_draft(client, cast):
    number = cast.verified().case.number
    words = press(
        client,
        press(client, client.get(reverse("iceta:report_photo")), "place"),
        "words",
        choice=f"village:{VILLAGE}",
    )
    door = reverse("iceta:report_join", args=[number])
    asked = client.post(door, {**fields(words), "words": WORDS, "go": "ask"}, follow=True)
    back = re.search(r'class="back" href="([^"]*)"', page(asked))
    assert back
    assert WORDS in page(client.get(back[1]))
    mark = fields(words)["draf"]
    wrong = client.post(door, {"phone": "12", "go": "join", "draf": mark}, follow=True)
    assert wrong.status_code == 422
    assert 'value="12"' in page(wrong)
    joined = client.post(door, {"phone": "0813-1111-2222", "go": "join", "draf": mark})
    assert joined.status_code == 302
    assert "0813-••••-2222" in page(client.get(joined.url))
    assert "belum selesai" not in page(client.get(reverse("iceta:report_photo")))


def test_who_joins_never_learns_the_key_that_opens_the_reporters_link(client, cast):
    filed = cast.verified()
    joined = client.post(reverse("iceta:report_join", args=[filed.case.number]), {"go": "join"}, follow=True)
    assert 'data-mark=""' in page(joined)


def test_the_nearest_village_is_offered_first_and_named_once_it_is_chosen(client, cast):
    first = client.get(reverse("iceta:report_place"))
    where = {"lat": "-1.171", "lng": "122.491", "accuracy": "12", "go": "district"}
    offered = client.post(reverse("iceta:report_place"), {**fields(first), **where}, follow=True)
    html = page(offered)
    card = html[html.index('<label class="found"') :]
    assert "Desa Karang Putih" in card[: card.index("</label>")]
    assert "ketelitian 12 meter" in card[: card.index("</label>")]
    assert "checked" not in html
    assert ">Lanjut ke cerita</span>" in html
    press(client, offered, "words", choice=f"near:{VILLAGE}")
    chosen = page(client.get(shown_at(offered)))
    assert f'value="near:{VILLAGE}" data-name="Desa Karang Putih" checked' in chosen
    assert ">Ya, di Desa Karang Putih</span>" in chosen


def test_enter_in_the_search_finds_a_place_even_when_a_village_is_chosen(client, cast):
    first = client.get(reverse("iceta:report_place"))
    given = {**fields(first), "choice": f"village:{VILLAGE}", "go": "enter"}
    found = client.post(reverse("iceta:report_words"), {**given, "q": "pasir panjang"}, follow=True)
    assert 'value="village:99.01.01.2002"' in page(found)
    assert 'id="id_words"' in page(
        client.post(reverse("iceta:report_words"), {**given, "q": ""}, follow=True)
    )


def test_a_position_outside_is_said_as_soon_as_it_is_known(client, cast):
    first = client.get(reverse("iceta:report_place"))
    given = {**fields(first), "lat": "48.85", "lng": "2.35", "go": "district"}
    assert "di luar Kabupaten Teluk Melati" in page(
        client.post(reverse("iceta:report_place"), given, follow=True)
    )


@pytest.fixture
def asked(cast):
    """A report of Wati's whose agency asks something, and its link."""
    filed = cast.verified()
    actions.report_ask(actor=staff(cast.rudi), case=filed.case, body="Dermaga sebelah mana?")
    return reverse("following:follow", args=[link_token(filed.party)])


def test_a_clock_that_runs_on_is_not_said_to_stand_still(client, cast, asked):
    assert "Penghitungan waktu dihentikan sementara" in page(client.get(asked))
    Case.objects.get().clocks.filter(state="paused").update(state="running", paused_at=None)
    assert "Penghitungan waktu dihentikan sementara" not in page(client.get(asked))


def test_an_empty_answer_is_said_in_our_words_and_its_photo_stays(client, asked):
    html = page(client.get(asked))
    assert re.findall(r"<form [^>]*method=\"post\"[^>]*>", html)
    assert all("novalidate" in form for form in re.findall(r"<form [^>]*/l/[^>]*>", html))
    assert " required" not in html
    wrong = client.post(asked + "jawab/", {"body": " ", "photo": photo()}, follow=True)
    assert wrong.status_code == 422
    html = page(wrong)
    assert "data-focus" in html
    assert 'href="#body"' in html
    assert html.count("Tulis jawaban Anda.") == 2
    assert "1 foto sudah tersimpan" in html
    key = re.search(r'name="key" value="([^"]*)"', html)
    assert key
    client.post(asked + "jawab/", {"body": "Sebelah timur", "key": key[1]})
    case = Case.objects.get()
    assert case.state == "in_progress"
    assert case.files.count() == StoredFile.objects.count() == 1


def test_an_answer_too_long_comes_back_whole_and_going_back_sends_nothing(client, asked):
    body = "Sebelah timur dekat tangga. " * 200
    wrong = client.post(asked + "jawab/", {"body": body})
    assert wrong.status_code == 302
    html = page(client.get(wrong.url))
    assert body.strip() in html
    assert "Paling banyak 4000" in html
    assert body.strip() not in page(client.get(asked))
    assert Case.objects.get().state == "waiting"


def test_an_answer_to_a_question_that_stands_no_more_is_shown_beside_why(client, cast, asked):
    actions.report_carry_on(actor=staff(cast.rudi), case=Case.objects.get())
    late = client.post(asked + "jawab/", {"body": "Sebelah timur dekat tangga"}, follow=True)
    html = page(late)
    assert late.status_code == 409
    assert "Sebelah timur dekat tangga" in html
    assert "belum terkirim" in html
    assert "Perjalanan laporan" in html
    assert Case.objects.get().state == "in_progress"
    assert "Sebelah timur" not in page(client.get(asked))


def test_a_mistake_is_said_in_the_language_of_the_page_it_stands_on(client, asked):
    wrong = client.post(asked + "jawab/", {"body": " "})
    client.cookies["lang"] = "en"
    html = page(client.get(wrong.url))
    assert html.count("Write your answer.") == 2
    assert "Tulis jawaban" not in html


def test_no_face_chosen_and_nothing_written_are_said_at_their_places(client, cast, asked):
    client.post(asked + "jawab/", {"body": "Sebelah timur"})
    actions.report_resolve(actor=staff(cast.rudi), case=Case.objects.get(), body="Sudah")
    rated = client.post(asked + "nilai/", {}, follow=True)
    assert page(rated).count("Pilih salah satu dari empat wajah.") == 2
    assert 'href="#rating"' in page(rated)
    reopened = client.post(asked + "buka-lagi/", {"body": ""}, follow=True)
    assert page(reopened).count("Tulis apa yang belum beres.") == 2
    assert re.search(r'<details id="reopen"[^>]* open', page(reopened))


def test_a_link_asked_for_anew_is_told_by_a_page_one_can_load_again(client, cast):
    wrong = client.post(reverse("following:link_again"), {"number": "TML-1", "phone": "12"})
    assert wrong.status_code == 302
    html = page(client.get(wrong.url))
    assert 'value="TML-1"' in html
    number = ids.ticket_number("TML", 2026, 1)
    sent = client.post(reverse("following:link_again"), {"number": number, "phone": "0812-3456-7890"})
    assert "0812-••••-7890" in page(client.get(sent.url))
