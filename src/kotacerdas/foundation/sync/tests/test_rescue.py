"""A file exported by a phone and taken in by a desk: proved, once, and under the phone's user."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.uploadedfile import SimpleUploadedFile
from trials.cast import client_of, seat

from kotacerdas.foundation.cases.models import Case, CaseFile, Note
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.sync import rescue as rescues
from kotacerdas.foundation.sync.models import Part, Phone, Upload
from kotacerdas.foundation.sync.phones import export_key, phone_revoke
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.foundation.sync.tests.test_exchange import announced, given_to_rudi, jpeg, put
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


@pytest.fixture
def case(cast):
    return given_to_rudi(cast)


@pytest.fixture
def head(cast):
    """The head of Rudi's agency, who looks after its phones."""
    return seat("kepala-pu", "PU", "head")


def entry(handset, case, words: str = "Ditulis tanpa sinyal.", **more):
    """An entry as the outbox has it."""
    found = handset.command("iceta.report.note", item=str(case.pk), values={"body": words})
    return {**found, "form": found.pop("name"), "status": "waiting", "title": "Jalan", "after": [], **more}


def exported(phone, entries, photos=(), **changed) -> bytes:
    """The file that a phone writes."""
    body = {"kind": "kotacerdas.outbox", "version": 1, "phone": str(phone.pk), **changed}
    text = json.dumps(body | {"entries": list(entries), "photos": list(photos)})
    return sealed(text, export_key(phone))


def in_secret(phone, text: str, **changed) -> bytes:
    """The file that a phone of today writes: sealed, as `vault.js` does it."""
    salt, iv, name = bytes(range(16)), bytes(12), f"kotacerdas.outbox {phone.pk}"
    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"kotacerdas.outbox").derive(
        export_key(phone).encode()
    )
    parts = {"salt": salt, "iv": iv, "data": AESGCM(key).encrypt(iv, text.encode(), name.encode())}
    told = {key: base64.b64encode(value).decode() for key, value in parts.items()}
    head = {"kind": "kotacerdas.outbox", "version": 2, "phone": str(phone.pk)}
    return json.dumps(head | told | changed).encode()


def inner(phone, entries, photos=(), **changed) -> str:
    head = {"kind": "kotacerdas.outbox", "version": 2, "phone": str(phone.pk)}
    return json.dumps(head | {"entries": list(entries), "photos": list(photos)} | changed)


def sealed(text: str, key: str) -> bytes:
    mac = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return json.dumps({"body": text, "mac": mac}).encode()


def take_in(user, data: bytes):
    actor = staff(user)
    return rescues.rescue(actor=actor, export=rescues.export_read(actor, data))


def outcomes(found) -> list[str]:
    return [one.outcome for one in found.lines]


def photo_of(data: bytes):
    """A photo as announced with its entry, and as it stands in the file."""
    told = announced(data)
    return told, told | {"data": base64.b64encode(data).decode()}


@pytest.mark.django_db(transaction=True)  # as it runs at the desk: each entry in a transaction of its own
def test_what_a_phone_could_not_send_is_taken_in_once(case, handset, head):
    data = exported(handset.phone, [entry(handset, case)])
    assert outcomes(take_in(head, data)) == ["taken"]
    assert Note.objects.get(case=case).body == "Ditulis tanpa sinyal."
    rows = Row.objects.filter(verb="sync.phone.rescue")
    assert rows.get().measures["taken_entries"] == 1
    count = Row.objects.count()
    assert outcomes(take_in(head, data)) == ["before"]
    assert Note.objects.filter(case=case).count() == 1
    assert Row.objects.count() == count


def test_the_note_is_the_phones_users_not_the_desks(case, handset, head):
    take_in(head, exported(handset.phone, [entry(handset, case)]))
    assert Note.objects.get(case=case).author == handset.phone.user


def test_what_the_phone_sent_before_is_answered_as_then_and_its_photos_are_attached(case, handset, head):
    data = jpeg()
    told, photo = photo_of(data)
    note = entry(handset, case, files=[told])
    note["values"]["photos"] = [told["id"]]
    sent = {**note, "name": note["form"]}
    assert handset.exchange(sent)["answers"][0]["status"] == "done"
    put(handset, told["id"], 0, data[:700])
    found = take_in(head, exported(handset.phone, [note | {"status": "done"}], [photo]))
    assert (outcomes(found), found.photos, found.photo_problems) == (["before"], 1, [])
    assert CaseFile.objects.get(case=case).note is not None
    assert not Part.objects.exists()
    again = take_in(head, exported(handset.phone, [note | {"status": "done"}], [photo]))
    assert (again.photos, CaseFile.objects.count()) == (0, 1)


