"""Areas found by position and by name, as people write them."""

import pytest

from kotacerdas.foundation.territory import queries
from kotacerdas.foundation.territory.actions import place_remember
from kotacerdas.foundation.territory.geometry import Plane, distance_m
from kotacerdas.foundation.territory.index import forget_index, index
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.names import name_key, search_key
from kotacerdas.foundation.territory.pack import SECTIONS, AreaRow, load_areas
from kotacerdas.kernel.errors import Invalid

JATIBARANG = "32.12.13"


def names(text, **given):
    return [hit.name for hit in queries.search_places(text, **given)]


def test_distance_is_that_of_the_earth():
    assert distance_m(-6.2, 106.8, -6.2, 106.8) == 0
    assert distance_m(-6.0, 108.0, -7.0, 108.0) == pytest.approx(111_195, rel=1e-4)
    assert distance_m(0, 179.9, 0, -179.9) == pytest.approx(22_239, rel=1e-3)


def test_the_plane_agrees_with_the_earth_within_a_regency():
    plane = Plane(-6.45, 108.2)
    x, y = plane.flat(-6.3, 108.5)
    assert (x**2 + y**2) ** 0.5 == pytest.approx(distance_m(-6.45, 108.2, -6.3, 108.5), rel=2e-3)


def test_names_are_folded_and_kind_words_dropped():
    assert name_key("  R.S.  Bhayangkará ") == "r s bhayangkara"
    assert search_key("Ds. Jatibarang") == "jatibarang"
    assert search_key("desa") == "desa"
    assert search_key("Kecamatan Kedokan Bunder") == "kedokan bunder"


def test_all_areas_are_there(land):
    assert (len(queries.districts()), len(queries.villages())) == (31, 317)
    village = queries.area_by_code("32.12.13.2005")
    assert village.level == Area.Level.VILLAGE
    assert village.parent.code == JATIBARANG
    assert village.parent.parent == queries.regency()
    assert queries.area_by_code("99.99") is None
    assert {one.parent.code for one in queries.villages(JATIBARANG)} == {JATIBARANG}


def test_nearest_villages_come_nearest_first(land):
    village = queries.villages(JATIBARANG)[0]
    near = queries.nearest_villages(village.lat, village.lng)
    assert near[0].area == village
    assert near[0].metres < 1
    assert len(near) == 3
    assert [one.metres for one in near] == sorted(one.metres for one in near)


def test_positions_outside_the_regency_are_told(land):
    assert all(queries.inside_regency(one.lat, one.lng) for one in queries.villages())
    assert not queries.inside_regency(-6.2, 106.8)  # another province
    assert not queries.inside_regency(6.3, 108.3)
    assert not queries.inside_regency(500.0, 108.3)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jatibarang", "Desa Jatibarang"),
        ("jatibrang", "Desa Jatibarang"),
        ("Jati barang", "Desa Jatibarang"),
        ("ds. jatibarang", "Desa Jatibarang"),
        ("karangampel", "Desa Karangampel"),
        ("kedokan bund", "Desa Kedokanbunder"),
        ("bhayangkara", "RS Bhayangkara Losarang"),
        ("bayangkara", "RS Bhayangkara Losarang"),
        ("rsud", "RSUD Indramayu"),
    ],
)
def test_a_name_is_found_as_people_write_it(land, typed, first):
    assert names(typed)[0] == first


def test_prefixes_come_before_likenesses(land):
    found = queries.search_places("kand", limit=8)
    assert found
    assert found[0].name.lower().split(" ", 1)[1].startswith("kand")


def test_village_and_district_of_one_name_are_both_found(land):
    found = queries.search_places("jatibarang")
    assert {"village", "district"} <= {hit.kind for hit in found}
    village = next(hit for hit in found if hit.kind == "village")
    assert village.context == "Jatibarang"
    assert village.metres is None


def test_areas_of_exactly_that_name_come_before_everything_else_that_bears_it(land):
    clinic = next(hit for hit in queries.search_places("bhayangkara losarang") if hit.kind == "landmark")
    place_remember(name="Losarang", area_code="32.12.20.2002", lat=clinic.lat, lng=clinic.lng)
    found = queries.search_places("losarang", near=(clinic.lat, clinic.lng))
    assert {hit.kind for hit in found[:2]} == {"village", "district"}
    assert [hit.is_named for hit in found[:3]] == [True, True, False]
    assert {"typed", "landmark"} <= {hit.kind for hit in found[2:]}


