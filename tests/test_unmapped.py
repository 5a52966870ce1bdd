"""A regency whose pack does not say where its villages lie: every page stands, with tiles or a list for a map."""

from __future__ import annotations

import shutil
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.config.pack import check_pack, load_pack
from kotacerdas.foundation.territory import cells, queries
from kotacerdas.foundation.territory.index import forget_index, index
from kotacerdas.foundation.territory.minimap import mini_map
from kotacerdas.foundation.territory.models import Area
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.gopal.actions.orders import _place_of
from kotacerdas.programs.iceta.tests.test_public import fields, page

sys.path.insert(0, str(Path(__file__).parent))
from permissions import ALL, TABLE
from test_permissions import LET_IN, address, client_of, world

__all__ = ["world"]
INVENTED = Path(__file__).parent / "packs" / "telukmelati"


@pytest.fixture(params=["no village", "all but one"])
def unmapped(request, regency):
    """None of the villages has a point, or one has none."""
    lost = Area.objects.filter(code="99.01.01.2001") if request.param != "no village" else Area.objects.all()
    lost.update(lat=None, lng=None)
    forget_index()
    yield request.param
    forget_index()


def without_points(text: str, keep: int = 0) -> str:
    head, *lines = text.strip().splitlines()
    cells_of = [line.split(",") for line in lines]
    for number, row in enumerate(cells_of):
        row[5:7] = row[5:7] if number < keep else ["", ""]
    return "\n".join([head, *(",".join(row) for row in cells_of)]) + "\n"


@pytest.mark.django_db
@pytest.mark.parametrize("keep", [0, 4])
def test_a_pack_may_leave_its_areas_without_points(tmp_path, keep):
    pack = Path(shutil.copytree(INVENTED, tmp_path / "pack"))
    text = without_points((pack / "areas.csv").read_text(), keep)
    (pack / "areas.csv").write_text(text)
    load_pack(pack)
    assert Area.objects.exclude(lat=None).count() == keep
    assert {name: one.changed for name, one in load_pack(pack).items() if one.changed} == {}
    forget_index()


def test_a_pack_without_the_two_columns_is_right(tmp_path):
    pack = Path(shutil.copytree(INVENTED, tmp_path / "pack"))
    lines = [line.split(",") for line in (pack / "areas.csv").read_text().strip().splitlines()]
    (pack / "areas.csv").write_text("\n".join(",".join(row[:5] + row[7:]) for row in lines) + "\n")
    assert all(row.lat is None for row in check_pack(pack).of("areas"))


@pytest.mark.django_db
def test_a_point_that_was_measured_stays_when_the_pack_has_none(tmp_path, regency):
    Area.objects.filter(code="99.01.01.2001").update(lat=-1.2, lng=122.6, point_basis="measured")
    pack = Path(shutil.copytree(INVENTED, tmp_path / "pack"))
    (pack / "areas.csv").write_text(without_points((pack / "areas.csv").read_text()))
    load_pack(pack)
    assert Area.objects.get(code="99.01.01.2001").point == (-1.2, 122.6)
    assert Area.objects.exclude(lat=None).count() == 1


@pytest.mark.django_db
def test_every_page_stands_without_a_map(unmapped, world, cast):
    wrong = []
    clients: dict[str, Client] = {}
    for name, door in TABLE.items():
        if not door.get or "logout" in name:
            continue
        role = "coordinator" if "coordinator" in door.get else min(door.get)
        client = clients.setdefault(role, client_of(role, cast))
        with transaction.atomic():
            answer = client.get(address(name, door, world))
            transaction.set_rollback(True)
        if answer.status_code not in {*LET_IN, 404, 405} or (answer.status_code == 404 and door.get != ALL):
            wrong.append(f"{name} as {role}: {answer.status_code}")
    assert not wrong


@pytest.mark.django_db
def test_districts_are_tiles_and_no_position_is_drawn_on_them(unmapped):
    shapes = cells.district_shapes(600, 400)
    assert [one.name for one in shapes] == ["Melati Utara", "Melati Selatan"]
    assert [one.name for one in cells.village_shapes("99.01.02", 300, 200)] == ["Batu Nona", "Muara Dua"]
    assert cells.village_shapes("99.99.99", 300, 200) == []
    assert cells.project(-1.2, 122.5, 600, 400) is None
    assert cells.plan(600, 400) is None
    assert mini_map(-1.2, 122.5) is None
    assert cells.cells(index()).villages == {}
    assert not queries.is_mapped()


@given(st.integers(1, 60), st.integers(80, 1200), st.integers(80, 900))
def test_tiles_lie_within_their_frame_and_not_on_one_another(count, width, height):
    areas = [Area(code=f"99.01.{number:02d}", name=f"D{number}") for number in range(count)]
    shapes = cells._tiles(areas, width, height)
    assert [one.code for one in shapes] == [one.code for one in areas]
    assert all(0 < one.x < width and 0 < one.y < height for one in shapes)
    assert len({(one.x, one.y) for one in shapes}) == count
    for one, other in pairwise(shapes):
        assert other.y > one.y or other.x > one.x


@pytest.mark.django_db
def test_a_position_in_the_country_may_lie_in_a_regency_without_points(unmapped):
    assert queries.inside_regency(-1.2, 122.5)
    assert not queries.inside_regency(48.85, 2.35)


@pytest.mark.django_db
def test_a_report_offers_no_village_by_its_position_and_takes_one_by_name(unmapped, cast, client):
    asked = reverse("iceta:report_place")
    given = {**fields(client.get(asked)), "lat": "-1.171", "lng": "122.491", "go": "district"}
    html = page(client.post(asked, given, follow=True))
    assert 'value="near:' not in html
    assert "map-pin" not in html
    found = client.post(
        asked, {**fields(client.get(asked)), "q": "karang putih", "go": "search"}, follow=True
    )
    assert 'value="village:99.01.01.2001"' in page(found)


@pytest.mark.django_db
def test_the_wall_and_the_public_map_say_that_tiles_are_no_map(unmapped, cast):
    said = "Petak, bukan peta"
    assert said in client_of("duty_officer", cast).get(reverse("commandcenter:wall")).content.decode()
    public = Client().get(reverse("lada:public_map")).content.decode()
    assert said in public
    assert "Peta menunjukkan desa" not in public
    assert "Melati Utara</tspan>" in public
    assert "Tidak ada peta" in client_of("coordinator", cast).get(reverse("telemetry:map")).content.decode()


@pytest.mark.django_db
def test_no_truck_is_sent_to_a_made_up_place(regency):
    tank = SimpleNamespace(lat=None, lng=None, area_code="")
    order = SimpleNamespace(tank=tank, case=SimpleNamespace(lat=None, lng=None))
    with translation.override("id"), pytest.raises(Invalid, match="Letak tangki belum diketahui"):
        _place_of(order)  # type: ignore[arg-type]
