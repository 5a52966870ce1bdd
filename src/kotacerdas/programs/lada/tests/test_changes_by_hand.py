"""Each change proposed by its form: what it says, what is refused, its act as a paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.territory.queries import villages
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.changes import reversal
from kotacerdas.programs.lada.models import Asset, Change, Event, Period
from kotacerdas.programs.lada.public import holdings
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
NEXT = world.DAY + timedelta(days=1)


def _propose(kind, *goods, on=NEXT, **given):
    client = client_of(world.officer().user)
    body = {"on": on.isoformat(), "nibar": [one.nibar for one in goods], **given}
    return client.post(reverse("lada:propose", args=[kind]), body)


def _done(kind, *goods, **given):
    answer = _propose(kind, *goods, **given)
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    change = Change.objects.order_by("-case__number").first()
    step = "send" if kind == "transfer" else "approve"
    office = client_of(world.office().user)
    page = office.get(reverse("lada:changes:case", args=[change.case.number]))
    assert page.status_code == 200
    office.post(
        reverse("lada:changes:step", args=[change.case.number, step]), {"seen_version": change.case.version}
    )
    for one in goods:
        one.refresh_from_db()
    change.refresh_from_db()
    return change


def _land() -> Asset:
    return world.good(data={"goods_code": world.LAND, "name": "Tanah"}, amount=900_000_000)


@pytest.mark.parametrize(
    ("kind", "given", "field", "value"),
    [
        ("condition", {"condition": "heavy"}, "condition", "heavy"),
        ("capitalise", {"amount": "500000", "basis": "SP2D 7"}, "value", 8_500_000),
        ("maintain", {"cost": "200000", "basis": "servis"}, "value", 8_000_000),
        ("exploit", {"use": "lease", "basis": "Koperasi"}, "use", "lease"),
        ("reclassify", {"goods_code": "132100102001"}, "goods_code", "1.3.2.10.01.02.001"),
        (
            "correct",
            {"name": "Laptop 15 inci", "origin": "grant", "fact_brand": "X"},
            "name",
            "Laptop 15 inci",
        ),
        ("dispose", {"how": "sold", "basis": "SK 9"}, "is_active", False),
    ],
)
def test_a_change_says_what_its_form_said(kind, given, field, value):
    asset = world.good()
    _done(kind, asset, **given)
    assert getattr(asset, field) == value


def test_land_is_certified_and_a_part_of_it_becomes_a_good_of_its_own():
    land = _land()
    _done("certify", land, certificate="HP 00123")
    assert (land.certificate, land.certified_on) == ("HP 00123", NEXT)
    _done("split", land, name="Bagian timur", amount="200000000")
    part = Asset.objects.get(name="Bagian timur")
    assert (land.value, part.value, part.acquired_on) == (700_000_000, 200_000_000, world.DAY)
    assert land.value + part.value == 900_000_000


def test_a_split_is_taken_back_on_both_sides_or_not_at_all():
    land = _land()
    _done("split", land, name="Bagian timur", amount="200000000")
    part = Asset.objects.get(name="Bagian timur")
    with pytest.raises(Invalid) as caught:
        world.done("reverse", reversal(land, NEXT))
    assert caught.value.code == "split"
    with pytest.raises(Invalid):
        world.done("reverse", reversal(part, NEXT))
    _done("reverse", land)
    part.refresh_from_db()
    assert (land.value, part.value, part.is_active) == (900_000_000, 0, False)


def test_goods_are_moved_together():
    goods, room = [world.good(), world.good()], world.room()
    _done("move", *goods, room=str(room.id))
    assert {one.room_id for one in goods} == {room.id}


def test_handing_over_and_back_each_have_an_act_as_a_paper():
    asset = world.good()
    for kind, given in (("hand_over", {"holder_name": "Nani"}), ("hand_back", {})):
        change = _done(kind, asset, **given)
        client, address = client_of(world.officer().user), reverse("lada:act", args=[change.case.number])
        first = client.post(address)
        assert first.status_code == 200
        assert first.content.startswith(b"%PDF")
        assert client.post(address).content == first.content
        assert client_of(world.officer("ratna", "KOMINFO").user).post(address).status_code == 404
    assert asset.holder is None
    assert {one.kind for one in Document.objects.all()} == {"lada.hand_over", "lada.hand_back"}
    page = client_of(world.officer().user).get(reverse("lada:asset", args=[asset.nibar]))
    assert "Nani" in page.content.decode()
    assert len(page.context["bast"]) == 2


def test_a_transfer_is_sent_accepted_and_has_its_act():
    asset = world.good()
    change = _done("transfer", asset, to_agency=str(world.agency("KOMINFO").id))
    assert asset.agency.code == "PU"
    receiver = client_of(world.officer("ratna", "KOMINFO").user)
    number = change.case.number
    change.case.refresh_from_db()
    receiver.post(
        reverse("lada:changes:step", args=[number, "accept"]), {"seen_version": change.case.version}
    )
    asset.refresh_from_db()
    assert asset.agency.code == "KOMINFO"
    assert receiver.post(reverse("lada:act", args=[number])).content.startswith(b"%PDF")


def test_there_is_no_act_before_it_is_in_the_ledger():
    asset = world.good()
    _propose("hand_over", asset, holder_name="Nani")
    number = Change.objects.order_by("-case__number").first().case.number
    answer = client_of(world.officer().user).post(reverse("lada:act", args=[number]))
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("transfer", {"to_agency": "own"}),  # to itself
        ("capitalise", {"amount": "-5", "basis": "x"}),  # a negative value
        ("move", {"on": world.DAY - timedelta(days=1), "room": "room"}),  # before the acquisition
        ("split", {"name": "x", "amount": "8000000"}),
        ("hand_back", {}),
        ("exploit_end", {}),
        ("reclassify", {"goods_code": "1.3.2.99"}),
        ("correct", {"name": "Laptop 14 inci", "origin": "purchase"}),  # nothing differs
        ("hand_over", {}),
        ("certify", {"certificate": ""}),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(kind, given):
    asset = world.good()
    before = Change.objects.count()
    known = {"own": str(world.agency().id), "room": str(world.room().id)}
    answer = _propose(kind, asset, **{name: known.get(value, value) for name, value in given.items()})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert (Change.objects.count(), Event.objects.count()) == (before, 1)


def test_a_locked_semester_is_refused_with_the_way_out():
    asset = world.good()
    Period.objects.create(year=2026, half=1, locked_by=world.office().user, locked_at=clock.now())
    answer = _propose("condition", asset, condition="light")
    assert answer.status_code == 422
    assert "dikunci" in str(answer.context["form"].errors)
    assert _propose("condition", asset, condition="light", on=date(2026, 7, 1)).status_code == 302


def test_the_latest_event_is_taken_back_by_its_form_and_nothing_before_it():
    asset = world.good()
    _done("condition", asset, condition="heavy")
    _done("reverse", asset)
    assert asset.condition == "good"
    client = client_of(world.officer().user)
    page = client.get(reverse("lada:asset", args=[asset.nibar])).content.decode()
    assert "dibatalkan oleh no. 3" in page


def test_whoever_approves_reads_why_and_what_it_changes_and_the_maker_does_not_approve():
    asset = world.good()
    _propose("condition", asset, condition="heavy", why="Layarnya pecah")
    change = Change.objects.order_by("-case__number").first()
    office, beside = client_of(world.office().user), {"tiket": change.case.number}
    for page in (
        office.get(reverse("lada:changes:case", args=[change.case.number])),
        office.get(reverse("lada:changes:queue"), beside),
    ):
        assert "Layarnya pecah" in page.content.decode()
        [line] = page.context["lines"]
        assert [(one.before, one.after) for one in line["changed"]] == [("baik", "rusak berat")]
        assert "lada-lines" in page.content.decode()
    both = world.seat("endah", "BAPPEDA", "asset_office")
    answer = client_of(both).post(
        reverse("lada:changes:step", args=[change.case.number, "approve"]),
        {"seen_version": change.case.version},
    )
    change.case.refresh_from_db()
    assert change.case.state == "proposed"
    assert "tidak menyetujui" in answer.content.decode()


def test_goods_of_two_keepers_are_not_handed_back_by_one_act():
    first, second = world.good(), world.good()
    for one, name in ((first, "Budi"), (second, "Ani")):
        _done("hand_over", one, holder_name=name)
    answer = _propose("hand_back", first, second)
    assert answer.status_code == 422
    assert "Budi" not in str(answer.context["form"].errors)
    assert not Change.objects.filter(kind="hand_back").exists()


@pytest.mark.parametrize("typed", ["500.000", "500000", "Rp500.000", "500.000,00"])
def test_an_amount_is_read_as_people_write_it(typed):
    """`500.000` are five hundred thousand rupiah, not five hundred."""
    one = world.good()
    _done("capitalise", one, amount=typed, basis="SP2D 7")
    assert one.value == 8_500_000


@pytest.mark.parametrize(
    ("typed", "words"), [("-5", "di atas 0"), ("0", "di atas 0"), ("12.50", "12.500"), ("lima", "12.500")]
)
def test_an_amount_that_cannot_be_is_said_at_its_field(typed, words):
    one = world.good()
    answer = _propose("capitalise", one, amount=typed, basis="SP2D 7")
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["amount"])
    assert not Change.objects.filter(kind="capitalise").exists()


def test_whoever_keeps_goods_begins_with_the_register():
    assert client_of(world.officer().user).get("/desk/").headers["Location"] == reverse("lada:register")


def test_a_button_says_what_it_asks_for():
    """A verb on the good's page, not what the ledger will say once it is done."""
    one = world.good()
    page = client_of(world.officer().user).get(reverse("lada:asset", args=[one.nibar])).content.decode()
    assert "Serahkan kepada pemegang" in page
    assert "Hapus dari buku" in page


