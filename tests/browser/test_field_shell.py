"""The field shell on a phone: work goes on without a network, and what was written arrives once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from conftest import JETTY, PHONE, Town, counts, handed_over, jpeg, stored
from playwright.sync_api import Page, expect
from trials import shots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "kuda-laut 71"
NOTE = "Papan ketiga dari tangga lepas"
CATCH = "() => navigator.serviceWorker.ready.then(() => new Promise((done) => setTimeout(done, 100)))"
SHOTS = os.environ.get("FIELD_SHOTS", "")


def enrolled(town: Town, **given: Any) -> Page:
    """Rudi's phone, set up by his sign-in, with today's work on it and the shell stored."""
    page = town.page(
        "rudi",
        "/lapangan/pasang/",
        viewport=PHONE,
        geolocation={"latitude": JETTY[0], "longitude": JETTY[1], "accuracy": 8},
        permissions=["geolocation"],
        **given,
    )
    page.fill("#id_label", "Ponsel Rudi")
    page.locator("[data-enrol] button[type=submit]").click()
    page.wait_for_url("**/lapangan/")
    page.locator(".next").wait_for()
    page.evaluate(CATCH)
    return page


def notes() -> list[str]:
    """What the inside notes in the store say."""
    from kotacerdas.foundation.cases.models import Note

    return list(Note.objects.filter(kind="inside").values_list("body", flat=True))


def shot(page: Page, name: str) -> None:
    """A picture of the page, where the environment names a folder for them."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def open_form(page: Page, label: str) -> None:
    """From today's page to a form of the next record."""
    page.locator(".next > a").first.click()
    page.get_by_role("button", name=label, exact=True).click()


def offline(town: Town) -> None:
    """No server answers any more; the service worker's own requests fail too."""
    town.house.kill("web")


def online(town: Town, page: Page) -> None:
    town.house.start("web")
    page.goto(f"{town.url}/lapangan/#/kotak")
    page.locator("main h1").wait_for()
    send = page.locator(".main.dark")
    if send.count():
        send.click()


def test_a_note_with_a_photo_written_offline_arrives_once(town: Town, tmp_path: Path) -> None:
    handed_over()
    page = enrolled(town)
    shot(page, "today")
    offline(town)
    page.reload()
    open_form(page, "Catatan dalam")
    page.locator("textarea").press_sequentially(NOTE[:10])
    photo = tmp_path / "papan.jpg"
    photo.write_bytes(jpeg((1200, 900)))
    page.set_input_files("input[type=file]", photo)
    expect(page.locator("figure img")).to_have_count(1)
    page.reload()
    expect(page.locator("textarea")).to_have_value(NOTE[:10])
    expect(page.locator("figure img")).to_have_count(1)
    shot(page, "form")
    page.locator(".top .back").click()
    page.goto(f"{town.url}/lapangan/#/")
    expect(page.locator(".tag", has_text="Draf")).to_be_visible()
    shot(page, "draft")
    page.locator(".rows a", has_text="Catatan dalam").click()
    page.locator("textarea").press("Control+End")
    page.locator("textarea").press_sequentially(NOTE[10:])
    page.locator(".foot .main").click()
    expect(page.locator(".outbox-bar.waiting")).to_be_visible()
    page.goto(f"{town.url}/lapangan/#/kotak")
    shot(page, "outbox-waiting")
    online(town, page)
    expect(page.locator(".outbox-bar.fine")).to_be_visible(timeout=30_000)
    shot(page, "outbox-sent")

    assert stored(notes) == [NOTE]
    assert counts()[1] == 1


def test_two_tabs_share_one_outbox(town: Town) -> None:
    handed_over()
    page = enrolled(town)
    other = page.context.new_page()
    other.goto(f"{town.url}/lapangan/#/kotak")
    offline(town)
    open_form(page, "Catatan dalam")
    page.locator("textarea").fill(NOTE)
    page.locator(".foot .main").click()
    expect(page.locator(".outbox-bar.waiting")).to_be_visible()
    expect(other.locator("main .card", has_text="Catatan dalam")).to_be_visible()
    town.house.start("web")
    for tab in (page, other, page):
        tab.evaluate("dispatchEvent(new Event('online'))")
    expect(other.locator(".outbox-bar.fine")).to_be_visible(timeout=30_000)
    assert stored(notes) == [NOTE]


def test_a_refused_entry_is_corrected_and_sent(town: Town) -> None:
    """A new report written offline; only the server knows that no such country's number exists."""
    handed_over()
    before = counts()[0]
    page = enrolled(town)
    page.get_by_role("button", name="Laporan baru").click()  # it asks for names: first a PIN is set
    page.locator("#pin").fill(PIN)
    page.locator("#again").fill(PIN)
    page.locator("form .main").click()
    page.locator("[name=words]").wait_for()
    offline(town)
    page.locator("[name=words]").fill("Pagar dermaga roboh kena ombak")
    page.locator("[name=category][value=jetty]").check()
    page.get_by_role("button", name="posisi").click()
    expect(page.locator("[data-field=place] [role=status]")).to_contain_text("8 m")
    page.locator("[name=phone]").fill("+999 12345678")
    shot(page, "report")
    page.locator(".foot .main").click()
    expect(page.locator(".outbox-bar.waiting")).to_be_visible()
    online(town, page)
    card = page.locator(".card.wrong")
    expect(card).to_be_visible(timeout=30_000)
    shot(page, "outbox-refused")
    card.get_by_role("button", name="Perbaiki").click()
    expect(page.locator("[data-field=phone] .problem")).to_be_visible()
    shot(page, "correct")
    page.locator("[name=phone]").fill("0812-3456-7890")
    page.locator(".foot .main").click()
    expect(page.locator(".outbox-bar.fine")).to_be_visible(timeout=30_000)
    assert counts()[0] == before + 1


def test_axe_and_the_largest_letters_find_no_flaw(town: Town) -> None:
    handed_over()
    for language in ("id", "en"):
        page = enrolled(town, language=language)
        for path in ("", "#/kotak", "#/ponsel", "#/isi/iceta.report.file"):
            page.goto(f"{town.url}/lapangan/{path}")
            page.locator("main h1").wait_for()
            shot(page, f"{language}-{path.replace('/', '_').replace('#', '') or 'hari'}")
            assert shots.axe_flaws(page) == [], path
            page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            shot(page, f"{language}-{path.replace('/', '_').replace('#', '') or 'hari'}-200")
            assert wide <= 0, path
            page.reload()
            page.locator("main h1").wait_for()
        page.goto(f"{town.url}/lapangan/#/")
        page.locator(".next > a").first.click()
        page.locator(".acts").wait_for()
        shot(page, f"{language}-record")
        assert shots.axe_flaws(page) == []
        page.context.close()
