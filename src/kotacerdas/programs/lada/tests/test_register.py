"""The register's pages: search, cards, gaps, one good with its ledger, changes proposed and approved by hand."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from trials.cast import client_of

from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.actions.locking import period_lock
from kotacerdas.programs.lada.depreciation import Semester
from kotacerdas.programs.lada.models import Asset, Change
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
NEXT = world.DAY + timedelta(days=1)


def _client(actor=None):
    return client_of((actor or world.officer()).user)


def _read(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_search_counts_cards_and_gaps_within_what_it_found():
    world.good()
    world.good(data={"goods_code": world.LAND, "name": "Tanah puskesmas"}, amount=900_000_000)
    client = _client()
    page = client.get(reverse("lada:register"), {"q": "puskesmas"})
    assert [one["count"] for one in page.context["tabs"]] == [1, 1, 0, 0, 0, 0, 0]
    found = {one["query"].split("celah=")[-1]: one["count"] for one in page.context["chips"]}
    assert found["sertifikat"] == 1
    assert found["foto"] == 1
    page = client.get(reverse("lada:register"), {"celah": "sertifikat"})
    assert [one["asset"].name for one in page.context["rows"]] == ["Tanah puskesmas"]


def test_goods_of_other_agencies_are_not_there():
    asset = world.good()
    stranger = _client(world.officer("ratna", "KOMINFO"))
    assert "Laptop" not in _read(stranger, "lada:register")
    assert stranger.get(reverse("lada:asset", args=[asset.nibar])).status_code == 404
    posted = stranger.post(reverse("lada:propose", args=["move"]), {"nibar": asset.nibar})
    assert posted.status_code == 404


def test_a_good_shows_what_never_changes_and_the_seven_parts_that_do():
    asset = world.good()
    page = _read(_client(), "lada:asset", asset.nibar)
    assert asset.nibar in page
    assert "132100102002" in page
    assert page.count("lada-part") == 8


def test_the_state_on_a_day_is_reckoned_by_replay():
    asset = world.good()
    world.done(
        "condition", world.Line(asset=asset.id, kind="condition", on=NEXT, data={"condition": "heavy"})
    )
    client = _client()
    page = client.get(reverse("lada:asset", args=[asset.nibar]), {"per": world.DAY.isoformat()})
    told = {one.label: one.after for one in page.context["as_of"]["rows"]}
    assert "rusak berat" not in " ".join(told.values())
    page = client.get(reverse("lada:asset", args=[asset.nibar]), {"per": "2020-01-01"})
    assert page.context["as_of"]["is_empty"]
    page = client.get(reverse("lada:asset", args=[asset.nibar]), {"per": "besok"})
    assert page.context["as_of"]["error"]


def _proposed(client, kind, asset=None, **given):
    body = {"on": NEXT.isoformat(), **given}
    if asset is not None:
        body["nibar"] = asset.nibar
    return client.post(reverse("lada:propose", args=[kind]), body)


def test_a_new_good_is_proposed_by_hand_and_its_card_is_asked_for():
    client = _client()
    assert "KIB B" in _read(client, "lada:propose", "acquire", kode=world.MINIBUS)
    given = {
        "kode": world.MINIBUS,
        "opd": "PU",
        "name": "Minibus dinas",
        "origin": "purchase",
        "value": "322000000",
        "count": "2",
        "condition": "good",
        "fact_plate_no": "E 1047 P",
        "fact_plate_until": "2026-12-08",
    }
    answer = _proposed(client, "acquire", **given)
    assert answer.status_code == 302, answer.context["form"].errors
    change = Change.objects.get()
    page = _client(world.office()).get(answer.headers["Location"]).content.decode()
    assert "E 1047 P" in page
    number = change.case.number
    done = _client(world.office()).post(
        reverse("lada:changes:step", args=[number, "approve"]), {"seen_version": change.case.version}
    )
    assert done.status_code in (200, 302)
    assert [str(one.plate_until) for one in Asset.objects.all()] == ["2026-12-08"] * 2
    assert {one.register_no for one in Asset.objects.all()} == {1, 2}


@pytest.mark.parametrize(
    ("code", "level"),
    [("1.3.2.02.01.09.003", 6), ("1.3.9.02.01.02.003", 3), ("1.3.2.02", 0)],
)
def test_a_goods_code_is_refused_at_the_level_where_it_is_wrong(code, level):
    answer = _client().get(reverse("lada:propose", args=["acquire"]), {"kode": code})
    assert answer.status_code == 422
    assert f"Tingkat {level}" in answer.content.decode() or level == 0
    with pytest.raises(Invalid) as caught:
        world.good(data={"goods_code": code})
    assert caught.value.code == "goods_code"
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [{"area_m2": 3}, {"made_year": 12}, {"plate_until": "31/12/2026"}, {"brand": "x" * 200}],
)
def test_facts_that_the_card_does_not_take_are_refused(facts):
    with pytest.raises(Invalid) as caught:
        world.good(data={"facts": facts})
    assert caught.value.code == "facts"
    assert not Asset.objects.exists()


def test_what_comes_due_is_listed_soonest_first_and_photos_are_seen():
    facts = {"plate_no": "E 1047 P", "plate_until": "2026-01-02"}
    car = world.good(data={"goods_code": world.MINIBUS, "name": "Minibus", "facts": facts})
    world.good(data={"goods_code": world.LAND, "name": "Tanah"}, amount=1)
    client = _client()
    assert "E 1047 P" in _read(client, "lada:due")
    assert "Tanah" in _read(client, "lada:due", jenis="sertifikat")
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 160)).save(out, "JPEG")
    upload = SimpleUploadedFile("foto.jpg", out.getvalue(), "image/jpeg")
    answer = client.post(reverse("lada:add_file", args=[car.nibar]), {"kind": "photo", "file": upload})
    assert answer.status_code == 302
    page = client.get(reverse("lada:register"), {"q": "minibus"})
    assert page.context["rows"][0]["photo"] is not None
    wrong = SimpleUploadedFile("foto.jpg", b"not a photo", "image/jpeg")
    answer = client.post(reverse("lada:add_file", args=[car.nibar]), {"kind": "photo", "file": wrong})
    assert answer.status_code == 422


def test_rows_and_the_page_of_a_good_show_its_book_value_with_the_day_of_the_last_lock():
    laptop = world.good()
    client = client_of(world.officer().user)
    assert "nilai buku" not in client.get(reverse("lada:register")).content.decode()
    figure = reverse("lada:figure", args=[2026, 2, laptop.nibar])
    assert figure in client.get(reverse("lada:asset", args=[laptop.nibar])).content.decode()
    period_lock(actor=world.office(), one=Semester(2026, 1))
    page = client.get(reverse("lada:register")).content.decode()
    assert "nilai buku 30 Jun 2026" in page
    assert "<small>7.000.000</small>" in page
    page = client.get(reverse("lada:asset", args=[laptop.nibar])).content.decode()
    assert "nilai buku 30 Jun 2026: Rp7.000.000" in page
    assert reverse("lada:figure", args=[2026, 1, laptop.nibar]) in page
