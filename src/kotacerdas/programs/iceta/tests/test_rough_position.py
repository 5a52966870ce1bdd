"""A position that is too rough to tell a village is said, and is no pin, no village and no place of a report."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.forms.drafts import Draft
from kotacerdas.foundation.forms.places import accuracy_of, is_rough_at, nearest, position_of
from kotacerdas.foundation.territory.minimap import ROUGH_M
from kotacerdas.kernel.ids import new_id
from kotacerdas.programs.iceta.models import Category, Report
from kotacerdas.programs.iceta.public.report_form import REPORT_FORM
from kotacerdas.programs.iceta.queries import emergencies_like, similar
from kotacerdas.programs.iceta.tests.test_public import WHO, WORDS, fields, page, press, send

pytestmark = pytest.mark.django_db
HERE = {"lat": "-1.171", "lng": "122.491"}
PIN = 'class="map-pin"'


def at(client, accuracy: str, **more):
    """The place page after a phone gave its position."""
    first = client.get(reverse("iceta:report_place"))
    where = {**HERE, "accuracy": accuracy, "go": "district", **more}
    return client.post(reverse("iceta:report_place"), {**fields(first), **where}, follow=True)


def test_fifty_kilometres_are_said_and_the_village_is_asked_for(client, cast):
    rough = at(client, "50000")
    html = page(rough)
    assert "ketelitian sekitar 50 km" in html
    assert PIN not in html
    assert "Desa terdekat" not in html
    assert 'name="choice"' not in html
    asked = press(client, rough, "words")
    assert "Pilih desa" in page(asked)
    words = press(client, asked, "words", choice="village:99.01.01.2001")
    you = press(client, words, "you", words=WORDS, category="jetty")
    sent = send(client, press(client, you, "check", **WHO))
    assert sent.status_code == 302
    report = Report.objects.select_related("case").get()
    assert (report.case.area_code, report.case.lat, report.accuracy_m) == ("99.01.01.2001", None, None)


@pytest.mark.parametrize("lat", ["-1.171", "-6.33"])
def test_a_rough_position_outside_is_no_reason_to_refuse(client, cast, lat):
    html = page(press(client, at(client, "50000", lat=lat), "words"))
    assert "ketelitian sekitar 50 km" in html
    assert "di luar" not in html


@pytest.mark.parametrize(
    ("accuracy", "pin"), [("12", True), ("1000", True), ("1001", False), ("100000", False)]
)
def test_a_pin_is_drawn_where_the_position_tells_a_village(client, cast, accuracy, pin):
    html = page(at(client, accuracy))
    assert (PIN in html) is pin
    assert ("ketelitian sekitar" in html) is not pin


def test_a_page_from_before_that_chose_by_a_rough_position_sends_its_village_alone(client, cast):
    words = press(client, at(client, "50000"), "words", choice="near:99.01.01.2001")
    you = press(client, words, "you", words=WORDS, category="jetty")
    assert send(client, press(client, you, "check", **WHO)).status_code == 302
    report = Report.objects.select_related("case").get()
    assert (report.case.area_code, report.case.lat, report.accuracy_m) == ("99.01.01.2001", None, None)


def test_no_map_of_a_desk_draws_a_rough_position_as_a_pin(cast):
    def drawn(accuracy: object) -> str:
        text = "{% load maps %}{% place_map -1.171 122.491 accuracy %}"
        return Template(text).render(Context({"accuracy": accuracy}))

    for exact in (None, 0, 12, ROUGH_M):
        assert PIN in drawn(exact)
    for rough in (ROUGH_M + 1, 50_000, 10**8):
        assert PIN not in drawn(rough)
        assert "no pin is drawn" in drawn(rough) or "penunjuk tidak digambar" in drawn(rough)


def test_a_rough_position_is_near_to_nothing(cast):
    """Two at one point, each known to fifty kilometres: no distance is told."""
    first = cast.report(words="Lampu jalan padam di simpang empat")
    second = cast.report(words="Lubang besar di depan sekolah", phone="0813-0000-2244")
    Case.objects.filter(id__in=[first.case.id, second.case.id]).update(lat=-1.171, lng=122.491)
    asked = {"among": Case.objects.all(), "words": "Lubang besar", "exclude": second.case.id}
    assert [one.distance for one in similar(lat=-1.171, lng=122.491, **asked)] == [0]
    Report.objects.update(accuracy_m=50_000)
    assert similar(lat=-1.171, lng=122.491, **asked) == []
    category = Category.objects.get(code="landslide")
    Case.objects.update(priority="emergency", area_code="99.01.01.2002")
    Report.objects.update(category=category)
    here = {"area_code": "99.01.01.2001", "lat": -1.171, "lng": 122.491}
    assert emergencies_like(category, **here) == []
    Report.objects.update(accuracy_m=10)
    assert len(emergencies_like(category, **here)) == 2


numbers = st.one_of(st.floats().map(str), st.integers().map(str), st.text(max_size=12))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accuracy=numbers, lat=st.one_of(st.just("-1.171"), numbers), lng=st.one_of(st.just("122.491"), numbers)
)
@example(accuracy="-1", lat="-1.171", lng="122.491")
@example(accuracy="nan", lat="-1.171", lng="122.491")
@example(accuracy="inf", lat="-1.171", lng="122.491")
@example(accuracy="1e300", lat="-1.171", lng="122.491")
@example(accuracy="", lat="-1.171", lng="122.491")
def test_whatever_is_told_is_a_position_that_can_be_one_or_none(regency, accuracy, lat, lng):
    values = {"accuracy": accuracy, "lat": lat, "lng": lng}
    draft = Draft(id=new_id(), form=REPORT_FORM, key="k", scope="s", values=values)
    metres, position = accuracy_of(draft), position_of(draft)
    assert metres is None or 0 <= metres <= 100_000
    if metres is not None and metres > ROUGH_M:
        assert position is None
        assert nearest(draft) == []
    if is_rough_at(draft):
        assert metres is not None
    if position is not None:
        assert abs(position[0]) <= 90
        assert abs(position[1]) <= 180


@pytest.mark.parametrize("accuracy", ["-5", "nan", "inf", "1e300", "", "x", "١٢", "9" * 400, "0x10"])
def test_the_page_stands_whatever_accuracy_came(client, cast, accuracy):
    assert at(client, accuracy).status_code == 200