@pytest.mark.parametrize(
    ("typed", "area"), [("1.250", 1250), ("1.250,5", 1250.5), ("1250.5", 1250.5), ("850,12", 850.12)]
)
def test_an_area_is_read_as_people_write_it_and_shown_so(typed, area):
    land = _land()
    _done("correct", land, name="Tanah kantor", origin="purchase", fact_area_m2=typed)
    assert float(land.facts["area_m2"]) == area
    page = client_of(world.officer().user).get(
        reverse("lada:propose", args=["correct"]), {"nibar": land.nibar}
    )
    assert f'value="{area:g}"'.replace(".", ",") in page.content.decode()


def test_an_area_that_is_no_number_is_said_at_its_field():
    answer = _propose("correct", _land(), name="Tanah kantor", origin="purchase", fact_area_m2="1.25.0")
    assert answer.status_code == 422
    assert "1.250,5" in str(answer.context["form"].errors["fact_area_m2"])


def _acquire(**given):
    body = {
        "on": world.DAY.isoformat(),
        "kode": world.LAND,
        "opd": "PU",
        "name": "Tanah kantor",
        "origin": "purchase",
        "value": "900000000",
        "count": "1",
        "condition": "good",
    }
    return client_of(world.officer().user).post(reverse("lada:propose", args=["acquire"]), body | given)


