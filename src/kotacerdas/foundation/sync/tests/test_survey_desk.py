"""Surveys at the desk: the records of one's agencies, found again, shown, corrected by the same rules as on a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from trials.cast import client_of, seat

from kotacerdas.foundation.commands.fields import Field, When
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.models import Holding
from kotacerdas.foundation.sync import declarations, demo
from kotacerdas.foundation.sync.models import SurveyPhoto, SurveyRecord
from kotacerdas.foundation.sync.tests.conftest import Handset
from kotacerdas.foundation.sync.tests.test_exchange import announced, jpeg, put
from kotacerdas.foundation.sync.tests.test_surveys import SPOT, changed, made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]
LIST = "/desk/survei/iceta.spot/"


@pytest.fixture
def desk(cast):
    return client_of(cast.rudi)


@pytest.fixture
def stranger(cast):
    return client_of(seat("kepala-bappeda", "BAPPEDA", "head"))


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r"<bdi>([^<]+)</bdi></a>", page)


def cells(answer) -> list[list]:
    [sheet] = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def with_photo(handset, **more) -> str:
    data = jpeg()
    photo = announced(data)
    values = {**SPOT, "photos": [photo["id"]], **more}
    sent = handset.command("iceta.spot.make", values=values, files=[photo])
    record = handset.exchange(sent)["answers"][0]["refs"]["record"]
    assert put(handset, photo["id"], 0, data).json()["done"] is True
    return record


def filled(page: str, **changed) -> dict[str, object]:
    """What a browser would post of a page's form."""
    found: dict[str, object] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if "name" in told and (told.get("type") != "radio" or " checked" in tag):
            found[told["name"]] = told.get("value", "")
    for name, words in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page):
        found[name] = words
    return found | changed


def test_the_list_has_the_records_of_ones_agencies_newest_first(cast, handset, desk, stranger):
    made(handset, name="Tikungan lama")
    made(handset, name="Jembatan baru", danger="road")
    page = text_of(desk.get(LIST))
    assert names(page) == ["Jembatan baru", "Tikungan lama"]
    assert "2 catatan" in page
    assert "Rudi" in page
    assert desk.get("/desk/survei/").headers["Location"] == LIST
    assert names(text_of(stranger.get(LIST))) == []
    assert client_of(cast.dewi).get(LIST).status_code == 404
    assert desk.get("/desk/survei/iceta.nonsense/").status_code == 404


def test_records_are_found_by_words_and_by_choices(handset, desk):
    made(handset, name="Tikungan balai", remark="Air setinggi lutut")
    made(handset, name="Jembatan kayu", danger="road")
    assert names(text_of(desk.get(f"{LIST}?cari=LUTUT"))) == ["Tikungan balai"]
    assert names(text_of(desk.get(f"{LIST}?pilih-danger=road"))) == ["Jembatan kayu"]
    assert names(text_of(desk.get(f"{LIST}?pilih-danger=road&cari=lutut"))) == []
    assert len(names(text_of(desk.get(f"{LIST}?pilih-danger=nonsense&hal=x")))) == 2


def test_the_list_has_pages_that_keep_the_search(handset, desk, monkeypatch):
    monkeypatch.setattr("kotacerdas.foundation.sync.pages.PAGE_SIZE", 2)
    for n in range(3):
        made(handset, name=f"Tikungan {n}")
    page = text_of(desk.get(f"{LIST}?cari=tikungan"))
    assert names(page) == ["Tikungan 2", "Tikungan 1"]
    assert "?cari=tikungan&hal=2" in page
    assert names(text_of(desk.get(f"{LIST}?cari=tikungan&hal=2"))) == ["Tikungan 0"]


def test_a_record_shows_its_answers_photos_place_and_history(cast, handset, desk, stranger):
    record = with_photo(handset)
    handset.exchange()
    handset.exchange(changed(handset, record, homes=1500, remark="Naik"))
    page = text_of(desk.get(f"{LIST}{record}/"))
    for words in ("Banjir", "1.500", "5 Jan", "geo:-1.259,122.511", "Rudi", "Keterangan"):
        assert words in page, words
    assert SurveyPhoto.objects.count() == 1
    [address] = re.findall(r'<img src="(/berkas/[^"]+)"', page)
    assert desk.get(address).status_code == 200
    assert page.index("Ubah titik rawan") < page.index("Titik rawan baru")  # the newest first
    assert stranger.get(f"{LIST}{record}/").status_code == 404
    assert stranger.get(f"/desk/riwayat/iceta.spot/{record}/").status_code == 404
    assert "Tikungan balai" in text_of(desk.get(f"/desk/riwayat/iceta.spot/{record}/"))


