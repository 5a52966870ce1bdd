"""The exchange: commands up, each once and with an answer of its own; changes down, field by field."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.cases.models import Case, CaseFile, Note
from kotacerdas.foundation.casework.bar import standing
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.sync.exchange import exchange, milliseconds
from kotacerdas.foundation.sync.models import Known, Part, Phone, Refusal, Upload
from kotacerdas.foundation.sync.phones import code_make, code_use, phone_revoke
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.desks import REPORT_DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def given_to_rudi(cast):
    """A report that Rudi's agency works on."""
    filed = cast.verified()
    return Case.objects.get(pk=filed.case.pk)


def jpeg(colour: str = "red") -> bytes:
    file = BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return file.getvalue()


def announced(data: bytes, field: str = "photos"):
    return {"id": str(uuid4()), "field": field, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def put(handset: Handset, upload_id: str, start: int, part: bytes):
    return handset.client.put(
        f"/lapangan/foto/{upload_id}/",
        part,
        content_type="application/octet-stream",
        HTTP_UPLOAD_OFFSET=str(start),
        **handset.headers,
    )


def test_a_phone_gets_its_users_work_and_then_only_what_changed(cast, handset):
    case = given_to_rudi(cast)
    first = handset.exchange()
    row = handset.records["iceta.report", str(case.pk)]
    assert row["title"]
    assert "iceta.report.accept" in row["forms"]
    assert first["from"] == 0
    assert handset.exchange()["changed"] == []
    accept = handset.command("iceta.report.accept", item=str(case.pk))
    answer = handset.exchange(accept)
    assert [one["status"] for one in answer["answers"]] == ["done"]
    [[kind, key, fields, _went]] = answer["changed"]
    assert (kind, key) == ("iceta.report", str(case.pk))
    assert "title" not in fields  # unchanged fields do not travel
    assert "state" in fields


def test_a_lost_answer_is_counted_from_the_state_that_the_phone_has(cast, handset):
    case = given_to_rudi(cast)
    handset.exchange()
    before = handset.cursor, dict(handset.records)
    accept = handset.command("iceta.report.accept", item=str(case.pk))
    handset.exchange(accept)
    after = dict(handset.records)
    handset.cursor, handset.records = before[0], dict(before[1])  # the answer was lost
    again = handset.exchange(accept)
    assert again["answers"][0]["status"] == "done"
    assert handset.records == after
    assert Known.objects.filter(phone=handset.phone).count() <= 2


def test_what_is_no_longer_ones_work_goes_from_the_phone(cast, handset):
    case = given_to_rudi(cast)
    handset.exchange()
    handset.exchange(
        handset.command("iceta.report.resolve", item=str(case.pk), values={"body": "Lubang ditutup."})
    )
    assert ("iceta.report", str(case.pk)) not in handset.records


def test_an_unknown_cursor_gets_everything_anew(cast, handset):
    given_to_rudi(cast)
    handset.exchange()
    had = dict(handset.records)
    for odd in (10**6, -1, "7", None, True, 2**70):
        handset.cursor = odd
        assert handset.exchange()["from"] == 0
        assert handset.records == had


def test_each_command_stands_alone(cast, handset):
    case = given_to_rudi(cast)
    answers = handset.exchange(
        handset.command("iceta.report.note", item=str(case.pk), values={"body": "Alat berat datang."}),
        handset.command("iceta.report.note", item=str(uuid4()), values={"body": "Bukan milik saya."}),
        handset.command("iceta.report.note", item=str(case.pk), values={}),
        handset.command("iceta.report.nonsense", item=str(case.pk)),
        {"id": "nonsense"},
        handset.command("iceta.report.note", item=str(case.pk), values={"body": "Selesai separuh."}),
    )["answers"]
    assert [one["status"] for one in answers] == ["done", "refused", "refused", "refused", "refused", "done"]
    assert [one.get("code") for one in answers[1:5]] == ["missing", "fields", "unknown_form", "damaged"]
    assert "body" in answers[2]["fields"]
    assert all(one["words"] for one in answers[1:5])
    assert Note.objects.filter(case=case).count() == 2
    assert Refusal.objects.filter(phone=handset.phone, settled_at=None).count() == 3


def test_the_same_command_twice_is_done_once_and_changed_content_is_refused(cast, handset):
    case = given_to_rudi(cast)
    note = handset.command("iceta.report.note", item=str(case.pk), values={"body": "Satu kali saja."})
    first, second = handset.exchange(note)["answers"], handset.exchange(note)["answers"]
    assert first[0]["refs"] == second[0]["refs"]
    changed = note | {"values": {"body": "Isi yang lain."}}
    assert handset.exchange(changed)["answers"][0]["status"] == "refused"
    assert Note.objects.filter(case=case).count() == 1


def test_what_depends_on_another_entry_waits_for_it(cast, handset):
    case = given_to_rudi(cast)
    first = handset.command("iceta.report.accept", item=str(case.pk))
    then = handset.command(
        "iceta.report.note", item=str(case.pk), values={"body": "Sesudah diterima."}, after=[first["id"]]
    )
    assert handset.exchange(then)["answers"][0]["status"] == "later"
    answers = handset.exchange(first, then)["answers"]
    assert [one["status"] for one in answers] == ["done", "done"]


def test_a_time_before_the_last_empty_outbox_is_refused(cast, handset):
    case = given_to_rudi(cast)
    handset.exchange()
    early = handset.command(
        "iceta.report.note",
        item=str(case.pk),
        values={"body": "Kemarin."},
        at=clock.now() - timedelta(hours=1),
    )
    answer = handset.exchange(early)["answers"][0]
    assert (answer["status"], answer["code"]) == ("refused", "backdated")
    assert not Note.objects.filter(case=case).exists()


def test_photos_follow_their_record_and_go_on_where_they_were_cut(cast, handset):
    case, data = given_to_rudi(cast), jpeg()
    photo = announced(data)
    note = handset.command(
        "iceta.report.note",
        item=str(case.pk),
        values={"body": "Foto menyusul.", "photos": [photo["id"]]},
        files=[photo],
    )
    assert handset.exchange(note)["answers"][0]["status"] == "done"
    assert put(handset, photo["id"], 0, data[:500]).json()["received"] == 500
    assert put(handset, photo["id"], 0, data[:500]).json()["received"] == 500  # its answer was lost
    assert put(handset, photo["id"], 900, data[900:]).status_code == 409
    state = handset.client.get(f"/lapangan/foto/{photo['id']}/", **handset.headers).json()
    assert state == {"received": 500, "size": len(data), "done": False, "error": ""}
    assert put(handset, photo["id"], 500, data[500:]).json()["done"] is True
    assert CaseFile.objects.get(case=case).note is not None
    assert CaseFile.objects.get(case=case).is_inside
    assert not Part.objects.exists()


def test_a_photo_that_is_none_or_arrives_damaged_is_told(cast, handset):
    case = given_to_rudi(cast)
    nothing, other = b"no photo at all" * 20, jpeg("blue")
    photos = [announced(nothing), announced(other)]
    note = handset.command(
        "iceta.report.note",
        item=str(case.pk),
        values={"body": "Dua berkas.", "photos": [one["id"] for one in photos]},
        files=photos,
    )
    assert handset.exchange(note)["answers"][0]["status"] == "done"
    refused = put(handset, photos[0]["id"], 0, nothing)
    assert refused.status_code == 422
    assert refused.json()["words"]
    damaged = bytes([other[0] ^ 255]) + other[1:]
    assert put(handset, photos[1]["id"], 0, damaged).status_code == 409
    assert put(handset, photos[1]["id"], 0, other).json()["done"] is True
    assert Upload.objects.get(id=photos[0]["id"]).error


def test_photos_that_nobody_announced_or_another_announced_are_not_taken(cast, handset):
    case, data = given_to_rudi(cast), jpeg()
    photo = announced(data)
    assert put(handset, photo["id"], 0, data).status_code == 404
    bare = handset.command(
        "iceta.report.note", item=str(case.pk), values={"body": "Tanpa berkas.", "photos": [photo["id"]]}
    )
    assert handset.exchange(bare)["answers"][0]["code"] == "files"
    note = handset.command(
        "iceta.report.note",
        item=str(case.pk),
        values={"body": "Berkas.", "photos": [photo["id"]]},
        files=[photo],
    )
    handset.exchange(note)
    assert put(Handset(cast.asep), photo["id"], 0, data).status_code == 404


def test_a_revoked_phone_is_told_to_wipe_and_takes_nothing(cast, handset):
    case = given_to_rudi(cast)
    handset.exchange()
    phone_revoke(actor=staff(cast.rudi), phone=handset.phone)
    note = handset.command("iceta.report.note", item=str(case.pk), values={"body": "Terlambat."})
    answer = handset.post({"p": 2, "commands": [note], "cursor": 0})
    assert answer.status_code == 410
    assert answer.json()["wipe"] is True
    assert answer.json()["words"].startswith("Ponsel ini")
    told = handset.client.get("/lapangan/formulir/", **handset.headers | {"HTTP_X_LANGUAGE": "en"})
    assert told.json()["words"].startswith("This phone was signed out")
    assert not Note.objects.filter(case=case).exists()
    assert Phone.objects.get(pk=handset.phone.pk).wiped_at is not None


def test_a_stranger_without_a_token_gets_nothing(client):
    for address in ("/lapangan/formulir/", "/lapangan/tukar/", f"/lapangan/foto/{uuid4()}/"):
        answer = client.post(address) if "tukar" in address else client.get(address)
        assert answer.status_code == 401
    assert client.get("/lapangan/").status_code == 200
    assert client.get("/lapangan/pasang/").status_code == 302


def test_what_is_no_exchange_is_refused_in_words(cast, handset):
    bomb = gzip.compress(b" " * 20_000_000)
    for raw in (b"", b"[]", b"{", b"\x00", b'{"p": 9}', b'{"p": 2, "commands": {}}', b"[" * 100_000, bomb):
        answer = handset.client.post(
            "/lapangan/tukar/", raw, content_type="application/json", **handset.headers
        )
        assert answer.status_code == 422, raw[:20]
        assert answer.json()["words"]


def test_a_code_from_the_desk_enrols_one_phone_within_ten_minutes(cast):
    code = code_make(actor=staff(cast.rudi), user=cast.rudi)
    phone, token = code_use(f" {code[:5].lower()}-{code[5:]} ")
    assert phone.user == cast.rudi
    assert token
    with pytest.raises(Invalid):
        code_use(code)
    late = code_make(actor=staff(cast.rudi), user=cast.rudi)
    with clock.frozen(clock.now() + timedelta(minutes=11)), pytest.raises(Invalid):
        code_use(late)


def test_a_report_written_on_the_spot_is_filed_with_when_it_happened(cast, handset):
    values = {
        "words": "Papan dermaga lepas dan licin.",
        "category": "jetty",
        "place": {"lat": -1.259, "lng": 122.511, "accuracy": 12},
        "name": "Wati",
        "phone": "0812-3456-7890",
    }
    answer = handset.exchange(handset.command("iceta.report.file", values=values))["answers"][0]
    assert answer["status"] == "done", answer
    case = Case.objects.get(pk=answer["refs"]["case"])
    assert case.channel == "field"
    assert "0812" not in str(handset.records)  # a number is never in a list


def test_an_outbox_with_a_refused_entry_is_not_empty_so_that_it_can_still_be_corrected(cast, handset):
    case = given_to_rudi(cast)
    handset.exchange()
    written = clock.now()
    wrong = handset.command("iceta.report.note", item=str(case.pk), values={}, at=written)
    with clock.frozen(written + timedelta(minutes=1)):
        assert handset.exchange(wrong)["answers"][0]["status"] == "refused"
    right = handset.command("iceta.report.note", item=str(case.pk), values={"body": "Diukur."}, at=written)
    with clock.frozen(written + timedelta(minutes=10)):
        assert handset.exchange(right)["answers"][0]["status"] == "done"


def test_a_phone_that_is_revoked_during_its_exchange_stays_revoked(cast, handset):
    stale = Phone.objects.select_related("user", "position").get(pk=handset.phone.pk)
    phone_revoke(actor=staff(cast.rudi), phone=handset.phone)
    exchange(stale, {"p": 2, "v": "t", "now": 0, "cursor": 0, "left": 0, "commands": []})
    assert Phone.objects.get(pk=handset.phone.pk).revoked_at is not None


def test_two_exchanges_at_once_never_give_two_states_one_cursor(cast, handset):
    given_to_rudi(cast)
    first, second = (
        Phone.objects.select_related("user", "position").get(pk=handset.phone.pk) for _n in range(2)
    )
    body = {"p": 2, "v": "t", "now": 0, "cursor": 0, "left": 0, "commands": []}
    assert exchange(first, body)["cursor"] < exchange(second, body)["cursor"]


def test_what_was_taken_is_answered_as_then_after_the_role_is_gone(cast, handset):
    case = given_to_rudi(cast)
    note = handset.command("iceta.report.note", item=str(case.pk), values={"body": "Diukur."})
    first = handset.exchange(note)["answers"][0]
    cast.rudi.holdings.all().delete()
    assert handset.exchange(note)["answers"][0] == first


def test_what_is_dated_in_the_future_is_refused_and_said(cast, handset):
    case = given_to_rudi(cast)
    values, later = {"body": "Besok."}, clock.now() + timedelta(minutes=3)
    note = handset.command("iceta.report.note", item=str(case.pk), values=values, at=later)
    assert handset.exchange(note)["answers"][0]["code"] == "event_time"
    assert Phone.objects.get(pk=handset.phone.pk).refused == 1


def test_the_outbox_counts_as_empty_from_when_the_phone_read_it(cast, handset):
    case = given_to_rudi(cast)
    read_at = clock.now()
    with clock.frozen(read_at + timedelta(seconds=40)):  # the request took that long
        body = {
            "p": 2,
            "v": "t",
            "now": 0,
            "cursor": 0,
            "left": 0,
            "read_at": milliseconds(read_at),
            "commands": [],
        }
        assert handset.post(body).status_code == 200
    meanwhile = handset.command(
        "iceta.report.note",
        item=str(case.pk),
        values={"body": "Sementara itu."},
        at=read_at + timedelta(seconds=20),
    )
    with clock.frozen(read_at + timedelta(minutes=1)):
        assert handset.exchange(meanwhile)["answers"][0]["status"] == "done"


def test_a_corrected_entry_settles_the_one_that_it_replaces(cast, handset):
    case = given_to_rudi(cast)
    wrong = handset.command("iceta.report.note", item=str(case.pk), values={})
    handset.exchange(wrong)
    values = {"body": "Diukur."}
    still = handset.command("iceta.report.note", item=str(uuid4()), values=values, replaces=wrong["id"])
    handset.exchange(still)
    assert Refusal.objects.get(settled_at=None).command_id == UUID(still["id"])  # the phone has it alone
    for odd in ("nonsense", 7, None):
        note = handset.command("iceta.report.note", item=str(case.pk), values=values, replaces=odd)
        assert handset.exchange(note)["answers"][0]["status"] == "done"
    right = handset.command("iceta.report.note", item=str(case.pk), values=values, replaces=wrong["id"])
    handset.exchange(right)
    assert Refusal.objects.get(settled_at=None).command_id == UUID(still["id"])
    changed = right | {"replaces": still["id"]}  # an id of its own is no content: the same command, once
    assert handset.exchange(changed)["answers"][0]["status"] == "done"
    assert not Refusal.objects.filter(settled_at=None).exists()
    assert Note.objects.filter(case=case).count() == 4


def test_what_was_thrown_away_on_the_phone_is_stuck_no_more(cast, handset):
    case = given_to_rudi(cast)
    other = Handset(cast.asep)
    wrong = handset.command("iceta.report.note", item=str(case.pk), values={})
    theirs = other.command("iceta.report.note", item=str(case.pk), values={})
    handset.exchange(wrong)
    other.exchange(theirs)
    for odd in ("nonsense", [7, None, {}], {}):
        handset.exchange(discarded=odd)
    handset.exchange(discarded=[wrong["id"], theirs["id"]])
    assert handset.phone.refusals.get().settled_at is not None
    assert other.phone.refusals.get().settled_at is None


def test_an_entry_settles_nothing_of_another_person(cast, handset):
    case = given_to_rudi(cast)
    other = Handset(cast.asep)
    wrong = other.command("iceta.report.note", item=str(case.pk), values={})
    other.exchange(wrong)
    note = handset.command(
        "iceta.report.note", item=str(case.pk), values={"body": "Diukur."}, replaces=wrong["id"]
    )
    assert handset.exchange(note)["answers"][0]["status"] == "done"
    assert Refusal.objects.get(phone=other.phone).settled_at is None


def exchanged(handset: Handset, *commands):
    """An exchange in protocol 3: bytes up, bytes down, the answer."""
    now = milliseconds(clock.now())
    body = {"p": 3, "v": "0123456789ab", "now": now, "read_at": now, "cursor": handset.cursor, "left": 0}
    body |= {"refused": 0, "oldest": now, "commands": list(commands)}
    up = len(gzip.compress(json.dumps(body, separators=(",", ":")).encode(), 6))
    answer = handset.post(body)
    found = json.loads(gzip.decompress(answer.content))
    handset.apply(found)
    return up, len(answer.content), found


def test_answers_come_in_the_order_of_the_commands(cast, handset):
    case = given_to_rudi(cast)
    note = handset.command("iceta.report.note", item=str(case.pk), values={"body": "Diukur."})
    wrong = handset.command("iceta.report.note", item=str(case.pk), values={})
    answers = exchanged(handset, note, wrong, "nonsense", note)[2]["answers"]
    assert answers[0] == answers[3] == "done"
    assert [one["code"] for one in answers[1:3]] == ["fields", "damaged"]
    assert "id" not in answers[1]
    assert Note.objects.filter(case=case).count() == 1


def test_a_phone_of_an_older_protocol_is_told_to_reload_and_loses_nothing(cast, handset):
    for old in (1, 4, None):
        answer = handset.post({"p": old, "now": 0, "cursor": 0, "left": 0, "commands": []})
        assert (answer.status_code, answer.json()["code"]) == (422, "protocol")


def test_fifty_commands_and_twenty_changes_take_two_kilobytes_each_way(cast, handset):
    spot = {"danger": "flood", "homes": 10, "checked_on": "2026-01-05"}
    made = [
        handset.command(
            "iceta.spot.make",
            values=spot
            | {
                "name": f"Tikungan {n}",
                "place": {"lat": -1.2 - n / 1000, "lng": 122.5 + n / 1000, "accuracy": 8},
            },
        )
        for n in range(20)
    ]
    records = [one["refs"]["record"] for one in handset.exchange(*made)["answers"]]
    began, homes, sent = clock.now(), dict.fromkeys(records, 10), []
    for n in range(50):
        record = records[n % 20]
        base = made[n % 20]["values"] | {"homes": homes[record]}
        homes[record] = 100 + n
        sent.append(
            handset.command(
                "iceta.spot.change",
                item=record,
                at=began + timedelta(milliseconds=61_077 * n),
                base=base,
                values=base | {"homes": homes[record]},
            )
        )
    with clock.frozen(began + timedelta(hours=1)):
        up, down, found = exchanged(handset, *sent)
    assert (found["answers"], len(found["changed"])) == (["done"] * 50, 20)
    assert max(up, down) <= 2048, (up, down)


@pytest.mark.parametrize("who", ["lead", "support"])
def test_an_emergency_stands_first_is_named_and_has_the_clock_and_the_steps_of_the_desk(cast, handset, who):
    ordinary = given_to_rudi(cast)
    filed = cast.report(category=cast.category("landslide"))
    agencies = [cast.agency("PU"), cast.agency("BAPPEDA")]
    lead, support = agencies if who == "lead" else reversed(agencies)
    actions.report_verify(
        actor=staff(cast.sari),
        case=filed.case,
        agency=lead,
        supporting=[support],
        report_class="complaint",
        urgency="emergency",
    )
    handset.exchange()
    case = Case.objects.get(pk=filed.case.pk)
    row = handset.records["iceta.report", str(case.pk)]
    usual = handset.records["iceta.report", str(ordinary.pk)]
    assert row["small"].startswith("Darurat · ")
    assert "Darurat" not in usual["small"]
    assert row["order"] < usual.get("order", 0)
    part = case.assignments.get(agency=cast.agency("PU"))
    assert row["due"] == (part.due_at or case.due_at).isoformat(timespec="minutes")
    parts = list(case.assignments.filter(is_open=True))
    legal = standing(REPORT_DESK, case, parts, staff(cast.rudi)).legal
    forms = {name.removeprefix("iceta.report.") for name in row["forms"]}
    assert forms == {"accept", "on_scene", "resolve", "note"} & set(legal)
    assert ("accept" in forms) == (who == "lead")


def test_the_shell_has_the_icon_of_every_state_that_a_record_may_show(cast, client):
    page = client.get("/lapangan/").content.decode()
    for lifecycle in lifecycles().values():
        for state in lifecycle.states:
            assert f'id="i-{state.icon}"' in page, state.name


def test_what_a_phone_has_no_more_is_stuck_no_more(cast, handset):
    case = given_to_rudi(cast)
    handset.exchange(handset.command("iceta.report.note", item=str(case.pk), values={}))
    body = {"p": 3, "v": "t", "now": milliseconds(clock.now()), "cursor": 0, "left": 0, "commands": []}
    handset.post(body | {"refused": 1})
    assert Refusal.objects.get().settled_at is None
    handset.post(body | {"refused": 0})
    assert Refusal.objects.get().settled_at is not None