def test_a_photo_of_which_damaged_parts_came_is_stored_anew(case, handset, head):
    data = jpeg()
    told, photo = photo_of(data)
    note = entry(handset, case, files=[told])
    note["values"]["photos"] = [told["id"]]
    handset.exchange({**note, "name": note["form"]})
    put(handset, told["id"], 0, bytes(700))
    assert take_in(head, exported(handset.phone, [note], [photo])).photos == 1
    assert Upload.objects.get(id=told["id"]).attached_at is not None


def test_photos_that_are_none_damaged_or_without_their_entry_are_told(case, handset, head):
    told, nothing = photo_of(b"no photo at all" * 20)
    other, damaged = photo_of(jpeg("blue"))
    damaged["data"] = base64.b64encode(jpeg("green")).decode()
    note = entry(handset, case, files=[told, other])
    note["values"]["photos"] = [told["id"], other["id"]]
    stray, garbage = photo_of(jpeg())[1], {"id": str(uuid4()), "data": "%%%"}
    photos = [nothing, damaged, stray, garbage, "nonsense", None]
    found = take_in(head, exported(handset.phone, [note], photos))
    assert (outcomes(found), found.photos, len(found.photo_problems)) == (["taken"], 0, 6)
    assert all(found.photo_problems)
    assert not CaseFile.objects.exists()


def test_a_desk_stands_for_an_early_time_but_nobody_for_their_own(case, handset, head, cast):
    Phone.objects.update(enrolled_at=clock.now() - timedelta(days=3))
    Case.objects.update(turned_at=clock.now() - timedelta(days=2))
    early = clock.now() - timedelta(hours=1)
    note = entry(handset, case)
    note["at"] = int(early.timestamp() * 1000)
    handset.exchange()
    handset.phone.refresh_from_db()
    assert handset.exchange({**note, "name": note["form"]})["answers"][0]["code"] == "backdated"
    own = Handset(head)
    Phone.objects.update(enrolled_at=clock.now() - timedelta(days=3))
    mine = note | {"id": str(uuid4())}
    assert outcomes(take_in(head, exported(own.phone, [mine]))) == ["refused"]
    assert outcomes(take_in(head, exported(handset.phone, [note]))) == ["taken"]
    assert handset.phone.refusals.get().settled_at is not None


def early_note(handset, case, back: timedelta, **more):
    """An entry from before the phone's last empty outbox, on a phone that was set up long before."""
    Phone.objects.update(enrolled_at=clock.now() - timedelta(days=90), empty_at=clock.now())
    note = entry(handset, case, **more)
    note["at"] -= int(back.total_seconds() * 1000)
    return note


def test_a_desk_that_stands_for_a_time_lifts_no_other_rule(case, handset, head):
    Case.objects.update(turned_at=clock.now() - timedelta(days=80))
    old = early_note(handset, case, timedelta(days=31))
    assert outcomes(take_in(head, exported(handset.phone, [old]))) == ["refused"]
    Case.objects.update(turned_at=clock.now() - timedelta(minutes=30))
    before_turn = early_note(handset, case, timedelta(hours=1), form="iceta.report.accept", values={})
    [line] = take_in(head, exported(handset.phone, [before_turn])).lines
    assert line.outcome == "refused"
    taken = early_note(handset, case, timedelta(minutes=10))
    other = taken | {"values": {"body": "Isi yang lain."}}
    assert outcomes(take_in(head, exported(handset.phone, [taken, other]))) == ["taken", "refused"]


def test_a_correction_in_a_file_settles_the_entry_that_it_replaces(case, handset, head):
    wrong = entry(handset, case, values={})
    handset.exchange({**wrong, "name": wrong["form"]})
    assert handset.phone.refusals.get().settled_at is None
    take_in(head, exported(handset.phone, [entry(handset, case, replaces=wrong["id"])]))
    assert handset.phone.refusals.get().settled_at is not None


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=2000)])
def test_what_is_dated_before_the_set_up_counts_from_there_when_a_desk_vouches(case, handset, head, back):
    note = entry(handset, case)
    note["at"] -= int(back.total_seconds() * 1000)
    sent = handset.exchange({**note, "name": note["form"]})["answers"][0]
    assert sent["status"] == "refused"
    own = Handset(head)
    assert outcomes(take_in(head, exported(own.phone, [note | {"id": str(uuid4())}]))) == ["refused"]
    [line] = take_in(head, exported(handset.phone, [note])).lines
    assert line.outcome == "taken"
    assert "sebelum ponsel disiapkan" in line.words
    assert Row.objects.get(verb="iceta.report.note").occurred_at == handset.phone.enrolled_at
    assert handset.phone.refusals.get().settled_at is not None


