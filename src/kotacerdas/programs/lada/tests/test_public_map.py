"""The public map: counts of land and buildings that agree with the register, and nothing that is nobody's business."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.territory.queries import villages
from kotacerdas.foundation.ui.tags.words import number
from kotacerdas.kernel import clock
from kotacerdas.portal import parts
from kotacerdas.programs.lada import wall_figures
from kotacerdas.programs.lada.public import holdings
from kotacerdas.programs.lada.register import searching
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
BUILDING = "1.3.3.01.01.01.001"


@pytest.fixture(autouse=True)
def _fresh():
    holdings.forget()
    yield
    holdings.forget()


def _stands(code: str, village: str, **more):
    facts = {("area_m2" if code == world.LAND else "floor_m2"): 250, "address": "Rumah dinas Pak Lurah 7"}
    data = {"goods_code": code, "name": "Tanah Pak Lurah", "area_code": village, "facts": facts, **more}
    return world.good(data=data, amount=123_456_789)


def _page(**asked) -> str:
    answer = Client().get(reverse("lada:public_map"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_map_the_register_and_the_wall_count_the_same():
    here, there = villages()[0].code, villages()[-1].code
    _stands(world.LAND, here, certificate="12/3", certified_on="2022-03-01")
    for village in (here, there, ""):
        _stands(world.LAND, village)
    _stands(BUILDING, there)
    gone = _stands(world.LAND, there)
    world.done(
        "dispose",
        world.Line(asset=gone.id, kind="dispose", on=world.DAY, amount=-gone.value, data={"how": "sold"}),
    )
    whole = holdings.together(holdings.holdings().values())
    counted = searching.counted(world.office().grants, searching.Asked())
    assert (whole.parcels, whole.buildings) == (counted.cards["A"], counted.cards["C"]) == (4, 1)
    assert whole.parcels - whole.certified == counted.gaps["sertifikat"] == 3
    assert wall_figures.certified(reporter().grants, clock.now()).value == number(whole.certified)
    assert (whole.land_m2, whole.floor_m2) == (1000, 250)
    html = _page()
    assert (
        sum(int(n) for n in re.findall(r"<span>(\d+) bidang</span>", html)) == 2 * 4
    )  # by place and by kind
    kinds = holdings.kinds()
    assert [one.parcels for _name, one in kinds] == [4, 0]
    assert holdings.together(one for _name, one in kinds) == whole
    assert "tempat belum diketahui" in html


def test_a_village_shows_its_goods_by_code_and_no_value_name_or_address():
    village = villages()[0]
    asset = _stands(world.LAND, village.code)
    for asked in (
        {},
        {"wilayah": village.code[:8]},
        {"wilayah": village.code},
        {"q": village.name[:4].upper()},
    ):
        html = _page(**asked)
        assert village.name in html or not asked
        for secret in ("Pak Lurah", "123.456.789", asset.nibar, "Rumah dinas"):
            assert secret not in html
    assert "Tanah bangunan kantor pemerintah" in _page(wilayah=village.code)
    assert "belum bersertifikat" in _page(wilayah=village.code)


def test_what_is_no_area_shows_the_whole_region_and_an_unknown_name_says_so():
    for code in ("xx", "99", "99.01.02.9999", "'; --"):
        assert "Per kecamatan</h2>" in _page(wilayah=code)
    assert "Tidak ada desa dengan nama ini" in _page(q="zzzz")


def test_the_front_page_leads_to_the_map_once_something_stands_in_the_books():
    assert [one.url for one in parts.entries() if one.code == "lada" and one.url] == []
    _stands(world.LAND, villages()[0].code)
    holdings.forget()
    assert [one.url for one in parts.entries() if one.code == "lada"] == [reverse("lada:public_map")]
