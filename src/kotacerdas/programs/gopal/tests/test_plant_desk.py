"""The plant's desk as its officer uses it: found by number or photo, received, refused, the logbook, the month."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from trials.cast import MONDAY, client_of, seat

from kotacerdas.foundation.documents.models import Document
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import plants
from kotacerdas.programs.gopal.actions.receiving import manifest_receive
from kotacerdas.programs.gopal.models import LogEntry, Manifest
from kotacerdas.programs.gopal.plant.month import MANIFESTS, _manifest, received_in
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world.ready()
    with clock.frozen(world.at(world.TUESDAY, 12)):
        yield


@pytest.fixture
def officer():
    return client_of(seat("petra", "PU", "plant_officer"))


@pytest.fixture
def planner():
    return client_of(seat("dina", "PU", "desludging_planner"))


def test_the_day_shows_who_is_expected_and_what_was_received(officer):
    world.loaded(1800, unit=world.truck("Truk 01"), number=1)
    done = world.loaded(1500, unit=world.truck("Truk 02"), number=2)
    manifest_receive(actor=world.plant_officer(), manifest=done, litres=1480)
    html = officer.get(reverse("gopal:plant")).content.decode()
    assert "MLT-2026-000001" in html
    assert "1.480 <small>dari 60.000 liter" in html


def test_a_truck_with_two_manifests_on_the_way_is_expected_with_both(officer):
    """The one that left stands first; the plan's one unloading is its."""
    noon, unit = world.at(world.TUESDAY, 12), world.truck()
    with clock.frozen(MONDAY):
        world.crew()
        world.order(slot=world.at(world.TUESDAY, 13))
        world.in_force()
    first = world.loaded(1800, number=1)
    Manifest.objects.update(state="carrying", left_at=noon - timedelta(hours=1), plant=world.plant())
    second = world.loaded(1500, number=2)
    found = plants.expected(world.plant(), world.TUESDAY)
    assert [(one.manifest, one.litres) for one in found if one.arrives is None] == [(second, 1500)]
    assert [(one.manifest, one.litres) for one in found if one.arrives is not None] == [(first, 1800)]
    assert {one.unit for one in found} == {unit.name}
    html = officer.get(reverse("gopal:plant")).content.decode()
    assert all(one.number in html for one in (first, second))


@pytest.mark.parametrize(
    "typed", ["mlt-2026-000001", " token-1 ", "1", "000001", "MLT 2026 000001", "MLT-2026-000001\u200b"]
)
def test_a_manifest_is_found_by_its_number_and_by_its_code(officer, typed):
    world.loaded(1800)
    answer = officer.post(reverse("gopal:plant_scan"), {"code": typed})
    assert answer.url == reverse("gopal:receive", args=["MLT-2026-000001"])


def test_a_manifest_is_found_on_a_photo_of_its_code(officer):
    world.loaded(1800)
    picture = io.BytesIO()
    segno.make("token-1", micro=False).save(picture, kind="png", scale=8)
    photo = SimpleUploadedFile("kode.png", picture.getvalue(), content_type="image/png")
    answer = officer.post(reverse("gopal:plant_scan"), {"photo": photo})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == reverse("gopal:receive", args=["MLT-2026-000001"])


@pytest.mark.parametrize("given", [{}, {"code": "MLT-2026-999999"}, {"code": "'\"<script>"}])
def test_what_names_no_manifest_says_how_to_go_on(officer, given):
    answer = officer.post(reverse("gopal:plant_scan"), given)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_the_litres_of_the_meter_are_typed_and_received(officer):
    manifest = world.loaded(1800)
    url = reverse("gopal:receive", args=[manifest.number])
    assert 'name="litres"' in officer.get(url).content.decode()
    assert officer.post(url, {"litres": "9000"}).status_code == 422
    assert officer.post(url, {"litres": ""}).status_code == 422
    assert officer.post(url, {"litres": "1790"}).status_code == 302
    assert Manifest.objects.get().received_l == 1790
    twice = officer.post(url, {"litres": "1790"})
    assert twice.status_code == 422
    assert "1.790" in twice.content.decode()


def test_a_load_is_refused_with_a_reason(officer):
    manifest = world.loaded(1800)
    url = reverse("gopal:refuse", args=[manifest.number])
    assert officer.post(url, {"why": ""}).status_code == 422
    assert officer.post(url, {"why": "Bercampur oli"}).status_code == 302
    page = officer.get(reverse("gopal:manifest", args=[manifest.number])).content.decode()
    assert "Bercampur oli" in page
    assert f"{manifest.number}-2" in page


def test_another_agency_and_a_stranger_find_nothing(client):
    manifest = world.loaded(1800)
    other = client_of(seat("omar", "KOMINFO", "officer"))
    for name in ("receive", "refuse", "manifest", "manifest_trace"):
        url = reverse(f"gopal:{name}", args=[manifest.number])
        assert other.get(url).status_code == 404
        assert client.get(url).status_code == 302
    assert other.get(reverse("gopal:plant")).status_code == 404
    planner = client_of(seat("dina", "PU", "desludging_planner"))
    assert (
        planner.post(reverse("gopal:receive", args=[manifest.number]), {"litres": "1800"}).status_code == 404
    )


