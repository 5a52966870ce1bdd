"""A survey made by its declaration: two phones change one record, and nothing is overwritten in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from trials.cast import client_of, in_area

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.models import Membership
from kotacerdas.foundation.sync.exchange import milliseconds
from kotacerdas.foundation.sync.models import Phone, SurveyPhoto, SurveyRecord
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.foundation.territory.queries import inside_regency
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.field import SPOTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]

SPOT = {
    "name": "Tikungan balai",
    "danger": "flood",
    "place": {"lat": -1.259, "lng": 122.511, "accuracy": 12},
    "homes": 10,
    "checked_on": "2026-01-05",
}


def made(handset: Handset, **more) -> str:
    answer = handset.exchange(handset.command("iceta.spot.make", values=SPOT | more))["answers"][0]
    assert answer["status"] == "done", answer
    return answer["refs"]["record"]


def changed(handset: Handset, record: str, **mine):
    base = {
        name[1:]: value for name, value in handset.records["iceta.spot", record].items() if name[0] == "="
    }
    return handset.command("iceta.spot.change", item=record, base=base, values=base | mine)


def test_a_record_comes_to_the_phones_of_the_agency_alone(cast, handset):
    record = made(handset)
    assert handset.records["iceta.spot", record]["title"] == "Tikungan balai"
    other = Handset(cast.asep)
    other.exchange()
    assert ("iceta.spot", record) not in other.records
    stolen = other.command("iceta.spot.change", item=record, values=SPOT)
    assert other.exchange(stolen)["answers"][0]["status"] == "refused"
    assert "Tikungan" not in SurveyRecord.objects.get().answers_sealed


def test_two_phones_change_one_record_and_a_person_settles_it(cast, handset):
    record = made(handset)
    second = Handset(cast.rudi, "second")
    second.exchange()
    theirs, mine = (
        changed(handset, record, homes=12),
        changed(second, record, homes=15, remark="Air setinggi lutut"),
    )
    assert handset.exchange(theirs)["answers"][0]["status"] == "done"
    answer = second.exchange(mine)["answers"][0]
    assert answer["status"] == "conflict"
    assert answer["conflict"] == {"homes": [10, 12, 15]}
    assert SurveyRecord.objects.get().answers["homes"] == 12  # nothing was overwritten
    settled = second.command(
        "iceta.spot.change",
        item=record,
        base=mine["base"] | {"homes": 12},
        values=mine["values"] | {"homes": 15},
    )
    assert second.exchange(settled)["answers"][0]["status"] == "done"
    handset.exchange()
    for one in (handset, second):
        assert one.records["iceta.spot", record]["=homes"] == 15
        assert one.records["iceta.spot", record]["=remark"] == "Air setinggi lutut"
    assert [row.payload["fields"] for row in Row.objects.filter(verb="iceta.spot.change")] == [
        ["homes"],
        ["homes", "remark"],
    ]


def test_changes_of_different_answers_and_those_with_a_rule_need_nobody(cast, handset):
    record = made(handset)
    second = Handset(cast.rudi, "second")
    second.exchange()
    one = changed(handset, record, name="Tikungan balai desa", checked_on="2026-01-07")
    other = changed(second, record, homes=11, checked_on="2026-01-09")
    assert handset.exchange(one)["answers"][0]["status"] == "done"
    assert second.exchange(other)["answers"][0]["status"] == "done"
    found = SurveyRecord.objects.get().answers
    assert (found["name"], found["homes"], found["checked_on"]) == ("Tikungan balai desa", 11, "2026-01-09")


def test_a_question_that_is_asked_only_there_is_needed_there_alone(cast, handset):
    answer = handset.exchange(handset.command("iceta.spot.make", values=SPOT | {"danger": "other"}))[
        "answers"
    ][0]
    assert list(answer["fields"]) == ["danger_words"]
    assert made(handset, danger="other", danger_words="Kabel terkelupas")


def seen_on(handset, record, day, at, **more):
    """A change of the day on which somebody looked, which the later one of two decides."""
    return {**changed(handset, record, checked_on=day, **more), "at": milliseconds(at)}


def test_of_two_days_the_one_that_was_written_later_stands_in_whatever_order_they_come(cast, handset):
    began = clock.now()
    with clock.frozen(began + timedelta(minutes=1)):
        records = [made(handset), made(handset)]
    second = Handset(cast.rudi, "second")
    with clock.frozen(began + timedelta(minutes=2)):
        second.exchange()
    early, late = began + timedelta(minutes=5), began + timedelta(minutes=7)
    entries = [
        (seen_on(handset, one, "2026-01-06", early), seen_on(second, one, "2026-01-07", late))
        for one in records
    ]
    with clock.frozen(began + timedelta(minutes=10)):
        for phone, entry in (
            (handset, entries[0][0]),
            (second, entries[0][1]),
            (second, entries[1][1]),
            (handset, entries[1][0]),
        ):
            Phone.objects.update(empty_at=began)
            assert phone.exchange(entry)["answers"][0]["status"] == "done"
    assert {one.answers["checked_on"] for one in SurveyRecord.objects.all()} == {"2026-01-07"}


def test_a_later_change_of_another_answer_takes_nothing_from_the_later_day(cast, handset):
    began = clock.now()
    with clock.frozen(began + timedelta(minutes=1)):
        record = made(handset)
    second, third = Handset(cast.rudi, "second"), Handset(cast.rudi, "third")
    with clock.frozen(began + timedelta(minutes=2)):
        second.exchange()
        third.exchange()
    sent = [
        (handset, seen_on(handset, record, "2026-01-06", began + timedelta(minutes=4))),
        (second, {**changed(second, record, homes=14), "at": milliseconds(began + timedelta(minutes=9))}),
        (third, seen_on(third, record, "2026-01-08", began + timedelta(minutes=6))),
    ]
    with clock.frozen(began + timedelta(minutes=10)):
        for phone, entry in sent:
            Phone.objects.update(empty_at=began)
            assert phone.exchange(entry)["answers"][0]["status"] == "done"
    found = SurveyRecord.objects.get().answers
    assert (found["checked_on"], found["homes"]) == ("2026-01-08", 14)


def test_a_record_tells_its_answers_in_words_on_the_phone_with_personal_ones_masked(
    cast, handset, monkeypatch
):
    fields = tuple(replace(one, personal=one.name == "remark") for one in SPOTS.fields)
    personal = replace(SPOTS, fields=fields)
    record = made(handset, homes=1500, remark="Rumah Bu Wati")
    kind = {personal.name: personal.records()}
    monkeypatch.setattr("kotacerdas.foundation.sync.changes.records", lambda: kind)
    file = StoredFile.objects.create(media_type="image/jpeg", bytes=1, sha256="0" * 64)
    SurveyPhoto.objects.create(record_id=record, field="photos", file=file, taken_at=clock.now())
    handset.exchange()
    facts = dict(handset.records["iceta.spot", record]["facts"])
    assert facts["Rumah yang terancam"] == "1.500"
    assert "5 Jan" in facts["Diperiksa pada"]
    assert facts["Keterangan"] == "•••"
    assert facts["Foto"] == "1 foto"
    assert "Tikungan balai" not in facts.values()  # its name stands above them


def placed(handset: Handset, lat: float, lng: float):
    values = SPOT | {"place": {"lat": lat, "lng": lng, "accuracy": 4_000}}
    return handset.exchange(handset.command("iceta.spot.make", values=values))["answers"][0]


def test_a_place_in_another_regency_is_refused_with_the_way_out_and_one_at_the_border_is_not(cast, handset):
    answer = placed(handset, -6.2, 106.8)
    assert (answer["status"], answer["code"]) == ("refused", "place")
    assert "tidak berada di kabupaten kita" in answer["words"]
    assert list(answer["fields"]) == ["place"]
    assert answer["remedy"]
    assert not SurveyRecord.objects.exists()
    lat = next(n / 1000 for n in range(-1259, 0) if not inside_regency(n / 1000, 122.511))
    assert placed(handset, lat + 0.02, 122.511)["status"] == "done"  # about 2 km over the border
    assert placed(handset, lat + 0.04, 122.511)["status"] == "refused"
    assert SurveyRecord.objects.get().answers["place"]["accuracy"] == 4_000


def test_who_has_a_membership_instead_of_a_post_finds_for_its_agency(cast):
    user = in_area("pamong", "village_officer", "99.01.02.2002")
    Membership.objects.filter(user=user).update(
        role="officer", area_code="", agency=cast.agency("PU"), since=clock.today()
    )
    phone = Handset(user)
    record = made(phone)
    assert SurveyRecord.objects.get().agency == cast.agency("PU")
    assert ("iceta.spot", record) in phone.records
    assert client_of(cast.rudi).get(f"/desk/survei/iceta.spot/{record}/").status_code == 200
