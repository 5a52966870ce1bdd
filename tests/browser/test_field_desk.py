"""A phone set up by the desk's QR code, and its outbox carried to the desk as a file."""

from __future__ import annotations

import time

import pytest

from conftest import PHONE, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = """([item, at]) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("lapangan");
  opening.onsuccess = () => {
    const running = opening.result.transaction("outbox", "readwrite");
    running.objectStore("outbox").put({
      id: crypto.randomUUID(), form: "iceta.report.note", label: "Catatan", icon: "file-text", item, title: "", at,
      values: { body: "Ditulis tanpa sinyal — “é”." }, base: {}, after: [], files: [], seq: 1, status: "waiting", tries: 3,
    });
    running.oncomplete = resolve;
    running.onerror = reject;
  };
})"""


def test_a_phone_is_set_up_by_the_qr_code_and_what_it_exports_is_taken_in(town, tmp_path):
    from kotacerdas.foundation.cases.models import Note
    from kotacerdas.foundation.parties.models import User

    rudi = stored(lambda: str(User.objects.get(username="rudi").pk))
    desk = town.page("pengelola", "/desk/ponsel/kode/")
    desk.select_option("[name=person]", rudi)
    desk.click("text=Tampilkan kode")
    code = "".join(desk.locator(".phone-code-text span").all_inner_texts())
    phone = town.context(viewport=PHONE, service_workers="block", accept_downloads=True).new_page()
    phone.goto(f"{town.url}/lapangan/#/kode/{code}")
    phone.locator("nav a[href='#/kotak']").wait_for()
    assert code not in phone.url
    phone.route("**/lapangan/tukar/", lambda route: route.abort())
    case = stored(a_report_given_to_rudi)
    phone.evaluate(QUEUE, [str(case.pk), int(time.time() * 1000)])
    phone.goto(f"{town.url}/lapangan/#/kotak")
    with phone.expect_download() as download:
        phone.locator("button.wide").last.click()
    file = tmp_path / "kotak.json"
    download.value.save_as(file)
    desk.goto(f"{town.url}/desk/ponsel/berkas/")
    desk.set_input_files("[name=file]", file)
    desk.click("form.card button[type=submit]")
    desk.locator("td", has_text="Diterima").wait_for()
    assert stored(lambda: Note.objects.filter(case=case, body__contains="“é”", author=rudi).count()) == 1