def test_of_two_villages_of_one_name_the_near_comes_first(land):
    by_name = {}
    for one in queries.villages():
        by_name.setdefault(one.name, []).append(one)
    twins = next(twins for twins in by_name.values() if len(twins) == 2)
    for twin in twins:
        first = queries.search_places(twin.name, near=(twin.lat, twin.lng))[0]
        assert (first.is_named, first.area_code) == (True, twin.code)


def test_a_village_is_found_with_its_district_behind(land):
    hit = queries.search_places("jatibarang baru jatibarang")[0]
    assert (hit.kind, hit.area_code.rpartition(".")[0]) == ("village", JATIBARANG)


def test_among_equals_the_near_comes_first(land):
    east, west = (-6.50, 108.47), (-6.31, 107.98)
    assert names("rs", near=east)[0] == "RS Krangkeng"
    assert names("rs", near=west)[0] == "RS Mitra Plumbon Patrol"


@pytest.mark.parametrize("typed", ["", "a", "%", "__", "'", "%%%", "zzzzqqqq", "\\"])
def test_what_means_nothing_finds_nothing(land, typed):
    assert queries.search_places(typed) == []


def test_a_place_typed_at_a_desk_is_found_again(land):
    village = queries.villages(JATIBARANG)[0]
    place_remember(name="Warung  Bu Tuti", area_code=village.code)
    again = place_remember(name="warung bu tuti", area_code=village.code, lat=-6.45, lng=108.31)
    assert (again.uses, again.lat) == (2, -6.45)
    hit = queries.search_places("warung bu")[0]
    assert (hit.kind, hit.name, hit.context) == ("typed", "Warung Bu Tuti", village.name)


def test_a_place_needs_a_name_and_a_known_area(land):
    with pytest.raises(Invalid):
        place_remember(name=".")
    with pytest.raises(Invalid):
        place_remember(name="Pasar", area_code="99.99")


def test_loading_twice_changes_nothing_and_a_lost_area_is_closed(land):
    rows = land.of("areas")
    assert load_areas(rows, land).unchanged == 349
    gone = rows[-1]
    counts = load_areas(rows[:-1], land)
    assert (counts.closed, counts.unchanged) == (1, 348)
    assert queries.area_by_code(gone.code) is None
    assert Area.objects.get(code=gone.code).closed_on is not None
    assert load_areas(rows, land).changed == 1
    assert queries.area_by_code(gone.code) is not None


def test_the_index_notices_a_change_by_itself(land, monkeypatch):
    monkeypatch.setattr("kotacerdas.foundation.territory.index._LOOK_AGAIN", 0.0)
    forget_index()
    before = index()
    assert index() is before
    changed = [
        AreaRow(**{**vars(row), "name": "Baru"}) if row.code == "32.12.13.2005" else row
        for row in land.of("areas")
    ]
    load_areas(changed, land)
    assert index() is not before
    assert queries.area_by_code("32.12.13.2005").name == "Baru"


def test_wrong_areas_are_named(land):
    check = SECTIONS[0].check
    rows = [
        AreaRow(code="32.12", kind="kabupaten", name="A", lat=-6.4, lng=108.2),
        AreaRow(code="32.12.1", kind="desa", name="B", parent="32.12", lat=-6.4, lng=108.2),
        AreaRow(code="32.12.01", kind="kecamatan", name="C", parent="32.13", lat=-6.4, lng=108.2),
        AreaRow(code="32.12.02", kind="kecamatan", name="D", parent="32.12", lat=108.2, lng=-6.4),
        AreaRow(code="32.12.03", kind="kecamatan", name="E", parent="32.12", postcode="452", lat=-6, lng=108),
        AreaRow(code="32.12.03.2001", kind="desa", name="F", parent="32.12.03", lat=-6.1, lng=108.1),
        AreaRow(code="32.12.03.2002", kind="desa", name="G", parent="32.12.03", lat=-6.1, lng=108.1),
    ]
    found = [message for _row, message in check(rows, land)]
    assert [message.split(":")[0] for message in found] == [
        "code",
        "parent",
        "lat, lng",
        "postcode",
        "lat, lng",
    ]
