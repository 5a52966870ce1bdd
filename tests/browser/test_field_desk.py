"""A phone set up by the desk's QR code, and its outbox carried to the desk as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PHONE, Town, handed_over, stored
from field_phone import FILE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Ditulis tanpa sinyal — “é”."


def test_a_phone_is_set_up_by_the_qr_code_and_what_it_exports_is_taken_in(
    town: Town, photo: Path, tmp_path: Path
) -> None:
    from kotacerdas.foundation.cases.models import Note

    handed_over()
    desk = town.page("pengelola", "/desk/ponsel/kode/")
    desk.select_option("[name=person]", label="Rudi")
    desk.get_by_role("button", name="Tampilkan kode").click()
    desk.locator("svg.qr").wait_for()
    code = "".join(desk.locator(".phone-code-text span").all_inner_texts())

    given = {"viewport": PHONE, "service_workers": "block", "accept_downloads": True}
    phone = town.page("", f"/lapangan/#/kode/{code}", **given)
    phone.locator(".next").wait_for()
    assert code not in phone.url
    phone.route("**/lapangan/tukar/", lambda route: route.abort())
    phone.locator(".next .main").click()
    phone.get_by_role("button", name="Catatan dalam", exact=True).click()
    phone.fill("textarea", WORDS)
    phone.set_input_files(FILE, photo)
    phone.locator("figure img").wait_for()
    phone.locator(".foot").get_by_role("button", name="Simpan catatan").click()
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Ekspor").click()
    file = tmp_path / "kotak.json"
    download.value.save_as(file)

    desk.goto(f"{town.url}/desk/ponsel/berkas/")
    desk.set_input_files("[name=file]", file)
    desk.get_by_role("button", name="Terima", exact=True).click()
    expect(desk.locator("tbody .tag")).to_have_text("Diterima")
    made = stored(lambda: [(one.body, one.files.count(), one.author.name) for one in Note.objects.all()])
    assert made == [(WORDS, 1, "Rudi")]

    phone.unroute("**/lapangan/tukar/")  # the phone finds a signal after all: nothing comes twice
    phone.get_by_role("button", name="Kirim semua sekarang").click()
    expect(phone.locator(".outbox-bar strong")).to_have_text("Semua terkirim")
    assert stored(Note.objects.count) == 1
    town.said.clear()  # what Chromium says of refused connections
