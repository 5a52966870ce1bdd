"""Emergencies at the phone desk: stored before anybody knows where, and two calls about one are one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from trials.cast import Cast, client_of

from kotacerdas.foundation.calls.models import Call
from kotacerdas.foundation.cases.models import Case
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.tests.test_phone import DESK, VILLAGE, call, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def dewi(cast: Cast) -> Client:
    return client_of(cast.dewi)


def test_an_emergency_is_stored_without_a_known_place_and_its_agency_sees_that_it_is_not_known(
    dewi: Client, cast: Cast
) -> None:
    unknown = {"place": "", "place_text": "dekat warung biru"}
    assert dewi.post(DESK, call(**unknown)).status_code == 422
    assert dewi.post(DESK, call(urgency="emergency", **unknown)).status_code == 302
    case = Case.objects.get()
    assert (case.area_code, case.lat, case.report.place_words) == ("", None, "dekat warung biru")
    officer = client_of(cast.rudi)
    for page in (reverse("iceta:queue"), reverse("iceta:case", args=[case.number])):
        read = officer.get(page)
        assert read.status_code == 200
        assert "empat belum diketahui" in read.content.decode()
    for page in ("/desk/", f"/desk/iceta/cari/?q={case.number}", "/"):
        assert officer.get(page, follow=True).status_code == 200


def test_two_calls_about_one_emergency_are_offered_as_one(dewi: Client, cast: Cast) -> None:
    first = stored(dewi, category="landslide", words="Tanah bergerak di belakang rumah kami")
    asked = {"category": "landslide", "urgency": "", "place": f"area:{VILLAGE}", "place_text": ""}
    offered = dewi.post("/desk/iceta/telepon/akibat/", asked).content.decode()
    assert first.number in offered
    ordinary = dewi.post("/desk/iceta/telepon/akibat/", asked | {"category": "jetty"}).content.decode()
    assert first.number not in ordinary
    again = call(
        category="landslide", phone="0813-9999-0000", words="Longsor di dekat mushala, ada yang tertimbun"
    )
    assert dewi.post(DESK, again | {"joins": first.number}).status_code == 302
    assert Case.objects.count() == 1
    assert Call.objects.filter(case=first).count() == 2
    assert first.parties.count() == 2
    assert "mushala" in client_of(cast.rudi).get(f"/desk/iceta/{first.number}/").content.decode()
    Case.objects.update(opened_at=clock.now() - timedelta(hours=2))
    assert first.number not in dewi.post("/desk/iceta/telepon/akibat/", asked).content.decode()
    Case.objects.update(state="closed")
    answer = dewi.post(DESK, call(category="landslide", joins=first.number))
    assert answer.status_code == 422
    assert "sudah tidak terbuka" in answer.content.decode()


@pytest.mark.parametrize(
    "number",
    ["081234567890123", "021500123 pes 4567", "+62 (0812) 3456-7890-1234-5678 ext 12", "nol delapan"],
)
def test_an_emergency_waits_for_no_whole_number(dewi: Client, cast: Cast, number: str) -> None:
    assert dewi.post(DESK, call(phone=number)).status_code == 422
    answer = dewi.post(DESK, call(phone=number, urgency="emergency"), follow=True)
    assert answer.status_code == 200
    case = Case.objects.get()
    assert case.report.words.endswith(number)
    assert case.parties.get().phone == ""
    assert number in client_of(cast.rudi).get(reverse("iceta:case", args=[case.number])).content.decode()


def test_the_page_that_says_the_number_says_that_the_place_is_not_known(dewi: Client, cast: Cast) -> None:
    known = dewi.post(DESK, call(urgency="emergency"), follow=True).content.decode()
    assert "Tempatnya belum diketahui" not in known
    unknown = call(urgency="emergency", place="", place_text="", phone="0813-9999-0000")
    assert "Tempatnya belum diketahui" in dewi.post(DESK, unknown, follow=True).content.decode()
