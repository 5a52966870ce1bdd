"""Maps without boundaries: every area is drawn, within its frame, and stays small."""

import re

import pytest
import shapely
from django.template import Context, Template

from kotacerdas.foundation.territory import cells, queries
from kotacerdas.foundation.territory.index import Index, forget_index, index
from kotacerdas.foundation.territory.minimap import HEIGHT, WIDTH, mini_map
from kotacerdas.foundation.territory.models import Area


def test_cells_cover_the_outline_without_overlap(land):
    drawn = cells.cells(index())
    assert len(drawn.villages) == 317
    assert len(drawn.districts) == 31
    total = sum(cell.area for cell in drawn.villages.values())
    assert total == pytest.approx(drawn.outline.area, rel=1e-6)
    assert all(cell.is_valid and not cell.is_empty for cell in drawn.districts.values())


def test_every_village_lies_in_its_own_cell(land):
    known = index()
    drawn = cells.cells(known)
    for area in known.villages:
        assert shapely.contains_xy(drawn.villages[area.code], *known.plane.flat(area.lat, area.lng))


def test_district_shapes_stay_within_their_frame(land):
    shapes = cells.district_shapes(600, 400)
    assert len(shapes) == 31
    assert all(0 <= shape.x <= 600 and 0 <= shape.y <= 400 for shape in shapes)
    assert all(re.fullmatch(r"[Mlz0-9.\- ]+", shape.d) for shape in shapes)
    assert sum(len(shape.d) for shape in shapes) < 40_000
    assert cells.district_shapes(600, 400) == shapes


def test_a_position_lies_on_the_map_of_the_districts(land):
    shapes = {shape.code: shape for shape in cells.district_shapes(600, 400)}
    x, y = cells.project(-6.45, 108.31, 600, 400)
    nearest = min(shapes.values(), key=lambda one: (one.x - x) ** 2 + (one.y - y) ** 2)
    assert nearest.name == "Jatibarang"


def test_villages_of_a_district_have_a_map_of_their_own(land):
    shapes = cells.village_shapes("32.12.13", 400, 300)
    assert len(shapes) == 15
    assert cells.village_shapes("99.99.99", 400, 300) == []


def test_the_still_map_is_drawn_by_classes_alone(land):
    html = Template("{% load maps %}{% place_map lat lng 40 %}").render(
        Context({"lat": -6.4523, "lng": 108.3121})
    )
    assert "<svg" in html
    assert "style=" not in html
    assert "map-pin" in html
    assert queries.nearest_villages(-6.4523, 108.3121, 1)[0].area.full_name in html
    assert len(html) < 15_000


def test_the_still_map_grows_with_the_accuracy(land):
    near, far = mini_map(-6.45, 108.31, 30), mini_map(-6.45, 108.31, 5_000)
    assert far.bar_text != near.bar_text
    assert len(far.cells) > len(near.cells)
    assert (near.x, near.y) == (WIDTH / 2, HEIGHT / 2)


def test_a_chosen_village_is_coloured_and_named_even_where_the_pin_covers_its_name(land):
    area = queries.nearest_villages(-6.4523, 108.3121, 1)[0].area
    drawn = mini_map(area.lat, area.lng, chosen=area.code)
    named = next(label for label in drawn.labels if label.name == area.name)
    assert named.y > HEIGHT / 2
    html = Template("{% load maps %}{% place_map lat lng area=code %}").render(
        Context({"lat": area.lat, "lng": area.lng, "code": area.code})
    )
    assert html.count("is-chosen") == 1


def test_numbers_in_a_map_are_points_not_commas_in_indonesian(land, settings):
    settings.LANGUAGE_CODE = "id"
    html = Template("{% load maps %}{% place_map lat lng %}").render(
        Context({"lat": -6.4523, "lng": 108.3121})
    )
    assert not re.search(r'(?:x|y|r|cx|cy|width|height)="\d+,\d', html)


def test_without_a_pack_there_is_no_map(db):
    Area.objects.filter(parent__parent__isnull=False).delete()
    Area.objects.filter(parent__isnull=False).delete()
    Area.objects.all().delete()
    forget_index()
    assert cells.district_shapes(600, 400) == []
    assert cells.project(-6.45, 108.31, 600, 400) is None
    assert mini_map(-6.45, 108.31) is None
    assert queries.nearest_villages(-6.45, 108.31) == []
    assert not queries.inside_regency(-6.45, 108.31)
    forget_index()


def drawn_from(points):
    """Maps of a regency whose villages have these reference points, ten a district."""
    areas = {}
    for number, (lat, lng) in enumerate(points):
        district = f"99.01.{number // 10 + 1:02d}"
        areas.setdefault(district, Area(code=district, name="D", level="district", lat=lat, lng=lng))
        code = f"{district}.{2000 + number}"
        areas[code] = Area(code=code, name="V", level="village", lat=lat, lng=lng)
    known = Index(stamp=(tuple(points),), by_code=areas)
    districts = list(cells._district_shapes(known, 1000, 600))
    for code in cells.cells(known).districts:
        assert all(shape.d for shape in cells._village_shapes(known, code, 300, 200))
    return districts


@pytest.mark.parametrize("step", [0.001, 0.005, 0.01, 0.0125, 0.02, 0.025, 0.03, 0.05])
@pytest.mark.parametrize(("rows", "columns"), [(5, 9), (8, 6), (11, 1), (12, 12)])
def test_a_regular_grid_of_reference_points_is_drawn(step, rows, columns):
    """The wall answered 500 to such a regency."""
    assert drawn_from([(-6.3 + step * a, 108.3 + step * b) for a in range(rows) for b in range(columns)])


@pytest.mark.parametrize(
    "points",
    [
        [(-6.3, 108.3)],
        [(-6.3, 108.3)] * 3,
        [(-6.3, 108.3)] * 2 + [(-6.2, 108.4)],
        [(-6.3, 108.3 + n / 50) for n in range(6)],
        [(-6.3, 108.3), (-6.3 + 1e-12, 108.3), (60.0, 10.0)],
    ],
    ids=["one", "one place", "two in one place", "a line", "far apart"],
)
def test_odd_reference_points_are_drawn_or_left_out(points):
    drawn_from(points)
