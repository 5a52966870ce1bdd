"""What goes wrong at a door: said in Indonesian, with a way out, nothing half-written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from conftest import STORY, Town, fill_report, handed_over, jpeg, onwards, send_report, stored
from playwright.sync_api import Locator, Page, Route, expect
from trials import shots

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.models import Row
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICK = "input[name=photo]:not([capture])"


def counts() -> tuple[int, int, int]:
    """Cases, photos and journal rows in the store."""
    return stored(lambda: (Case.objects.count(), StoredFile.objects.count(), Row.objects.count()))


def chosen(page: Page, name: str, data: bytes) -> None:
    page.set_input_files(PICK, {"name": name, "mimeType": "image/jpeg", "buffer": data})


def test_a_text_named_as_a_photo_is_refused_and_the_report_goes_on(town, photo):
    page = town.page(path="/lapor/")
    chosen(page, "foto.jpg", b"bukan foto, hanya kata-kata\n" * 100)
    expect(page.locator("[data-rows] [data-state]")).to_contain_text("bukan foto yang dapat dibaca")
    assert counts() == (0, 0, 0)
    fill_report(page, photo)
    send_report(page)
    assert counts()[:2] == (1, 1)


def test_a_photo_of_twenty_megabytes_is_refused(town, tmp_path):
    """What a browser cannot make smaller is refused before it is sent; without script the front door refuses."""
    page = town.page(path="/lapor/")
    page.set_input_files(PICK, padded(tmp_path / "besar.heic", b"", 20))
    expect(page.locator("[data-rows] [data-state]")).to_contain_text("Foto terlalu besar, paling besar 10 MB")
    plain = town.page(java_script_enabled=False)
    large = jpeg((400, 300))
    assert "Foto terlalu besar: 11 MB" in uploaded(plain, town.url, padded(tmp_path / "a.jpg", large, 11))
    assert "Pilih foto yang lebih kecil" in uploaded(plain, town.url, padded(tmp_path / "b.jpg", large, 20))
    assert counts() == (0, 0, 0)


def padded(file: Path, data: bytes, megabytes: int) -> Path:
    """A file of that size which begins with the data."""
    file.write_bytes(data.ljust(megabytes * 1024 * 1024, b"\0"))
    return file


def uploaded(page: Page, url: str, file: Path) -> str:
    """What the page says after a photo was sent by the plain form."""
    page.goto(f"{url}/lapor/")
    page.set_input_files(PICK, file)
    with page.expect_navigation():
        page.locator("button[value=upload]").first.click()
    return page.locator("body").inner_text()


def test_a_large_photo_is_made_smaller_on_the_phone(town):
    page = town.page(path="/lapor/")
    large = jpeg((4000, 3000), quality=95)
    assert len(large) > 4_000_000
    chosen(page, "besar.jpg", large)
    expect(page.locator(".photo-card [data-shrunk]")).to_contain_text("KB", timeout=30_000)
    assert stored(lambda: StoredFile.objects.get().bytes) < 2_000_000


def test_ten_thousand_characters_are_refused_and_kept(town):
    page = town.page(path="/lapor/cerita/")
    words = ("Papan dermaga patah lagi. " * 400)[:10_000]
    page.fill("#id_words", words)
    page.locator(".choices > .choice [name=category][value=jetty]").check()
    with page.expect_navigation():
        page.locator(".foot .primary").click()
    expect(page.locator("#id_words-error")).to_contain_text("terlalu banyak")
    assert len(page.locator("#id_words").input_value()) == len(words.strip())
    assert counts() == (0, 0, 0)


def test_a_position_outside_the_regency_leads_to_the_search(town):
    far = {"latitude": -6.2, "longitude": 106.8}
    page = town.page(path="/lapor/tempat/", geolocation=far, permissions=["geolocation"])
    with page.expect_navigation():
        page.locator("[data-locate]").click()
    with page.expect_navigation():
        page.locator(".foot .primary").click()
    expect(page.locator("#id_area")).to_contain_text("di luar Kabupaten Teluk Melati")
    page.fill("#id_q", "karang putih")
    page.locator("[data-found] [name=choice]").first.check()
    with page.expect_navigation():
        page.locator(".foot .primary").click()
    expect(page.locator("#id_words")).to_be_visible()
    assert counts() == (0, 0, 0)


def test_a_wrong_and_an_expired_link_offer_a_new_one(town):
    _number, link = handed_over()
    long_ago = clock.now() - timedelta(days=91)
    stored(lambda: Case.objects.update(state="closed", closed_at=long_ago))
    page = town.page()
    for path in ("/l/" + "a" * 40 + "/", link):
        answer = page.goto(town.url + path)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("Tautan ini tidak berlaku")
        expect(page.locator(".lead")).to_contain_text("salah, sudah diganti, atau kedaluwarsa")
        expect(page.locator("form [name=number]")).to_be_visible()


def test_what_a_followers_form_lacks_is_said_in_our_words_and_takes_the_focus(town):
    number, link = handed_over()
    desk = town.page("rudi", f"/desk/iceta/{number}/?langkah=ask")
    desk.fill("#langkah textarea[name=body]", "Di sisi mana?")
    onwards(desk, "#langkah button.primary")
    page = town.page(path=link)
    onwards(page, "#answer button[type=submit]")
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("#body-error")).to_have_text("Tulis jawaban Anda.")
    page.locator(".errors a").click()
    expect(page.locator("#body")).to_be_focused()
    page.fill("#body", "Di sisi laut")
    onwards(page, "#answer button[type=submit]")
    expect(page.locator("#answer")).to_have_count(0)
    page.go_back()
    expect(page.locator("main")).to_contain_text(number)


def test_a_stale_desk_acts_on_a_closed_case_and_reads_why_not(town):
    number, link = handed_over()
    stale = town.page("rudi", f"/desk/iceta/{number}/?langkah=resolve")
    stale.fill("#langkah textarea[name=body]", "Sudah diganti")
    other, wati = town.page("rudi", f"/desk/iceta/{number}/?langkah=resolve"), town.page()
    other.fill("#langkah textarea[name=body]", "Papan sudah diganti tadi pagi")
    with other.expect_navigation():
        other.locator("#langkah button.primary").click()
    wati.goto(town.url + link)
    wati.locator("#rate [name=rating][value='4']").check(force=True)
    with wati.expect_navigation():
        wati.locator("#rate form[action$='/nilai/'] button").click()
    before = counts()
    with stale.expect_response(lambda answer: answer.request.method == "POST") as answer:
        stale.locator("#langkah button.primary").click()
    assert answer.value.status == 409
    said = stale.locator(".notice.terasi[role=alert]")
    expect(said).to_contain_text("Ditutup")
    expect(said).to_contain_text("Buka")
    assert counts() == before
    assert stored(lambda: Case.objects.get().state) == "closed"


def test_enter_goes_on_and_never_back(town: Town) -> None:
    page = town.page(path="/lapor/tempat/")
    page.fill("#id_q", "Karang Putih")
    page.locator("#found input").first.check()
    page.fill("#id_place_words", "dekat tangga")
    with page.expect_navigation(url="**/lapor/cerita/**"):
        page.locator("#id_place_words").press("Enter")
    page.fill("[name=words]", STORY)
    page.locator("[name=category][value=jetty]").check()
    page.locator(".foot .button[value=next]").click()
    page.fill("[name=phone]", "0812")
    with page.expect_navigation(url="**/lapor/periksa/**"):
        page.locator("[name=phone]").press("Enter")
    expect(page.locator("[name=phone]")).to_have_value("0812")
    page.fill("[name=phone]", "081234567890")
    with page.expect_navigation(url="**/terkirim/**"):
        page.locator("[name=phone]").press("Enter")


def test_a_chosen_village_is_kept_before_it_is_sent(town: Town) -> None:
    page = town.page(path="/lapor/tempat/")
    page.fill("#id_q", "Karang Putih")
    page.locator("#found input").first.check()
    chosen = page.locator("#found input").first.get_attribute("value")
    expect(page.locator("[data-saved]")).to_be_visible()
    page.wait_for_timeout(500)
    page.goto(f"{town.url}/lapor/")
    expect(page.locator("[data-resume]")).to_be_visible()
    with page.expect_navigation(url="**/lapor/tempat/**"):
        page.locator("[data-resume-go]").click()
    expect(page.locator(f"[name=choice][value='{chosen}']")).to_be_checked()
    page.reload()
    expect(page.locator(f"[name=choice][value='{chosen}']")).to_be_checked()


def is_uncovered(button: Locator) -> bool:
    """Whether a press in its middle meets it, where the page stands now."""
    return bool(
        button.evaluate(
            "one => { const box = one.getBoundingClientRect();"
            " const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
            " return one.contains(met); }"
        )
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_unfinished_report_covers_neither_where_to_call_nor_the_kinds(town: Town, language: str) -> None:
    context = town.context(language=language)
    first = context.new_page()
    first.goto(f"{town.url}/lapor/cerita/")
    first.fill("#id_words", STORY)
    first.wait_for_timeout(500)  # kept a moment after the last key
    page = context.new_page()
    page.add_init_script(f"({shots._SHIFT})()")
    page.goto(f"{town.url}/lapor/cerita/")
    expect(page.locator("[data-resume]")).to_be_visible()
    page.wait_for_timeout(250)  # what shifts, shifts late
    assert page.evaluate("window.__shift") < 0.02
    assert is_uncovered(page.locator(".foot .primary"))
    page.locator("#id_words").press_sequentially("Longsor, rumah tertimbun, ada orang di dalam")
    expect(page.locator("[data-call-first]")).to_be_visible()
    page.wait_for_timeout(200)
    assert is_uncovered(page.locator("[data-call-first] a").first)
    assert page.locator("[data-resume]").evaluate("one => one.offsetHeight") < 90
    for one in (*page.locator("[name=category]:visible").all(), page.locator("[data-resume-go]")):
        one.evaluate("one => one.scrollIntoView({ block: 'center' })")
        assert is_uncovered(one)
    assert is_uncovered(page.locator(".foot .primary"))


def test_nobody_goes_on_without_a_photo_that_was_not_sent(town: Town) -> None:
    page = town.page(path="/lapor/")
    page.context.set_offline(True)
    chosen(page, "dermaga.jpg", jpeg((400, 300)))
    row, ask = page.locator("[data-rows] .photo-row"), page.locator("[data-ask]")
    expect(row).to_contain_text("Belum terkirim")
    expect(row.locator("small .icon")).to_be_visible()
    expect(page.locator("[data-offline]")).to_contain_text("Foto yang belum terkirim tidak ikut tersimpan")
    expect(page.locator("[data-saved]")).to_be_hidden()
    page.locator(".foot .primary").click()
    expect(ask).to_contain_text("Foto di atas belum terkirim")
    ask.get_by_text("Coba lagi").click()
    expect(ask).to_be_focused()
    expect(row).to_contain_text("Belum terkirim")
    page.context.set_offline(False)
    expect(page.locator(".photo-card")).to_be_visible()
    expect(row).to_have_count(0)
    expect(ask).to_be_hidden()
    assert page.url.split("?")[0].endswith("/lapor/")
    onwards(page)
    assert stored(StoredFile.objects.count) == 1


def test_a_photo_that_failed_is_tried_again_or_left_behind_in_words(town: Town) -> None:
    page = town.page(path="/lapor/")
    page.route("**/lapor/foto/", lambda route: route.abort())
    chosen(page, "satu.jpg", jpeg((400, 300)))
    row, again = page.locator("[data-rows] .photo-row"), page.locator("[data-rows] [data-again]")
    again.click()
    expect(again).to_be_visible()
    page.unroute("**/lapor/foto/")
    chosen(page, "dua.jpg", jpeg((300, 200)))
    expect(page.locator("[data-photos] img")).to_have_count(2)
    expect(row).to_have_count(0)
    page.route("**/lapor/foto/", lambda route: route.fulfill(status=503, body="sibuk"))
    chosen(page, "tiga.jpg", jpeg((200, 200)))
    expect(row).to_have_class("photo-row card failed")
    page.locator(".foot .primary").click()
    with page.expect_navigation(url="**/lapor/tempat/**"):
        page.locator("[data-ask-without]").click()
    assert stored(StoredFile.objects.count) == 2


@pytest.mark.parametrize("status", [422, 409])
def test_nobody_goes_on_without_a_photo_that_was_refused_meanwhile(town: Town, status: int) -> None:
    page = town.page(path="/lapor/")
    held: list[Route] = []
    page.route("**/lapor/foto/", lambda route: held.append(route))
    with page.expect_request("**/lapor/foto/"):
        chosen(page, "foto.jpg", b"bukan foto\n" * 100)
    page.locator(".foot .primary").click()
    expect(page.locator("[data-ask]")).to_contain_text("Foto masih dikirim")
    if status == 422:
        held[0].continue_()
    else:
        held[0].fulfill(status=409, content_type="text/plain", body="Laporan ini sudah terkirim.")
    expect(page.locator("[data-ask]")).to_contain_text("Foto di atas belum terkirim")
    words = "bukan foto yang dapat dibaca" if status == 422 else "sudah terkirim"
    expect(page.locator("[data-rows] [role=alert]")).to_contain_text(words)
    assert page.url.split("?")[0].endswith("/lapor/")
    with page.expect_navigation(url="**/lapor/tempat/**"):
        page.locator("[data-ask-without]").click()


def test_why_a_photo_was_refused_stays_beside_a_good_one_till_it_is_removed(town: Town) -> None:
    page = town.page(path="/lapor/")
    files = [("a.jpg", b"bukan foto\n" * 100), ("b.jpg", jpeg((400, 300)))]
    page.set_input_files(
        PICK, [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files]
    )
    row = page.locator("[data-rows] .photo-row")
    expect(page.locator("[data-photos] img")).to_have_count(1)
    expect(row).to_contain_text("bukan foto yang dapat dibaca")
    expect(row.locator("[data-again]")).to_be_hidden()
    row.locator("[data-cancel]").focus()
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    expect(page.locator("[data-photos]")).to_be_focused()
    onwards(page)
    assert stored(StoredFile.objects.count) == 1


def lose_answer(route: Route) -> None:
    """The server has it; the answer is lost."""
    route.fetch()
    route.abort()


def test_a_photo_whose_answer_was_lost_is_stored_once(town: Town) -> None:
    page = town.page(path="/lapor/")
    page.route("**/lapor/foto/", lose_answer, times=1)
    chosen(page, "satu.jpg", jpeg((400, 300)))
    again = page.locator("[data-rows] [data-again]")
    expect(again).to_be_visible()
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-photos]")).to_be_focused()
    expect(page.locator("[data-photos] img")).to_have_count(1)
    assert stored(StoredFile.objects.count) == 1


def test_a_photo_removed_while_its_answer_was_lost_does_not_go_along(town: Town) -> None:
    page = town.page(path="/lapor/")
    page.route("**/lapor/foto/", lose_answer, times=1)
    chosen(page, "satu.jpg", jpeg((400, 300)))
    expect(page.locator("[data-rows] [data-again]")).to_be_visible()
    page.locator("[data-rows] [data-cancel]").click()
    onwards(page)
    assert stored(StoredFile.objects.count) == 0


def test_the_row_keeps_the_focus_while_its_photo_is_tried_again(town: Town) -> None:
    page = town.page(path="/lapor/")
    page.route("**/lapor/foto/", lambda route: route.abort())
    chosen(page, "satu.jpg", jpeg((400, 300)))
    again = page.locator("[data-rows] [data-again]")
    expect(again).to_be_visible()
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-rows] .photo-row")).to_be_focused()
    expect(again).to_be_visible()


def test_next_waits_for_a_photo_that_is_under_way(town: Town) -> None:
    page = town.page(path="/lapor/")
    held: list[Route] = []
    page.route("**/lapor/foto/", lambda route: held.append(route))
    with page.expect_request("**/lapor/foto/"):
        chosen(page, "dermaga.jpg", jpeg((400, 300)))
    page.locator(".foot .primary").click()
    expect(page.locator(".foot .primary")).to_have_text("Menunggu foto…")
    expect(page.locator("[data-ask]")).to_contain_text("Foto masih dikirim")
    with page.expect_navigation(url="**/lapor/tempat/**"):
        held[0].continue_()
    assert stored(StoredFile.objects.count) == 1


def words_of_follower(page: Page) -> int:
    """How many forms of follow pages the browser keeps the words of."""
    places = "Object.keys(localStorage).filter((one) => one.startsWith('kotacerdas.follow.'))"
    return int(page.evaluate(f"{places}.length"))


def test_a_followers_words_outlive_a_lost_line_and_a_closed_page(town: Town) -> None:
    number, link = handed_over()
    desk = town.page("rudi", f"/desk/iceta/{number}/?langkah=ask")
    desk.fill("#langkah textarea[name=body]", "Di sisi mana?")
    onwards(desk, "#langkah button.primary")
    page = town.page(path=link)
    page.fill("#body", "Di sisi laut, dekat tangga")
    page.context.set_offline(True)
    page.locator("#answer [type=submit]").click()
    expect(page.locator("#answer [data-no-signal]")).to_have_text(
        "Tidak ada sinyal. Tulisan Anda masih ada; coba lagi saat sinyal kembali."
    )
    page.context.set_offline(False)
    expect(page.locator("[data-no-signal]")).to_be_hidden()
    page.route("**/jawab/", lambda route: route.abort())
    page.locator("#answer [type=submit]").click()
    page.wait_for_timeout(500)  # the browser's own page says that nothing answered
    anew = page.context.new_page()
    page.close()
    anew.goto(town.url + link)
    expect(anew.locator("#body")).to_have_value("Di sisi laut, dekat tangga")
    assert link.split("/")[2] not in anew.evaluate("JSON.stringify(localStorage)")
    onwards(anew, "#answer [type=submit]")
    expect(anew.locator("#answer")).to_have_count(0)
    assert words_of_follower(anew) == 0


def test_a_followers_words_that_never_arrived_are_shown_once_nobody_asks_for_them(town: Town) -> None:
    number, link = handed_over()
    desk = town.page("rudi", f"/desk/iceta/{number}/?langkah=ask")
    desk.fill("#langkah textarea[name=body]", "Di sisi mana?")
    onwards(desk, "#langkah button.primary")
    page = town.page(path=link)
    page.fill("#body", "Di sisi laut,\ndekat tangga")
    page.route("**/jawab/", lambda route: route.abort())
    page.locator("#answer [type=submit]").click()
    page.wait_for_timeout(500)  # the browser's own page says that nothing answered
    desk.goto(f"{town.url}/desk/iceta/{number}/?langkah=resolve")
    desk.fill("#langkah textarea[name=body]", "Papan sudah diganti tadi pagi")
    onwards(desk, "#langkah button.primary")
    anew = page.context.new_page()
    anew.goto(town.url + link)
    notice = anew.locator("[data-follow] > .notice").first
    expect(notice).to_contain_text("belum terkirim")
    expect(notice.locator(".speech")).to_have_text("Di sisi laut,dekat tangga")
    assert words_of_follower(anew) == 1
    notice.locator("button").click()
    expect(notice).to_have_count(0)
    expect(anew.locator("[data-follow]")).to_be_focused()
    assert words_of_follower(anew) == 0


def test_a_followers_words_that_arrived_go_though_their_answer_was_lost(town: Town) -> None:
    number, link = handed_over()
    desk = town.page("rudi", f"/desk/iceta/{number}/?langkah=ask")
    desk.fill("#langkah textarea[name=body]", "Di sisi mana?")
    onwards(desk, "#langkah button.primary")
    page = town.page(path=link)
    page.fill("#body", "Di sisi laut,\ndekat tangga")
    page.route("**/jawab/", lose_answer)
    page.locator("#answer [type=submit]").click()
    page.wait_for_timeout(1000)
    anew = page.context.new_page()
    anew.goto(town.url + link)
    expect(anew.locator(".timeline")).to_contain_text("dekat tangga")
    expect(anew.get_by_text("belum terkirim")).to_have_count(0)
    assert words_of_follower(anew) == 0


def test_words_of_rating_and_reopening_are_kept_each_for_its_own_link(town: Town) -> None:
    (number, link), (_, other) = handed_over(), handed_over()
    desk = town.page("rudi", f"/desk/iceta/{number}/?langkah=resolve")
    desk.fill("#langkah textarea[name=body]", "Papan sudah diganti tadi pagi")
    onwards(desk, "#langkah button.primary")
    page = town.page(path=link)
    page.fill("#rate-words", "Cepat, tetapi pakunya longgar")
    page.locator("#rate [name=rating][value='3']").check(force=True)
    page.locator("#reopen summary").click()
    page.fill("#again", "Pagar belum dipasang")
    page.goto(town.url + other)
    page.goto(town.url + link)
    expect(page.locator("#rate-words")).to_have_value("Cepat, tetapi pakunya longgar")
    expect(page.locator("#rate [name=rating][value='3']")).to_be_checked()
    expect(page.locator("#again")).to_be_visible()
    expect(page.locator("#again")).to_have_value("Pagar belum dipasang")
    onwards(page, "#reopen [type=submit]")
    expect(page.locator("#reopen")).to_have_count(0)
    assert words_of_follower(page) == 1  # the rating was not sent