def test_the_history_says_who_acted_in_which_post_and_who_stood_in(cast, handset, desk):
    record = made(handset)
    Handset(cast.rudi).exchange()
    Holding.objects.filter(user=cast.rudi).update(acting="plh")
    handset.exchange()
    handset.exchange(changed(handset, record, homes=12))
    page = text_of(desk.get(f"{LIST}{record}/"))
    [change, make] = re.findall(r"<li><b>.*?</li>", page.split('class="survey-history"')[1])[:2]
    post = Holding.objects.get(user=cast.rudi).position.title_id
    assert f"Rudi · Plh {post}" in change
    assert f"Rudi · {post}" in make


def test_a_spreadsheet_has_what_the_list_shows(handset, desk, stranger):
    with_photo(handset, name="=1+1")
    made(handset, name="Jembatan", danger="road")
    head, first, second = cells(desk.get(f"{LIST}lembar/"))
    assert len(head) == len(first)
    assert [row[0] for row in (first, second)] == ["Jembatan", "=1+1"]
    row = dict(zip(head, second, strict=True))
    assert (row["Foto"], row["Lintang"]) == (1, -1.259)
    assert date(2026, 1, 5) in [getattr(cell, "date", lambda: None)() for cell in second]
    assert len(cells(desk.get(f"{LIST}lembar/?pilih-danger=road"))) == 2
    assert len(cells(stranger.get(f"{LIST}lembar/"))) == 1


def test_personal_answers_are_masked_everywhere(cast, handset, desk, monkeypatch):
    survey = declarations.surveys()["iceta.spot"]
    owner = (
        Field(name="owner", type="text", label="Pemilik", personal=True),
        Field(name="call", type="phone", label="Telepon pemilik", personal=True),
        Field(name="since", type="date", label="Sejak kapan?", shown_if=When("owner", "filled")),
    )
    personal = replace(survey, fields=(*survey.fields, *owner))
    monkeypatch.setattr("kotacerdas.foundation.sync.declarations.surveys", lambda: {survey.name: personal})
    record = SurveyRecord.objects.get(pk=made(handset))
    record.set_answers(record.answers | {"owner": "Wati", "call": "+6281234567890", "since": "2020-01-01"})
    record.save()
    address = f"{LIST}{record.pk}/"
    for page in (address, LIST, f"{LIST}?cari=wati", f"{address}ubah/"):
        shown = text_of(desk.get(page))
        assert "Wati" not in shown, page
        assert "34567890" not in shown, page
    assert "•••" in text_of(desk.get(address))
    assert names(text_of(desk.get(f"{LIST}?cari=wati"))) == []
    sheet = str(cells(desk.get(f"{LIST}lembar/")))
    assert "Wati" not in sheet
    assert "•••" in sheet
    page = text_of(desk.get(f"{address}ubah/"))
    assert desk.post(f"{address}ubah/", filled(page, homes="12")).status_code == 302
    record.refresh_from_db()
    assert (record.answers["owner"], record.answers["homes"]) == ("Wati", 12)  # what is not shown stays
    assert record.answers["since"] == "2020-01-01"  # nor is asked anew what hangs on it


def test_photos_of_a_personal_question_are_not_shown(handset, desk, monkeypatch):
    record = with_photo(handset)
    assert "/berkas/" in text_of(desk.get(f"{LIST}{record}/"))
    survey = declarations.surveys()["iceta.spot"]
    fields = tuple(replace(one, personal=one.name == "photos") for one in survey.fields)
    personal = {survey.name: replace(survey, fields=fields)}
    monkeypatch.setattr("kotacerdas.foundation.sync.declarations.surveys", lambda: personal)
    for page in (LIST, f"{LIST}{record}/"):
        assert "/berkas/" not in text_of(desk.get(page))


def test_the_desk_corrects_a_record_once_and_phones_get_it(handset, desk):
    record = made(handset, remark="Air naik")
    address = f"{LIST}{record}/ubah/"
    form = filled(text_of(desk.get(address)), homes="1.200", danger="road", remark="")
    assert desk.post(address, form).status_code == 302
    assert desk.post(address, form).status_code == 302  # pressed twice
    found = SurveyRecord.objects.get()
    assert (found.version, found.answers["homes"], found.answers["danger"]) == (2, 1200, "road")
    assert "remark" not in found.answers
    assert found.answers["place"] == SPOT["place"] | {"accuracy": 12.0}
    row = Row.objects.get(verb="iceta.spot.change")
    assert row.payload["fields"] == ["danger", "homes", "remark"]
    assert row.actor == "post:PU.officer"
    handset.exchange()
    assert handset.records["iceta.spot", record]["=homes"] == 1200


