"""The whole trail in a real browser: from a citizen's thumb to the evaluation score and the wall."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from conftest import JETTY, STORY, fill_report, handed_over, onwards, send_report, stored
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def state_of(number: str) -> str:
    from kotacerdas.foundation.cases.models import Case

    return stored(lambda: Case.objects.get(number=number).state)


def figure(code: str) -> tuple[int, int]:
    """Numerator and denominator over this year, as followed so far."""
    from kotacerdas.foundation.indicators import queries

    def ask() -> tuple[int, int]:
        found = queries.figure(code, date(2026, 1, 1), date(2099, 12, 31))
        return found.numerator, found.denominator

    return stored(ask)


def until(answer: object, question: object, *given: object, seconds: float = 20) -> None:
    """Ask until the answer is there: what is sealed and followed comes a moment later."""
    end = time.monotonic() + seconds
    while (got := question(*given)) != answer:  # type: ignore[operator]
        assert time.monotonic() < end, f"{got}, not {answer}"
        time.sleep(0.2)


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
    page.goto(f"{page.url.split('/desk/')[0]}/desk/iceta/verifikasi/?perkara={number}")
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


def test_the_wall_counts_what_comes_in_without_a_reload(town):
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


def test_a_report_is_stored_without_script(town, photo):
    page = town.page(path="/lapor/", java_script_enabled=False)
    page.set_input_files("input[name=photo]:not([capture])", photo)
    page.locator("noscript button, button[value=upload]").first.click()
    expect(page.locator(".photo-card img")).to_be_visible()
    page.locator(".foot .primary").click()
    page.locator("[name=choice]").first.check()
    page.locator(".foot .primary").click()
    page.fill("#id_words", "Papan dermaga patah, anak-anak hampir jatuh ke laut")
    page.locator(".foot .primary").click()
    page.locator(".choices > .choice [name=category][value=jetty]").check()
    page.locator(".foot .primary").click()
    page.fill("[name=phone]", "0812-3456-7890")
    number, path = send_report(page)
    page.goto(town.url + path)
    expect(page.locator(".ticket").first).to_have_text(number)
    assert state_of(number) == "received"


def test_a_draft_survives_a_closed_browser_and_two_presses_store_one(town):
    from kotacerdas.foundation.cases.models import Case

    context = town.context()
    first = context.new_page()
    first.goto(f"{town.url}/lapor/cerita/")
    first.fill("#id_words", "Papan dermaga patah sejak kemarin")
    expect(first.locator("[data-saved]")).to_be_visible()
    first.wait_for_timeout(600)  # kept a moment after the last key
    first.close()
    page = context.new_page()
    page.goto(f"{town.url}/lapor/")
    with page.expect_navigation():
        page.locator("[data-resume-go]").click()
    expect(page.locator("#id_words")).to_have_value("Papan dermaga patah sejak kemarin")
    page.goto(f"{town.url}/lapor/")
    page.locator("[data-resume-drop]").click()
    fill_report(page, None)
    page.evaluate(
        "() => { const b = document.querySelector('[data-send]'); b.click(); b.click();"
        " document.querySelector('form[data-draft]').requestSubmit(b); }"
    )
    page.locator(".hero .ticket").wait_for()
    assert stored(Case.objects.count) == 1
    page.goto(f"{town.url}/lapor/")
    expect(page.locator("[data-resume]")).to_be_hidden()


def test_the_phones_back_key_leads_to_the_page_before(town):
    page = town.page(path="/lapor/")
    fill_report(page, None)
    page.go_back()
    expect(page.locator("#id_words")).to_have_value(STORY)
    page.go_forward()
    number, _link = send_report(page)
    assert state_of(number) == "received"


def till_check(page: Page, url: str) -> None:
    """The pages of a report up to the last one by their plain buttons, with and without script."""
    page.goto(f"{url}/lapor/")
    onwards(page)
    page.fill("#id_q", "karang putih")
    onwards(page, "button[value=search]")
    page.locator("[data-found] [name=choice]").first.check()
    onwards(page)
    page.fill("#id_words", STORY)
    page.locator(".choices > .choice [name=category][value=jetty]").check()
    onwards(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
def test_going_back_never_asks_to_send_a_form_again(town, scripts):
    from kotacerdas.foundation.cases.models import Case

    page = town.page(java_script_enabled=scripts)
    till_check(page, town.url)
    onwards(page, ".foot [data-send]")  # without a number: said on the same page
    expect(page.locator("#id_phone-error")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.locator("#id_words")).to_have_value(STORY)
    page.go_back()
    expect(page.locator("[name=choice]:checked")).to_have_count(1)
    for _ in range(3):
        page.go_forward()
    page.fill("[name=phone]", "0812-3456-7890")
    number, _link = send_report(page)
    for _ in range(4):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Laporan ini sudah terkirim")
        expect(page.locator(".ticket")).to_have_text(number)
        expect(page.locator("#draft")).to_have_count(0)
    assert stored(Case.objects.count) == 1


def test_a_similar_report_of_the_village_can_be_joined_and_gone_back_from(town):
    handed_over()
    page = town.page()
    till_check(page, town.url)
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


def test_the_button_of_the_place_page_names_the_chosen_village(town):
    where = {"latitude": JETTY[0], "longitude": JETTY[1], "accuracy": 12}
    page = town.page(path="/lapor/tempat/", geolocation=where, permissions=["geolocation"])
    onwards(page, "[data-locate]")
    button = page.locator(".foot .primary")
    expect(button).to_have_text("Lanjut ke cerita")
    expect(page.locator("[name=choice]:checked")).to_have_count(0)
    expect(page.locator(".found")).to_contain_text("ketepatan 12 meter")
    page.locator(".found [name=choice]").check()
    expect(button).to_have_text("Lanjut dengan Desa Karang Putih")
    expect(page.locator(".found .icon")).to_be_visible()
