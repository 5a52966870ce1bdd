"""Citizens' pages on a cheap phone: light, still, readable, no sideways scroll, nothing that axe finds."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from conftest import DESK, PHONE, STORY, fill_report, send_report
from playwright.sync_api import Page, expect
from trials import shots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COLD, NEXT, SHIFT = 60_000, 10_000, 0.02
PAGES = {
    "portal": "/",
    "photo": "/lapor/",
    "place": "/lapor/tempat/",
    "words": "/lapor/cerita/?q=papan+dermaga+patah",
    "you": "/lapor/anda/",
    "check": "/lapor/periksa/",
}


def loaded(page: Page, address: str) -> None:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(250)  # what shifts, shifts late


def flaws(page: Page) -> list[str]:
    """What is wrong with a loaded page besides its weight."""
    found = shots.axe_flaws(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    if (shift := page.evaluate("window.__shift")) > SHIFT:
        found.append(f"moves while loading: {shift:.3f}")
    return found


def a_report(town, photo) -> dict[str, str]:
    """The pages of a report that was just sent."""
    page = town.page(path="/lapor/")
    fill_report(page, photo)
    _number, link = send_report(page)
    return {"sent": f"{link}terkirim/", "follow": link}


class PageWeight:
    """Bytes on the wire, as the browser counts them: of the pages, and apart from them of reporters' photos."""

    def __init__(self, page: Page) -> None:
        self.pages = self.photos = 0
        self.photo_requests: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._look)
        session.on("Network.loadingFinished", self._add)
        session.send("Network.enable")

    def _look(self, event: dict[str, Any]) -> None:
        if event["type"] == "Image" and "/static/" not in event["response"]["url"]:
            self.photo_requests.add(event["requestId"])

    def _add(self, event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        if event["requestId"] in self.photo_requests:
            self.photos += size
        else:
            self.pages += size


def weights(town, address: str, others: list[str]) -> tuple[int, list[int]]:
    """Bytes of a page opened cold, photos and all, and of the others after it without reporters' photos."""
    context = town.context()
    page = context.new_page()
    weight = PageWeight(page)
    loaded(page, town.url + address)
    cold, after = weight.pages + weight.photos, []
    for other in others:
        before = weight.pages
        loaded(page, town.url + other)
        after.append(weight.pages - before)
    print(
        f"{address}: {cold / 1000:.1f} KB cold",
        *(f"{one / 1000:.1f}" for one in after),
        f"photos {weight.photos}",
    )
    context.close()
    return cold, after


def test_citizens_pages_weigh_little(town, photo):
    doors = PAGES | a_report(town, photo)
    heavy = []
    for name, address in doors.items():
        others = [other for other in doors.values() if other != address] if name == "portal" else []
        cold, after = weights(town, address, others)
        heavy += [(name, cold)] * (cold > COLD) + [(name, after)] * (max(after, default=0) > NEXT)
    assert heavy == []


def test_citizens_pages_stand_still_and_are_accessible(town, photo):
    doors = PAGES | a_report(town, photo)
    wrong = {}
    for language, size in itertools.product(("id", "en"), (PHONE, DESK)):
        page = town.page(language=language, viewport=size)
        page.add_init_script(f"({shots._SHIFT})()")
        for name, address in doors.items():
            loaded(page, town.url + address)
            if found := flaws(page):
                wrong[name, language, size["width"]] = found
    assert wrong == {}


def test_the_pages_of_a_filled_report_scroll_down_only(town, photo):
    """The same pages when they carry a photo, a village and long words."""
    page = town.page(path="/lapor/")
    page.add_init_script(f"({shots._SHIFT})()")
    fill_report(page, photo)
    found = flaws(page)
    page.go_back()
    expect(page.locator("#id_identity")).to_be_visible()
    found += flaws(page)
    page.go_back()
    page.fill("#id_words", STORY + " " + "dermaga" * 40)
    assert found + flaws(page) == []
