"""The desk's pages of phones: who sees which, what is marked, revoking, and the code that sets one up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from trials.cast import client_of, seat

from kotacerdas.foundation.casework.registry import page_of
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.parties.models import Membership
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.sync.phones import code_make, code_use, phone_revoke, phones_of
from kotacerdas.foundation.sync.shell import version
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.foundation.sync.tests.test_exchange import announced, given_to_rudi, jpeg, put
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
LIST = "/desk/ponsel/"


@pytest.fixture
def head(cast):
    return seat("kepala-pu", "PU", "head")


@pytest.fixture
def stranger(cast):
    """The head of an agency that has nothing to do with Rudi."""
    return seat("kepala-bappeda", "BAPPEDA", "head")


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def names(page: str) -> list[str]:
    """The labels of the list's phones, in their order."""
    return re.findall(r"<td>(HP \w+)</td>", page)


def labelled(user, label: str, **facts):
    phone = Handset(user, f"HP {label}").phone
    Phone.objects.filter(pk=phone.pk).update(**facts)
    return phone


def test_the_list_starts_with_what_waits_and_was_silent_longest(cast, head):
    now = clock.now()
    labelled(cast.rudi, "baik", last_contact_at=now)
    labelled(cast.rudi, "cabut", revoked_at=now, waiting=9)
    labelled(cast.rudi, "baru", last_contact_at=now - timedelta(hours=1), waiting=2)
    labelled(cast.rudi, "lama", last_contact_at=now - timedelta(days=3), refused=1)
    client = client_of(head)
    assert names(text_of(client.get(LIST))) == ["HP lama", "HP baru", "HP baik", "HP cabut"]
    assert names(text_of(client.get(f"{LIST}?yang=diam"))) == ["HP lama"]
    assert names(text_of(client.get(f"{LIST}?yang=macet"))) == ["HP lama", "HP baru"]
    assert names(text_of(client.get(f"{LIST}?yang=cabut"))) == ["HP cabut"]
    assert len(names(text_of(client.get(f"{LIST}?yang=lain&hal=x")))) == 4


def test_an_old_version_and_a_wrong_clock_are_marked(cast, head):
    phone = labelled(cast.rudi, "satu", last_contact_at=clock.now(), version=version(), offset_ms=119_000)
    client = client_of(head)
    page = text_of(client.get(LIST))
    assert "versi lama" not in page
    assert "menit" not in page
    Phone.objects.filter(pk=phone.pk).update(version="abc", offset_ms=-300_000)
    page = text_of(client.get(LIST))
    assert "versi lama" in page
    assert "jam 5 menit terlalu cepat" in page


def test_phones_of_other_agencies_are_not_there(cast, head, stranger):
    phone = labelled(cast.rudi, "satu")
    address = f"{LIST}{phone.pk}/"
    for user in (stranger, cast.asep):
        client = client_of(user)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}cabut/").status_code == 404
    assert names(text_of(client_of(stranger).get(LIST))) == []
    assert client_of(stranger).get(f"/desk/riwayat/sync.phone/{phone.pk}/").status_code == 404
    for user in (head, cast.rudi):
        assert "HP satu" in text_of(client_of(user).get(address))
    assert Phone.objects.get(pk=phone.pk).revoked_at is None


