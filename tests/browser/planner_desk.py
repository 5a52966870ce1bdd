"""The planner's desk as the browser tests use it."""

from __future__ import annotations

from conftest import Town
from playwright.sync_api import Page


def asked_and_made(page: Page, town: Town) -> None:
    """Ask for the plan of the day that is open with two seconds of search, and wait for it."""
    page.eval_on_selector("#seconds option", "option => { option.value = '2'; }")
    page.select_option("#seconds", index=0)
    page.keyboard.press("h")
    page.locator("#run").wait_for()
    town.house.start("worker")
    page.locator(".tag.padi", has_text="Layak, 0 pelanggaran").wait_for(timeout=60_000)
