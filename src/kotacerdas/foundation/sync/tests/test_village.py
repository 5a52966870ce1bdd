"""A village officer files reports for their village by phone, sees what came of them, and nothing else."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from trials.cast import client_of, in_area, seat

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties import demo
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.demo import CastRow
from kotacerdas.foundation.parties.models import Membership
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.sync.phones import code_make, code_use
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.foundation.territory.queries import inside_regency, nearest_villages
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Refused
from kotacerdas.programs.iceta import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]

VILLAGE = "99.01.02.2002"  # Muara Dua
AT_HOME = {"lat": -1.2590, "lng": 122.5110, "accuracy": 9}
NEXT_VILLAGES = {"lat": -1.1710, "lng": 122.4910, "accuracy": 9}
FAR_AWAY = {"lat": -6.33, "lng": 108.32, "accuracy": 9}


@pytest.fixture
def officer(cast):
    return in_area("pamong", "village_officer", VILLAGE)


@pytest.fixture
def phone(officer):
    return Handset(officer, "Desa")


def file(phone, /, place=AT_HOME, **more):
    values = {"words": "Papan dermaga lepas dan licin.", "category": "jetty", "place": place, **more}
    return phone.exchange(phone.command("iceta.report.file", values=values))["answers"][0]


def test_a_report_is_filed_for_the_village_without_a_citizens_name(phone):
    answer = file(phone)
    assert answer["status"] == "done", answer
    case = Case.objects.get(pk=answer["refs"]["case"])
    assert (case.area_code, case.channel) == (VILLAGE, "field")
    assert case.parties.get().person is None


@pytest.mark.parametrize("accuracy", [1_001, 50_000, 1e8])
@pytest.mark.parametrize("where", [AT_HOME, NEXT_VILLAGES])
def test_a_position_too_rough_to_tell_a_village_gives_way_to_theirs(phone, where, accuracy):
    answer = file(phone, place={**where, "accuracy": accuracy})
    assert answer["status"] == "done", answer
    case = Case.objects.get(pk=answer["refs"]["case"])
    assert case.area_code == VILLAGE
    assert (case.lat, case.report.accuracy_m) == (None, None)
    assert file(phone, place={**FAR_AWAY, "accuracy": accuracy})["status"] == "refused"


@pytest.mark.parametrize("accuracy", [-1, 1e300, 10**400, "50", True, [1], {}])
def test_an_accuracy_that_can_be_none_is_refused(phone, accuracy):
    assert file(phone, place={**AT_HOME, "accuracy": accuracy})["status"] != "done"
    assert not Case.objects.exists()


def test_the_citizens_name_and_number_are_taken_where_they_are_given(phone):
    answer = file(phone, name="Wati", phone="0812-3456-7890")
    party = Case.objects.get(pk=answer["refs"]["case"]).parties.get()
    assert party.name == "Wati"
    assert party.contact is not None
    assert "0812" not in str(phone.records)
    assert "Wati" not in str(phone.records)


@pytest.mark.parametrize("place", [NEXT_VILLAGES, FAR_AWAY])
def test_elsewhere_is_refused_with_the_way_out(phone, place):
    answer = file(phone, place=place)
    assert (answer["status"], answer["code"]) == ("refused", "place")
    assert answer["remedy"]
    assert not Case.objects.exists()


def test_what_came_of_it_is_shown_as_its_reporter_is_told(cast, phone):
    case = Case.objects.get(pk=file(phone, name="Wati")["refs"]["case"])
    row = phone.records["iceta.report.filed", str(case.pk)]
    assert "forms" not in row
    before = row["state"]
    actions.report_verify(
        actor=staff(cast.sari), case=case, agency=cast.agency("PU"), report_class="complaint"
    )
    handset = Handset(cast.rudi)
    handset.exchange(
        handset.command("iceta.report.note", item=str(case.pk), values={"body": "Kata orang dalam."}),
        handset.command("iceta.report.resolve", item=str(case.pk), values={"body": "Papan sudah diganti."}),
    )
    phone.exchange()
    row = phone.records["iceta.report.filed", str(case.pk)]
    assert row["words"] == "Papan sudah diganti."
    assert row["state"] != before
    assert "Kata orang dalam" not in str(phone.records)


def test_nothing_else_is_theirs(cast, phone, officer):
    other = cast.verified(area_code=VILLAGE)
    phone.exchange()
    assert phone.records == {}
    forms = json.loads(phone.client.get("/lapangan/formulir/", **phone.headers).content)
    assert [one["name"] for one in forms["forms"]] == ["iceta.report.file"]
    assert [one["name"] for one in forms["records"]] == ["iceta.report.filed"]
    note = phone.command("iceta.report.note", item=str(other.case.pk), values={"body": "Boleh?"})
    assert phone.exchange(note)["answers"][0]["status"] == "refused"
    assert client_of(officer).get(f"/desk/aduan/{other.case.number}/").status_code == 404
    neighbour = Handset(in_area("tetangga", "village_officer", VILLAGE))
    file(phone)
    neighbour.exchange()
    assert neighbour.records == {}


def test_their_phone_is_looked_after_by_the_operator(cast, phone, officer):
    operator = seat("pengelola", "KOMINFO", "operator")
    page = client_of(operator).get("/desk/ponsel/").content.decode()
    assert "Pamong" in page
    assert code_use(code_make(actor=staff(operator), user=officer))[0].user == officer
    head = seat("kepala-pu", "PU", "head")
    with pytest.raises(Refused):
        code_make(actor=staff(head), user=officer)
    assert client_of(head).get(f"/desk/ponsel/{Phone.objects.filter(user=officer)[0].pk}/").status_code == 404
    assert client_of(officer).get("/lapangan/pasang/").status_code == 200


def test_the_demo_has_one_who_signs_in_and_finds_where_phones_are_set_up(cast, client):
    rows = [CastRow(username="desa", name="Pamong Desa", role="village_officer", area=VILLAGE)]
    demo.begin(SimpleNamespace(of=lambda _name: rows), None)
    assert demo.sign_ins() == [f"desa / {demo.PASSWORD}  pamong desa {VILLAGE}"]
    assert "pamong desa" in client.get("/akun/masuk/").content.decode()
    assert client.post("/akun/peraga/desa/").headers["Location"] == "/desk/ponsel/"
    page = client.get("/desk/ponsel/").content.decode()
    assert "Siapkan ponsel" in page
    assert client.get("/lapangan/pasang/").status_code == 200


def test_an_agency_beside_the_area_frees_nobody_of_the_area(cast, phone, officer):
    roles = Membership.objects.filter(user=officer)
    roles.update(agency=cast.agency("PU"))
    assert file(phone, place=NEXT_VILLAGES)["code"] == "place"
    assert file(phone)["status"] == "done"
    Membership.objects.create(user=officer, role="officer", agency=cast.agency("PU"), since=clock.today())
    assert file(phone, place=NEXT_VILLAGES)["status"] == "done"


def test_a_village_is_stated_only_where_it_is_the_nearest(phone):
    steps = [
        (AT_HOME["lat"] + i / 300, AT_HOME["lng"] + j / 300)
        for i in range(-60, 60, 2)
        for j in range(-60, 60, 2)
    ]
    other = next(
        at
        for at in steps
        if inside_regency(*at) and VILLAGE in [one.area.code for one in nearest_villages(*at)[1:]]
    )
    answer = file(phone, place={"lat": other[0], "lng": other[1], "accuracy": 9})
    case = Case.objects.get(pk=answer["refs"]["case"])
    assert (case.area_code, round(case.lat, 4)) == ("", round(other[0], 4))