def _approve_newest() -> None:
    change = Change.objects.select_related("case").order_by("-case__number").first()
    changes.change_approve(actor=world.office(), case=change.case)


def test_a_parcel_recorded_by_hand_has_its_village_and_its_place_on_the_public_map():
    village, other = villages()[:2]
    place = {"area_code": village.code, "lat": str(village.lat), "lng": str(village.lng)}
    answer = _acquire(**place, fact_address="Jalan Raya 1")
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    _approve_newest()
    land = Asset.objects.get()
    assert (land.area_code, land.lat, land.lng) == (village.code, village.lat, village.lng)
    assert land.facts["address"] == "Jalan Raya 1"
    assert holdings.holdings()[village.code].parcels == 1
    page = client_of(world.officer().user).get(reverse("lada:asset", args=[land.nibar])).content.decode()
    assert village.name in page
    same = {"name": land.name, "origin": land.origin, "fact_address": "Jalan Raya 1"}
    _done("correct", land, **same, **{**place, "area_code": other.code})
    assert (land.area_code, land.lat) == (other.code, village.lat)
    assert Event.objects.get(asset=land, kind="correct").data == {"area_code": other.code}
    holdings.forget()
    assert set(holdings.holdings()) == {other.code}


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"lat": "-6.2", "lng": "106.8"}, "lat"),
        ({"lat": "-6.33"}, "lng"),
        ({"lat": "di sini", "lng": "108.3"}, "lat"),
        ({"area_code": "99.99.99.9999"}, "area_code"),
    ],
)
def test_a_place_outside_the_regency_is_refused_at_its_field(place, field):
    answer = _acquire(**place)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    land = _land()
    answer = _propose("correct", land, name=land.name, origin=land.origin, **place)
    assert list(answer.context["form"].errors) == [field]
    assert Change.objects.count() == 1
