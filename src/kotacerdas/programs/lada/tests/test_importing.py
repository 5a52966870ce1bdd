"""Goods come in as a table, every wrong cell shown first, as one change; the same table comes out again."""

from __future__ import annotations

import time
from datetime import date

import pytest

from kotacerdas.foundation.journal.models import Row as JournalRow
from kotacerdas.foundation.tables import actions, running
from kotacerdas.foundation.tables.models import Problem, Upload
from kotacerdas.foundation.tables.writing import write_csv, write_xlsx
from kotacerdas.kernel import clock
from kotacerdas.programs.lada import cards
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line, events_append
from kotacerdas.programs.lada.actions.locking import period_lock
from kotacerdas.programs.lada.actions.periods import reckoned_in
from kotacerdas.programs.lada.books.columns import CARDS_OF
from kotacerdas.programs.lada.books.importing import row_of, rows_of
from kotacerdas.programs.lada.depreciation import Semester, at, semester
from kotacerdas.programs.lada.models import Asset, Change, Event
from kotacerdas.programs.lada.sheets import OPENINGS
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
HEAD = "No;Kode Barang;Nama Barang / Jenis Barang;Nomor Register;Merk/Type;Ukuran/CC;Tahun Pembelian;Nomor Polisi;Asal Usul;Harga;Akumulasi Penyusutan;Kondisi;Keterangan\n"


@pytest.fixture(autouse=True)
def _list(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def read(actor, data: bytes | str, name: str = "kib.csv") -> Upload:
    given = data.encode() if isinstance(data, str) else data
    upload = actions.upload_open(actor=actor, sheet=OPENINGS, file_name=name, data=given)[0]
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def take(actor, upload: Upload) -> Upload:
    actions.upload_take(actor=actor, upload=upload, wrong=upload.wrong)
    running.take_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def approve() -> None:
    change = Change.objects.select_related("case").latest("case__number")
    changes.change_approve(actor=world.office(), case=change.case)


LINE = "1;1.3.2.10.01.02.002;Laptop 14 inci;0007;Contoh 14;;2023;;Pembelian;12.000.000;6.000.000;B;\n"
CAR = "2;1.3.2.02.01.02.003;Minibus;0012;Contoh X;1500;2020;E 1 XX;Hibah;200.000.000;100.000.000;RR;dinas\n"


def test_a_table_is_one_change_and_its_register_numbers_are_kept():
    officer = world.officer()
    upload = read(officer, HEAD + LINE + CAR)
    assert (upload.state, upload.good, list(Problem.objects.all())) == (Upload.State.READY, 2, [])
    take(officer, upload)
    assert not Asset.objects.exists()
    approve()
    laptop, car = Asset.objects.order_by("name")
    assert (laptop.register_no, laptop.value, laptop.accumulated) == (7, 12_000_000, 6_000_000)
    assert (laptop.acquired_on, laptop.opened_on) == (date(2023, 12, 31), laptop.last_on)
    assert (car.condition, car.origin, car.facts["plate_no"], car.facts["size"]) == (
        "light",
        "grant",
        "E 1 XX",
        "1500",
    )
    assert list(Event.objects.values_list("kind", flat=True)) == ["opening", "opening"]
    assert JournalRow.objects.filter(verb="lada.asset.opening").count() == 2
    assert world.good(on=date(2026, 8, 1)).register_no == 8  # goes on after the number that came along


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        (LINE.replace("1.3.2.10.01.02.002", "1.3.2.10.09.02.002"), "goods_code"),
        (LINE.replace("1.3.2.10.01.02.002", "132100102"), "goods_code"),
        (LINE.replace(";0007;", ";;"), "register_no"),
        (LINE.replace("12.000.000", "-12.000.000"), "price"),
        (LINE.replace("6.000.000", "13.000.000"), "accumulated"),
        (LINE.replace(";2023;", ";2031;"), "year"),
        (LINE.replace(";2023;", ";;"), "acquired_on"),
        (LINE.replace(";B;", ";lumayan;"), "condition"),
        (CAR.replace("1.3.2.02.01.02.003", "1.3.1.01.01.04.001"), "brand"),
    ],
    ids=("level", "digits", "no_number", "negative", "beyond", "ahead", "no_day", "condition", "of_card"),
)
def test_every_wrong_cell_is_shown_before_anything_is_taken(wrong, column):
    upload = read(world.officer(), HEAD + wrong)
    assert upload.good == 0
    assert column in set(Problem.objects.values_list("column", flat=True))
    for one in Problem.objects.all():
        assert one.words["id"][0] != one.words["en"][0]


def test_two_rows_of_one_number_and_what_is_there_already_are_wrong():
    officer = world.officer()
    take(officer, read(officer, HEAD + LINE))
    approve()
    upload = read(officer, HEAD + LINE + CAR + CAR)
    assert upload.good == 0
    assert set(Problem.objects.values_list("line", "column")) >= {
        (2, "register_no"),
        (3, "goods_code"),
        (4, "goods_code"),
    }


