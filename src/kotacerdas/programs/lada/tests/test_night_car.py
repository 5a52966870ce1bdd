"""A car that leaves its office at 01:10, played over real MQTT until one case stands and somebody closes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from trials.cast import seat

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.telemetry.actions import device_create
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.foundation.telemetry.tests.conftest import mqtt, plain_tables  # noqa: F401
from kotacerdas.foundation.telemetry.tests.test_mqtt import signed_in
from kotacerdas.kernel import clock
from kotacerdas.programs.lada import simulate, watching
from kotacerdas.programs.lada.actions import alarms
from kotacerdas.programs.lada.actions.tracking import asset_bind, fence_save
from kotacerdas.programs.lada.lifecycles.alarms import KIND
from kotacerdas.programs.lada.models import TrackDay
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
OFFICE, HOUSE = (-1.1850, 122.5100), (-1.1710, 122.4910)


@pytest.fixture
def begun() -> datetime:
    """Half past midnight of the last night that is wholly over, by the machine's clock, by which devices are judged."""
    now = datetime.now(UTC).astimezone(clock.local_zone())
    found = now.replace(hour=0, minute=30, second=0, microsecond=0)
    return found if now - found > timedelta(hours=4) else found - timedelta(days=1)


@pytest.fixture
def car(regency, begun):
    """A minibus with a device, and its fence: 200 metres round the office, free from 6 to 20 on working days."""
    with clock.frozen(begun - timedelta(hours=20)):
        good = world.good(data={"goods_code": world.MINIBUS, "name": "Minibus (contoh)"})
        draft = DeviceDraft(code="mobil-1", name="Mobil 1", kind="vehicle", agency=world.agency())
        made, secret = device_create(actor=staff(seat("sari", "KOMINFO", "coordinator")), draft=draft)
        asset_bind(actor=world.officer(), asset=good, device=made)
        fence_save(
            actor=world.officer(), asset=good, lat=OFFICE[0], lng=OFFICE[1], radius_m=200, hours="06:00-20:00"
        )
    return good, made, secret


def told(begun: datetime) -> list[dict]:
    parts = simulate.night(OFFICE, HOUSE)
    return [
        {"t": begun.timestamp() + seconds, "position": [lat, lng]}
        for seconds, lat, lng in simulate.reported(OFFICE, parts)
    ]


def play(port: int, code: str, secret: str, messages: list[dict]) -> None:
    client, runner = signed_in(port, code, secret)
    for one in messages:
        runner.run(client.publish(f"d/{code}", json.dumps(one).encode()))
    client.close()


def watched(now: datetime) -> list[Case]:
    """What stands after the loops have gone round at a moment."""
    while rollups.follow_batch():
        pass
    with clock.frozen(now):
        watching.watch_goods()
    return list(Case.objects.filter(kind=KIND))


def test_a_car_that_leaves_at_night_opens_one_case_that_somebody_closes(mqtt, car, begun):  # noqa: F811
    good, device, secret = car
    said = told(begun)
    bad = [
        {"t": begun.timestamp() + 60, "position": [-5.14, 119.42]},
        {"t": begun.timestamp(), "position": [999, 0]},
    ]
    play(mqtt.port, device.code, secret, [*said[:42], *bad])
    assert watched(begun + timedelta(minutes=42)) == []  # two minutes on the way: less than the dwell
    play(mqtt.port, device.code, secret, said[42:80])
    [case] = watched(begun + timedelta(minutes=80))
    alarm = case.asset_alarm
    assert (alarm.asset, alarm.until, case.lead_agency) == (good, None, world.agency())
    assert abs(alarm.since - (begun + timedelta(minutes=41))) <= timedelta(minutes=1)
    assert (round(case.lat, 3), round(case.lng, 3)) == (-1.171, 122.491)
    assert Message.objects.filter(effect="lada.alarm").count() >= 1
    count = Message.objects.count()
    play(mqtt.port, device.code, secret, said[80:])
    after = begun + timedelta(hours=3)
    assert watched(after) == watched(after) == [case]
    alarm.refresh_from_db()
    assert abs(alarm.until - (begun + timedelta(minutes=108))) <= timedelta(minutes=2)
    assert Message.objects.count() == count
    [day] = TrackDay.objects.filter(asset=good, trips__gt=0)
    assert day.metres == pytest.approx(2 * 2624, rel=0.1)
    case.refresh_from_db()
    alarms.alarm_look(actor=world.officer(), case=case)
    case.refresh_from_db()
    alarms.alarm_settle(actor=world.officer(), case=case, body="Mengantar warga ke rumah sakit, dengan izin.")
    case.refresh_from_db()
    assert (case.state, watched(after)) == ("settled", [case])