def test_each_entry_of_a_file_stands_alone(case, handset, head):
    first = entry(handset, case)
    entries = [
        entry(handset, case, after=[str(uuid4())]),
        entry(handset, case, form="iceta.report.nonsense"),
        entry(handset, case, form="nol\0\ud800"),
        entry(handset, case, values={}),
        entry(handset, case, item=str(uuid4())),
        "nonsense",
        {"id": []},
        first,
        first | {"values": {"body": "Isi yang lain."}},
    ]
    found = take_in(head, exported(handset.phone, entries))
    assert outcomes(found) == ["left", *["refused"] * 6, "taken", "refused"]
    assert all(one.words for one in found.lines if one.outcome == "refused")


def test_an_entry_waits_for_no_other_that_was_refused(case, handset, head):
    bad = entry(handset, case, values={})
    step = entry(handset, case, after=[bad["id"]])
    last = entry(handset, case, after=[step["id"]])
    found = take_in(head, exported(handset.phone, [bad, step, last]))
    assert outcomes(found) == ["refused", "taken", "taken"]


def test_a_long_file_is_taken_in_as_many_goes_as_it_needs(case, handset, head, monkeypatch):
    monkeypatch.setattr(rescues, "MOST_NEW", 2)
    data = exported(handset.phone, [entry(handset, case, f"Catatan {n}") for n in range(3)])
    assert outcomes(take_in(head, data)) == ["taken", "taken", "left"]
    assert outcomes(take_in(head, data)) == ["before", "before", "taken"]


def test_a_sealed_file_is_taken_in_once_and_shows_nothing_on_its_way(case, handset, head):
    data = jpeg()
    told, photo = photo_of(data)
    note = entry(handset, case, files=[told])
    note["values"]["photos"] = [told["id"]]
    file = in_secret(handset.phone, inner(handset.phone, [note], [photo]))
    assert b"Ditulis" not in file
    found = take_in(head, file)
    assert (outcomes(found), found.photos) == (["taken"], 1)
    assert outcomes(take_in(head, file)) == ["before"]


def test_a_sealed_file_that_was_changed_or_is_of_another_phone_is_refused_whole(case, handset, head, cast):
    text, other = inner(handset.phone, [entry(handset, case)]), Handset(cast.rudi)
    good = json.loads(in_secret(handset.phone, text))
    data = bytearray(base64.b64decode(good["data"]))
    data[5] ^= 1
    for changed, code in (
        ({"data": base64.b64encode(data).decode()}, "forged"),
        ({"iv": base64.b64encode(bytes(11) + b"1").decode()}, "forged"),
        ({"iv": ""}, "forged"),
        ({"salt": "%"}, "forged"),
        ({"data": 1}, "forged"),
        ({"phone": str(other.phone.pk)}, "forged"),
        ({"phone": str(uuid4())}, "forged"),
        ({"version": 3}, "damaged"),
    ):
        with pytest.raises(Invalid) as error:
            take_in(head, json.dumps(good | changed).encode())
        assert error.value.code == code, changed
    for wrong in ("{", "[]", inner(other.phone, []), json.dumps({"phone": str(handset.phone.pk)})):
        with pytest.raises(Invalid) as error:
            take_in(head, in_secret(handset.phone, wrong))
        assert error.value.code == "damaged"
    assert not Note.objects.exists()


def test_a_revoked_phones_file_is_taken_in(case, handset, head):
    phone_revoke(actor=staff(head), phone=handset.phone)
    assert outcomes(take_in(head, exported(handset.phone, [entry(handset, case)]))) == ["taken"]


def test_a_changed_or_invented_file_is_refused_whole(case, handset, head, cast):
    good = json.loads(exported(handset.phone, [entry(handset, case)]))
    other = Handset(cast.asep)
    text = good["body"]
    for forged in (
        good | {"body": text.replace("tanpa", "dengan")},
        good | {"mac": "0" * 64},
        good | {"mac": "é"},
        json.loads(sealed(text, export_key(other.phone))),
        json.loads(sealed(text.replace(str(handset.phone.pk), str(uuid4())), export_key(handset.phone))),
        json.loads(sealed(text.replace(str(handset.phone.pk), "nonsense"), export_key(handset.phone))),
    ):
        with pytest.raises(Invalid) as error:
            take_in(head, json.dumps(forged).encode())
        assert error.value.code == "forged"
    assert not Note.objects.exists()


