"""A call is taken in a real browser with the keyboard alone: from the first key to the number read out."""

from __future__ import annotations

import time

import pytest
from conftest import STORY, Town
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "081234567890"
LONGEST = ("0812-3456-78901", "+62 812-3456-78901", "+62-812-3456-78901")  # 13 digits
ALWAYS_SEEN = ("#phone", "[data-timer]", ".call-urgency .choice", "[data-send]", ".call-keys")


@pytest.fixture
def page(town: Town) -> Page:
    return town.page("dewi", "/desk/telepon/")


def focused(page: Page) -> str:
    """Id or name of what has the focus."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.name"))


def take_call(page: Page) -> str:
    """Number, story, kind, place, name, send; nothing but keys. Returns the number that is read out."""
    keys = page.keyboard
    assert focused(page) == "phone"
    keys.type(NUMBER)
    keys.press("Enter")
    keys.type(STORY)
    keys.press("Enter")
    expect(page.locator("#kinds input").first).to_be_focused()
    keys.press("1")
    keys.type("karang putih")
    keys.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    keys.type("Wati")
    keys.press("Control+Enter")
    return page.locator("[data-number]").inner_text()


def retype(page: Page, number: str) -> None:
    """Another number in the place of the first one."""
    page.locator("#phone").press("Control+a")
    page.keyboard.type(number)


def tell(page: Page) -> None:
    """Number, story and the first kind on offer."""
    page.keyboard.type(NUMBER)
    page.keyboard.press("Enter")
    page.keyboard.type(STORY)
    expect(page.locator("#kinds input").first).to_be_attached()
    page.keyboard.press("Alt+1")


def clear(page: Page) -> None:
    """An empty form again without drafts, with the focus at the number."""
    page.evaluate("sessionStorage.clear()")
    page.goto(page.url)
    expect(page.locator("#phone")).to_have_value("")
    page.locator("#phone").focus()


def in_sight(page: Page) -> bool:
    """Whether what has the focus is seen from top to bottom, with nothing over it."""
    return bool(
        page.evaluate("""() => {
            const focused = document.activeElement, box = focused.getBoundingClientRect();
            const middle = (box.left + box.right) / 2;
            return [box.top + 2, box.bottom - 2].every((y) => document.elementFromPoint(middle, y) === focused);
        }""")
    )


def not_whole(page: Page) -> list[str]:
    """What an agent must see at any time without scrolling, and does not see whole or sees something else over."""
    return list(
        page.evaluate(
            """(always) => [...always.flatMap((one) => [...document.querySelectorAll(one)].filter((shown) => {
                const box = shown.getBoundingClientRect(), at = (x, y) => shown.contains(document.elementFromPoint(x, y));
                return box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth
                    || !at(box.left + 3, box.top + box.height / 2) || !at(box.right - 3, box.top + box.height / 2);
            }).map(() => one)), ...(document.documentElement.scrollHeight > innerHeight ? ["the page scrolls"] : [])]""",
            list(ALWAYS_SEEN),
        )
    )


def test_a_call_is_taken_by_keyboard_alone_and_a_name_goes_with_its_number(page: Page) -> None:
    began = time.monotonic()
    number = take_call(page)
    took = time.monotonic() - began
    assert number.startswith("TML-2")
    print(f"\nfrom the first key to stored: {took:.1f} s (typed by a machine)")
    page.keyboard.press("n")
    expect(page.locator("#phone")).to_be_focused()
    page.keyboard.type(NUMBER)
    expect(page.locator("#caller")).to_contain_text("Wati")
    expect(page.locator("#name")).to_have_value("Wati")
    expect(page.locator("#caller")).to_contain_text(number)
    expect(page.locator("#recent")).to_contain_text("0812-••••-7890")
    retype(page, "081355556666")
    expect(page.locator("#caller")).to_contain_text("Nama belum diketahui")
    expect(page.locator("#name")).to_have_value("")
    retype(page, NUMBER)
    expect(page.locator("#name")).to_have_value("Wati")
    page.locator("#name").fill("Wati Uji")
    retype(page, "081355556666")
    expect(page.locator("#caller")).to_contain_text("Nama belum diketahui")
    expect(page.locator("#name")).to_have_value("Wati Uji")
    retype(page, NUMBER)
    page.locator("#name").fill("")
    page.locator(".call-people input").first.check()
    expect(page.locator("#name")).to_have_value("Wati")


def test_what_is_missing_is_marked_till_it_is_answered_and_nothing_is_lost_to_one_key(page: Page) -> None:
    page.keyboard.type("0812-9999-0000")
    page.keyboard.press("Enter")
    page.keyboard.type("Dermaga")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#cari")).to_be_focused()
    expect(page.locator("#category-error")).to_be_visible()
    expect(page.locator("#place_text")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#words")).to_have_value("Dermaga")
    page.keyboard.press("F2")
    expect(page.locator("#urgency-emergency")).to_be_checked()
    page.keyboard.press("F10")
    expect(page.locator("[data-asks=story]")).to_contain_text("Tekan sekali lagi")
    expect(page.locator("#words")).to_have_value("Dermaga")
    page.keyboard.press("F10")
    expect(page.locator(".toast")).to_be_visible()
    assert page.url.endswith("/desk/telepon/")
    expect(page.locator("#recent .prank")).to_have_count(1)
    clear(page)
    page.keyboard.press("F10")
    expect(page.locator("[data-asks=number]")).to_be_visible()
    expect(page.locator("#phone")).to_be_focused()
    page.keyboard.type("12")
    expect(page.locator("[data-asks=number]")).to_be_hidden()
    page.keyboard.press("F10")
    expect(page.locator("#phone-error")).to_be_visible()
    expect(page.locator("#phone")).to_be_focused()
    assert page.url.endswith("/desk/telepon/")
    retype(page, "")
    page.keyboard.press("Backspace")
    page.keyboard.press("F10")
    page.keyboard.press("F10")
    expect(page.locator("#recent .prank")).to_have_count(2)
    clear(page)
    page.keyboard.type("12")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".field-error")).to_have_count(5)
    retype(page, "0812-999")
    expect(page.locator("#phone-error")).to_be_visible()
    page.keyboard.type("9-0000")
    expect(page.locator("#phone-error")).to_have_count(0)
    expect(page.locator("#phone")).not_to_have_attribute("aria-invalid", "true")
    page.locator("#words").focus()
    page.keyboard.type(STORY)
    expect(page.locator("#words-error")).to_have_count(0)
    expect(page.locator("#kinds input").first).to_be_attached()
    page.keyboard.press("Alt+1")
    expect(page.locator("#category-error")).to_have_count(0)
    page.keyboard.type("karang putih")
    expect(page.locator("#place-error")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".field-error, .wrong, [aria-invalid]")).to_have_count(0)


def test_arrows_and_enter_take_a_kind_and_a_place_and_no_button_discards_a_story_at_once(page: Page) -> None:
    page.keyboard.type(NUMBER)
    page.keyboard.press("Enter")
    with page.expect_response("**/jenis/"):
        page.keyboard.type("Ada")
    page.locator("#cari").focus()
    with page.expect_response("**/jenis/"):
        page.keyboard.type("dermaga")
    expect(page.locator("#kinds input").first).not_to_be_checked()
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/akibat/"):  # what sending would do now
        page.keyboard.press("Enter")
    expect(page.locator("#kinds input:checked")).to_have_count(1)
    expect(page.locator("#place_text")).to_be_focused()
    page.locator(".call-more summary").click()
    # a call that broke off keeps its story, and is not asked
    page.locator("[name=outcome][value=advice]").click()
    expect(page.locator("[data-asks=story]")).to_be_visible()
    expect(page.locator("#words")).to_have_value("Ada")
    clear(page)
    page.locator("#place_text").fill("melati")
    expect(page.locator("#places input").nth(1)).to_be_attached()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#places input").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#places input").first).to_be_checked()
    page.locator("#place_text").press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#places input").nth(1)).to_be_checked()
    expect(page.locator("#spot .call-spot")).to_be_visible()
    page.locator("#place_text").focus()
    list_height = page.locator(".call-places").evaluate("list => list.clientHeight")
    row = page.locator(".call-option").first.evaluate("row => row.offsetHeight")
    assert list_height <= 4 * row + 2


def test_a_reload_in_mid_call_loses_nothing_and_opens_nothing_that_was_noted_or_cleared(page: Page) -> None:
    tell(page)
    page.keyboard.type("karang putih")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Wati")
    page.reload()
    expect(page.locator("[data-reopened]")).to_be_visible()
    expect(page.locator("#phone")).to_have_value(NUMBER)
    expect(page.locator("#words")).to_have_value(STORY)
    expect(page.locator("#name")).to_have_value("Wati")
    expect(page.locator("#kinds label input:checked")).to_have_count(1)
    expect(page.locator("#places label input:checked")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-number]")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#phone")).to_have_value("")
    expect(page.locator("[data-reopened]")).to_be_hidden()
    clear(page)
    page.keyboard.type(NUMBER)
    page.keyboard.press("F10")
    expect(page.locator(".toast")).to_be_visible()
    page.reload()
    expect(page.locator("#phone")).to_have_value("")
    page.keyboard.type(NUMBER)
    page.reload()
    expect(page.locator("[data-reopened]")).to_be_visible()
    page.locator("[data-clear]").click()
    expect(page.locator("[data-reopened]")).to_be_hidden()
    expect(page.locator("#phone")).to_have_value("")
    page.reload()
    expect(page.locator("#phone")).to_have_value("")


def test_an_emergency_takes_its_kind_on_offer_or_goes_to_the_search(page: Page) -> None:
    page.locator("#words").focus()
    page.keyboard.type("Longsor di belakang rumah")
    page.keyboard.press("F2")  # before its kinds are here
    expect(page.locator("#place_text")).to_be_focused()
    expect(page.locator("#kinds input:checked")).to_have_value("landslide")
    expect(page.locator("#urgency-emergency")).to_be_checked()
    expect(page.locator("#emergency")).to_contain_text("PU")
    clear(page)
    page.locator("#words").focus()
    page.keyboard.type(STORY)
    expect(page.locator("#kinds input").first).to_be_attached()
    page.keyboard.press("F2")
    expect(page.locator("#cari")).to_be_focused()
    expect(page.locator("#kinds input:checked")).to_have_count(0)
    page.keyboard.press("Alt+1")
    page.locator("#emergency [data-key=f2]").click()
    expect(page.locator("#place_text")).to_be_focused()
    expect(page.locator("#urgency-emergency")).to_be_checked()
    expect(page.locator("#kinds input:checked")).to_have_value("jetty")


def test_drafts_of_calls_wait_and_lead_back_to_what_was_typed_the_newest_by_a_key(page: Page) -> None:
    page.keyboard.type(NUMBER)
    page.keyboard.press("Enter")
    page.keyboard.type(STORY)
    page.keyboard.press("F4")
    expect(page.locator("#drafts button")).to_have_count(1)
    expect(page.locator("#words")).to_have_value("")
    page.locator("#drafts button").press("Enter")
    expect(page.locator("#words")).to_have_value(STORY)
    expect(page.locator("#drafts")).to_be_hidden()
    clear(page)
    page.keyboard.type(NUMBER)
    page.keyboard.press("Enter")
    page.keyboard.type("Ada")
    page.keyboard.press("F4")
    expect(page.locator("#drafts button")).to_have_count(1)
    page.locator("#phone").focus()
    page.keyboard.type("081355556666")
    page.keyboard.press("Enter")
    page.keyboard.type(STORY)
    expect(page.locator("#kinds input").first).to_be_visible()
    page.keyboard.press("Alt+1")
    page.locator("#urgency-urgent").check()
    page.locator("#drafts button").click()
    expect(page.locator("#words")).to_have_value("Ada")
    expect(page.locator("#phone")).to_have_value(NUMBER)
    expect(page.locator("#call input:checked")).to_have_count(0)
    expect(page.locator("#drafts button")).to_contain_text(STORY[:20])
    with page.expect_response("**/akibat/"):
        page.locator("#drafts button").click()
    expect(page.locator("#phone")).to_have_value("081355556666")
    expect(page.locator("#urgency-urgent")).to_be_checked()
    expect(page.locator("#kinds input:checked")).to_have_count(1)
    clear(page)
    for words in ("Pertama", "Kedua"):
        page.locator("#words").fill(words)
        page.keyboard.press("F4")
        expect(page.locator("#drafts")).to_contain_text(words)
        expect(page.locator("#words")).to_have_value("")
    expect(page.locator("#drafts kbd")).to_have_count(1)
    expect(page.locator("#drafts li").first).to_contain_text("Kedua F8")
    page.keyboard.press("F8")
    expect(page.locator("#words")).to_have_value("Kedua")
    expect(page.locator("#drafts li")).to_have_count(1)


def test_calls_without_a_report_are_noted_by_keys_and_a_missed_caller_is_called_back(page: Page) -> None:
    page.locator("#words").fill("Ada")
    page.keyboard.press("F9")
    outcome = page.locator(".call-more button")
    expect(outcome.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(outcome.nth(1)).to_be_focused()
    for _time in range(2):
        page.keyboard.press("ArrowUp")
    expect(outcome.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(outcome.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".call-more")).not_to_have_attribute("open", "")
    expect(page.locator("#words")).to_be_focused()
    clear(page)
    page.keyboard.type(NUMBER)
    for key in ("F9", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#recent .missed")).to_have_count(1)
    page.locator("#words").fill("Ada")
    page.get_by_role("button", name="Telepon balik").press("Enter")
    expect(page.locator("#phone")).to_have_value("0812-3456-7890")
    expect(page.locator("#words")).to_be_focused()
    assert page.url.endswith("/desk/telepon/")
    expect(page.locator("#drafts button")).to_contain_text("Ada")
    for key in ("F9", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#recent")).to_contain_text("arahan")
    expect(page.get_by_role("button", name="Telepon balik")).to_have_count(0)


def test_what_is_asked_after_the_place_is_in_sight_and_the_list_closes_to_the_chosen_one(town: Town) -> None:
    page = town.page("dewi", "/desk/telepon/", reduced_motion="reduce")
    for width, height in ((1440, 900), (1366, 768), (1366, 720)):
        page.set_viewport_size({"width": width, "height": height})
        clear(page)
        for number in LONGEST:
            page.locator("#phone").fill(number)
            assert page.locator("#phone").evaluate("(field) => field.scrollWidth <= field.clientWidth")
        expect(page.locator("#caller")).to_contain_text("Nama belum diketahui")
        assert not_whole(page) == []
        page.locator("#phone").fill("")
        tell(page)
        page.keyboard.type("melati")
        expect(page.locator(".call-option")).to_have_count(3)
        expect(page.locator(".call-option").nth(2)).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#spot .call-spot")).to_be_visible()
        expect(page.locator(".call-option:visible")).to_have_count(1)
        for asked in ("name", "is_secret", "is_anonymous", "urgency-normal"):
            assert (focused(page), in_sight(page)) == (asked, True)
            page.keyboard.press("Tab")
        assert not_whole(page) == []
        page.locator("#place_text").focus()
        expect(page.locator(".call-option:visible")).to_have_count(3)
    village_of_a_known_caller_by_one_key(town, town.page("dewi", "/desk/telepon/"))


def village_of_a_known_caller_by_one_key(town: Town, page: Page) -> None:
    """From within the story; the question after the place is next."""
    page.goto(f"{town.url}/desk/telepon/")
    take_call(page)
    page.goto(f"{town.url}/desk/telepon/")
    page.keyboard.type(NUMBER)
    expect(page.locator("#caller [data-village]")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type(STORY)
    page.keyboard.press("Alt+0")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#places input:checked")).to_have_value("area:99.01.01.2001")
    expect(page.locator("#words")).to_have_value(STORY)
