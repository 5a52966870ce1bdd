"""HTTP, LoRaWAN and Traccar: sample messages of those servers land once, however often they are sent."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from trials.cast import seat

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry.actions import device_take_in, key_issue, stream_take_in
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.declarations import StreamSpec
from kotacerdas.foundation.telemetry.doors import limits
from kotacerdas.foundation.telemetry.models import Quarantined
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.kernel import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
EUI = "0102030405060708"


def at(seconds_ago: float = 60.0) -> str:
    """A time as those servers write it, to the nanosecond."""
    return datetime.fromtimestamp(time.time() - seconds_ago, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


def chirpstack() -> dict:
    return {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": at(),
        "deviceInfo": {"tenantName": "t", "applicationName": "air", "deviceName": "duga", "devEui": EUI},
        "devAddr": "00189440",
        "fCnt": 10,
        "fPort": 1,
        "data": "AQID",
        "object": {"level": 1.25, "battery": 3.6, "status": {"door": True}},
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -48, "snr": 9.0}],
    }


def thethings() -> dict:
    return {
        "end_device_ids": {
            "device_id": "duga",
            "dev_eui": EUI.upper(),
            "application_ids": {"application_id": "air"},
        },
        "correlation_ids": ["as:up:01E0", "gs:uplink:01E0WZGT6Y7657CPFPE5WEYDSQ"],
        "received_at": at(),
        "uplink_message": {
            "session_key_id": "AXBSH1Pk6Z0G166",
            "f_port": 1,
            "f_cnt": 7,
            "frm_payload": "AQID",
            "decoded_payload": {"level": 1.5, "battery": 3.7},
            "rx_metadata": [{"gateway_ids": {"gateway_id": "g"}, "rssi": -35, "snr": 5.2}],
            "received_at": at(),
        },
    }


def traccar() -> dict:
    return {
        "position": {
            "id": 4711,
            "deviceId": 3,
            "protocol": "gt06",
            "serverTime": at(10),
            "deviceTime": at(20),
            "fixTime": at(20),
            "valid": True,
            "latitude": -6.3265,
            "longitude": 108.3215,
            "speed": 10.0,
            "attributes": {"ignition": True, "battery": 4.1, "power": 12.5},
        },
        "device": {"id": 3, "uniqueId": "356938035643809", "name": "Truk", "status": "online"},
    }


@pytest.fixture
def key(sari, plain_tables):
    """A key of the coordinating agency for all doors."""
    scopes = ["chirpstack", "thethings", "traccar", "telemetry.write"]
    return key_issue(actor=sari, name="server", scopes=scopes, agency=Agency.objects.get(code="KOMINFO"))[1]


def post(door: str, body: object, key: str):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(
        f"/api/v1/telemetry/{door}",
        raw,
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )


def stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemetry_observation")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("door", "make", "code", "kind", "count"),
    [
        ("chirpstack", chirpstack, EUI, "gauge", 2),
        ("thethings", thethings, EUI, "gauge", 2),
        ("traccar", traccar, "356938035643809", "vehicle", 3),
    ],
)
def test_an_uplink_lands_once_however_often_it_is_sent(key, make_device, door, make, code, kind, count):
    make_device(code, kind)
    body = make()
    for _ in range(4):
        assert post(door, body, key).status_code == 200
    assert stored() == count


def test_an_unknown_sender_is_quarantined_and_taken_in_by_one_act(key, sari):
    body = chirpstack()
    answer = post("chirpstack", body, key)
    assert (answer.status_code, answer.json()["quarantined"][0]["reason"]) == (202, "unknown_device")
    streams = tuple(
        StreamSpec(code=code, name=code) for code in ("level", "battery", "rssi", "snr", "status_door")
    )
    draft = DeviceDraft(
        code=EUI, name="Duga", kind="gauge", agency=Agency.objects.get(code="KOMINFO"), streams=streams
    )
    _device, _secret, count = device_take_in(actor=sari, code=EUI, draft=draft)
    assert (count, stored(), Quarantined.objects.count()) == (1, 5, 0)


def test_unknown_datastreams_become_the_devices_own(key, sari, make_device):
    device, _secret = make_device(EUI)
    post("chirpstack", chirpstack(), key)
    codes = set(Quarantined.objects.values_list("detail", flat=True))
    assert codes == {"status_door", "rssi", "snr"}
    assert stream_take_in(actor=sari, device=device, codes=codes) >= 1
    assert stored() == 5


def test_what_came_under_another_agencys_key_is_not_taken_in(key, sari):
    """A liaison registers a device of a foreign sender's id; a coordinator gives one to the wrong agency."""
    post("chirpstack", chirpstack(), key)
    agency = Agency.objects.get(code="PU")
    streams = (StreamSpec(code="level", name="level"),)
    draft = DeviceDraft(code=EUI, name="Duga", kind="gauge", agency=agency, streams=streams)
    for actor in (staff(seat("lia", "PU", "liaison")), sari):
        with transaction.atomic():
            assert device_take_in(actor=actor, code=EUI, draft=draft)[2] == 0
            transaction.set_rollback(True)
    assert (stored(), Quarantined.objects.count()) == (0, 1)


