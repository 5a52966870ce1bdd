"""The field shell in a real browser: work that never waits for the network."""

from __future__ import annotations

import pytest
from conftest import PHONE, Town, handed_over, stored
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BAR = ".outbox-bar strong"


def enrolled(town: Town, who: str = "rudi", **given) -> Page:
    """A phone of somebody's, enrolled by signing in, with its work on it and its service worker in charge."""
    page = town.page(who, "/lapangan/pasang/", viewport=PHONE, **given)
    page.fill("#id_label", "Ponsel uji")
    page.get_by_role("button", name="Gunakan ponsel ini").click()
    page.locator(".next").wait_for()
    page.wait_for_function(
        "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
    )
    return page


def open_form(page: Page, name: str) -> None:
    page.locator(".next .main").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.locator(".foot").wait_for()


def save(page: Page, name: str) -> None:
    page.locator(".foot").get_by_role("button", name=name).click()


def test_an_incomplete_form_stays_a_draft_and_a_refused_entry_says_why(town: Town) -> None:
    handed_over()
    page = enrolled(town)
    open_form(page, "Catatan dalam")
    save(page, "Simpan catatan")  # nothing written: it stays a draft, and says what is missing
    expect(page.locator(".foot .problem")).to_contain_text("Belum lengkap")
    page.fill("textarea", "Ditulis terlalu lama.")
    page.evaluate(
        """async () => {
            const { change } = await import(document.querySelector('link[rel=modulepreload][href*="store"]').href);
            await change("meta", "phone", (phone) => ({ ...phone, offset: -3600000 }));
        }"""
    )  # its clock stands an hour behind: before its last empty outbox
    save(page, "Simpan catatan")
    expect(page.locator(BAR)).to_have_text("1 perlu diperbaiki")
    expect(page.locator(".reason")).to_contain_text("tidak mungkin benar")


def test_a_revoked_phone_is_emptied_at_its_next_contact(town: Town) -> None:
    handed_over()
    page = enrolled(town)

    def revoke() -> None:
        from kotacerdas.foundation.sync.models import Phone
        from kotacerdas.kernel import clock

        Phone.objects.update(revoked_at=clock.now())

    stored(revoke)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".notice")).to_contain_text("dikeluarkan oleh kantor")
    assert (
        page.evaluate(
            """() => new Promise((done) => { const open = indexedDB.open("lapangan"); open.onsuccess = () => {
            const read = open.result.transaction("records").objectStore("records").count();
            read.onsuccess = () => done(read.result); }; })"""
        )
        == 0
    )
