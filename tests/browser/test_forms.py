"""Public forms in a browser: places, drafts that survive, two tabs, the back key, and all of it without script."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import (
    JETTY,
    PICK,
    STORY,
    Town,
    counts,
    fill_report,
    jpeg,
    onwards,
    padded,
    send_report,
    state_of,
    stored,
    till_you,
)
from playwright.sync_api import BrowserContext, Locator, Page, expect
from trials import shots

from kotacerdas.foundation.cases.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIER, TREE, SLIDE = (
    "Papan dermaga patah sejak kemarin",
    "Pohon tumbang menutup jalan",
    "Longsor menutup jalan desa",
)


def test_a_place_is_found_named_on_the_button_and_kept(town: Town) -> None:
    outside_the_regency(town)
    at_a_position(town)
    kept_before_it_is_sent(town)
    enter_goes_on_and_never_back(town)


def outside_the_regency(town: Town) -> None:
    """A position outside leads to the search."""
    far = {"latitude": -6.2, "longitude": 106.8}
    page = town.page(path="/lapor/tempat/", geolocation=far, permissions=["geolocation"])
    with page.expect_navigation():
        page.locator("[data-locate]").click()
    with page.expect_navigation():
        page.locator(".foot .primary").click()
    expect(page.locator("#id_area")).to_contain_text("di luar Kabupaten Teluk Melati")
    page.fill("#id_q", "karang putih")
    page.locator("[data-found] [name=choice]").first.check()
    with page.expect_navigation():
        page.locator(".foot .primary").click()
    expect(page.locator("#id_words")).to_be_visible()
    assert counts() == (0, 0, 0)


def at_a_position(town: Town) -> None:
    """The button names the chosen village; one that is too rough to tell it is said, and no pin."""
    where = {"latitude": JETTY[0], "longitude": JETTY[1], "accuracy": 50_000}
    rough = town.page(path="/lapor/tempat/", geolocation=where, permissions=["geolocation"])
    onwards(rough, "[data-locate]")
    expect(rough.locator(".notice.kunyit:visible")).to_contain_text("ketelitian sekitar 50 km")
    expect(rough.locator(".map-pin")).to_have_count(0)
    where["accuracy"] = 12
    page = town.page(path="/lapor/tempat/", geolocation=where, permissions=["geolocation"])
    onwards(page, "[data-locate]")
    button = page.locator(".foot .primary")
    expect(button).to_have_text("Lanjut ke cerita")
    expect(page.locator("[name=choice]:checked")).to_have_count(0)
    expect(page.locator(".found")).to_contain_text("ketelitian 12 meter")
    page.locator(".found [name=choice]").check()
    expect(button).to_have_text("Ya, di Desa Karang Putih")
    expect(page.locator(".found .icon")).to_be_visible()


def until_kept(page: Page, words: str) -> None:
    """Wait till a draft in the browser holds these words: it is kept a moment after the last key."""
    page.wait_for_function(
        "words => Object.values(localStorage).some((one) => one.includes(words))", arg=words
    )
    expect(page.locator("[data-saved]")).to_be_visible()


def kept_before_it_is_sent(town: Town) -> None:
    """A chosen village is kept in the browser."""
    page = town.page(path="/lapor/tempat/")
    page.fill("#id_q", "Karang Putih")
    page.locator("#found input").first.check()
    chosen = page.locator("#found input").first.get_attribute("value") or ""
    until_kept(page, chosen)
    page.goto(f"{town.url}/lapor/")
    expect(page.locator("[data-resume]")).to_be_visible()
    with page.expect_navigation(url="**/lapor/tempat/**"):
        page.locator("[data-resume-go]").click()
    expect(page.locator(f"[name=choice][value='{chosen}']")).to_be_checked()
    page.reload()
    expect(page.locator(f"[name=choice][value='{chosen}']")).to_be_checked()


def enter_goes_on_and_never_back(town: Town) -> None:
    """From any field of any page."""
    page = town.page(path="/lapor/tempat/")
    page.fill("#id_q", "Karang Putih")
    page.locator("#found input").first.check()
    page.fill("#id_place_words", "dekat tangga")
    with page.expect_navigation(url="**/lapor/cerita/**"):
        page.locator("#id_place_words").press("Enter")
    page.fill("[name=words]", STORY)
    page.locator("[name=category][value=jetty]").check()
    page.locator(".foot .button[value=next]").click()
    page.fill("[name=phone]", "0812")
    with page.expect_navigation(url="**/lapor/anda/**"):
        page.locator("[name=phone]").press("Enter")
    expect(page.locator("[name=phone]")).to_have_value("0812")
    page.fill("[name=phone]", "081234567890")
    until_kept(page, "081234567890")
    page.locator("[name=identity][value=anonymous]").check()  # then the number is kept no more
    page.wait_for_function("() => !Object.values(localStorage).some((one) => one.includes('081234567890'))")
    page.locator("[name=identity][value=named]").check()
    expect(page.locator("[name=phone]")).to_have_value("081234567890")
    with page.expect_navigation(url="**/lapor/periksa/**"):
        page.locator("[name=phone]").press("Enter")
    send_report(page)


def test_a_draft_survives_a_closed_browser_hides_nothing_and_is_stored_once(town: Town) -> None:
    for language in ("id", "en"):
        uncovered(town, language)
    survives_and_is_stored_once(town)


def survives_and_is_stored_once(town: Town) -> None:
    """A closed browser loses no word; two presses store one report."""
    context = town.context()
    first = context.new_page()
    first.goto(f"{town.url}/lapor/cerita/")
    first.fill("#id_words", "Papan dermaga patah sejak kemarin")
    until_kept(first, "Papan dermaga patah sejak kemarin")
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


def is_uncovered(button: Locator) -> bool:
    """Whether a press in its middle meets it, where the page stands now."""
    return bool(
        button.evaluate(
            "one => { const box = one.getBoundingClientRect();"
            " const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
            " return one.contains(met); }"
        )
    )


def uncovered(town: Town, language: str) -> None:
    """Each button is met by a press in its middle."""
    context = town.context(language=language)
    first = context.new_page()
    first.goto(f"{town.url}/lapor/cerita/")
    first.fill("#id_words", STORY)
    until_kept(first, STORY)
    page = context.new_page()
    page.add_init_script(f"({shots._SHIFT})()")
    page.goto(f"{town.url}/lapor/cerita/")
    expect(page.locator("[data-resume]")).to_be_visible()
    page.wait_for_timeout(250)  # what shifts, shifts late
    assert page.evaluate("window.__shift") < 0.02
    assert is_uncovered(page.locator(".foot .primary"))
    page.locator("#id_words").press_sequentially("Longsor, rumah tertimbun, ada orang di dalam")
    expect(page.locator("[data-call-first]")).to_be_visible()
    page.wait_for_timeout(200)
    assert is_uncovered(page.locator("[data-call-first] a").first)
    assert page.locator("[data-resume]").evaluate("one => one.offsetHeight") < 90
    for one in (*page.locator("[name=category]:visible").all(), page.locator("[data-resume-go]")):
        one.evaluate("one => one.scrollIntoView({ block: 'center' })")
        assert is_uncovered(one)
    assert is_uncovered(page.locator(".foot .primary"))


def tell(context: BrowserContext, town: Town, words: str) -> Page:
    """A tab with a story of its own, back on the page where it is written."""
    page = context.new_page()
    page.goto(f"{town.url}/lapor/cerita/")
    page.fill("#id_words", words)
    onwards(page, "button[name=go][value=next]:not(.unseen)")
    page.goto(f"{town.url}/lapor/cerita/?draf=" + page.url.split("draf=")[1][:36])
    return page


def test_two_tabs_tell_two_stories(town: Town) -> None:
    """Each stays its own, and dropping one leaves the other."""
    for scripts in (True, False):
        two_stories(town, scripts)


def two_stories(town: Town, scripts: bool) -> None:
    """With and without script."""
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


def test_going_back_shows_what_was_typed_and_never_asks_to_send_a_form_again(town: Town) -> None:
    back_and_forward(town)
    for scripts in (True, False):
        never_sent_again(town, scripts)


def back_and_forward(town: Town) -> None:
    """The phone's back key leads to the page before."""
    page = town.page(path="/lapor/")
    fill_report(page, None)
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value("Wati")
    page.go_back()
    expect(page.locator("#id_words")).to_have_value(STORY)
    page.go_forward()
    page.go_forward()
    number, _link = send_report(page)
    assert state_of(number) == "received"


