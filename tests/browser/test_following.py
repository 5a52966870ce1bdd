"""A follower's pages in a browser: words outlive a lost line, what is lacking has the focus, nothing spills."""

from __future__ import annotations

import pytest
from conftest import Town, acted_on, asked, handed_over, onwards, resolved
from playwright.sync_api import Page, Route, expect
from trials import shots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPILLING = """() => [...document.querySelectorAll('.faces label')].filter((tile) => {
  const words = document.createRange(), box = tile.getBoundingClientRect();
  words.selectNodeContents(tile.querySelector('span'));
  const inner = words.getBoundingClientRect();
  return inner.left < box.left || inner.right > box.right;
}).length"""


def words_of_follower(page: Page) -> int:
    """How many forms of follow pages the browser keeps the words of."""
    places = "Object.keys(localStorage).filter((one) => one.startsWith('kotacerdas.follow.'))"
    return int(page.evaluate(f"{places}.length"))


def test_what_a_followers_form_lacks_is_said_in_our_words_and_takes_the_focus(town: Town) -> None:
    number, link = asked()
    page = town.page(path=link)
    onwards(page, "#answer button[type=submit]")
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("#body-error")).to_have_text("Tulis jawaban Anda.")
    page.locator(".errors a").click()
    expect(page.locator("#body")).to_be_focused()
    page.fill("#body", "Di sisi laut")
    onwards(page, "#answer button[type=submit]")
    expect(page.locator("#answer")).to_have_count(0)
    page.go_back()
    expect(page.locator("main")).to_contain_text(number)


def test_a_followers_words_outlive_a_lost_line_and_a_closed_page(town: Town) -> None:
    _number, link = asked()
    page = town.page(path=link)
    page.fill("#body", "Di sisi laut, dekat tangga")
    page.context.set_offline(True)
    page.locator("#answer [type=submit]").click()
    expect(page.locator("#answer [data-no-signal]")).to_have_text(
        "Tidak ada sinyal. Tulisan Anda masih ada; coba lagi saat sinyal kembali."
    )
    page.context.set_offline(False)
    expect(page.locator("[data-no-signal]")).to_be_hidden()
    page.route("**/jawab/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator("#answer [type=submit]").click()
    anew = page.context.new_page()
    page.close()
    anew.goto(town.url + link)
    expect(anew.locator("#body")).to_have_value("Di sisi laut, dekat tangga")
    assert link.split("/")[2] not in anew.evaluate("JSON.stringify(localStorage)")
    onwards(anew, "#answer [type=submit]")
    expect(anew.locator("#answer")).to_have_count(0)
    assert words_of_follower(anew) == 0


def test_words_whose_answer_never_came_are_shown_or_gone_as_they_arrived(town: Town) -> None:
    never_arrived(town)
    arrived(town)


def never_arrived(town: Town) -> None:
    """Shown once nobody asks for them any more."""
    number, link = asked()
    page = town.page(path=link)
    page.fill("#body", "Di sisi laut,\ndekat tangga")
    page.route("**/jawab/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator("#answer [type=submit]").click()
    acted_on("report_resolve", "Papan sudah diganti tadi pagi", number)
    anew = page.context.new_page()
    anew.goto(town.url + link)
    notice = anew.locator("[data-follow] > .notice").first
    expect(notice).to_contain_text("belum terkirim")
    expect(notice.locator(".speech")).to_have_text("Di sisi laut,dekat tangga")
    assert words_of_follower(anew) == 1
    notice.locator("button").click()
    expect(notice).to_have_count(0)
    expect(anew.locator("[data-follow]")).to_be_focused()
    assert words_of_follower(anew) == 0


def arrived(town: Town) -> None:
    """Gone from the browser though their answer was lost."""
    _number, link = asked()
    page = town.page(path=link)
    page.fill("#body", "Di sisi laut,\ndekat tangga")
    page.route("**/jawab/", lose_answer)
    with page.expect_event("requestfailed"):  # the browser gives up
        page.locator("#answer [type=submit]").click()
    anew = page.context.new_page()
    anew.goto(town.url + link)
    expect(anew.locator(".timeline")).to_contain_text("dekat tangga")
    expect(anew.get_by_text("belum terkirim")).to_have_count(0)
    assert words_of_follower(anew) == 0


def lose_answer(route: Route) -> None:
    """The server has it; the answer is lost."""
    route.fetch()
    route.abort()


def test_words_of_rating_and_reopening_are_kept_each_for_its_own_link(town: Town) -> None:
    (_, link), (_, other) = resolved(), handed_over()
    page = town.page(path=link)
    page.fill("#rate-words", "Cepat, tetapi pakunya longgar")
    page.locator("#rate [name=rating][value='3']").check(force=True)
    page.locator("#reopen summary").click()
    page.fill("#again", "Pagar belum dipasang")
    page.goto(town.url + other)
    page.goto(town.url + link)
    expect(page.locator("#rate-words")).to_have_value("Cepat, tetapi pakunya longgar")
    expect(page.locator("#rate [name=rating][value='3']")).to_be_checked()
    expect(page.locator("#again")).to_be_visible()
    expect(page.locator("#again")).to_have_value("Pagar belum dipasang")
    onwards(page, "#reopen [type=submit]")
    expect(page.locator("#reopen")).to_have_count(0)
    assert words_of_follower(page) == 1  # the rating was not sent


def test_on_the_narrowest_phones_words_stay_within_their_tiles_and_axe_finds_no_flaw(town: Town) -> None:
    _number, path = resolved()
    for language in ("id", "en"):
        page = town.page(path=path, language=language)
        for width in (320, 360, 412, 540):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.locator(".faces label").count() == 4
            assert page.evaluate(SPILLING) == 0, f"{language} {width}"
    page = town.page(path=path, viewport={"width": 360, "height": 740})
    page.goto(f"{town.url}/laporan-saya/")
    assert page.locator(".case-card").count() == 1
    assert shots.axe_flaws(page) == []
