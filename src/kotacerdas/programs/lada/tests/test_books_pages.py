"""The pages of the books: a semester is locked, explained for one good, and reported as workbook and paper."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from trials.cast import client_of

from kotacerdas.programs.lada.actions.locking import lock_run
from kotacerdas.programs.lada.books import reports
from kotacerdas.programs.lada.models import Locking, Period
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def test_a_semester_is_locked_on_its_page_and_explained_for_one_good():
    asset = world.good()
    office, officer = client_of(world.office().user), client_of(world.officer().user)
    assert "Kunci semester 1 tahun 2026" in text(office.get(reverse("lada:books")))
    assert "Kunci semester" not in text(officer.get(reverse("lada:books")))
    assert officer.post(reverse("lada:lock", args=[2026, 1])).status_code == 404
    before = text(officer.get(reverse("lada:figure", args=[2026, 1, asset.nibar])))
    assert "belum dikunci" in before
    assert office.post(reverse("lada:lock", args=[2026, 1])).status_code == 302
    assert "menunggu giliran" in text(office.get(reverse("lada:books")))
    assert not Period.objects.exists()
    assert office.post(reverse("lada:lock", args=[2026, 1])).status_code == 409
    lock_run(str(Locking.objects.get().id))
    assert Period.objects.count() == 1
    assert office.get(reverse("lada:locking")).status_code == 302
    assert office.post(reverse("lada:lock", args=[2026, 1])).status_code == 409
    assert "1.000.000" in text(officer.get(reverse("lada:semester", args=[2026, 1])))
    said = text(officer.get(reverse("lada:figure", args=[2026, 1, asset.nibar])))
    assert "÷ 8" in said
    assert "1.000.000" in said
    other = client_of(world.officer("ratna", "KOMINFO").user)
    assert other.get(reverse("lada:figure", args=[2026, 1, asset.nibar])).status_code == 404
    assert "8.000.000" not in text(other.get(reverse("lada:semester", args=[2026, 1])))


@pytest.mark.parametrize("kind", list(reports.NAMES))
def test_every_report_is_a_workbook_and_a_paper_of_what_one_may_see(kind):
    room = world.room()
    world.good(on=date(2026, 5, 1), data={"name": "Laptop kantor", "room": str(room.id)})
    world.good(data={"agency": "KOMINFO", "name": "Laptop lain"})
    client = client_of(world.officer("tono").user)
    asked = {"sampai": "2026-06-30", "dari": "2026-01-01"}
    answer = client.get(reverse("lada:report", args=[kind, "xlsx"]), asked)
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content), read_only=True)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "8000000" in cells
    assert "Laptop lain" not in cells
    paper = client.get(reverse("lada:report", args=[kind, "pdf"]), asked)
    assert paper.content.startswith(b"%PDF")
    assert client.get(reverse("lada:report", args=[kind, "pdf"]), {"instansi": "KOMINFO"}).status_code == 404
    assert client.get(reverse("lada:report", args=[kind, "xlsx"]), {"sampai": "kemarin"}).status_code == 404


def test_a_span_that_ends_before_it_begins_is_told_on_the_page():
    world.good()
    asked = {"sampai": "2026-01-01", "dari": "2026-06-30"}
    answer = client_of(world.officer().user).get(reverse("lada:report", args=["mutation", "pdf"]), asked)
    assert answer.status_code == 422
    assert "Rentang berakhir sebelum mulai" in answer.content.decode()


def test_the_register_goes_out_as_the_table_that_can_be_read_in():
    world.good()
    client = client_of(world.officer().user)
    assert "Laptop 14 inci" in text(client.get(reverse("lada:openings", args=["csv"])))
    assert client.get(reverse("lada:openings", args=["xlsx"])).content.startswith(b"PK")


@pytest.mark.parametrize("asked", [{"sampai": "9999-12-31"}, {"dari": "0001-01-01"}])
@pytest.mark.parametrize("kind", ["depreciation", "mutation"])
def test_a_day_that_no_book_has_is_refused_before_anything_is_reckoned(kind, asked):
    world.good()
    answer = client_of(world.officer().user).get(reverse("lada:report", args=[kind, "xlsx"]), asked)
    assert answer.status_code == 404
