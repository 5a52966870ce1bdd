"""Labels: printed blank, bound once, opened by staff and by strangers; notices of strangers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.lada.actions import labels
from kotacerdas.programs.lada.models import Asset, Label, Notice
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]


def _blank(count: int = 1) -> list[Label]:
    return labels.labels_blank(actor=world.officer(), agency=world.agency(), count=count)


def test_a_blank_label_is_bound_by_whoever_counts_and_never_twice():
    asset, other = world.good(), world.good()
    [label] = _blank()
    labels.label_bind(actor=world.surveyor(), token=label.token.lower(), asset=asset)
    asset.refresh_from_db()
    assert asset.has_label
    with pytest.raises(Conflict) as caught:
        labels.label_bind(actor=world.surveyor(), token=label.token, asset=other)
    assert caught.value.code == "bound_twice"
    assert asset.nibar in str(caught.value)
    with pytest.raises(Conflict):
        labels.label_bind(actor=world.surveyor(), token=label.token, room=world.room())


def test_a_new_label_takes_the_place_of_the_older_one():
    asset = world.good()
    first, second = _blank(2)
    for one in (first, second):
        labels.label_bind(actor=world.officer(), token=one.token, asset=asset)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert asset.nibar not in Client().get(reverse("lada:label", args=[first.token])).content.decode()


def test_labels_of_another_agency_and_strangers_numbers_are_refused():
    asset = world.good()
    other = world.officer("ratna", "KOMINFO")
    [label] = labels.labels_blank(actor=other, agency=world.agency("KOMINFO"), count=1)
    with pytest.raises(Refused):
        labels.label_bind(actor=world.officer(), token=label.token, asset=asset)
    with pytest.raises(Refused):
        labels.label_bind(actor=other, token=label.token, asset=asset)
    with pytest.raises(Invalid):
        labels.label_bind(actor=world.officer(), token="0000", asset=asset)
    assert not Label.objects.exclude(bound_at=None).exists()


def test_sheets_are_made_for_goods_rooms_and_blank_with_used_places_skipped():
    client, asset, room = client_of(world.officer().user), world.good(), world.room()
    sheet, pu = reverse("lada:label_sheet"), str(world.agency().id)
    for given in ({"nibar": asset.nibar}, {"rooms": str(room.id)}, {"count": "21"}):
        answer = client.post(sheet, {"agency": pu, "used": "3", **given})
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")
    assert Label.objects.count() == 23
    client.post(sheet, {"agency": pu, "nibar": asset.nibar})
    assert Label.objects.filter(asset=asset).count() == 1
    assert client.post(sheet, {"agency": pu, "count": "21", "used": "21"}).status_code == 422


def test_a_label_is_bound_at_the_desk_by_number_or_address():
    client, asset = client_of(world.officer().user), world.good()
    [label] = _blank()
    given = {"token": f"https://kota.test/b/{label.token}/", "thing": asset.nibar}
    assert client.post(reverse("lada:bind"), given).status_code == 302
    again = client.post(reverse("lada:bind"), given)
    assert again.status_code == 422
    assert "sudah terpasang" in again.content.decode()


def test_staff_come_to_the_good_and_a_stranger_sees_only_whose_it_is():
    asset = world.good(data={"facts": {"plate_no": "E 1047 P"}, "name": "Laptop Bu Endah"})
    [label] = labels.labels_of_goods(actor=world.officer(), goods=[asset])
    address = reverse("lada:label", args=[label.token])
    opened = client_of(world.officer().user).get(address)
    assert opened.headers["Location"] == reverse("lada:asset", args=[asset.nibar])
    for client in (Client(), client_of(world.officer("ratna", "KOMINFO").user)):
        page = client.get(address).content.decode()
        assert asset.nibar in page
        assert "Laptop (contoh)" in page
        assert "E 1047 P" not in page
        assert "Bu Endah" not in page
        assert "8.000.000" not in page
    assert Client().get(reverse("lada:label", args=["0" * 12])).status_code == 404


def test_what_a_stranger_writes_is_read_by_the_agency_that_has_it():
    asset = world.good()
    [label] = labels.labels_of_goods(actor=world.officer(), goods=[asset])
    address = reverse("lada:label", args=[label.token])
    assert Client().post(address, {"words": "ada"}).status_code == 422
    assert Client().post(address, {"words": "Ditemukan di pasar Jatibarang"}).status_code == 200
    notice = Notice.objects.get()
    client = client_of(world.officer().user)
    assert "pasar Jatibarang" in client.get(reverse("lada:asset", args=[asset.nibar])).content.decode()
    stranger = client_of(world.officer("ratna", "KOMINFO").user)
    assert "Jatibarang" not in stranger.get(reverse("lada:notices")).content.decode()
    close = reverse("lada:close_notice", args=[notice.id])
    assert stranger.post(close, {"outcome": "Milik saya"}).status_code == 404
    client.post(close, {"outcome": "Dijemput hari itu juga"})
    notice.refresh_from_db()
    assert notice.outcome == "Dijemput hari itu juga"


def test_notices_are_limited(settings):
    settings.RATE_LIMITS = True
    [label] = _blank()
    client, address = Client(), reverse("lada:label", args=[label.token])
    client.get(address)
    codes = [client.post(address, {"words": f"Kabar nomor {n}"}).status_code for n in range(6)]
    assert codes == [200, 200, 200, 200, 429, 429]


def test_a_label_is_bound_on_the_phone_and_refused_the_second_time():
    asset = world.good()
    [label] = _blank()
    phone = Handset(world.surveyor().user)
    scanned = f"https://kota.test/b/{label.token}/"
    command = phone.command("lada.label.bind", values={"token": scanned, "thing": asset.nibar})
    again = phone.command("lada.label.bind", values={"token": label.token, "thing": asset.nibar})
    answer = phone.exchange(command, again)
    assert [one["status"] for one in answer["answers"]] == ["done", "refused"]
    asset.refresh_from_db()
    assert asset.has_label
    stranger = Handset(world.surveyor("ratna", "KOMINFO").user)
    [other] = _blank()
    tried = stranger.exchange(
        stranger.command("lada.label.bind", values={"token": other.token, "thing": asset.nibar})
    )
    assert tried["answers"][0]["status"] == "refused"


def test_after_a_transfer_a_stranger_reads_who_has_it_now():
    asset = world.good()
    [label] = labels.labels_of_goods(actor=world.officer(), goods=[asset])
    Asset.objects.filter(id=asset.id).update(agency=world.agency("KOMINFO"))
    page = Client().get(reverse("lada:label", args=[label.token])).content.decode()
    assert world.agency("KOMINFO").name in page
    assert world.agency().name not in page


@pytest.mark.django_db(transaction=True)
def test_two_who_label_one_good_at_once_leave_one_label_in_use():
    asset, by, blank = world.good(), world.surveyor(), _blank(8)

    def bind(label: Label) -> None:
        try:
            labels.label_bind(actor=by, token=label.token, asset=asset)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bind, blank))
    assert Label.objects.filter(asset=asset, ended_at=None).count() == 1