def test_a_device_of_another_agency_is_unknown_to_the_key(key, make_device):
    make_device(EUI, agency="PU")
    assert post("chirpstack", chirpstack(), key).status_code == 202
    assert stored() == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"deviceInfo": 1}', b'{"time": NaN}', b"\xff", b"[" * 3000, b'{"a":1}']
)
@pytest.mark.parametrize("door", ["chirpstack", "thethings", "traccar"])
def test_what_is_no_uplink_is_refused_in_words(key, door, body):
    answer = post(door, body, key)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]


def test_a_batch_by_http_is_answered_after_it_is_stored(make_device, plain_tables):
    device, secret = make_device()
    now = time.time()
    batch = [{"t": now - n, "level": 1.0, "battery": 3.9} for n in range(100)]
    basic = base64.b64encode(f"{device.code}:{secret}".encode()).decode()
    for _ in range(2):
        answer = Client().post(
            f"/api/v1/telemetry/d/{device.code}",
            json.dumps(batch),
            content_type="application/json",
            headers={"authorization": f"Basic {basic}"},
        )
        assert answer.json() == {"stored": 200, "quarantined": []}
    assert stored() == 200


def test_each_object_of_an_array_goes_by_its_own_id(make_device, key):
    device, _secret = make_device()
    first = [{"id": 1, "level": 1.0}, {"id": 2, "level": 2.0}]
    for batch, there in ((first, 2), (first, 2), ([*first, {"id": 3, "level": 3.0}], 3)):
        assert post(f"d/{device.code}", batch, key).status_code == 200
        assert stored() == there
    for _ in range(2):
        assert post(f"d/{device.code}", {"id": 4, "level": 1.0, "battery": 3.9}, key).status_code == 200
    mixed = [{"id": 4, "level": 4.0}, {"t": time.time() - 100, "level": 5.0}]
    for _ in range(2):
        assert post(f"d/{device.code}", mixed, key).status_code == 200
    assert stored() == 6


def test_a_wrong_secret_stores_nothing(make_device, plain_tables):
    device, _secret = make_device()
    basic = base64.b64encode(f"{device.code}:wrong".encode()).decode()
    answer = Client().post(
        f"/api/v1/telemetry/d/{device.code}",
        b"{}",
        content_type="application/json",
        headers={"authorization": f"Basic {basic}"},
    )
    assert (answer.status_code, stored()) == (403, 0)


def test_the_quarantine_keeps_sixty_messages_a_minute_of_one_device(make_device, key, monkeypatch):
    device, _secret = make_device()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)  # within one minute
    for _ in range(65):
        assert post(f"d/{device.code}", b"garbage", key).status_code == 202
        assert post("chirpstack", chirpstack(), key).status_code == 202
    for reason in ("garbage", "unknown_device"):
        assert Quarantined.objects.filter(reason=reason).count() == 60
    assert Quarantined.objects.filter(reason="flood").count() == 2


@pytest.mark.parametrize(
    "door", ["/api/v1/telemetry/d/x", "/api/v1/telemetry/traccar", "/sensorthings/v1.1/"]
)
def test_an_address_is_limited_before_its_key_is_looked_at(plain_tables, monkeypatch, door):
    monkeypatch.setattr(settings, "RATE_LIMITS", True)
    monkeypatch.setattr(limits, "REQUESTS_A_MINUTE", 3)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM parties_bucket")
    answers = [Client().post(door, b"{}", content_type="application/json") for _ in range(4)]
    assert [one.status_code for one in answers] == [403, 403, 403, 429]
    assert answers[3].headers["Retry-After"]


def test_late_data_restate_the_rollups(make_device, plain_tables, key):
    """An hour is counted; then two minutes of it come days late, and one comes again."""
    device, _secret = make_device()
    base = time.time() // 3600 * 3600 - 3 * 86_400

    def send(*pairs: tuple[float, float]) -> None:
        assert post(f"d/{device.code}/level", [[base + s, v] for s, v in pairs], key).status_code == 200
        rollups.follow_batch()

    def hour() -> tuple[int, float, float, float]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT n, total, low, high FROM telemetry_hour")
            return cursor.fetchone()

    send((10, 2.0), (70, 3.0))
    assert hour() == (2, 5.0, 2.0, 3.0)
    send((40, 1.0), (3000, 6.0), (10, 2.0))
    assert hour() == (4, 12.0, 1.0, 6.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, total FROM telemetry_day")
        assert cursor.fetchone() == (4, 12.0)
        cursor.execute("SELECT n FROM telemetry_minute ORDER BY at")
        assert [row[0] for row in cursor.fetchall()] == [2, 1, 1]


def test_a_batch_that_commits_late_is_not_skipped(make_device, plain_tables):
    """The follower stops before a transaction that is still open, and counts it when it has committed."""
    import threading

    from kotacerdas.foundation.telemetry.ingest.batch import Batch, write
    from kotacerdas.foundation.telemetry.ingest.payload import micros

    device, _secret = make_device()
    stream = device.streams.get(code="level").id
    written, go = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            write(cursor, Batch(rows={(stream, micros(clock.now())): (1.0, None)}), clock.now())
            written.set()
            go.wait(10)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    written.wait(10)
    with transaction.atomic(), connection.cursor() as cursor:
        write(cursor, Batch(rows={(stream, micros(clock.now()) - 10**8): (2.0, None)}), clock.now())
    assert rollups.follow_batch() == 0
    go.set()
    thread.join(10)
    assert rollups.follow_batch() == 2
