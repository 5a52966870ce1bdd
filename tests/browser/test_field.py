"""The field shell on a phone: work goes on without a network, what was written arrives once, and a PIN seals it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import STORY, Town, counts, handed_over
from field_phone import (
    BAR,
    FILE,
    STORE,
    back_online,
    enrolled,
    notes,
    open_form,
    raw,
    revoke,
    save,
    set_pin,
)
from playwright.sync_api import Page, expect
from trials import shots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE = "Papan ketiga dari tangga lepas"
PIN, OTHER = "kuda-laut 71", "940271"
_SPOIL = """async () => {
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const base = await asked(indexedDB.open("lapangan"));
  const rows = await asked(base.transaction("records").objectStore("records").getAll());
  new Uint8Array(rows[0].sealed.data)[5] ^= 255;
  await asked(base.transaction("records", "readwrite").objectStore("records").put(rows[0]));
  base.close();
}"""


def test_a_note_written_offline_arrives_once_from_two_tabs(town: Town, photo: Path) -> None:
    handed_over()
    page = enrolled(town)
    other = page.context.new_page()
    other.goto(f"{town.url}/lapangan/#/kotak")
    town.house.kill("web")  # no network at all
    page.reload()  # the phone was switched off and on
    open_form(page, "Catatan dalam")
    page.locator("textarea").press_sequentially(NOTE[:10])
    page.set_input_files(FILE, photo)
    expect(page.locator("figure img")).to_have_count(1, timeout=20_000)
    page.reload()  # in mid-writing
    expect(page.locator("textarea")).to_have_value(NOTE[:10])
    expect(page.locator("figure img")).to_have_count(1, timeout=20_000)
    page.goto(f"{town.url}/lapangan/#/")
    expect(page.locator(".tag", has_text="Draf")).to_be_visible()
    page.locator(".rows a", has_text="Catatan dalam").click()
    page.locator("textarea").press("Control+End")
    page.locator("textarea").press_sequentially(NOTE[10:])
    page.evaluate(
        "for (const _n of [1, 2, 3]) document.querySelector('.foot .main').click()"
    )  # a trembling thumb
    expect(page.locator(BAR)).to_have_text("1 belum terkirim")
    expect(other.locator("main .card", has_text="Catatan dalam")).to_be_visible()
    town.house.start("web")
    for tab in (page, other, page):
        tab.evaluate("dispatchEvent(new Event('online'))")
    for tab in (page, other):
        expect(tab.locator(BAR)).to_have_text("Semua terkirim", timeout=30_000)
    assert notes() == [(NOTE, 1)]
    town.said.clear()  # what Chromium says of refused connections


def test_what_is_incomplete_stays_a_draft_and_what_is_refused_is_corrected_once(town: Town) -> None:
    handed_over()
    before = counts()[0]
    page = enrolled(town)
    open_form(page, "Catatan dalam")
    save(page)  # nothing written: it says what is missing
    expect(page.locator(".foot .problem")).to_contain_text("Belum lengkap")
    page.fill("textarea", NOTE)
    page.evaluate(
        f"""async () => {{ const {{ change }} = await import({STORE});
            await change("meta", "phone", (phone) => ({{ ...phone, offset: -3600000 }})); }}"""
    )  # its clock stands an hour behind: before its last empty outbox
    save(page)
    expect(page.locator(BAR)).to_have_text("1 perlu diperbaiki")
    expect(page.locator(".reason")).to_contain_text("tidak mungkin benar")
    page.goto(f"{town.url}/lapangan/#/isi/iceta.report.file")  # it asks for names: first a PIN is set
    set_pin(page, PIN)
    page.locator("[name=words]").fill("Pagar dermaga roboh kena ombak")
    page.locator("[name=category][value=jetty]").check()
    page.get_by_role("button", name="posisi").click()
    expect(page.locator("[data-field=place] [role=status]")).to_contain_text("8 m")
    page.locator("[name=phone]").fill("+999 12345678")  # only the server knows that there is no such country
    save(page)
    card = page.locator(".card.wrong", has_text="Laporan baru")
    card.get_by_role("button", name="Perbaiki").click()
    expect(page.locator("[data-field=phone] .problem")).to_be_visible()
    page.locator("[name=phone]").fill("0812-3456-7890")
    save(page)
    expect(page.locator(".sent")).to_have_count(1, timeout=30_000)
    expect(page.locator(BAR)).to_have_text("1 perlu diperbaiki")  # the note alone
    assert counts()[0] == before + 1
    page.locator("summary", has_text="Tidak diperlukan lagi").click()
    page.get_by_role("button", name="Buang isian ini").click()
    expect(page.locator(BAR)).to_have_text("Semua terkirim", timeout=30_000)
    page.goto(f"{town.url}/lapangan/#/keluar")
    out = page.get_by_role("button", name="Keluar dari ponsel ini")
    expect(out).to_be_disabled()  # it deletes everything: nobody comes here by a double tap
    page.locator("[name=sure]").check()
    out.click()
    page.locator("#code").wait_for()
    assert raw(page)["records"] == []


def test_a_pin_seals_the_phone_and_a_forgotten_one_loses_nothing(town: Town, photo: Path) -> None:
    handed_over()
    page = enrolled(town)
    open_form(page, "Catatan dalam")
    page.fill("textarea", "Rahasia sebelum PIN.")
    page.set_input_files(FILE, photo)
    expect(page.locator("figure img")).to_have_count(1, timeout=20_000)
    page.goto(f"{town.url}/lapangan/#/pin")
    for bad, told in (("1234", "sedikitnya"), ("121212", "paling dahulu")):
        set_pin(page, bad)
        expect(page.locator(".problem")).to_contain_text(told)
    set_pin(page, PIN, OTHER)
    expect(page.locator(".problem")).to_contain_text("tidak sama")
    assert shots.axe_flaws(page) == []
    set_pin(page, PIN)
    expect(page.locator("h1")).to_have_text("Ponsel saya")
    town.house.kill("web")
    page.goto(f"{town.url}/lapangan/#/isi/iceta.report.file")
    fill_report(page)
    save(page)
    expect(page.locator(BAR)).to_have_text("1 belum terkirim")
    told = json.dumps(raw(page))
    for secret in ("Wati", "3456", "Rahasia", "Pagar", STORY, "Rudi", "JFIF", '"token"', "exportKey"):
        assert secret not in told, secret

    page.evaluate(_SPOIL)  # one record will not open any more
    page.reload()
    expect(page.locator("h1")).to_have_text("Terkunci")
    assert shots.axe_flaws(page) == []
    before = counts()[0]
    town.house.start("web")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.fill("#pin", "999111")
    page.locator("form .main").click()
    expect(page.locator(".problem")).to_contain_text("1 detik")
    assert counts()[0] == before  # a locked phone sends nothing
    choose_anew(page)
    expect(page.locator(BAR)).to_have_text("Semua terkirim", timeout=20_000)
    assert counts()[0] == before + 1
    page.goto(f"{town.url}/lapangan/#/")
    expect(page.locator(".next")).to_be_visible()  # the record that was spoilt has come again
    page.locator(".rows a", has_text="Catatan dalam").click()  # the draft of before is whole
    expect(page.locator("textarea")).to_have_value("Rahasia sebelum PIN.")
    expect(page.locator("figure img")).to_have_count(1, timeout=20_000)
    page.goto(f"{town.url}/lapangan/#/ponsel")
    page.get_by_role("button", name="Kunci sekarang").click()
    expect(page.locator("h1")).to_have_text("Terkunci")
    revoke()  # lost and locked: it is emptied all the same
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".notice")).to_contain_text("dikeluarkan oleh kantor")
    assert raw(page)["drafts"] == []
    town.said.clear()


def fill_report(page: Page) -> None:
    page.locator("[name=words]").fill("Pagar dermaga roboh kena ombak")
    page.locator("[name=category][value=jetty]").check()
    page.get_by_role("button", name="posisi").click()
    expect(page.locator("[data-field=place] [role=status]")).to_contain_text("8 m")
    page.locator("[name=name]").fill("Wati Kusuma")
    page.locator("[name=phone]").fill("0812-3456-7890")


def choose_anew(page: Page) -> None:
    """Forget the PIN, choose another one after signing in, and open the phone with it."""
    page.locator("summary").click()
    page.get_by_role("link", name="Pilih PIN baru").click()
    page.locator("[data-new-pin]").wait_for()
    page.fill("#pin", OTHER)
    page.fill("#again", OTHER)
    page.get_by_role("button", name="Pakai PIN baru").click()
    expect(page.locator("h1")).to_have_text("Terkunci")
    page.fill("#pin", OTHER)
    page.locator("form .main").click()


def test_a_revoked_phone_is_emptied_and_a_full_one_says_so_before_it_fails(town: Town, photo: Path) -> None:
    handed_over()
    page = enrolled(town)
    page.add_init_script("navigator.storage.estimate = async () => ({ quota: 60e6, usage: 58e6 })")
    town.house.kill("web")
    page.reload()
    expect(page.locator(".outbox-bar")).to_contain_text("hampir penuh")
    open_form(page, "Catatan dalam")
    page.fill("textarea", NOTE)
    page.set_input_files(FILE, photo)
    expect(page.locator("[data-field=photos] .problem")).to_be_visible()
    save(page)  # the record itself stays
    expect(page.locator(BAR)).to_have_text("1 belum terkirim")
    back_online(town, page)
    expect(page.locator(BAR)).to_have_text("Semua terkirim", timeout=30_000)
    assert notes() == [(NOTE, 0)]
    revoke()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".notice")).to_contain_text("dikeluarkan oleh kantor")
    assert raw(page)["records"] == []
    town.said.clear()


def test_axe_and_the_largest_letters_find_no_flaw(town: Town) -> None:
    handed_over()
    for language in ("id", "en"):
        page = enrolled(town, language=language)
        for path in ("", "#/kotak", "#/ponsel", "#/isi/iceta.spot.make"):
            page.goto(f"{town.url}/lapangan/{path}")
            page.locator("main h1").wait_for()
            assert shots.axe_flaws(page) == [], path
            page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            page.reload()
            page.locator("main h1").wait_for()
        page.goto(f"{town.url}/lapangan/#/")
        page.locator(".next > a").first.click()
        page.locator(".acts").wait_for()
        assert shots.axe_flaws(page) == []
        page.context.close()
