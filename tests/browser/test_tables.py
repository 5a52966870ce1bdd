"""A table on its way in, as a browser shows it: from the file to the taken rows without a reload."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import stored

from kotacerdas.foundation.territory.models import Area

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("KOTACERDAS_PICTURES", "")  # a folder for pictures of each step, where one looks


def wide_enough(page, name: str) -> None:
    """Nothing reaches beyond the page at any of three widths."""
    for width, height in ((360, 740), (1366, 720), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def test_a_table_goes_from_the_file_to_the_taken_rows(town, tmp_path):
    town.house.start("worker")
    area = stored(lambda: Area.objects.filter(level="village").first())
    file = tmp_path / "Titik desa hasil survei lapangan triwulan keempat.csv"
    file.write_text(
        f"No;K.;Nama desa;Lintang;Bujur;Sumber\n1;{area.code};{area.name};{area.lat + 0.01:.5f};{area.lng:.5f};Survei\n"
        f"2;{area.code[:-1]}x;Entah;sembilan;118,5;\n3;;Kosong;-8,1;118,1;\n",
        encoding="utf-8",
    )
    page = town.page("pengelola", "/desk/tabel/")
    wide_enough(page, "1-index")
    page.goto(f"{town.url}/desk/tabel/parties.staff/")
    wide_enough(page, "2-staff")
    page.goto(f"{town.url}/desk/tabel/territory.areas/")
    wide_enough(page, "3-areas")
    page.set_input_files("#berkas", file)
    page.get_by_role("button", name="Baca berkas").click()
    page.get_by_role("link", name="Tentukan kolom").wait_for()
    wide_enough(page, "4-mapping")
    page.get_by_role("link", name="Tentukan kolom").click()
    wide_enough(page, "5-columns")
    page.select_option("[name=kolom-code]", "1")
    page.get_by_role("button", name="Baca berkas dengan cara ini").click()
    page.get_by_role("button", name="Ambil 1 baris yang benar").wait_for()
    wide_enough(page, "6-preview")
    assert "D3" in page.locator("main").inner_text()
    page.get_by_role("button", name="Ambil 1 baris yang benar").click()
    page.locator(".notice.padi").wait_for()
    wide_enough(page, "7-taken")
    assert stored(lambda: Area.objects.get(pk=area.pk).point_basis) == "Survei"
    english = town.page("pengelola", "/desk/tabel/", language="en")
    wide_enough(english, "8-english")