def test_what_goes_out_comes_in_again_equal():
    """The table of one agency, read in at an empty one, gives the same table: as a workbook and as CSV."""
    officer, other = world.officer(), world.officer("ratna", "KOMINFO")
    land = "3;1.3.1.01.01.04.001;Tanah;0001;;;2019;;Pembelian;500.000.000;;;\n"
    take(officer, read(officer, HEAD + LINE + CAR + land))
    approve()

    def out(agency: str) -> list[dict[str, object]]:
        found = Asset.objects.filter(agency__code=agency).select_related("room")
        return [row_of(one) for one in found.order_by("goods_code", "register_no")]

    first = out("PU")
    assert (read(other, "".join(write_csv(OPENINGS, first))).good, Problem.objects.count()) == (3, 0)
    upload = read(other, write_xlsx(OPENINGS, first), "kib.xlsx")
    assert list(Problem.objects.values_list("column", "words")) == []
    take(other, upload)
    approve()
    assert out("KOMINFO") == first
    text = "".join(write_csv(OPENINGS, first))
    assert "".join(write_csv(OPENINGS, out("KOMINFO"))) == text


def test_goods_acquired_by_hand_go_out_with_a_balance_of_one_semester_and_come_in_again_equal():
    """An overhaul of the semester that runs is not in a balance of the one before: day, price and depreciation agree."""
    officer, other = world.officer(), world.officer("ratna", "KOMINFO")
    over = at(semester(clock.today()).place - 1)
    take(officer, read(officer, HEAD + CAR))
    approve()
    car, laptop = Asset.objects.get(), world.good(on=over.first)
    for one in (car, laptop):
        world.done(
            "capitalise",
            Line(
                asset=one.id,
                kind="capitalise",
                on=over.next.first,
                amount=1_000_000,
                data={"basis": "SP2D 7"},
            ),
        )

    def out(agency: str) -> list[dict[str, object]]:
        found = Asset.objects.filter(agency__code=agency).select_related("room")
        return list(rows_of(found.order_by("goods_code", "register_no")))

    first = out("PU")
    [figure] = [one.figure for one in reckoned_in(over, [laptop.id])]
    assert [(one["opened_on"], one["price"], one["accumulated"]) for one in first] == [
        (car.opened_on, 200_000_000, 100_000_000),
        (over.last, 8_000_000, figure.accumulated),
    ]
    assert figure.accumulated > 0
    upload = read(other, write_xlsx(OPENINGS, first), "kib.xlsx")
    assert list(Problem.objects.values_list("column", "words")) == []
    take(other, upload)
    approve()
    assert out("KOMINFO") == first


def test_a_locked_balance_has_the_price_of_its_day():
    """What was added to the value after the lock is not in the price of the balance that was locked."""
    over = at(semester(clock.today()).place - 1)
    laptop = world.good(on=over.first)
    world.done(
        "capitalise",
        Line(
            asset=laptop.id, kind="capitalise", on=over.next.first, amount=1_000_000, data={"basis": "SP2D 7"}
        ),
    )
    laptop.refresh_from_db()
    [row] = rows_of([laptop], {laptop.id: 1_000_000}, over.last)
    assert (row["opened_on"], row["price"], row["accumulated"]) == (over.last, 8_000_000, 1_000_000)
    assert row_of(laptop, 1_000_000, over.last) == row


def test_thousands_of_openings_are_written_in_few_statements(django_assert_max_num_queries):
    lines = [
        world.acquiring(
            kind="opening", on=date(2025, 12, 31), data={"register_no": n, "acquired_on": "2023-05-01"}
        )
        for n in range(1, 2001)
    ]
    from django.db import transaction

    began = time.perf_counter()
    with django_assert_max_num_queries(30), transaction.atomic():
        assert len(events_append(actor=world.office(), lines=lines)) == 2000
    assert Event.objects.count() == Asset.objects.count() == 2000
    assert Asset.objects.values("nibar").distinct().count() == 2000
    print(f"{2000 / (time.perf_counter() - began):,.0f} openings/s")


def test_the_table_has_every_column_of_every_card():
    for card in cards.COLUMNS:
        assert {one.name for one in cards.columns(card)} == {
            name for name, of in CARDS_OF.items() if card in of
        }


def test_balances_of_the_last_day_of_the_locked_books_come_in_and_depreciation_goes_on():
    """Once books are locked, a table needs the day to which they are; it enters the day after."""
    world.good()
    period_lock(actor=world.office(), one=Semester(2026, 1))
    wrong = read(world.officer(), HEAD + LINE)
    (problem,) = Problem.objects.all()
    assert (wrong.good, problem.column) == (0, "opened_on")
    assert "2026-06-30" in str(problem.words)
    head = HEAD.replace("Keterangan", "Saldo per tanggal;Keterangan")
    right = read(world.officer(), head + LINE.replace(";B;", ";B;30/06/2026;"))
    assert right.good == 1
    take(world.officer(), right)
    approve()
    laptop = Asset.objects.get(register_no=7)
    assert laptop.opened_on == date(2026, 7, 1)
    (found,) = reckoned_in(Semester(2026, 2), [laptop.id])
    assert found.figure.accumulated == 6_000_000 + found.figure.amount > 6_000_000
    line = Line(
        asset=laptop.id, kind="capitalise", on=date(2026, 7, 1), amount=1_000_000, data={"basis": "SP2D 7"}
    )
    world.done("capitalise", line)
    laptop.refresh_from_db()
    row = row_of(laptop)
    assert (row["opened_on"], row["price"], row["accumulated"]) == (date(2026, 6, 30), 12_000_000, 6_000_000)


def test_what_may_be_written_instead_is_told_in_both_languages():
    read(world.officer(), HEAD + LINE.replace(";B;", ";lumayan;"))
    (problem,) = Problem.objects.all()
    assert problem.words["id"][1] == "Tulis salah satu: baik, rusak ringan, rusak berat."
    assert problem.words["en"][1] == "Write one of: good, lightly damaged, heavily damaged."