def never_sent_again(town: Town, scripts: bool) -> None:
    """Whatever was pressed."""
    page, before = town.page(java_script_enabled=scripts), stored(Case.objects.count)
    till_you(page, town.url)
    onwards(page)  # without a number: said on the same page
    expect(page.locator("#id_phone-error")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.locator("#id_words")).to_have_value(STORY)
    page.go_back()
    expect(page.locator("[name=choice]:checked")).to_have_count(1)
    for _ in range(3):
        page.go_forward()
    page.fill("[name=phone]", "0812-3456-7890")
    onwards(page)
    number, _link = send_report(page)
    for _ in range(4):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Laporan ini sudah terkirim")
        expect(page.locator(".ticket")).to_have_text(number)
        expect(page.locator("#draft")).to_have_count(0)
    assert stored(Case.objects.count) == before + 1


def uploaded(page: Page, url: str, file: Path) -> str:
    """What the page says after a photo was sent by the plain form."""
    page.goto(f"{url}/lapor/")
    page.set_input_files(PICK, file)
    with page.expect_navigation():
        page.locator("button[value=upload]").first.click()
    return page.locator("body").inner_text()


def test_without_script_a_report_is_stored_and_what_is_too_large_refused(
    town: Town, photo: Path, tmp_path: Path
) -> None:
    plain = town.page(java_script_enabled=False)
    large = jpeg((400, 300))
    assert "Foto terlalu besar: 11 MB" in uploaded(plain, town.url, padded(tmp_path / "a.jpg", large, 11))
    assert "Pilih foto yang lebih kecil" in uploaded(plain, town.url, padded(tmp_path / "b.jpg", large, 20))
    assert counts() == (0, 0, 0)
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
    page.locator(".foot .primary").click()
    number, path = send_report(page)
    page.goto(town.url + path)
    expect(page.locator(".ticket").first).to_have_text(number)
    assert state_of(number) == "received"
