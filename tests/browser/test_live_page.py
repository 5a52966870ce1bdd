"""A live page that no longer moves says so, and moves again when it can."""

from __future__ import annotations

import pytest
from conftest import Town
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page) -> None:
    """What the page does at its next event or minute, now."""
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize(("who", "path"), [("piket", "/dinding/"), ("rudi", "/desk/")])
def test_a_page_whose_session_ended_says_so_and_leads_to_the_sign_in(town: Town, who: str, path: str) -> None:
    page = town.page(who, path, language="en")
    fresh = page.locator(".tile.fresh")
    expect(page.locator("[data-live-url]")).to_have_count(1)
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    look(page)
    line = page.locator(".toast.terasi")
    expect(line).to_contain_text("You are signed out")
    expect(fresh).to_have_count(0)
    page.context.add_cookies(kept)  # signed in again in another window
    look(page)
    expect(line).to_have_count(0)
    page.context.clear_cookies(name="sessionid")
    look(page)
    line.get_by_role("button", name="Sign in again").click()
    page.wait_for_url(f"**next={path.replace('/', '%2F')}*")


def test_a_desk_whose_server_is_gone_says_so_by_itself(town: Town) -> None:
    page = town.page("rudi", "/tidak-ada/", language="id")
    page.route("**/live/**", lambda route: route.abort())  # as each attempt of a stream whose server is gone
    page.goto(f"{town.url}/desk/")
    expect(page.locator("[data-live-url]")).to_have_count(1)
    page.route("**/desk/**", lambda route: route.abort())
    expect(page.locator(".toast.terasi")).to_contain_text("berhenti diperbarui", timeout=40_000)
    page.unroute_all()
    look(page)
    expect(page.locator(".toast.terasi")).to_have_count(0)
    town.said.clear()  # what Chromium says of refused connections


def test_a_page_that_left_its_readers_sight_is_not_asked_for_over_and_over(town: Town) -> None:
    page = town.page("rudi", "/desk/", language="id")
    expect(page.locator("[data-live-url]")).to_have_count(1)
    asked: list[str] = []
    page.route("**/desk/iceta/**", lambda route: (asked.append(route.request.url), route.fulfill(status=404)))
    look(page)
    page.wait_for_timeout(12_000)
    assert len(asked) == 1
    expect(page.locator(".toast.terasi")).to_have_count(0)
    town.said.clear()


def test_a_wall_that_the_server_no_longer_answers_says_so_until_it_does(town: Town) -> None:
    wall = town.page("piket", "/dinding/", language="id")
    wall.context.set_offline(True)
    look(wall)
    expect(wall.locator(".toast.terasi")).to_contain_text("berhenti diperbarui", timeout=30_000)
    expect(wall.locator(".tile.fresh")).to_have_count(0)
    wall.context.set_offline(False)
    expect(wall.locator(".toast.terasi")).to_have_count(0)
    expect(wall.locator(".tile.fresh").first).to_be_visible()