def test_what_a_phone_changed_meanwhile_is_shown_and_settled_by_the_same_rule(cast, handset, desk):
    record = made(handset)
    address = f"{LIST}{record}/ubah/"
    form = filled(text_of(desk.get(address)), homes="15", checked_on="2026-01-09")
    assert (
        handset.exchange(changed(handset, record, homes=12, name="Tikungan desa"))["answers"][0]["status"]
        == "done"
    )
    page = text_of(desk.post(address, form), 409)
    assert "semula 10, kini 12, jawaban Anda 15" in page
    assert SurveyRecord.objects.get().answers["homes"] == 12  # nothing was overwritten
    again = filled(page)
    assert again["homes"] == "15"
    assert desk.post(address, again).status_code == 302
    found = SurveyRecord.objects.get().answers
    assert (found["homes"], found["name"], found["checked_on"]) == (15, "Tikungan desa", "2026-01-09")


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(handset, desk, stranger, cast):
    record = made(handset)
    address = f"{LIST}{record}/ubah/"
    page = text_of(desk.get(address))
    told = text_of(desk.post(address, filled(page, homes="9000", name="")), 422)
    assert told.count("field-error") >= 2
    for base in ("", "nonsense", "e30:abc"):
        assert desk.post(address, filled(page, dasar=base)).status_code == 422
    other = made(handset, name="Yang lain")
    foreign = filled(text_of(desk.get(f"{LIST}{other}/ubah/")))
    assert desk.post(address, filled(page, dasar=foreign["dasar"])).status_code == 422
    assert stranger.post(address, filled(page)).status_code == 404
    assert SurveyRecord.objects.get(pk=record).version == 1


def test_the_navigation_names_surveys_to_those_alone_who_may_see_one(cast, desk):
    assert "/desk/survei/" in text_of(desk.get(LIST))
    operator = client_of(seat("pengelola", "KOMINFO", "operator"))
    assert "/desk/survei/" not in text_of(operator.get("/desk/ponsel/"))


def test_a_phone_of_another_agency_sees_nothing_of_what_the_desk_does(cast, handset):
    made(handset)
    other = Handset(cast.officer_of("BAPPEDA"))
    other.exchange()
    assert not [key for key in other.records if key[0] == "iceta.spot"]


def test_the_demo_has_records_to_look_at(cast, desk):
    answers = '{"name": "Tanggul retak", "danger": "flood", "checked_on": "2026-11-03"}'
    row = demo.FoundRow(survey="iceta.spot", username="rudi", village="99.01.01.2001", answers=answers)
    unknown = replace(row, survey="other.thing")
    assert demo.finish(SimpleNamespace(of=lambda _name: [row, unknown])) == 1
    assert names(text_of(desk.get(LIST))) == ["Tanggul retak"]
    with pytest.raises(ValueError, match="danger"):
        demo.finish(SimpleNamespace(of=lambda _name: [replace(row, answers='{"name": "Tanggul"}')]))


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_record_that_does_not_open_stops_itself_alone(desk, handset, is_sealed):
    good, bad = made(handset), made(handset, name="Jembatan baru")
    one = SurveyRecord.objects.get(pk=bad)
    if is_sealed:
        SurveyRecord.objects.filter(pk=bad).update(answers_sealed="broken")
    else:
        one.set_answers({**one.answers, "checked_on": "kemarin"})
        one.save()
    page = text_of(desk.get(LIST))
    assert set(names(page)) == {"Tikungan balai", "Tidak terbaca"}
    assert "1 catatan tidak terbaca" in page
    assert names(text_of(desk.get(f"{LIST}?cari=Tikungan"))) == ["Tikungan balai"]
    assert {row[0] for row in cells(desk.get(f"{LIST}lembar/"))[1:]} == {"Tikungan balai", "Tidak terbaca"}
    assert "Tikungan balai" in text_of(desk.get(f"{LIST}{good}/"))
    assert "tidak terbaca" in text_of(desk.get(f"{LIST}{bad}/"), 409)
    text_of(desk.get(f"{LIST}{bad}/ubah/"), 409 if is_sealed else 200)
    assert SetAside.objects.filter(loop="sync.surveys", item=f"iceta.spot {bad}").exists()
    one.save()
    one.set_answers({**one.answers, "checked_on": "2026-01-05"})
    one.save()
    assert "catatan tidak terbaca" not in text_of(desk.get(LIST))
    assert not SetAside.objects.filter(loop="sync.surveys").exists()


def test_a_personal_answer_goes_with_the_answer_that_it_hung_on(desk, handset, monkeypatch):
    spots = declarations.surveys()["iceta.spot"]
    owner = Field(
        name="owner", type="text", label="Pemilik", personal=True, shown_if=When("danger", "is", "fire")
    )
    wide = replace(spots, fields=(*spots.fields, owner))
    for table, one in (
        (declarations.surveys(), wide),
        (declarations.records(), wide.records()),
        *((declarations.forms(), form) for form in wide.forms()),
    ):
        monkeypatch.setitem(table, one.name, one)
    record = made(handset, danger="fire", owner="Wati Kusuma")
    url = f"{LIST}{record}/ubah/"
    assert desk.post(url, filled(text_of(desk.get(url)), homes="11")).status_code == 302
    assert SurveyRecord.objects.get().answers["owner"] == "Wati Kusuma"
    assert desk.post(url, filled(text_of(desk.get(url)), danger="flood")).status_code == 302
    assert "owner" not in SurveyRecord.objects.get().answers
    handset.exchange()
    assert "=owner" not in handset.records["iceta.spot", record]