def test_a_phones_page_says_what_is_stuck_and_which_photos_are_under_way(cast, handset, head):
    case, data = given_to_rudi(cast), jpeg()
    photo = announced(data)
    values = {"body": "Isi rahasia.", "photos": [photo["id"]]}
    handset.exchange(
        handset.command("iceta.report.note", item=str(case.pk), values=values, files=[photo]),
        handset.command("iceta.report.note", item=str(case.pk), values={}),
    )
    put(handset, photo["id"], 0, data[: len(data) // 2])
    page = text_of(client_of(head).get(f"{LIST}{handset.phone.pk}/"))
    assert "Ada jawaban yang harus diperbaiki di ponsel." in page
    assert re.search(r"(49|50)% dari", page)
    assert "rahasia" not in page
    assert page.count(f'<a href="{page_of(case)}">{case.number}</a>') == 2
    assert case.number not in text_of(
        client_of(seat("tu", "KOMINFO", "operator")).get(f"{LIST}{handset.phone.pk}/")
    )
    assert "memperbaiki di sana" in page
    Phone.objects.update(revoked_at=clock.now(), wiped_at=clock.now())
    page = text_of(client_of(head).get(f"{LIST}{handset.phone.pk}/"))
    assert "memperbaiki di sana" not in page
    assert "sudah dihapus di ponsel" in page


def test_revoking_says_first_what_is_lost_and_is_in_the_phones_history(cast, head):
    phone = labelled(cast.rudi, "satu", waiting=2, refused=1)
    client, address = client_of(head), f"{LIST}{phone.pk}/"
    assert "3 isian belum terkirim" in text_of(client.get(address))
    assert client.get(f"{address}cabut/").status_code == 405
    assert client.post(f"{address}cabut/").status_code == 302
    found = Phone.objects.get(pk=phone.pk)
    assert (found.revoked_by, found.revoked_at is None) == (head, False)
    assert f"{address}cabut/" not in text_of(client.get(address))
    assert "Dicabut" in text_of(client.get(f"/desk/riwayat/sync.phone/{phone.pk}/"))


def test_a_code_at_the_desk_sets_up_a_phone_for_somebody_of_ones_agency(cast, head):
    client, address = client_of(head), f"{LIST}kode/"
    page = text_of(client.get(address))
    assert page.index(str(head.pk)) < page.index(str(cast.rudi.pk))
    answer = client.post(address, {"person": str(cast.rudi.pk)})
    page = text_of(answer)
    code = "".join(re.findall(r"<span>([A-Z2-9]{5})</span>", page))
    assert 'class="qr"' in page
    assert "no-store" in answer.headers["Cache-Control"]
    bar = page[page.index('<details class="person"') :]
    assert head.name in bar[: bar.index("</summary>")]  # whose page it is, not whose phone
    phone, _token = code_use(code)
    assert (phone.user, phone.enrolled_by) == (cast.rudi, head)


def test_no_code_for_somebody_of_another_agency(cast, stranger):
    client, address = client_of(stranger), f"{LIST}kode/"
    assert str(cast.rudi.pk) not in text_of(client.get(address))
    for person in (str(cast.rudi.pk), "nonsense", ""):
        answer = client.post(address, {"person": person})
        assert answer.status_code == 422
        assert 'class="qr"' not in answer.content.decode()


def test_a_code_is_for_people_with_work_in_the_field_alone(cast):
    client = client_of(seat("pengelola", "KOMINFO", "operator"))
    page = text_of(client.get(f"{LIST}kode/"))
    assert str(cast.rudi.pk) in page
    assert str(cast.dewi.pk) not in page
    answer = client.post(f"{LIST}kode/", {"person": str(cast.dewi.pk)})
    assert answer.status_code == 422
    assert client_of(cast.dewi).get(LIST).status_code == 404


def test_the_front_page_leads_staff_with_field_work_to_the_app(cast, client):
    assert 'href="/lapangan/"' in text_of(client_of(cast.rudi).get("/"))
    for other in (client, client_of(cast.dewi)):
        assert 'href="/lapangan/"' not in text_of(other.get("/"))


def test_staff_who_manage_nobody_set_up_and_see_their_own_phone(cast):
    labelled(cast.rudi, "saya")
    client = client_of(cast.rudi)
    page = text_of(client.get(LIST))
    assert names(page) == ["HP saya"]
    assert 'href="/lapangan/"' in page
    assert f"{LIST}berkas/" not in page
    assert str(cast.rudi.pk) in text_of(client.get(f"{LIST}kode/"))


CHROME = (
    "Mozilla/5.0 (Linux; Android 14; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile"
)


@pytest.mark.parametrize(
    ("typed", "agent", "label"),
    [
        ("", CHROME, "Android · Chrome"),
        ("  ", f"{CHROME} SamsungBrowser/27.0", "Android · Samsung Internet"),
        (
            "",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "iPhone · Safari",
        ),
        ("", "curl/8", ""),
        ("HP piket", CHROME, "HP piket"),
    ],
)
def test_a_phone_without_a_name_is_called_by_its_kind(cast, client, typed, agent, label):
    code = code_make(actor=staff(cast.rudi), user=cast.rudi)
    answer = client.post("/lapangan/kode/", {"code": code, "label": typed}, HTTP_USER_AGENT=agent)
    assert Phone.objects.get(pk=answer.json()["phone"]).label == label


def test_who_signs_out_of_a_phone_ends_it_at_the_desk_too(handset, head, client):
    assert 'data-leave="/lapangan/keluar/"' in text_of(client.get("/lapangan/"))
    assert client.post("/lapangan/keluar/").status_code == 401
    assert handset.client.post("/lapangan/keluar/", **handset.headers).status_code == 204
    assert handset.client.post("/lapangan/keluar/", **handset.headers).status_code == 410
    phone = Phone.objects.get(pk=handset.phone.pk)
    assert (phone.revoked_by, phone.wiped_at is None) == (phone.user, False)
    address = f"{LIST}{phone.pk}/"
    assert "Dikeluarkan pemakainya" in text_of(client_of(head).get(address))
    assert "Dikeluarkan pemakainya" in text_of(client_of(head).get(f"/desk/riwayat/sync.phone/{phone.pk}/"))


def test_a_seat_in_another_agency_gives_its_head_no_phone(cast, head, stranger):
    phone = labelled(cast.rudi, "satu")
    Membership.objects.create(
        user=cast.rudi, role="panel_member", agency=cast.agency("BAPPEDA"), since=clock.today()
    )
    assert phone in phones_of(grants_of(head))
    assert code_make(actor=staff(head), user=cast.rudi)
    assert phone not in phones_of(grants_of(stranger))
    for step in (
        lambda: phone_revoke(actor=staff(stranger), phone=phone),
        lambda: code_make(actor=staff(stranger), user=cast.rudi),
    ):
        with pytest.raises(Refused):
            step()


def test_who_has_field_work_in_two_agencies_belongs_to_no_single_head(cast, head, stranger):
    phone = labelled(cast.rudi, "satu")
    given = Membership.objects.create(
        user=cast.rudi, role="officer", agency=cast.agency("BAPPEDA"), since=clock.today()
    )
    for user in (head, stranger):
        assert phone not in phones_of(grants_of(user))
        with pytest.raises(Refused):
            code_make(actor=staff(user), user=cast.rudi)
    operator = seat("pengelola", "KOMINFO", "operator")
    assert phone in phones_of(grants_of(operator))
    assert phone in phones_of(grants_of(cast.rudi))
    given.delete()
    cast.rudi.holdings.all().delete()
    Membership.objects.create(
        user=cast.rudi, role="panel_member", agency=cast.agency("PU"), since=clock.today()
    )
    assert phone in phones_of(grants_of(head))  # nothing left to do in the field: whose they still are
