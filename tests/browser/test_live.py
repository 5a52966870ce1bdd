"""A live page that no longer moves says so, and moves again when it can."""

from __future__ import annotations

import pytest
from conftest import Town, fill_report, send_report
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page) -> None:
    """What the page does at its next event or minute, now."""
    page.evaluate("dispatchEvent(new Event('online'))")


def wait_half_a_minute(page: Page) -> None:
    """By the page's clock alone, with a moment after each part of it for what the page asks for meanwhile."""
    for _part in range(6):
        page.clock.run_for(5_000)
        page.wait_for_timeout(150)


def test_a_page_whose_session_ended_says_so_and_leads_to_the_sign_in(town: Town) -> None:
    for who, path in (("piket", "/dinding/"), ("rudi", "/desk/")):
        ended_and_back(town, who, path)


def ended_and_back(town: Town, who: str, path: str) -> None:
    """Signed in again elsewhere, the line goes; else it leads to the sign-in."""
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
    page.clock.install()
    page.goto(f"{town.url}/desk/")
    expect(page.locator("[data-live-url]")).to_have_count(1)
    page.route("**/desk/**", lambda route: route.abort())
    wait_half_a_minute(page)
    expect(page.locator(".toast.terasi")).to_contain_text("berhenti diperbarui", timeout=10_000)
    page.unroute_all()
    look(page)
    expect(page.locator(".toast.terasi")).to_have_count(0)
    town.said.clear()  # what Chromium says of refused connections


def test_a_page_that_left_its_readers_sight_is_not_asked_for_over_and_over(town: Town) -> None:
    page = town.page("rudi", language="id")
    page.clock.install()
    page.goto(f"{town.url}/desk/")
    expect(page.locator("[data-live-url]")).to_have_count(1)
    asked: list[str] = []
    page.route("**/desk/iceta/**", lambda route: (asked.append(route.request.url), route.fulfill(status=404)))
    look(page)
    wait_half_a_minute(page)
    assert len(asked) == 1
    expect(page.locator(".toast.terasi")).to_have_count(0)
    town.said.clear()


def test_a_wall_that_the_server_no_longer_answers_says_so_until_it_does(town: Town) -> None:
    wall = town.page("piket", language="id")
    wall.clock.install()
    wall.goto(f"{town.url}/dinding/")
    wall.context.set_offline(True)
    look(wall)
    wait_half_a_minute(wall)
    expect(wall.locator(".toast.terasi")).to_contain_text("berhenti diperbarui", timeout=10_000)
    expect(wall.locator(".tile.fresh")).to_have_count(0)
    wall.context.set_offline(False)
    expect(wall.locator(".toast.terasi")).to_have_count(0)
    expect(wall.locator(".tile.fresh").first).to_be_visible()


def test_the_wall_counts_what_comes_in_without_a_reload(town: Town) -> None:
    town.house.start("quiet")
    wall = town.page("piket", "/dinding/", viewport={"width": 1920, "height": 1080})
    today = wall.locator("#tiles .tile").nth(3).locator(".tile-value b")
    expect(today).to_have_text("0")
    wall.evaluate("window.stayed = true")
    wati = town.page(path="/lapor/")
    fill_report(wati, None)
    number, _link = send_report(wati)
    expect(today).to_have_text("1", timeout=20_000)
    expect(wall.locator("#tiles .tile").nth(1)).to_contain_text("1")
    assert wall.evaluate("window.stayed"), "the wall was loaded anew"
    assert number not in wall.content()  # codes and places only
