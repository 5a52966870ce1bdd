"""Goods from the table to the closed books in a browser, by an asset officer and the asset office.

A table with a wrong row is corrected, taken and approved; a blank label is bound, a car handed over and its act printed;
the semester is explained for the car, locked, and takes no event any more.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import Town, onwards, stored
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAD = "No;Kode Barang;Nama Barang / Jenis Barang;Nomor Register;Merk/Type;Ukuran/CC;Tahun Pembelian;Nomor Polisi;Asal Usul;Harga;Akumulasi Penyusutan;Kondisi;Keterangan\n"
LAPTOP = "1;1.3.2.10.01.02.002;Laptop 14 inci;0007;Contoh 14;;2023;;Pembelian;12.000.000;6.000.000;B;\n"
CAR = "2;1.3.2.02.01.02.003;Minibus;0012;Contoh X;1500;2020;E 1 XX;Hibah;{price};100.000.000;B;dinas\n"


def car() -> tuple[str, int]:
    """The car's NIBAR and its value."""
    from kotacerdas.programs.lada.models import Asset

    found = Asset.objects.get(name="Minibus")
    return found.nibar, found.value


def blank_label() -> str:
    """The number of a printed label that is on nothing yet."""
    from kotacerdas.programs.lada.actions.labels import labels_blank
    from kotacerdas.programs.lada.tests import world

    return labels_blank(actor=world.officer(), agency=world.agency(), count=1)[0].token


def proposed() -> str:
    """The number of the newest change."""
    from kotacerdas.programs.lada.models import Change

    return Change.objects.select_related("case").latest("case__opened_at").case.number


def figure(nibar: str) -> int:
    """What the locked semester says that the good lost."""
    from kotacerdas.programs.lada.models import Depreciation

    return Depreciation.objects.get(asset__nibar=nibar).amount


def test_a_car_from_the_table_to_the_closed_semester(town: Town, tmp_path: Path) -> None:
    town.house.start("worker")
    officer, office = town.page("endah"), town.page("bagus")
    imported(town, officer, tmp_path)
    approved(town, office)
    nibar, value = stored(car)
    assert value == 200_000_000
    labelled(town, officer, nibar)
    handed_over(town, officer, office, nibar)
    closed(town, officer, office, nibar)


def imported(town: Town, officer: Page, folder: Path) -> None:
    """The price of one row is no number: nothing is taken before it is mended in the file."""
    table = folder / "KIB B.csv"
    for price, wrong in (("dua ratus juta", 1), ("200.000.000", 0)):
        table.write_text(HEAD + LAPTOP + CAR.format(price=price), encoding="utf-8")
        officer.goto(f"{town.url}/desk/tabel/lada.openings/")
        officer.set_input_files("#berkas", table)
        officer.get_by_role("button", name="Baca berkas").click()
        officer.get_by_role("button", name=f"Ambil {2 - wrong} baris").wait_for()
        if wrong:
            expect(officer.locator("main")).to_contain_text("dua ratus juta")
    officer.get_by_role("button", name="Ambil 2 baris").click()
    officer.locator(".notice.padi").wait_for()


def approved(town: Town, office: Page) -> None:
    """The asset office reads the newest change and approves it."""
    office.goto(f"{town.url}/desk/barang/perubahan/{stored(proposed)}/")
    office.get_by_role("button", name="Setujui").first.click()
    expect(office.locator(".toast").first).to_contain_text("Disetujui")


def labelled(town: Town, officer: Page, nibar: str) -> None:
    """A blank label from the sheet is bound to the car; whoever scans it comes to its page."""
    token = stored(blank_label)
    officer.goto(f"{town.url}/desk/barang/label/")
    officer.fill("[name=token]", token)
    officer.fill("[name=thing]", nibar)
    onwards(officer, "form .mangga")
    officer.goto(f"{town.url}/b/{token}/")
    officer.wait_for_url(f"**/desk/barang/{nibar}/")
    stranger = town.page("", f"/b/{token}/")
    expect(stranger.locator("main")).to_contain_text("Mini bus (contoh)")
    expect(stranger.locator("main")).not_to_contain_text("E 1 XX")


def handed_over(town: Town, officer: Page, office: Page, nibar: str) -> None:
    """The car is given into custody; the act comes as a paper once it is in the books."""
    officer.goto(f"{town.url}/desk/barang/usul/hand_over/?nibar={nibar}")
    officer.fill("[name=holder_name]", "Nani")
    onwards(officer, "form .mangga")
    number = stored(proposed)
    approved(town, office)
    officer.goto(f"{town.url}/desk/barang/perubahan/{number}/")
    with officer.expect_response("**/berita-acara/**") as answer:
        officer.get_by_role("button", name="Cetak berita acara").click()
    assert answer.value.headers["content-type"] == "application/pdf"
    officer.goto(f"{town.url}/desk/barang/{nibar}/")
    expect(officer.locator("main")).to_contain_text("Nani")


def closed(town: Town, officer: Page, office: Page, nibar: str) -> None:
    """The semester is explained line by line before it is locked, and takes no event afterwards."""
    year, half = last_semester()
    explained = f"{town.url}/desk/barang/buku/{year}-{half}/{nibar}/"
    officer.goto(explained)
    expect(officer.locator("main")).to_contain_text("belum dikunci")
    office.goto(f"{town.url}/desk/barang/buku/")
    office.get_by_role("button", name=f"Kunci semester {half} tahun {year}").click()
    office.get_by_role("link", name=f"{year}/{half}").wait_for()
    officer.goto(explained)
    amount = f"{stored(lambda: figure(nibar)):,}".replace(",", ".")
    expect(officer.locator("main")).to_contain_text(amount)
    expect(officer.locator("main")).not_to_contain_text("belum dikunci")
    officer.goto(f"{town.url}/desk/barang/usul/condition/?nibar={nibar}")
    officer.fill("[name=on]", date(year, 6 * half, 30).isoformat())
    officer.select_option("[name=condition]", "light")
    onwards(officer, "form .mangga")
    expect(officer.locator(".field-error").first).to_contain_text("dikunci")


def last_semester() -> tuple[int, int]:
    """Year and half of the newest semester that is over."""
    from kotacerdas.kernel import clock

    today = clock.today()
    return (today.year - 1, 2) if today.month <= 6 else (today.year, 1)
