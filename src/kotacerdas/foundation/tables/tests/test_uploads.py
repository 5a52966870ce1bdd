"""A file on its way in: read, shown, taken whole or not at all, and never twice."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from trials.cast import client_of, seat

from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.journal.models import Row as JournalRow
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.tables import actions, expiry, marked, running, storage
from kotacerdas.foundation.tables.models import Difference, Mapping, Problem, Upload
from kotacerdas.foundation.tables.queries import visible_to
from kotacerdas.foundation.tables.tests.books import BOOKS, FORBIDDEN, STORE
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused
from kotacerdas.kernel.sheets import sheets

State = Upload.State
HEAD = "Kode;Judul;Tahun;Harga;HP\n"


@pytest.fixture(autouse=True)
def _library(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    STORE.clear()
    monkeypatch.setitem(sheets(), BOOKS.name, BOOKS)


@pytest.fixture
def operator(cast):
    return staff(seat("operator-kominfo", "KOMINFO", "operator"))


def give(actor, text: str | bytes, name: str = "buku.csv") -> Upload:
    data = text.encode() if isinstance(text, str) else text
    return actions.upload_open(actor=actor, sheet=BOOKS, file_name=name, data=data)[0]


def read(actor, text: str | bytes) -> Upload:
    upload = give(actor, text)
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def take(actor, upload: Upload) -> Upload:
    actions.upload_take(actor=actor, upload=upload, wrong=upload.wrong)
    running.take_upload(str(upload.id))
    upload.refresh_from_db()
    return upload


def test_a_file_is_shown_before_anything_is_stored_and_then_taken_whole(operator):
    upload = read(operator, HEAD + "B-1;Laut;2017;98.000;\nB-2;Bumi;1980;45.000;\n")
    assert (upload.state, upload.new, upload.wrong) == (State.READY, 2, 0)
    assert STORE == {}
    taken = take(operator, upload)
    assert taken.state == State.TAKEN
    assert STORE["B-1",]["price"] == 98000
    row = JournalRow.objects.get(verb="tables.upload.take")
    assert row.measures == {"new_rows": 2, "changed_rows": 0, "left_out_rows": 0}


def test_every_wrong_cell_is_named_with_its_remedy_and_the_good_rows_can_be_taken(operator):
    upload = read(operator, HEAD + "B-1;Laut;abad;mahal;\nB-2;Bumi;1980;;\nB-3;Rahasia;;;\n")
    assert (upload.new, upload.wrong, upload.problem_count) == (1, 2, 3)
    found = {(one.line, one.place): one for one in Problem.objects.all()}
    assert set(found) == {(2, 3), (2, 4), (4, 2)}
    assert found[2, 3].given == "abad"
    assert all(one.words["id"][0] and one.words["en"][1] for one in found.values())
    take(operator, upload)
    assert set(STORE) == {("B-2",)}


def test_the_same_file_again_changes_nothing_and_says_so(operator):
    text = HEAD + "B-1;Laut;2017;98.000;\n"
    upload = take(operator, read(operator, text))
    again, is_new = actions.upload_open(actor=operator, sheet=BOOKS, file_name="x", data=text.encode())
    assert (again.pk, is_new) == (upload.pk, False)
    assert Upload.objects.count() == 1


def test_a_double_press_gives_one_upload(operator):
    assert give(operator, HEAD + "B-1;Laut;;;\n") == give(operator, HEAD + "B-1;Laut;;;\n")


def test_a_corrected_file_shows_what_differs_before_it_is_taken(operator):
    take(operator, read(operator, HEAD + "B-1;Laut;2017;98.000;\nB-2;Bumi;1980;45.000;\n"))
    upload = read(operator, HEAD + "B-1;Laut;2017;99.000;\nB-2;Bumi;1980;;\nB-3;Bulan;1990;1;\n")
    assert (upload.new, upload.changed, upload.same) == (1, 1, 1)
    changes = dict(Difference.objects.filter(upload=upload).values_list("key", "changes"))
    assert changes == {
        "B-1": [["price", 98000, 99000]],
        "B-3": [["title", "Bulan"], ["year", 1990], ["price", 1]],
    }
    take(operator, upload)
    assert STORE["B-1",]["price"] == 99000
    assert STORE["B-2",]["price"] == 45000, "an empty cell leaves what is stored"


def test_what_is_taken_is_what_was_shown(operator):
    upload = read(operator, HEAD + "B-1;Laut;2017;98.000;\n")
    STORE["B-1",] = {"code": "B-1", "title": "Laut", "year": 1900}
    taken = take(operator, upload)
    assert taken.state == State.READY
    assert taken.refusal["code"] == "moved"
    assert (taken.new, taken.changed) == (0, 1)
    assert STORE["B-1",]["year"] == 1900
    assert take(operator, taken).state == State.TAKEN
    assert STORE["B-1",]["year"] == 2017


def test_a_row_refused_at_the_end_takes_nothing_and_stands_among_the_wrong_ones(operator):
    upload = read(operator, HEAD + f"B-1;Laut;2017;1;\n{FORBIDDEN};Bumi;1980;2;\n")
    taken = take(operator, upload)
    assert (taken.state, taken.wrong, taken.new) == (State.READY, 1, 1)
    assert taken.refusal == {"code": "row", "given": {"line": 3}}
    assert STORE == {}
    assert take(operator, taken).state == State.TAKEN
    assert set(STORE) == {("B-1",)}


def test_rows_of_one_key_are_both_wrong_also_far_apart(operator):
    rows = "".join(f"K-{n};Buku {n};;;\n" for n in range(1200))
    upload = read(operator, HEAD + "B-1;Laut;;;\n" + rows + "B-1;Laut lain;;;\n")
    assert upload.wrong_lines == [2, 1203]
    assert upload.new == 1200
    take(operator, upload)
    assert ("B-1",) not in STORE


def test_a_file_that_cannot_be_read_says_why(operator):
    upload = read(operator, b"%PDF-1.7")
    assert (upload.state, upload.refusal["code"]) == (State.REFUSED, "kind")


def test_heads_alone_are_refused(operator):
    assert read(operator, HEAD).refusal["code"] == "no_rows"


def test_columns_are_named_once_and_remembered(operator):
    text = "K;J;Thn beli\nB-1;Laut;2017\n"
    upload = read(operator, text)
    assert upload.state == State.MAPPING
    with pytest.raises(Invalid):
        actions.upload_map(
            actor=operator, upload=upload, columns={"code": {"place": 0}, "title": {"place": 0}}
        )
    with pytest.raises(Invalid):
        actions.upload_map(
            actor=operator, upload=upload, columns={"code": {"place": 0}, "title": {"place": 99}}
        )
    named = {"code": {"place": 0}, "title": {"place": 1}, "year": {"place": 2}}
    actions.upload_map(actor=operator, upload=upload, columns=named)
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    assert (upload.state, upload.new) == (State.READY, 1)
    assert read(operator, "K;J;Thn beli\nB-2;Bumi;1980\n").state == State.READY
    assert Mapping.objects.count() == 1


def test_a_head_that_stands_twice_is_asked(operator):
    assert read(operator, "Kode;Judul;Tahun;Tahun\nB-1;Laut;2017;1990\n").state == State.MAPPING


def test_a_chosen_notation_decides_an_unclear_number(operator):
    upload = read(operator, "Kode;Judul;Berat\nB-1;Laut;1.234\n")
    assert upload.wrong == 1
    columns = {name: dict(one) for name, one in upload.columns.items()}
    columns["weight"]["mark"] = ","
    actions.upload_map(actor=operator, upload=upload, columns=columns)
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    take(operator, upload)
    assert STORE["B-1",]["weight"] == 1234


def test_a_cancelled_file_leaves_nothing(operator, django_capture_on_commit_callbacks):
    upload = read(operator, HEAD + "B-1;Laut;2017;1;\nB-2;Bumi;x;1;\n")
    with django_capture_on_commit_callbacks(execute=True):
        actions.upload_cancel(actor=operator, upload=upload)
    upload.refresh_from_db()
    assert upload.state == State.CANCELLED
    assert not Problem.objects.exists()
    assert storage.get(upload.id) is None
    with pytest.raises(Conflict):
        actions.upload_take(actor=operator, upload=upload, wrong=1)


@pytest.mark.parametrize("step", ["reading", "taking"])
def test_cancelling_while_it_is_at_work_ends_the_work(operator, step):
    upload = read(operator, HEAD + "B-1;Laut;2017;1;\n")
    Upload.objects.filter(pk=upload.pk).update(state=step)
    actions.upload_cancel(actor=operator, upload=upload)
    (running.read_upload if step == "reading" else running.take_upload)(str(upload.id))
    upload.refresh_from_db()
    assert upload.state == State.CANCELLED
    assert STORE == {}


def test_a_job_that_comes_twice_does_its_work_once(operator):
    upload = take(operator, read(operator, HEAD + "B-1;Laut;2017;1;\n"))
    STORE.clear()
    running.take_upload(str(upload.id))
    running.read_upload(str(upload.id))
    assert STORE == {}
    assert JournalRow.objects.filter(verb="tables.upload.take").count() == 1


def test_a_fault_of_ours_is_set_aside_and_said(operator, monkeypatch):
    upload = give(operator, HEAD + "B-1;Laut;2017;1;\n")

    def broken(*given, **more):
        raise ZeroDivisionError

    monkeypatch.setattr(running, "_preview", broken)
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    assert upload.state == State.FAILED
    assert SetAside.objects.get(loop="tables").item == str(upload.id)


def test_a_preview_that_has_changed_is_not_taken(operator):
    upload = read(operator, HEAD + "B-1;Laut;2017;1;\n")
    with pytest.raises(Conflict):
        actions.upload_take(actor=operator, upload=upload, wrong=3)


def test_private_cells_are_neither_shown_nor_kept(operator):
    upload = read(operator, HEAD + "B-1;Laut;2017;1;0812-3456-7890\n")
    take(operator, upload)
    text = HEAD + "B-1;Laut;2017;1;0812-9999-7890\nB-2;L;;;" + "0812-5555-7890" * 60 + "\n"
    upload = read(operator, text)
    kept = f"{list(Difference.objects.values_list('changes'))}{list(Problem.objects.values_list('given'))}{upload.head}"
    assert upload.changed == 1
    assert upload.wrong == 1
    assert "7890" not in kept
    assert b"7890" not in storage.path_of(upload.id).read_bytes()


def test_whoever_has_not_the_permission_imports_nothing(operator, cast):
    upload = read(operator, HEAD + "B-1;Laut;2017;1;\n")
    rudi = staff(cast.rudi)
    with pytest.raises(Refused):
        give(rudi, "x")
    for act in (
        lambda: actions.upload_take(actor=rudi, upload=upload, wrong=0),
        lambda: actions.upload_cancel(actor=rudi, upload=upload),
        lambda: actions.upload_map(actor=rudi, upload=upload, columns={}),
    ):
        with pytest.raises(Missing):
            act()


def test_a_permission_within_an_agency_shows_the_files_of_that_agency_alone(cast, monkeypatch):
    within = replace(BOOKS, permission="telemetry.manage_device")
    monkeypatch.setitem(sheets(), BOOKS.name, within)
    head, other = staff(cast.head), staff(cast.officer_of("BAPPEDA", "head"))
    liaison = staff(cast.officer_of("PU", "liaison"))
    given, _ = actions.upload_open(
        actor=head, sheet=within, file_name="x", data=(HEAD + "B-1;Laut;;;\n").encode()
    )
    assert list(visible_to(head, within)) == list(visible_to(liaison, within)) == [given]
    assert not visible_to(other, within).exists()
    assert not visible_to(staff(cast.rudi), within).exists()
    with pytest.raises(Missing):
        actions.upload_cancel(actor=other, upload=given)
    address = reverse("tables:upload", args=[BOOKS.name, given.id])
    assert client_of(other.user).get(address).status_code == 404
    assert client_of(liaison.user).get(address).status_code == 200


def test_old_files_are_forgotten(operator):
    waiting = read(operator, HEAD + "B-1;Laut;2017;1;\n")
    taken = take(operator, read(operator, HEAD + "B-2;Bumi;2017;1;\n"))
    with clock.frozen(clock.now() + timedelta(days=8)):
        expiry.forget_uploads()
    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert storage.get(waiting.id) is None
    assert storage.get(taken.id) is not None
    with clock.frozen(clock.now() + timedelta(days=31)):
        expiry.forget_uploads()
    assert storage.get(taken.id) is None
    taken.refresh_from_db()
    assert taken.state == State.TAKEN


def test_bytes_without_a_row_go_after_a_day_and_no_others(operator):
    kept = read(operator, HEAD + "B-1;Laut;abad;1;\n")
    marked.make(str(kept.id), "id")
    lost, fresh = ids.new_id(), ids.new_id()
    storage.put(lost, b"x")
    storage.put(lost, b"x", "en")
    half = storage.path_of(lost).parent / ".new-abc"
    half.write_bytes(b"x")
    storage.put(fresh, b"x")
    later = clock.now() + timedelta(days=1, minutes=1)
    for path in storage.folder().glob("*/*"):
        at = (later if path == storage.path_of(fresh) else clock.now()).timestamp()
        os.utime(path, (at, at))
    assert expiry.sweep_orphans() == 0
    with clock.frozen(later):
        assert expiry.sweep_orphans() == 3
    assert (storage.get(lost), half.exists(), storage.get(fresh)) == (None, False, b"x")
    assert storage.get(kept.id) is not None
    assert storage.get(kept.id, "id") is not None


def test_a_workbook_goes_with_what_it_says(operator):
    upload = read(operator, HEAD + "B-1;Laut;abad;1;\n")
    actions.upload_mark(actor=operator, upload=upload, language="en")
    marked.make(str(upload.id), "en")
    upload.refresh_from_db()
    assert upload.marking_at is None
    assert storage.get(upload.id, "en") is not None
    columns = {"code": {"place": 0}, "title": {"place": 1}}
    actions.upload_map(actor=operator, upload=upload, columns=columns)
    running.read_upload(str(upload.id))
    assert storage.get(upload.id, "en") is None
    upload.refresh_from_db()
    with pytest.raises(Conflict):
        actions.upload_mark(actor=operator, upload=upload, language="en")


def test_a_workbook_of_a_file_that_is_gone_is_not_waited_for(operator):
    upload = read(operator, HEAD + "B-1;Laut;abad;1;\n")
    actions.upload_mark(actor=operator, upload=upload, language="id")
    storage.drop(upload.id)
    marked.make(str(upload.id), "id")
    upload.refresh_from_db()
    assert upload.marking_at is None
    assert storage.get(upload.id, "id") is None


def test_numbers_in_what_is_wrong_are_written_as_the_reader_writes_them(operator):
    read(operator, HEAD + "B-1;Laut;99;1;\n")
    words = Problem.objects.get().words
    assert "1.000" in words["id"][0]
    assert "1,000" in words["en"][0]


def test_of_a_new_row_all_is_shown_but_what_is_private(operator):
    upload = read(operator, HEAD + "B-1;Laut;2017;98.000;0812-3456-0001\n")
    assert Difference.objects.get().changes == [
        ["title", "Laut"],
        ["year", 2017],
        ["price", 98000],
        ["phone", None],
    ]
    text = (
        client_of(operator.user).get(reverse("tables:upload", args=[BOOKS.name, upload.id])).content.decode()
    )
    assert "Rp98.000" in text
    assert "3456" not in text


# --- pages --------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_file_to_the_taken_rows(operator):
    client = client_of(operator.user)
    page = reverse("tables:sheet", args=[BOOKS.name])
    file = io.BytesIO((HEAD + "B-1;Laut;abad;1;\nB-2;=1+1;1980;1;\n").encode())
    file.name = "buku.csv"
    sent = client.post(page, {"berkas": file})
    upload = Upload.objects.get()
    here = reverse("tables:upload", args=[BOOKS.name, upload.id])
    assert sent.url == here
    assert "every 1s" in client.get(here).content.decode()
    running.read_upload(str(upload.id))
    text = client.get(here).content.decode()
    assert "C2" in text
    assert "abad" in text
    assert "every 1s" not in text
    address = reverse("tables:wrong", args=[BOOKS.name, upload.id])
    assert client.get(address).status_code == 404
    assert client.post(reverse("tables:mark", args=[BOOKS.name, upload.id])).url == here
    assert "every 1s" in client.get(here).content.decode()
    marked.make(str(upload.id), "id")
    text = client.get(here).content.decode()
    assert address in text
    assert "every 1s" not in text
    book = load_workbook(io.BytesIO(client.get(address).content))
    cell = book.active["C2"]
    assert cell.value == "abad"
    assert cell.fill.fgColor.rgb == "FFFBD9D4"
    assert book.active["F2"].value == 2
    assert client.get(reverse("tables:columns", args=[BOOKS.name, upload.id])).status_code == 200
    client.post(reverse("tables:take", args=[BOOKS.name, upload.id]), {"salah": "1"})
    running.take_upload(str(upload.id))
    assert STORE["B-2",]["title"] == "=1+1"
    assert client.get(here).status_code == 200
    assert client.get(reverse("tables:index")).status_code == 200
    assert client.get(page).status_code == 200


def test_each_page_of_a_file_leads_back_to_its_table(operator):
    upload = read(operator, HEAD + "B-1;Laut;abad;1;\n")
    client, table = client_of(operator.user), reverse("tables:sheet", args=[BOOKS.name])
    here = reverse("tables:upload", args=[BOOKS.name, upload.id])
    assert f'href="{table}"' in client.get(here).content.decode()
    assert f'href="{here}"' in client.get(f"{here}kolom/").content.decode()
    assert f'href="{reverse("tables:index")}">' in client.get(table).content.decode().split("crumbs")[1]


def test_who_gave_a_file_that_two_look_at_is_told_so_and_offered_nothing(operator, cast, monkeypatch):
    monkeypatch.setitem(sheets(), BOOKS.name, replace(BOOKS, by_two=True))
    upload = read(operator, HEAD + "B-1;Laut;2017;1;\n")
    here, take_it = (reverse(f"tables:{one}", args=[BOOKS.name, upload.id]) for one in ("upload", "take"))
    assert take_it not in client_of(operator.user).get(here).content.decode()
    assert take_it in client_of(seat("operator-lain", "KOMINFO", "operator")).get(here).content.decode()


def test_the_wrong_rows_once_corrected_can_be_given_as_they_are(operator):
    upload = read(operator, HEAD + "B-1;Laut;abad;98.000;\nB-2;Bumi;1980;1;\n")
    from kotacerdas.foundation.tables.marked import workbook

    book = load_workbook(io.BytesIO(workbook(upload)))
    book.active["C2"] = 2017
    out = io.BytesIO()
    book.save(out)
    again = read(operator, out.getvalue())
    assert (again.state, again.new, again.wrong) == (State.READY, 1, 0)


def test_the_empty_workbook_can_be_filled_in_and_given(operator):
    client = client_of(operator.user)
    book = load_workbook(io.BytesIO(client.get(reverse("tables:blank", args=[BOOKS.name])).content))
    first = book.worksheets[0]
    first.append(["B-1", "Laut"])
    out = io.BytesIO()
    book.save(out)
    assert read(operator, out.getvalue()).new == 1


def test_an_empty_form_is_asked_again(operator):
    answer = client_of(operator.user).post(reverse("tables:sheet", args=[BOOKS.name]))
    assert answer.status_code == 422
