"""A phone in the field as the browser tests use it: set up, its forms, what stands on it."""

from __future__ import annotations

from typing import Any

from conftest import JETTY, PHONE, Town, stored
from playwright.sync_api import Page

BAR = ".outbox-bar strong"
FILE = "input[type=file]:not([capture])"
WORKER = "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
_RAW = """async () => {
  const flat = async (one) => {
    if (one instanceof Blob) return flat(await one.arrayBuffer());
    if (one instanceof ArrayBuffer || ArrayBuffer.isView(one)) return String.fromCharCode(...new Uint8Array(one.buffer ?? one).slice(0, 60000));
    if (Array.isArray(one)) return Promise.all(one.map(flat));
    if (one && typeof one === "object") return Object.fromEntries(await Promise.all(Object.entries(one).map(async ([key, value]) => [key, await flat(value)])));
    return one;
  };
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const base = await asked(indexedDB.open("lapangan"));
  const found = {};
  for (const name of base.objectStoreNames) {
    const rows = await asked(base.transaction(name).objectStore(name).getAll());
    found[name] = await Promise.all(rows.map(async (row) => JSON.stringify(await flat(row))));
  }
  base.close();
  return found;
}"""
STORE = "document.querySelector('link[rel=modulepreload][href*=\"sync/store\"]').href"


def enrolled(town: Town, who: str = "rudi", *, url: str = "", **given: Any) -> Page:
    """A phone of somebody's, set up by signing in, with its forms on it and its service worker in charge."""
    page = town.page(
        who,
        viewport=PHONE,
        geolocation={"latitude": JETTY[0], "longitude": JETTY[1], "accuracy": 8},
        permissions=["geolocation"],
        **given,
    )
    set_up(page, url or town.url)
    return page


def set_up(page: Page, url: str) -> None:
    """Enrol the browser in which somebody is signed in."""
    page.goto(f"{url}/lapangan/pasang/")
    page.fill("#id_label", "Ponsel uji")
    page.locator("[data-enrol] button[type=submit]").click()
    page.wait_for_url("**/lapangan/")
    page.locator("main .wide").first.wait_for()  # the forms that begin something new
    page.wait_for_function(WORKER)


def open_form(page: Page, label: str) -> None:
    """From today's page to a form of the next record."""
    page.locator(".next .main").click()
    page.get_by_role("button", name=label, exact=True).click()
    page.locator(".foot").wait_for()


def save(page: Page) -> None:
    page.locator(".foot .main").click()


def set_pin(page: Page, pin: str, again: str = "") -> None:
    page.fill("#pin", pin)
    page.fill("#again", again or pin)
    page.locator("form .main").click()


def raw(page: Page) -> dict[str, list[str]]:
    """What stands in the phone's storage, by store: each row as text, its bytes as letters."""
    found: dict[str, list[str]] = page.evaluate(_RAW)
    return found


def back_online(town: Town, page: Page) -> None:
    """The server answers again, and somebody presses the button that sends."""
    town.house.start("web")
    page.goto(f"{page.url.split('#')[0]}#/kotak")
    page.get_by_role("button", name="Kirim semua sekarang").click()


def opened_anew(page: Page) -> None:
    """The app is opened again at its first page, and asks the server what is new."""
    page.goto(f"{page.url.split('#')[0]}#/")
    with page.expect_response("**/lapangan/tukar/**"):
        page.reload()


def notes() -> list[tuple[str, int]]:
    """The words of each inside note of the store, and how many photos hang on it."""
    from kotacerdas.foundation.cases.models import Note

    rows = lambda: Note.objects.filter(kind="inside").order_by("created_at")  # noqa: E731
    return stored(lambda: [(one.body, one.files.count()) for one in rows()])


def revoke() -> None:
    """The desk signs every phone out."""
    from kotacerdas.foundation.sync.models import Phone
    from kotacerdas.kernel import clock

    stored(lambda: Phone.objects.update(revoked_at=clock.now()))
