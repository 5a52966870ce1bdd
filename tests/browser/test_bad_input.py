"""What goes wrong at a door: said in Indonesian, with a way out, nothing half-written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from conftest import STORY, Town, fill_report, handed_over, jpeg, onwards, send_report, stored
from playwright.sync_api import Page, expect

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
    expect(page.locator("[data-photos] .field-error")).to_contain_text("bukan foto yang dapat dibaca")
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
