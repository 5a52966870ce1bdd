"""The first tables that are imported: staff with their posts, and the coordinates of areas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from trials.cast import INVENTED, seat

from kotacerdas.config.pack import load_pack
from kotacerdas.foundation.journal.models import Row as JournalRow
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Holding, Membership, User
from kotacerdas.foundation.parties.sheets import STAFF
from kotacerdas.foundation.parties.staffing import account_close, account_open, account_renew, post_fill
from kotacerdas.foundation.tables import actions, demo, running
from kotacerdas.foundation.tables.models import Problem, Upload
from kotacerdas.foundation.tables.writing import write_xlsx
from kotacerdas.foundation.territory.models import Area
from kotacerdas.foundation.territory.sheets import AREAS
from kotacerdas.kernel.errors import Refused
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.sheets import Sheet

State = Upload.State
VILLAGE = "99.01.01.2001"


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def operator(cast):
    return staff(seat("operator-kominfo", "KOMINFO", "operator"))


def read(actor, sheet: Sheet, text: str | bytes) -> Upload:
    data = text.encode() if isinstance(text, str) else text
    upload, _ = actions.upload_open(actor=actor, sheet=sheet, file_name="berkas.csv", data=data)
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def take(actor, upload: Upload) -> Upload:
    """Taken by who gave it; a table of staff by another operator."""
    if upload.sheet == STAFF.name:
        actor = staff(seat("operator-lain", "KOMINFO", "operator"))
    actions.upload_take(actor=actor, upload=upload, wrong=upload.wrong)
    running.take_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def wrong_columns(upload: Upload) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for one in Problem.objects.filter(upload=upload):
        found.setdefault(one.line, set()).add(one.column)
    return found


STAFF_HEAD = "Nama pengguna;Nama;Surel;Nomor HP;Jabatan;TMT;Sampai;Status jabatan;SK\n"


def test_people_and_posts_come_from_a_table(operator):
    rows = (
        "bayu;Bayu Segara;bayu@contoh.test;0812-3456-0001;PU/liaison;1 Januari 2026;;definitif;SK 12/2026\n"
        "citra;Citra Ombak;;;;;;;\n"
    )
    upload = read(operator, STAFF, STAFF_HEAD + rows)
    assert (upload.state, upload.new, upload.wrong) == (State.READY, 2, 0), wrong_columns(upload)
    assert take(operator, upload).state == State.TAKEN
    bayu = User.objects.get(username="bayu")
    assert (bayu.name, bayu.phone, bayu.is_staff) == ("Bayu Segara", "+6281234560001", True)
    assert not bayu.has_usable_password()
    seat_of_bayu = Holding.objects.get(user=bayu)
    assert (seat_of_bayu.position.code, seat_of_bayu.since, seat_of_bayu.acting) == (
        "liaison",
        date(2026, 1, 1),
        "",
    )
    assert not Membership.objects.filter(user=bayu).exists()
    assert User.objects.get(username="citra").name == "Citra Ombak"
    verbs = set(JournalRow.objects.values_list("verb", flat=True))
    assert {"parties.account.open", "parties.post.fill", "tables.upload.take"} <= verbs
    assert read(operator, STAFF, STAFF_HEAD + rows + "\n").same == 2


def test_a_corrected_table_changes_what_differs_alone(operator):
    user = account_open(actor=operator, username="bayu", name="Bayu", phone="0812-3456-0001")
    from kotacerdas.foundation.parties.models import Position

    post = Position.objects.get(agency__code="PU", code="liaison")
    post_fill(actor=operator, user=user, position=post, since=date(2026, 1, 1))
    upload = read(
        operator, STAFF, STAFF_HEAD + "bayu;Bayu Segara;;62 812 3456 0001;PU/liaison;;31/12/2026;;\n"
    )
    assert (upload.changed, upload.wrong) == (1, 0), wrong_columns(upload)
    changes = upload.differences.get().changes
    assert changes == [["name", "Bayu", "Bayu Segara"], ["until", None, "2026-12-31"]]
    take(operator, upload)
    assert User.objects.get(username="bayu").name == "Bayu Segara"
    assert Holding.objects.get(user=user).until == date(2026, 12, 31)


def test_what_the_rules_of_posts_refuse_is_told_by_cell(operator, cast):
    closed = account_open(actor=operator, username="tutup", name="Tutup")
    from kotacerdas.foundation.parties.actors import SYSTEM

    account_close(actor=SYSTEM, user=closed)
    rows = (
        "Nama Besar;Satu;;;;;;;\n"
        "asep;Asep;;;;;;;\n"
        "tutup;Tutup;;;;;;;\n"
        "operator-kominfo;Saya;;;KOMINFO/coordinator;;;;\n"
        "dua;Dua;bukan surel;12;;;;;\n"
        "tiga;Tiga;;;PU/tidak-ada;;;;\n"
        "empat;Empat;;;PU/head;1/1/2027;31/12/2026;;\n"
        "lima;Lima;;;PU/head;;;plt;\n"
        "kepala;Kepala;;;PU/head;2/2/2026;;;\n"
        "enam;Enam;;;PU/officer;kemarin;;wakil;\n"
    )
    upload = read(operator, STAFF, STAFF_HEAD + rows)
    assert upload.new + upload.changed == 0
    assert wrong_columns(upload) == {
        2: {"username"},
        3: {"username"},
        4: {"username"},
        5: {"username"},
        6: {"phone"},
        7: {"post"},
        8: {"until"},
        9: {"post"},
        10: {"since"},
        11: {"since", "acting"},
    }
    for one in Problem.objects.filter(upload=upload):
        assert all(words for pair in one.words.values() for words in pair), (one.line, one.words)
        assert one.words["id"] != one.words["en"], one.words
    assert (
        Problem.objects.get(upload=upload, line=6).given == "•••"
    )  # a phone number is nobody's to read here


def test_two_rows_that_exclude_one_another_are_refused_whole(operator):
    vacant = "PU/liaison"
    rows = f"satu;Satu;;;{vacant};;;plt;\ndua;Dua;;;{vacant};;;plt;\n"
    upload = read(operator, STAFF, STAFF_HEAD + rows)
    assert upload.new == 2
    taken = take(operator, upload)
    assert (taken.state, taken.wrong, taken.new) == (State.READY, 1, 1)
    assert not User.objects.filter(username__in=("satu", "dua")).exists()


def test_an_importer_gives_no_way_in_and_no_role(operator, cast):
    with pytest.raises(Refused):
        account_renew(actor=operator, user=cast.rudi)
    with pytest.raises(Refused):
        account_open(actor=staff(cast.sari), username="baru", name="Baru")


AREA_HEAD = "Kode desa;Nama desa;Lintang;Bujur;Sumber\n"


def village(code: str = VILLAGE) -> Area:
    return Area.objects.get(code=code)


def moved(area: Area, by: float = 0.004) -> tuple[str, str]:
    return f"{area.lat + by:.6f}".replace(".", ","), f"{area.lng + by:.6f}".replace(".", ",")


def test_points_of_areas_come_from_a_table_and_outlive_the_next_load_of_the_pack(operator):
    lat, lng = moved(village())
    text = AREA_HEAD + f"{VILLAGE};{village().name};{lat};{lng};Survei 2026\n"
    upload = read(operator, AREAS, text)
    assert (upload.changed, upload.wrong) == (1, 0), wrong_columns(upload)
    take(operator, upload)
    area = village()
    assert f"{area.lat:.6f}".replace(".", ",") == lat
    assert area.point_basis == "Survei 2026"
    load_pack(INVENTED)
    assert village().lat == area.lat
    assert read(operator, AREAS, text + "\n").same == 1
    assert JournalRow.objects.get(verb="territory.area.place").payload["lat"] == f"{area.lat:.6f}"


def test_points_that_cannot_be_are_told_by_cell(operator):
    own, (other, third) = village(), Area.objects.filter(level="village").exclude(code=VILLAGE)[:2]
    lat, lng = moved(own)
    rows = (
        f"99.99.99.9999;Entah;{lat};{lng};\n"
        f"{VILLAGE};{other.name} Lain;{lat};{lng};\n"
        f"{other.code};{other.name};{lng};{lat};\n"
        f"{third.code};{third.name};{own.lat:.6f};{own.lng:.6f};\n"
    )
    upload = read(operator, AREAS, AREA_HEAD + rows.replace(".", "@").replace("@", "."))
    assert wrong_columns(upload) == {2: {"code"}, 3: {"name"}, 4: {"lat", "lng"}, 5: {"lat"}}
    far = f"{VILLAGE};;{own.lat + 1:.5f};{own.lng:.5f};\n"
    assert wrong_columns(read(operator, AREAS, AREA_HEAD + far)) == {2: {"lat"}}


def test_the_limits_of_a_coordinate_decide_what_its_mark_is(operator):
    text = f"kode;lintang;bujur\n{VILLAGE};{village().lat:.3f};{village().lng:.3f}\n"
    upload = read(operator, AREAS, text)
    assert upload.wrong == 0, wrong_columns(upload)


def test_what_is_stored_can_be_written_and_read_back_without_a_difference(operator):
    rows = [
        {"code": one.code, "name": one.name, "lat": one.lat, "lng": one.lng}
        for one in Area.objects.filter(level="village")
    ]
    upload = read(operator, AREAS, write_xlsx(AREAS, rows))
    assert (upload.same, upload.changed, upload.wrong) == (len(rows), 0, 0), wrong_columns(upload)


def test_who_gave_a_table_of_staff_does_not_take_it(operator):
    upload = read(
        operator, STAFF, STAFF_HEAD + "bayu;Bayu Segara;;;PU/liaison;1 Januari 2026;;definitif;SK\n"
    )
    with pytest.raises(Refused):
        actions.upload_take(actor=operator, upload=upload, wrong=0)
    assert not User.objects.filter(username="bayu").exists()


def test_no_table_fills_a_post_that_imports_staff(operator):
    upload = read(
        operator, STAFF, STAFF_HEAD + "bayu;Bayu Segara;;;KOMINFO/operator;1 Januari 2026;;definitif;SK\n"
    )
    assert wrong_columns(upload) == {2: {"post"}}


def test_the_demo_gives_a_file_with_wrong_cells_as_its_own_operator(cast):
    assert demo.finish(Pack(folder=Path(), manifest={}, rows={})) == 0  # nobody of the demo imports here
    user = seat("pengelola-peraga", "KOMINFO", "operator")
    user.is_demo = True
    user.save(update_fields=["is_demo"])
    assert demo.finish(Pack(folder=Path(), manifest={}, rows={})) == 1
    upload = Upload.objects.get(user=user)
    assert (upload.state, upload.sheet) == (State.READY, AREAS.name)
    assert upload.wrong >= 1
    assert upload.changed >= 1
