"""Two stories in two tabs of one phone: each stays its own, and dropping one leaves the other."""

from __future__ import annotations

import pytest
from conftest import Town
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIER, TREE, SLIDE = (
    "Papan dermaga patah sejak kemarin",
    "Pohon tumbang menutup jalan",
    "Longsor menutup jalan desa",
)


def onwards(page: Page) -> None:
    """Press on, from whatever page of a report it is."""
    with page.expect_navigation():
        page.locator("button[name=go][value=next]:not(.unseen)").first.click()


def tell(context: BrowserContext, town: Town, words: str) -> Page:
    """A tab with a story of its own, back on the page where it is written."""
    page = context.new_page()
    page.goto(f"{town.url}/lapor/cerita/")
    page.fill("#id_words", words)
    onwards(page)
    page.goto(f"{town.url}/lapor/cerita/?draf=" + page.url.split("draf=")[1][:36])
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
def test_two_tabs_tell_two_stories(town: Town, scripts: bool) -> None:
    context = town.context(java_script_enabled=scripts)
    first, second = tell(context, town, PIER), tell(context, town, TREE)
    for page, words in ((first, PIER), (second, TREE)):
        page.reload()
        expect(page.locator("#id_words")).to_have_value(words)
    third = context.new_page()
    third.goto(f"{town.url}/lapor/cerita/?q={SLIDE.replace(' ', '+')}")
    expect(third.locator("[data-resume-words]")).to_contain_text("Pohon tumbang")
    with third.expect_navigation():
        third.locator("[data-resume-drop]").click()
    expect(third.locator("#id_words")).to_have_value(SLIDE)
    expect(third.locator("[data-resume]")).to_be_hidden()
    first.reload()
    expect(first.locator("#id_words")).to_have_value(PIER)