def test_what_is_no_export_or_damaged_is_refused_in_words(handset, head):
    key = export_key(handset.phone)
    for raw, code in (
        (b"", "damaged"),
        (b"\xff\xd8\xff", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"[]", "no_export"),
        (b'{"kind": "kotacerdas.outbox"}', "no_export"),
        (b'{"body": 1, "mac": "0"}', "damaged"),
        (sealed("{", key), "damaged"),
        (exported(handset.phone, [], kind="another"), "damaged"),
        (exported(handset.phone, [], version=2), "damaged"),
        (sealed(json.dumps({"kind": "kotacerdas.outbox", "version": 1, "phone": str(handset.phone.pk)}), key), "damaged"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as error:
            take_in(head, raw)
        assert error.value.code == code, raw[:40]


def test_a_file_of_another_agencys_phone_is_refused(case, handset, cast):
    data = exported(handset.phone, [entry(handset, case)])
    for user in (seat("kepala-bappeda", "BAPPEDA", "head"), cast.rudi, cast.asep):
        with pytest.raises(Refused):
            take_in(user, data)
    assert not Note.objects.exists()


def test_the_phone_gets_the_key_with_which_it_signs(cast):
    answer = client_of(cast.rudi).post("/lapangan/pasang/", {"label": "Rudi"}).json()
    assert answer["export_key"] == export_key(Phone.objects.get(pk=answer["phone"]))
    assert answer["export_key"] != answer["token"]


def test_the_page_says_what_became_of_each_entry(case, handset, head):
    client, address = client_of(head), "/desk/ponsel/berkas/"
    assert "12 MB" in client.get(address).content.decode()
    entries = [entry(handset, case), entry(handset, case, values={})]
    file = SimpleUploadedFile("kotak.json", exported(handset.phone, entries))
    page = client.post(address, {"file": file}).content.decode()
    assert "<script>" not in page
    for words in ("Diterima", "Ditolak", "Rudi"):
        assert words in page
    again = SimpleUploadedFile("kotak.json", exported(handset.phone, entries))
    assert "Sudah diterima sebelumnya" in client.post(address, {"file": again}).content.decode()


def test_the_page_refuses_in_words_and_is_for_those_who_look_after_phones(case, handset, head, cast):
    address = "/desk/ponsel/berkas/"
    client = client_of(head)
    assert client.post(address).status_code == 422
    assert client.post(address, {"file": SimpleUploadedFile("a.json", b"{")}).status_code == 422
    other = client_of(seat("kepala-bappeda", "BAPPEDA", "head"))
    file = SimpleUploadedFile("kotak.json", exported(handset.phone, [entry(handset, case)]))
    assert other.post(address, {"file": file}).status_code == 403
    assert client_of(cast.rudi).get(address).status_code == 404


HERE = {"lat": -1.1705, "lng": 122.4905, "accuracy": 8}
REPORT = {"words": "Papan dermaga lepas dan licin.", "category": "jetty", "place": HERE}


def in_file(handset, *commands):
    entries = [{**one, "form": one["name"], "status": "refused", "after": []} for one in commands]
    return in_secret(handset.phone, inner(handset.phone, entries))


@pytest.fixture
def too_late(handset):
    """A report of three hours ago, refused by reason of its time, and the phone that has it."""
    Phone.objects.filter(pk=handset.phone.pk).update(enrolled_at=clock.now() - timedelta(days=5))
    sent = handset.command("iceta.report.file", values=REPORT, at=clock.now() - timedelta(hours=3))
    assert handset.exchange(sent)["answers"][0]["code"] == "backdated"
    return sent


def test_the_correction_of_what_a_desk_took_is_not_stored_again(cast, handset, head, too_late):
    assert outcomes(take_in(head, in_file(handset, too_late))) == ["taken"]
    sent = handset.command("iceta.report.file", values=REPORT, replaces=too_late["id"])
    answer = handset.exchange(sent)["answers"][0]
    assert (answer["status"], answer["code"]) == ("refused", "taken_already")
    assert answer["remedy"]
    assert Case.objects.count() == 1


def test_two_files_with_an_entry_and_its_correction_store_it_once(cast, handset, head, too_late):
    take_in(head, in_file(handset, too_late))
    sent = handset.command("iceta.report.file", values=REPORT, replaces=too_late["id"])
    found = take_in(head, in_file(handset, {**sent, "at": too_late["at"]}))
    assert outcomes(found) == ["refused"]
    assert "kantor" in found.lines[0].words
    assert Case.objects.count() == 1


def test_an_old_file_with_what_was_corrected_since_stores_nothing(cast, handset, head, too_late):
    sent = handset.command("iceta.report.file", values=REPORT, replaces=too_late["id"])
    assert handset.exchange(sent)["answers"][0]["status"] == "done"
    assert outcomes(take_in(head, in_file(handset, too_late))) == ["refused"]
    assert Case.objects.count() == 1
    assert not handset.phone.refusals.filter(settled_at=None).exists()