def test_the_page_of_a_short_manifest_begins_with_its_case(planner):
    manifest = world.loaded(1800, 1800)
    manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=2900)
    html = planner.get(reverse("gopal:manifest", args=[manifest.number])).content.decode()
    assert manifest.difference is None or manifest.difference.number in html
    assert "plant-banner terasi" in html
    assert "langkah=told" in html
    assert "langkah=settle" not in html
    case = Manifest.objects.get().difference
    assert (
        planner.get(f"{reverse('gopal:differences:case', args=[case.number])}?langkah=told").status_code
        == 200
    )


def test_a_difference_is_answered_and_settled_at_the_desk(planner):
    manifest = world.loaded(1800)
    manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=1000)
    case = Manifest.objects.get().difference
    step = "gopal:differences:step"
    planner.post(reverse(step, args=[case.number, "settle"]), {"decision": "accepted"})
    case.refresh_from_db()
    assert case.state == "asked"
    planner.post(reverse(step, args=[case.number, "told"]), {"body": "Selang bocor di jalan"})
    case.refresh_from_db()
    assert case.state == "answered"
    html = planner.get(reverse("gopal:manifest", args=[manifest.number])).content.decode()
    assert "Selang bocor di jalan" in html
    assert "langkah=settle" in html
    planner.post(reverse(step, args=[case.number, "settle"]), {"decision": "accepted"})
    case.refresh_from_db()
    assert case.state == "settled"


def test_the_logbook_takes_figures_of_the_laboratory_and_refuses_what_cannot_be(officer):
    url = reverse("gopal:logbook")
    assert officer.post(url, {"kind": "laboratory"}).status_code == 422
    assert officer.post(url, {"kind": "laboratory", "ph": "15"}).status_code == 422
    assert officer.post(url, {"kind": "maintenance"}).status_code == 422
    assert officer.post(url, {"kind": "laboratory", "ph": "7,1", "bod_mg_per_l": "24"}).status_code == 302
    assert LogEntry.objects.get().values == {"ph": 7.1, "bod_mg_per_l": 24.0}
    assert "BOD" in officer.get(url).content.decode()


def test_the_months_sheet_ties_out_with_the_manifests(officer):
    for number, (pumped, received) in enumerate(((1800, 1790), (1500, 1200)), 1):
        unit = world.truck(f"Truk {number:02d}")
        one = world.loaded(pumped, unit=unit, number=number)
        manifest_receive(actor=world.plant_officer(), manifest=one, litres=received)
    data = officer.get(reverse("gopal:plant_month") + "?bulan=2026-11").content
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        manifests, days = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    for sheet in (manifests, days):
        assert "<v>2990</v>" in sheet


def test_the_months_sheet_names_the_day_of_the_trip_beside_the_day_of_reception(officer):
    """Indicators and the treasurer go by the trip's day, the service report by the reception."""
    late = world.loaded(1800)
    with clock.frozen(world.at(world.TUESDAY + timedelta(days=1), 9)):
        manifest_receive(actor=world.plant_officer(), manifest=late, litres=1800, why="Truk mogok")
        [row] = [_manifest(one) for one in received_in(world.plant(), world.TUESDAY)]
    cells = dict(zip([one.name for one in MANIFESTS], row, strict=True))
    assert cells["day"] == world.TUESDAY + timedelta(days=1)
    assert cells["trip"] == world.TUESDAY


def test_the_plants_page_asks_the_store_no_more_for_more_manifests(officer):
    asked = []
    with clock.frozen(MONDAY):
        world.ready(trucks=3)
    for number in (1, 2, 3):
        one = world.loaded(1800, unit=world.truck(f"Truk {number:02d}"), number=number)
        manifest_receive(actor=world.plant_officer(), manifest=one, litres=1790)
        officer.get(reverse("gopal:plant"))
        with CaptureQueriesContext(connection) as queries:
            officer.get(reverse("gopal:plant"))
        asked.append(len(queries))
    assert asked[1] == asked[2]


@pytest.mark.parametrize("month", ["", "2026-13", "9999-12", "0001-01", "x"])
def test_a_month_that_is_none_is_this_one(officer, month):
    world.plant()
    assert officer.get(reverse("gopal:plant_month") + f"?bulan={month}").status_code == 200


def test_a_manifest_is_printed_once_for_each_state_of_it(planner):
    manifest = world.loaded(1800)
    issue = reverse("gopal:manifest_issue", args=[manifest.number])
    planner.post(issue)
    manifest_receive(actor=world.plant_officer(), manifest=manifest, litres=1790)
    first, again = planner.post(issue).url, planner.post(issue).url
    assert first == again
    assert planner.get(first).content.startswith(b"%PDF")
    assert Document.objects.filter(revoked_at=None).count() == 1


def test_the_list_of_manifests_is_searched(planner):
    world.loaded(1800)
    url = reverse("gopal:manifests")
    assert "MLT-2026-000001" in planner.get(f"{url}?q=000001").content.decode()
    assert "MLT-2026-000001" not in planner.get(f"{url}?keadaan=received").content.decode()
