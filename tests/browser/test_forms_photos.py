"""Photos of a public form: made smaller on the phone, refused in words, neither lost nor stored twice on a bad line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PICK, Town, counts, fill_report, jpeg, onwards, padded, send_report, stored
from playwright.sync_api import Page, Route, expect

from kotacerdas.foundation.files.models import StoredFile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def photos() -> int:
    """Photos in the store."""
    return stored(StoredFile.objects.count)


def chosen(page: Page, name: str, data: bytes) -> None:
    page.set_input_files(PICK, {"name": name, "mimeType": "image/jpeg", "buffer": data})


def test_a_photo_is_made_smaller_or_refused_in_words_and_the_report_goes_on(
    town: Town, tmp_path: Path
) -> None:
    page = town.page(path="/lapor/")
    a_transparent_one_is_white(page)
    signed_in_in_another_tab(page)
    row = page.locator("[data-rows] .photo-row")
    chosen(page, "foto.jpg", b"bukan foto, hanya kata-kata\n" * 100)
    expect(row.locator("[data-state]")).to_contain_text("bukan foto yang dapat dibaca")
    assert counts() == (0, 0, 0)
    row.locator("[data-cancel]").click()
    expect(row).to_have_count(0)
    stays_beside_a_good_one(page)
    page.set_input_files(PICK, padded(tmp_path / "besar.heic", b"", 20))
    expect(row.locator("[data-state]")).to_contain_text("Foto terlalu besar, paling besar 10 MB")
    assert counts() == (0, 1, 0)
    row.locator("[data-cancel]").click()
    large = jpeg((4000, 3000), quality=95)
    assert len(large) > 4_000_000
    chosen(page, "besar.jpg", large)
    expect(page.locator("[data-shrunk]").nth(1)).to_contain_text("KB", timeout=30_000)
    assert stored(lambda: max(StoredFile.objects.values_list("bytes", flat=True))) < 2_000_000
    fill_report(page, None)
    send_report(page)
    assert counts()[:2] == (1, 2)


def signed_in_in_another_tab(page: Page) -> None:
    """The token changed meanwhile: photos go on with the present one once somebody is back at this tab."""
    (cookie,) = (one for one in page.context.cookies() if "csrftoken" in one["name"])
    page.context.add_cookies([{**cookie, "value": "k0taCerda5" * 3 + "ab"}])  # type: ignore[typeddict-item]
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def stays_beside_a_good_one(page: Page) -> None:
    """Why a photo was refused stays until it is removed."""
    files = [("a.jpg", b"bukan foto\n" * 100), ("b.jpg", jpeg((400, 300)))]
    page.set_input_files(
        PICK, [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files]
    )
    row = page.locator("[data-rows] .photo-row")
    expect(page.locator("[data-photos] img")).to_have_count(1)
    expect(row).to_contain_text("bukan foto yang dapat dibaca")
    expect(row.locator("[data-again]")).to_be_hidden()
    row.locator("[data-cancel]").focus()
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    expect(page.locator("[data-photos]")).to_be_focused()
    assert photos() == 1


def test_on_a_bad_line_a_photo_is_tried_again_or_left_behind_and_never_stored_twice(town: Town) -> None:
    without_signal(town)
    on_a_bad_line(town)
    tried_again_by_key(town)
    stored_once(town)
    removed_meanwhile(town)


def without_signal(town: Town) -> None:
    """Nobody goes on without it unasked."""
    page, before = town.page(path="/lapor/"), photos()
    page.context.set_offline(True)
    chosen(page, "dermaga.jpg", jpeg((400, 300)))
    row, ask = page.locator("[data-rows] .photo-row"), page.locator("[data-ask]")
    expect(row).to_contain_text("Belum terkirim")
    expect(row.locator("small .icon")).to_be_visible()
    expect(page.locator("[data-offline]")).to_contain_text("Foto yang belum terkirim tidak ikut tersimpan")
    expect(page.locator("[data-saved]")).to_be_hidden()
    page.locator(".foot .primary").click()
    expect(ask).to_contain_text("Foto di atas belum terkirim")
    ask.get_by_text("Coba lagi").click()
    expect(ask).to_be_focused()
    expect(row).to_contain_text("Belum terkirim")
    page.context.set_offline(False)
    expect(page.locator(".photo-card")).to_be_visible()
    expect(row).to_have_count(0)
    expect(ask).to_be_hidden()
    assert page.url.split("?")[0].endswith("/lapor/")
    onwards(page)
    assert photos() == before + 1


def on_a_bad_line(town: Town) -> None:
    """Tried again, or left behind."""
    page, before = town.page(path="/lapor/"), photos()
    page.route("**/lapor/foto/", lambda route: route.abort())
    chosen(page, "satu.jpg", jpeg((400, 300)))
    row, again = page.locator("[data-rows] .photo-row"), page.locator("[data-rows] [data-again]")
    again.click()
    expect(again).to_be_visible()
    page.unroute("**/lapor/foto/")
    chosen(page, "dua.jpg", jpeg((300, 200)))
    expect(page.locator("[data-photos] img")).to_have_count(2)
    expect(row).to_have_count(0)
    page.route("**/lapor/foto/", lambda route: route.fulfill(status=503, body="sibuk"))
    chosen(page, "tiga.jpg", jpeg((200, 200)))
    expect(row).to_have_class("photo-row card failed")
    page.locator(".foot .primary").click()
    with page.expect_navigation(url="**/lapor/tempat/**"):
        page.locator("[data-ask-without]").click()
    assert photos() == before + 2


def tried_again_by_key(town: Town) -> None:
    """Its row keeps the focus meanwhile."""
    page = town.page(path="/lapor/")
    page.route("**/lapor/foto/", lambda route: route.abort())
    chosen(page, "satu.jpg", jpeg((400, 300)))
    again = page.locator("[data-rows] [data-again]")
    expect(again).to_be_visible()
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-rows] .photo-row")).to_be_focused()
    expect(again).to_be_visible()


def lose_answer(route: Route) -> None:
    """The server has it; the answer is lost."""
    route.fetch()
    route.abort()


def stored_once(town: Town) -> None:
    """Sent again, it is the same photo."""
    page, before = town.page(path="/lapor/"), photos()
    page.route("**/lapor/foto/", lose_answer, times=1)
    chosen(page, "satu.jpg", jpeg((400, 300)))
    again = page.locator("[data-rows] [data-again]")
    expect(again).to_be_visible()
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-photos]")).to_be_focused()
    expect(page.locator("[data-photos] img")).to_have_count(1)
    assert photos() == before + 1


def removed_meanwhile(town: Town) -> None:
    """Removed on the page, it is removed from the store."""
    page, before = town.page(path="/lapor/"), photos()
    page.route("**/lapor/foto/", lose_answer, times=1)
    chosen(page, "satu.jpg", jpeg((400, 300)))
    expect(page.locator("[data-rows] [data-again]")).to_be_visible()
    page.locator("[data-rows] [data-cancel]").click()
    onwards(page)
    assert photos() == before


def test_next_waits_for_a_photo_and_nobody_goes_on_without_one_refused_meanwhile(town: Town) -> None:
    waits(town)
    for status in (422, 409):
        refused_meanwhile(town, status)


def waits(town: Town) -> None:
    """Until it is there."""
    page, before = town.page(path="/lapor/"), photos()
    held: list[Route] = []
    page.route("**/lapor/foto/", lambda route: held.append(route))
    with page.expect_request("**/lapor/foto/"):
        chosen(page, "dermaga.jpg", jpeg((400, 300)))
    page.locator(".foot .primary").click()
    expect(page.locator(".foot .primary")).to_have_text("Menunggu foto…")
    expect(page.locator("[data-ask]")).to_contain_text("Foto masih dikirim")
    with page.expect_navigation(url="**/lapor/tempat/**"):
        held[0].continue_()
    assert photos() == before + 1


def refused_meanwhile(town: Town, status: int) -> None:
    """Said on the page, which stays."""
    page = town.page(path="/lapor/")
    held: list[Route] = []
    page.route("**/lapor/foto/", lambda route: held.append(route))
    with page.expect_request("**/lapor/foto/"):
        chosen(page, "foto.jpg", b"bukan foto\n" * 100)
    page.locator(".foot .primary").click()
    expect(page.locator("[data-ask]")).to_contain_text("Foto masih dikirim")
    if status == 422:
        held[0].continue_()
    else:
        held[0].fulfill(status=409, content_type="text/plain", body="Laporan ini sudah terkirim.")
    expect(page.locator("[data-ask]")).to_contain_text("Foto di atas belum terkirim")
    words = "bukan foto yang dapat dibaca" if status == 422 else "sudah terkirim"
    expect(page.locator("[data-rows] [role=alert]")).to_contain_text(words)
    assert page.url.split("?")[0].endswith("/lapor/")
    with page.expect_navigation(url="**/lapor/tempat/**"):
        page.locator("[data-ask-without]").click()


def a_transparent_one_is_white(page: Page) -> None:
    """As on the server: by both ways of making a photo smaller, of every kind a browser draws and may write."""
    for module, name in (("kotacerdas/js/smaller.js", "smaller"), ("sync/photos.js", "shrink")):
        for kind in ("png", "webp"):
            assert page.evaluate(_SHRUNK, [f"/static/{module}", name, f"image/{kind}"]) == [255, 255, 255]


_SHRUNK = """async ([module, name, kind]) => {
  const canvas = new OffscreenCanvas(2400, 900);
  const pen = canvas.getContext("2d");
  const noise = pen.createImageData(1200, 900);
  for (let at = 0, one = 1; at < noise.data.length; at += 1) {
    one = (one * 48271) % 2147483647;
    noise.data[at] = at % 4 === 3 ? 255 : one;
  }
  pen.putImageData(noise, 0, 0);
  const made = (await import(module))[name](new File([await canvas.convertToBlob({ type: kind })], "a", { type: kind }));
  const drawn = await createImageBitmap(await made);
  const seen = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d");
  seen.fillStyle = "#fff"; // what is smaller as it was is sent so, and transparent still
  seen.fillRect(0, 0, drawn.width, drawn.height);
  seen.drawImage(drawn, 0, 0);
  return [...seen.getImageData(drawn.width - 9, 9, 1, 1).data.slice(0, 3)];
}"""
