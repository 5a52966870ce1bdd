"""The desk's pages of devices: what is done there is done, and what is wrong is said where it is."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.urls import reverse
from trials.cast import client_of, seat

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry import queries
from kotacerdas.foundation.telemetry.ingest.batch import Aside, Batch, write
from kotacerdas.foundation.telemetry.ingest.payload import micros
from kotacerdas.foundation.telemetry.models import Alert, Credential, Device, Latest
from kotacerdas.foundation.telemetry.pages.charts import draw
from kotacerdas.foundation.telemetry.rules.engine import Engine
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.foundation.telemetry.store.series import series
from kotacerdas.foundation.telemetry.tests.test_rules import live_since_yesterday
from kotacerdas.foundation.territory.queries import villages
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]


@pytest.fixture
def browser(plain_tables, sari):
    return client_of(sari.user)


def put(device: Device, code: str, *pairs: tuple[float, float]) -> None:
    stream = device.streams.get(code=code).id
    rows = {(stream, micros(datetime.fromtimestamp(at, UTC))): (value, None) for at, value in pairs}
    with transaction.atomic(), connection.cursor() as cursor:
        write(cursor, Batch(rows=rows, seen={device.id: True}), clock.now())
    while rollups.follow_batch():
        pass


def test_a_registered_device_shows_its_credential_once(browser):
    village = villages()[0]
    form = {
        "code": "Duga-1 ",
        "name": "Duga",
        "kind": "gauge",
        "agency": "KOMINFO",
        "area_code": village.code,
        "lat": "-5,2",
        "lng": "123.1",
        "setting_alarm_level": "2,75",
    }
    page = browser.post(reverse("telemetry:device_new"), form)
    secret = re.search(r'class="secret-text"[^>]*>([^<]+)<', page.content.decode())[1]
    device = Device.objects.get(code="duga-1")
    assert (device.lat, device.settings) == (-5.2, {"alarm_level": 2.75})
    assert secret not in browser.get(reverse("telemetry:device", args=["duga-1"])).content.decode()
    assert Credential.objects.get().fingerprint != secret


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "Ä"), ("lat", "91"), ("lng", "abc"), ("lat", "inf"), ("area_code", "0"), ("name", " ")],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_stored(browser, field, value):
    form = {"code": "duga-1", "name": "Duga", "kind": "gauge", "agency": "KOMINFO", "lat": "1", "lng": "1"}
    page = browser.post(reverse("telemetry:device_new"), {**form, field: value})
    assert page.status_code == 422
    assert "field-error" in page.content.decode()
    assert not Device.objects.exists()


def test_a_table_of_devices_is_stored_whole_or_not_at_all(browser):
    head = "code;name;kind;agency;area_code;lat;lng;note\n"
    bad = head + "duga-1;Satu;gauge;KOMINFO;;;;\nduga-1;Dua;gauge;KOMINFO;;;;\nx;Tiga;gauge;NIHIL;;;;\n"
    page = browser.post(reverse("telemetry:device_many"), {"tabel": bad})
    words = page.content.decode()
    assert page.status_code == 422
    assert "baris 3" in words
    assert "baris 4" in words
    assert not Device.objects.exists()
    good = head + "duga-1;Satu;gauge;KOMINFO;;-5,2;123,1;\nduga-2;Dua;terminal;PU;;;;\n"
    assert browser.post(reverse("telemetry:device_many"), {"tabel": good}).status_code == 200
    assert Device.objects.count() == 2


def test_a_label_shows_its_whole_code(browser, make_device):
    """A drawing of fixed size is cut by the sheet, and a cut QR is not read."""
    make_device("duga-1")
    page = browser.get(reverse("telemetry:labels")).content.decode()
    drawn = re.search(r'<svg[^>]*class="qr"[^>]*>', page)[0]
    assert "viewBox" in drawn
    assert "width=" not in drawn


def test_counts_by_health_agree_with_the_list(browser, make_device):
    for code in ("duga-1", "duga-2", "duga-3"):
        make_device(code)
    put(Device.objects.get(code="duga-1"), "level", (time.time(), 1.0))
    put(Device.objects.get(code="duga-2"), "level", (time.time(), 1.0))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE telemetry_presence SET seen_at = now() - interval '2 h' WHERE device_id = %s",
            [Device.objects.get(code="duga-2").id],
        )
    counted = queries.counts(Device.objects.all())
    assert counted == {"alert": 0, "silent": 1, "never": 1, "off": 0, "live": 1}
    for health, count in counted.items():
        assert queries.with_health(Device.objects.all()).filter(health=health).count() == count


def test_silence_is_a_gap_in_the_chart_and_a_value_beyond_words_does_not_break_it(browser, make_device):
    device, _secret = make_device("duga-1", "other")
    now = time.time()
    put(
        device,
        "battery",
        *((now - 80_000 + 900 * n, 3.9) for n in range(20)),
        *((now - 900 * n, 3.8) for n in range(10)),
    )
    chart = draw("x", series(device.streams.get(), "hari"), "hari")
    assert len(chart.runs) == 2
    assert any("tanpa data" in gap.words or "no data" in gap.words for gap in chart.gaps)
    huge = device.streams.get()
    huge.high = None
    huge.save()
    put(device, "battery", (now + 50, 1e299))
    assert Latest.objects.get().value == 1e299
    for span in ("hari", "tahun"):
        page = browser.get(
            reverse("telemetry:device", args=["duga-1"]), {"aliran": "battery", "rentang": span}
        )
        assert page.status_code == 200
        assert "1e+299" in page.content.decode()


def test_devices_that_lie_together_are_one_disc(browser, make_device):
    place = villages()[0]
    for number in range(5):
        make_device(f"duga-{number}", lat=place.lat, lng=place.lng)
    found, outside = queries.spots(Device.objects.all(), 1080, 760)
    assert [(one.count, one.health) for one in found] == [(5, "never")]
    assert outside == 0
    assert browser.get(reverse("telemetry:map")).status_code == 200


def test_an_alert_is_acknowledged_once_and_closed_with_words(browser, make_device):
    device, _secret = make_device("duga-1", settings={"alarm_level": 3.0})
    live_since_yesterday()
    now = time.time()
    put(device, "level", (now - 900, 3.5), (now - 100, 3.5))
    Engine().round()
    number = Alert.objects.get().case.number
    step = reverse("telemetry:alert_step", args=[number, "acknowledge"])
    assert browser.post(step).status_code == 302
    assert browser.post(step).status_code == 409
    close = reverse("telemetry:alert_step", args=[number, "close"])
    assert browser.post(close, {"words": " "}).status_code == 422
    assert browser.post(close, {"words": "Sampah di pintu air"}).status_code == 302
    assert "Sampah di pintu air" in browser.get(reverse("telemetry:alert", args=[number])).content.decode()
    wall = client_of(seat("piket", "KOMINFO", "duty_officer")).get(reverse("commandcenter:wall"))
    assert "Muka air sungai di atas siaga" in wall.content.decode()


def test_what_a_stranger_sent_is_shown_as_words_and_taken_in(browser):
    with transaction.atomic(), connection.cursor() as cursor:
        aside = Aside("mqtt", "asing-1\x00<b>", "unknown_device", "\ud800", "d/\x00", b"\xff<script>\x00")
        write(cursor, Batch(aside=[aside]), clock.now())
    page = browser.get(reverse("telemetry:quarantine")).content.decode()
    assert "asing-1" in page
    assert "<script>\x00" not in page


def test_a_foreign_agencys_sender_is_no_sender_here(browser):
    with transaction.atomic(), connection.cursor() as cursor:
        aside = Aside(
            "chirpstack", "asing-1", "unknown_device", agency_id=Agency.objects.get(code="KOMINFO").id
        )
        write(cursor, Batch(aside=[aside]), clock.now())
    liaison = client_of(seat("lia", "PU", "liaison"))
    taking = {"ambil": "asing-1"}
    assert liaison.get(reverse("telemetry:quarantine"), taking).status_code == 404
    assert browser.get(reverse("telemetry:quarantine"), taking).status_code == 200
