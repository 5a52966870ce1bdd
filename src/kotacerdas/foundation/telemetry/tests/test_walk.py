"""One observation through the whole house: published, stored, acknowledged, counted, judged, closed by itself."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import paho.mqtt.client as paho
import pytest
from django.db import connection

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.telemetry.actions import sync_declared
from kotacerdas.foundation.telemetry.models import Alert, Latest, RuleVersion
from kotacerdas.foundation.telemetry.rules.engine import Engine
from kotacerdas.foundation.telemetry.store import rollups

pytestmark = pytest.mark.alone  # followers wait for transactions of the whole server


def published(port: int, code: str, secret: str, messages: list[tuple[str, object]], **how) -> paho.Client:
    """Publish each with QoS 1 and wait for its acknowledgement."""
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=code, **how)
    client.username_pw_set(code, secret)
    client.connect("127.0.0.1", port)
    client.reconnect_delay_set(1, 1)
    client.loop_start()
    until = time.monotonic() + 10
    while (
        not client.is_connected() and time.monotonic() < until
    ):  # the door learns of a new device within a second
        time.sleep(0.05)
    for topic, body in messages:
        client.publish(topic, json.dumps(body), qos=1).wait_for_publish(10)
    return client


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("protocol", [paho.MQTTv311, paho.MQTTv5])
def test_a_high_river_opens_one_case_that_closes_when_it_falls(mqtt, make_device, protocol):
    device, secret = make_device(settings={"alarm_level": 3.0, "calm_level": 2.5})
    sync_declared()
    now = time.time()
    RuleVersion.objects.update(live_from=datetime.fromtimestamp(now - 86_400, UTC))
    levels = [(now - 4000, 3.4), (now - 3000, 3.6), (now - 2900, 3.5)]
    client = published(
        mqtt.port,
        device.code,
        secret,
        [(f"d/{device.code}", {"t": t, "level": v}) for t, v in levels],
        protocol=protocol,
    )
    with connection.cursor() as cursor:  # PUBACK came: it is in the store
        cursor.execute("SELECT count(*) FROM telemetry_observation")
        assert cursor.fetchone()[0] == 3
    engine = Engine()
    assert rollups.follow_batch() == 3
    engine.round()
    case = Case.objects.get(kind="telemetry.alert")
    assert (case.priority, case.lead_agency.code, case.state) == ("urgent", "KOMINFO", "open")
    assert Latest.objects.get(stream__code="level").value == 3.5
    alert = Alert.objects.get()
    assert (alert.case, alert.value) == (case, 3.4)
    client.publish(f"d/{device.code}", json.dumps({"t": now - 2000, "level": 2.0}), qos=1).wait_for_publish(
        10
    )
    client.publish(f"d/{device.code}", json.dumps({"t": now - 100, "level": 2.1}), qos=1).wait_for_publish(10)
    engine.round()
    case.refresh_from_db()
    alert.refresh_from_db()
    assert case.state == "recovered"
    assert case.closed_at is not None
    assert alert.recovered_at is not None
    assert alert.extreme == 3.6
    client.disconnect()
    client.loop_stop()
