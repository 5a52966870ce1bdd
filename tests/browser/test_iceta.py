"""The whole trail in a real browser: from a citizen's thumb to the evaluation score; and joining a report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import (
    STORY,
    acted_on,
    fill_report,
    handed_over,
    onwards,
    send_report,
    state_of,
    stored,
    till_you,
    until,
)
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def figure(code: str) -> tuple[int, int]:
    """Numerator and denominator over this year, as followed so far."""
    from kotacerdas.foundation.indicators import queries

    def ask() -> tuple[int, int]:
        found = queries.figure(code, date(2026, 1, 1), date(2099, 12, 31))
        return found.numerator, found.denominator

    return stored(ask)


def take(page: Page, number: str, step: str, words: str, photo: Path | None = None) -> None:
    """An officer's step with a form, on the case's own page."""
    page.goto(f"{page.url.split('/desk/')[0]}/desk/iceta/{number}/?langkah={step}")
    page.fill("#langkah textarea[name=body]", words)
    if photo is not None:
        page.set_input_files("#langkah input[name=photos]", photo)
    with page.expect_navigation():
        page.locator("#langkah button.primary").click()
    expect(page.locator("#langkah")).to_have_count(0)


def post_form(page: Page, form: str) -> None:
    """Send one of the forms of the follower's page."""
    with page.expect_navigation():
        page.locator(f"{form} button[type=submit]").first.click()


def rate(page: Page, link: str, value: int) -> None:
    page.goto(link)
    page.locator(f"#rate [name=rating][value='{value}']").check(force=True)  # its face is what one sees
    post_form(page, "#rate form[action$='/nilai/']")


def decide(page: Page, number: str) -> None:
    """Sari verifies and hands over what the category suggests."""
    page.goto(f"{page.url.split('/desk/')[0]}/desk/iceta/verifikasi/?tiket={number}")
    expect(page.locator("#decide img, .verify-sent img").first).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("v")
    expect(page.locator(".toast").first).to_contain_text(number)


def test_a_report_runs_from_a_thumb_to_the_score(town, photo):
    town.house.start("quiet")
    wati, sari = town.page(path="/lapor/"), town.page("sari", "/desk/iceta/verifikasi/")
    rudi, planner = town.page("rudi", "/desk/iceta/"), town.page("perencana", "/desk/evaluasi/")
    fill_report(wati, photo)
    number, path = send_report(wati)
    link = town.url + path
    assert number.startswith("TML-2")

    decide(sari, number)
    rudi.goto(f"{town.url}/desk/iceta/{number}/")
    with rudi.expect_navigation():
        rudi.keyboard.press("m")
    assert state_of(number) == "in_progress"
    take(rudi, number, "ask", "Di sisi dermaga yang mana?")

    wati.goto(link)
    expect(wati.locator("#answer .speech")).to_have_text("Di sisi dermaga yang mana?")
    wati.fill("#body", "Di sisi laut, dekat tangga")
    post_form(wati, "#answer")
    assert state_of(number) == "in_progress"

    take(rudi, number, "resolve", "Papan sudah diganti", photo)
    rate(wati, link, 2)
    expect(wati.locator("article img, .timeline img, main img").first).to_be_visible()
    wati.locator("#reopen summary").click()
    wati.fill("#again", "Satu papan masih goyang")
    post_form(wati, "#reopen form")
    take(rudi, number, "resolve", "Papan kedua sudah dipaku")
    rate(wati, link, 4)
    assert state_of(number) == "closed"

    found_behind_the_score(planner, town.url, number)


def found_behind_the_score(planner: Page, url: str, number: str) -> None:
    """Both ratings in the indicator; the report among the rows behind the score; the check agrees."""
    until((1, 2), figure, "iceta.satisfied_share")
    until((1, 1), figure, "iceta.resolved_share")
    from kotacerdas.kernel import clock

    planner.goto(f"{url}/desk/evaluasi/{clock.today().year}/")
    planner.locator("a[href*='iceta.resolved_share']").first.click()
    expect(planner.locator("#baris tbody tr").first).to_contain_text(number)
    planner.keyboard.press("p")
    expect(planner.locator("#periksa .notice.padi")).to_be_visible()


def test_c_opens_a_search_of_the_other_kinds_that_has_the_focus(town):
    number, _path = handed_over()
    acted_on("report_return", "Bukan urusan kami", number, named="reason")
    page = town.page("sari", f"/desk/iceta/verifikasi/?tiket={number}")
    expect(page.locator("#kind-search")).to_be_hidden()
    page.keyboard.press("c")
    expect(page.locator("#kind-search")).to_be_focused()
    every = page.locator(".verify-all label.tick:visible").count()
    name = page.locator(".verify-all label.tick").last.inner_text()
    code = page.locator(".verify-all label.tick input").last.get_attribute("value")
    page.keyboard.type(name)
    assert page.locator(".verify-all label.tick:visible").count() < every
    page.keyboard.press("Enter")
    expect(page.locator(f"#disposition .choices #kind-{code}")).to_be_checked()


def test_a_similar_report_of_the_village_can_be_joined_and_gone_back_from(town):
    handed_over()
    page = town.page()
    till_you(page, town.url)
    if page.locator("#similar").count() == 0:
        page.go_back()
    expect(page.locator("#similar")).to_contain_text("di desa yang sama")
    expect(page.locator(".foot .primary")).to_have_text("Masalah saya berbeda, lanjut")
    onwards(page, "#similar button")
    page.go_back()
    expect(page.locator("#id_words")).to_have_value(STORY)
    page.go_forward()
    page.fill("[name=phone]", "0813-1111-2222")
    onwards(page, "button[value=join]")
    expect(page.locator(".notice")).to_contain_text("0813-••••-2222")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Ikut laporan ini")
