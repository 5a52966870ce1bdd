"""An officer's words outlive what comes between: a reload, other cases, a lost line, a session that has ended."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Town, acted_on, handed_over, stored
from PIL import Image
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Papan dermaga sudah diganti, paku baru di enam titik"
STEP, REPLY = "#langkah textarea[name=body]", "#reply-body"


def kept(page: Page) -> int:
    """How many drafts the tab keeps."""
    return int(
        page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('desk.draft.')).length")
    )


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in_again(town: Town, page: Page) -> None:
    """Signed in, and on to the page that the sign-in page leads to."""
    from urllib.parse import parse_qs, urlsplit

    expect(page.locator("[name=password]")).to_be_visible()
    onward = parse_qs(urlsplit(page.url).query)["next"][0]
    page.context.add_cookies([{"name": "sessionid", "value": town.cookies["rudi"], "url": town.url}])
    answer = page.goto(f"{town.url}{onward}")
    assert answer
    assert answer.status == 200


def test_photos_as_a_phone_takes_them_go_with_one_form(town: Town, tmp_path: Path) -> None:
    """Together more than one form may carry, sent before the last one is made smaller."""
    number, _path = handed_over()
    files = [noise(tmp_path / f"{name}.jpg") for name in "abc"]
    assert sum(file.stat().st_size for file in files) > 14 * 2**20
    page = town.page("rudi", f"/desk/iceta/{number}/?langkah=resolve")
    page.fill(STEP, WORDS)
    page.set_input_files("#langkah input[name=photos]", files)
    expect(page.locator("#langkah [data-chosen]")).to_contain_text("c.jpg")
    with page.expect_navigation():
        page.locator("#langkah button.primary").click()
    expect(page.locator(".toast").first).to_contain_text("Selesai")
    page.goto(f"{town.url}/desk/iceta/{number}/?tab=foto")
    expect(page.locator("main img")).to_have_count(3)


def noise(file: Path) -> Path:
    """A JPEG that compresses badly, some 5 MB."""
    size = (2600, 2000)
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(file, quality=95)
    return file


def test_on_the_case_page_words_stay_until_the_step_is_taken(town: Town) -> None:
    number, _path = handed_over()
    here = f"{town.url}/desk/iceta/{number}/"
    page = town.page("rudi", f"/desk/iceta/{number}/?langkah=resolve")
    page.fill(STEP, WORDS)
    page.reload()
    expect(page.locator(STEP)).to_have_value(WORDS)
    end_session(page)
    page.locator("#langkah button.primary").click()
    sign_in_again(town, page)
    expect(page.locator(STEP)).to_have_value(WORDS)
    page.goto(here)
    page.fill(REPLY, "Kami ke sana besok")
    end_session(page)
    page.locator(".reply-form button.primary").click()
    sign_in_again(town, page)
    expect(page.locator(REPLY)).to_have_value("Kami ke sana besok")
    with page.expect_navigation():
        page.locator(".reply-form button.primary").click()
    expect(page.locator(".toast").first).to_be_visible()
    expect(page.locator(REPLY)).to_have_value("")
    assert kept(page) == 1
    page.goto(f"{here}?langkah=resolve")
    expect(page.locator(STEP)).to_have_value(WORDS)
    with page.expect_navigation():
        page.locator("#langkah button.primary").click()
    expect(page.locator("#langkah")).to_have_count(0)
    assert kept(page) == 0
    for place in ("/desk/iceta/?tiket={}", "/desk/iceta/{}/"):
        caret_stands_after_a_save_not_taken(town, place)


def test_beside_the_queue_words_stay_through_other_cases_and_a_lost_session(town: Town) -> None:
    (number, _one), (_other, _two) = handed_over(), handed_over()
    page = town.page("rudi", f"/desk/iceta/?tiket={number}")
    page.fill(REPLY, "Catatan yang belum jadi")
    page.keyboard.press("Escape")
    page.locator("#pane [data-key=s]").first.click()
    page.locator(STEP).fill(WORDS)
    away_and_back(page, number)
    expect(page.locator(REPLY)).to_have_value("Catatan yang belum jadi")
    page.locator("#pane [data-key=s]").first.click()
    expect(page.locator(STEP)).to_have_value(WORDS)
    end_session(page)
    page.locator("#langkah button.primary").click()
    expect(page.locator(".toast.terasi")).to_contain_text("Anda sudah keluar. Masuk lagi")
    expect(page.locator(STEP)).to_have_value(WORDS)
    page.locator(".toast").get_by_role("button", name="Masuk lagi").click()
    sign_in_again(town, page)
    expect(page.locator(STEP)).to_have_value(WORDS)
    page.locator("#langkah button.primary").click()
    expect(page.locator(".toast").first).to_be_visible()
    assert kept(page) == 1


def caret_stands_after_a_save_not_taken(town: Town, place: str) -> None:
    """The case was changed meanwhile; the caret stands where it stood."""
    number, _path = handed_over()
    page = town.page("rudi", place.format(number) + ("&" if "?" in place else "?") + "langkah=resolve")
    page.locator(STEP).fill(WORDS)
    page.locator(STEP).evaluate("field => field.setSelectionRange(6, 6)")
    acted_on("report_note", "Sudah ditelepon", number)
    page.locator("#langkah button.primary").click()
    expect(page.locator("#langkah .notice.terasi")).to_be_visible()
    expect(page.locator(STEP)).to_be_focused()
    assert page.locator(STEP).evaluate("field => [field.value, field.selectionStart]") == [WORDS, 6]


def away_and_back(page: Page, number: str) -> None:
    """To the other case by key, and back."""
    settled(page)
    page.keyboard.press("Escape")
    first = page.locator("#queue tr[data-number]").first.get_attribute("data-number") == number
    for key, there in (("j" if first else "k", False), ("k" if first else "j", True)):
        page.keyboard.press(key)
        pane = page.locator(f"#pane[data-number='{number}']")
        expect(pane).to_have_count(1 if there else 0)
        settled(page)
        page.keyboard.press("Escape")


def settled(page: Page) -> None:
    """Whatever was swapped in has given the focus where it belongs: no key goes astray."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def lose_answer(page: Page) -> None:
    """The next step reaches the server, its answer does not come back."""

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/langkah/**", lose, times=1)


def expected(town: Town) -> None:
    """What htmx itself writes to the console of a request that failed is no complaint of ours."""
    assert all(line.startswith(("htmx:", "Response Status Error Code 403")) for line in town.said), town.said
    town.said.clear()


def replies(number: str) -> int:
    def count() -> int:
        from kotacerdas.foundation.cases.models import Note

        return Note.objects.filter(case__number=number, kind="reply").count()

    return stored(count)


def test_beside_the_queue_an_answer_lost_on_the_way_sends_nothing_twice(town: Town) -> None:
    (number, _path), _other = handed_over(), handed_over()
    for sent, then in enumerate(("again", "reload", "other case")):
        page = town.page("rudi", f"/desk/iceta/?tiket={number}")
        lost_and_sent_again(page, number, then, 2 * sent)
        expected(town)


def lost_and_sent_again(page: Page, number: str, then: str, before: int) -> None:
    """A reply whose answer is lost, sent again after what comes between; and the next reply, which is another one."""
    page.fill(REPLY, WORDS)
    lose_answer(page)
    page.locator(".reply-form button.primary").click()
    lost = page.locator(".toast.terasi")
    expect(lost).to_contain_text(
        "Tidak ada jawaban dari server. Mungkin sudah terkirim; coba lagi, tidak akan terkirim dua kali."
    )
    expect(page.locator(REPLY)).to_have_value(WORDS)
    assert replies(number) == before + 1
    if then == "reload":
        page.reload()
    elif then == "other case":
        away_and_back(page, number)
    expect(page.locator(REPLY)).to_have_value(WORDS)
    page.locator(".reply-form button.primary").click()
    expect(page.locator(".toast.plain")).to_contain_text("Balasan")
    expect(lost).to_have_count(0)
    expect(page.locator(REPLY)).to_have_value("")
    assert replies(number) == before + 1
    assert kept(page) == 0
    page.fill(REPLY, "Kabar berikutnya")
    page.locator(".reply-form button.primary").click()
    expect(page.locator(REPLY)).to_have_value("")
    assert replies(number) == before + 2


def test_the_queue_agrees_with_what_is_shown_whether_a_case_comes_or_is_done(town: Town) -> None:
    (number, _path), _other = handed_over(), handed_over()
    page = town.page("rudi", f"/desk/iceta/?tiket={number}", viewport={"width": 1366, "height": 480})
    story = page.locator("#case-story")
    assert story.evaluate("one => one.scrollHeight > one.clientHeight")
    expect(story.locator(".speech").last).to_be_in_viewport(
        ratio=0.5
    )  # what is asked, not what happened after it
    page.context.set_offline(True)
    other = page.locator(f"#queue tr[data-number]:not([data-number='{number}']) a[data-open]")
    other.click()
    expect(page.locator(".toast.terasi")).to_contain_text("Tiket tidak terbuka")
    expect(page.locator("#queue tr.open")).to_have_attribute("data-number", number)
    assert page.url.endswith(number)
    page.context.set_offline(False)
    other.click()
    expect(page.locator(f"#pane[data-number='{number}']")).to_have_count(0)
    assert not page.url.endswith(number)
    expected(town)
    expect(page.locator("#side [aria-current] .num")).to_have_text("2")
    page.locator("#pane [data-key=s]").first.click()
    page.fill(STEP, WORDS)
    page.locator("#langkah button.primary").click()
    expect(page.locator("#queue-total")).to_contain_text("1 tiket")
    expect(page.locator("#queue-chips .num").first).to_have_text("1")
    expect(page.locator("#side [aria-current] .num")).to_have_text("1")


def test_beside_the_queue_a_page_grown_old_is_opened_again_with_the_words(town: Town) -> None:
    number, _path = handed_over()
    page = town.page("rudi", f"/desk/iceta/?tiket={number}")
    page.locator("#pane [data-key=s]").first.click()
    page.fill(STEP, WORDS)
    page.context.clear_cookies(name="csrftoken")  # as after signing in anew in another tab
    page.locator("#langkah button.primary").click()
    told = page.locator(".toast.terasi")
    expect(told).to_contain_text("Halaman ini sudah lama. Muat ulang; ketikan Anda tetap ada.")
    with page.expect_navigation():
        told.get_by_role("button", name="Muat ulang").click()
    expect(page.locator(STEP)).to_have_value(WORDS)
    page.locator("#langkah button.primary").click()
    expect(page.locator(".toast.plain")).to_be_visible()
    expected(town)


def test_without_a_signal_the_page_stays(town: Town) -> None:
    number, _path = handed_over()
    case, queue = f"/desk/iceta/{number}/?langkah=resolve", f"/desk/iceta/?tiket={number}"
    archive = f"/desk/iceta/verifikasi/?tiket={stored(filed)}&langkah=archive"
    for who, path, field, button in (
        ("rudi", case, STEP, "#langkah button.primary"),
        ("rudi", queue, REPLY, ".reply-form button.primary"),
        ("dewi", "/desk/telepon/", "#words", "[data-send]"),
        ("sari", archive, "[name=reason]", ".verify-bar .mangga"),
    ):
        stays_without_a_signal(town.page(who, path), field, button)
        expected(town)


def stays_without_a_signal(page: Page, field: str, button: str) -> None:
    """The press is answered in words, once, and the words of the field stay."""
    page.fill(field, WORDS)
    here = page.url
    page.context.set_offline(True)
    for _press in range(2):
        page.locator(button).first.click()
    told = page.locator("[role=status] .toast")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Tidak ada sinyal. Ketikan Anda masih ada: coba lagi saat sinyal kembali.")
    expect(page.locator(field)).to_have_value(WORDS)
    assert page.url == here
    page.context.set_offline(False)
    expect(told).to_have_count(0)


def filed() -> str:
    """The number of a report that nobody has verified yet."""
    from trials.cast import Cast

    return Cast(rudi=None, sari=None, dewi=None, asep=None, head=None).report().case.number


def test_one_escape_closes_a_reason_and_the_letters_work_again(town: Town) -> None:
    """Of the verifier: a letter opens what it names, and nothing merges unseen."""
    stored(filed)
    page = town.page("sari", "/desk/iceta/verifikasi/")
    reason = page.locator("#decide-bar form textarea")
    for letter in "tat":
        page.keyboard.press(letter)
        expect(reason).to_be_visible()
        reason.fill("Belum jelas")
        page.keyboard.press("Escape")
        expect(reason).to_have_count(0)
