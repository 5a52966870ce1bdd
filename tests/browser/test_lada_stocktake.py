"""A stocktake with two phones without a network, and a missing laptop that is followed up at the desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Town, stored
from field_phone import BAR, FILE, back_online, enrolled, save
from playwright.sync_api import Page, expect
from trials import shots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def goods() -> dict[str, str]:
    """Two laptops and a projector in one room, a fridge in another; each with its NIBAR, one with its label."""
    from kotacerdas.programs.lada.actions.labels import labels_of_goods
    from kotacerdas.programs.lada.tests import world

    tu, kia = world.room("R1", "Tata usaha"), world.room("R2", "KIA dan KB")
    made = {}
    for name, room in (("Laptop A", tu), ("Laptop B", tu), ("Proyektor", tu), ("Lemari es", kia)):
        made[name] = world.good(data={"room": str(room.id), "name": name})
    (label,) = labels_of_goods(actor=world.officer(), goods=[made["Laptop A"]])
    return {**{name: one.nibar for name, one in made.items()}, "label": label.token}


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("LADA_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def looks(town: Town, path: str, name: str) -> None:
    """Pictures of a desk page at three widths and in both languages, for whoever asks for them."""
    if not os.environ.get("LADA_SHOTS"):
        return
    for width, height in ((360, 740), (1366, 768), (1440, 1000)):
        for language in ("id", "en"):
            page = town.page("endah", path, viewport={"width": width, "height": height}, language=language)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width, language)
            shot(page, f"{name}-{width}-{language}")
            page.context.close()


def opened(town: Town) -> Page:
    """The desk opens a stocktake of all the agency, in which both count everywhere."""
    desk = town.page("endah", "/desk/barang/inventarisasi/baru/")
    desk.fill("#id_name", "Dinas PU 2026")
    desk.fill("#id_due_on", desk.evaluate("new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)"))
    for who in ("Tono", "Asri"):
        desk.get_by_label(who, exact=True).check()
    shot(desk, "open")
    desk.get_by_role("button", name="Buka inventarisasi ini").click()
    desk.wait_for_url("**/INV-*/")
    return desk


def code(page: Page, text: str) -> None:
    page.locator("[name=code]").fill(text)


def condition(page: Page, name: str = "good") -> None:
    page.locator(f"[name=condition][value={name}]").check()


def test_two_phones_count_offline_and_what_is_missing_is_followed_up(town: Town, photo: Path) -> None:
    known = stored(goods)
    desk = opened(town)
    tono, asri = enrolled(town, "tono"), enrolled(town, "asri")
    expect(tono.locator(".next strong").first).to_have_text("Tata usaha")
    shot(tono, "rooms")
    town.house.kill("web")  # no network at all

    tono.locator(".next .main").click()
    shot(tono, "room")
    tono.get_by_role("button", name="Pindai label").click()
    code(tono, f"https://contoh.test/b/{known['label']}/")
    expect(tono.locator(".story strong")).to_have_text("Laptop A")
    expect(tono.locator(".field .notice")).to_have_count(0)
    condition(tono)
    tono.locator("[data-field=photo]").locator(FILE).set_input_files(photo)
    expect(tono.locator("[data-field=photo] figure img")).to_have_count(1, timeout=20_000)
    save(tono)
    expect(tono.get_by_text("Tersimpan. Berikutnya?")).to_be_visible()
    expect(tono.locator("[name=code]")).to_have_value("")
    expect(tono.locator(BAR)).to_have_text("1 belum terkirim")
    code(tono, known["Lemari es"].lower())
    expect(tono.locator(".field .notice")).to_contain_text("Bukan tempatnya")
    expect(tono.locator(".field .notice")).to_contain_text("Seharusnya di KIA dan KB. Anda di Tata usaha")
    condition(tono, "light")
    shot(tono, "scan")
    assert shots.axe_flaws(tono) == []
    assert not tono.evaluate("document.documentElement.scrollWidth > innerWidth")
    save(tono)
    expect(tono.locator(BAR)).to_have_text("2 belum terkirim")
    tono.goto(f"{town.url}/lapangan/#/kotak")
    expect(tono.get_by_text("Lemari es · Tata usaha")).to_be_visible()
    shot(tono, "outbox")

    asri.get_by_role("link", name="Barang yang seharusnya ada").click()
    asri.locator(".rows a", has_text="Laptop B").click()
    asri.get_by_role("button", name="Tidak ada di sini").click()
    asri.locator("[name=reason][value=not_found]").check()
    asri.locator("[name=words]").fill("Meja sudah kosong")
    save(asri)
    expect(asri.locator("[name=reason]")).to_have_count(0)  # stored, and the app has gone on by itself
    expect(asri.locator(BAR)).to_have_text("1 belum terkirim")
    asri.goto(f"{town.url}/lapangan/#/")
    asri.locator(".rows a, .next a", has_text="Tata usaha").first.click()
    asri.get_by_role("button", name="Barang tanpa label").click()
    asri.locator("[name=words]").fill("Kursi tunggu dua dudukan")
    condition(asri)
    save(asri)
    expect(asri.locator(BAR)).to_have_text("2 belum terkirim")

    back_online(town, tono)
    asri.evaluate("dispatchEvent(new Event('online'))")
    for phone in (tono, asri):
        expect(phone.locator(BAR)).to_have_text("Semua terkirim", timeout=30_000)
    followed_up(town, desk)
    town.said.clear()  # what Chromium says of refused connections


def followed_up(town: Town, desk: Page) -> None:
    """The desk sees what was found, closes, and settles the missing laptop."""
    desk.reload()
    tiles = desk.locator(".count-tiles .card > .num").all_inner_texts()
    assert tiles == ["4", "1", "1", "1", "1", "1"]
    expect(desk.locator(".count-findings")).to_contain_text("Meja sudah kosong")
    expect(desk.locator(".count-findings")).to_contain_text("Di ruang lain: Tata usaha")
    expect(desk.locator(".count-findings")).to_contain_text("Kursi tunggu dua dudukan")
    shot(desk, "session")
    looks(town, desk.url.removeprefix(town.url) + "?ruang=R1", "session")
    assert shots.axe_flaws(desk) == []
    desk.get_by_role("link", name="Tutup inventarisasi").click()
    desk.get_by_label("tetap belum dihitung").check()
    shot(desk, "close")
    desk.get_by_role("button", name="Tutup dan kunci").click()
    desk.get_by_text("ditutup dan dikunci").first.wait_for()
    shot(desk, "closed")
    desk.locator(".count-findings tr", has_text="Laptop B").locator("td a").click()
    desk.get_by_text("Meja sudah kosong").wait_for()
    shot(desk, "finding")
    looks(town, desk.url.removeprefix(town.url), "finding")
    looks(town, "/desk/barang/inventarisasi/", "list")
    looks(town, "/desk/barang/inventarisasi/baru/", "open")
    desk.get_by_role("button", name="Selesaikan").or_(
        desk.get_by_role("link", name="Selesaikan")
    ).first.click()
    desk.locator("[name=outcome]").select_option("claim")
    shot(desk, "settle")
    desk.locator("form:has([name=outcome]) button[type=submit]").click()
    expect(desk.get_by_text("Sudah diselesaikan.").first).to_be_visible()
