"""The register of tanks: lists in and out, the page, and a survey that two people change."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from trials.cast import client_of, seat

from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.people import contact_made, person_new
from kotacerdas.foundation.tables import actions, running
from kotacerdas.foundation.tables.models import Problem
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.gopal.actions.tanks import tank_change, tank_register
from kotacerdas.programs.gopal.models import Tank
from kotacerdas.programs.gopal.sheets import TANKS
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
HEAD = "kode;kode desa;alamat;lintang;bujur;golongan;isi;selang;jiwa;sedot terakhir;bangunan\n"


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path, cast):
    settings.MEDIA_ROOT = tmp_path


def read(text: str, actor=None):
    actor = actor or world.planner()
    upload, _new = actions.upload_open(actor=actor, sheet=TANKS, file_name="tangki.csv", data=text.encode())
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def take(upload, actor=None):
    actions.upload_take(actor=actor or world.planner(), upload=upload, wrong=upload.wrong)
    running.take_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def line(code: str, *, lat: str = "-1,171", litres: str = "2.400", village: str = world.VILLAGE) -> str:
    return f"{code};{village};Jalan Dermaga 4;{lat};122,491;house_1;{litres};20;5;01/03/2024;G-1, G-2\n"


def test_a_list_with_indonesian_heads_is_read_shown_and_taken():
    upload = read(HEAD + line("A-1") + line("A-2", litres=""))
    assert (upload.new, upload.wrong) == (2, 0)
    take(upload)
    tank = Tank.objects.get(code="A-1")
    assert (tank.volume_l, tank.hose_m, tank.users, tank.tank_class) == (2400, 20, 5, "house_1")
    assert (tank.last_emptied_on, tank.lat, tank.agency.code) == (date(2024, 3, 1), -1.171, "PU")
    assert sorted(one.code for one in tank.buildings.all()) == ["G-1", "G-2"]
    assert Tank.objects.get(code="A-2").volume_l is None
    assert Row.objects.filter(verb="gopal.tank.register").count() == 2
    again = read(HEAD + line("A-1") + line("A-2", litres="3.000"))
    assert (again.new, again.changed) == (0, 1)
    take(again)
    assert Tank.objects.get(code="A-2").volume_l == 3000
    assert Row.objects.filter(verb="gopal.tank.change").count() == 1


def test_wrong_cells_are_named_and_the_good_rows_can_be_taken(cast):
    world.tank("B-9")
    Tank.objects.filter(code="B-9").update(agency=cast.agency("KOMINFO"))
    rows = [
        line("B-1", lat="-3,9"),
        line("B-2", village="99.01.09.2001"),
        line("B-3").replace("house_1", "palace"),
        line("B-4").replace("01/03/2024", "01/03/2030"),
        line("B-9"),
        line("B-5"),
    ]
    upload = read(HEAD + "".join(rows))
    assert (upload.new, upload.wrong) == (1, 5)
    assert sorted(Problem.objects.values_list("line", flat=True)) == [2, 3, 4, 5, 6]
    take(upload)
    assert Tank.objects.filter(code__startswith="B-").count() == 2


def test_who_may_not_import_does_not(cast):
    with pytest.raises(Refused):
        read(HEAD + line("A-1"), actor=staff(cast.rudi))
    assert not Tank.objects.exists()


def test_a_list_longer_than_a_batch_is_taken_whole():
    upload = read(HEAD + "".join(line(f"C-{number:05d}") for number in range(1_200)))
    take(upload)
    assert Tank.objects.count() == 1_200


def test_the_table_goes_out_in_the_same_columns():
    world.tank()
    desk = client_of(world.planner().user)
    answer = desk.get(reverse("gopal:tanks_csv"))
    text = answer.content.decode()
    assert "TS-1" in text
    assert read(text).wrong == 0
    assert desk.get(reverse("gopal:tanks_xlsx")).status_code == 200


def test_the_register_finds_by_code_address_village_and_what_lacks():
    world.tank("TS-1", volume_l=None)
    world.tank("TS-2", address="Gang Mangga", last_emptied_on=date(2020, 1, 1))
    world.tank(
        "TS-3", lat=None, lng=None, owner=person_new(name="Wati"), contact=contact_made(phone=world.NUMBER)
    )
    desk = client_of(world.planner().user)

    def found(query: str) -> set[str]:
        page = desk.get(f"{reverse('gopal:tanks')}?{query}").content.decode()
        return {code for code in ("TS-1", "TS-2", "TS-3") if f">{code}<" in page}

    assert found("") == {"TS-1", "TS-2", "TS-3"}
    assert found("q=mangga") == {"TS-2"}
    assert found("q=TS-1") == {"TS-1"}
    assert found("celah=overdue") == {"TS-2"}
    assert found("celah=no_position") == {"TS-3"}
    assert found("celah=no_size") == {"TS-1"}
    assert found("golongan=shop") == set()
    assert found("wilayah=99.01.01") == {"TS-1", "TS-2", "TS-3"}
    page = desk.get(reverse("gopal:tank", args=["TS-3"])).content.decode()
    assert "3456-7890" not in page
    assert desk.get(reverse("gopal:tank", args=["TS-9"])).status_code == 404


def test_another_agency_sees_and_changes_no_tank(cast):
    tank = world.tank()
    Tank.objects.update(agency=cast.agency("KOMINFO"))
    desk = client_of(world.planner().user)
    assert desk.get(reverse("gopal:tank", args=["TS-1"])).status_code == 404
    tank.refresh_from_db()
    with pytest.raises(Refused):
        tank_change(actor=world.planner(), tank=tank, users=4)


def test_a_register_entry_has_a_code_of_its_village_and_no_double():
    first = tank_register(
        actor=world.planner(), agency=world.agency(), area_code=world.VILLAGE, tank_class="house_1"
    )
    second = tank_register(
        actor=world.operator(), agency=world.agency(), area_code=world.VILLAGE, tank_class="house_1"
    )
    assert (first.code, second.code) == (f"TS-{world.VILLAGE}-00001", f"TS-{world.VILLAGE}-00002")
    with pytest.raises(Conflict):
        world.tank(first.code)
    with pytest.raises(Invalid) as caught:
        world.tank("TS-9", volume_l=0, users=9000, hose_m=200)
    assert set(caught.value.fields) == {"volume_l", "users", "hose_m"}
    assert seat("dina", "PU", "desludging_planner")
