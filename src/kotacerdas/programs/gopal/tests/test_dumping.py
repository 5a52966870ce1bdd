"""A truck that empties 665 of 3,785 litres at a river, played over real MQTT until the case stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from trials.cast import seat

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.dispatch.queries import last_seen
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.telemetry.actions import device_bind, device_create
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.models import Latest
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.foundation.telemetry.tests.conftest import mqtt, plain_tables  # noqa: F401
from kotacerdas.foundation.telemetry.tests.test_mqtt import signed_in
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import simulate, watching
from kotacerdas.programs.gopal.actions.receiving import manifest_receive
from kotacerdas.programs.gopal.lifecycles.differences import KIND
from kotacerdas.programs.gopal.models import LevelLook, Manifest, SludgeDifference
from kotacerdas.programs.gopal.tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
RIVER = (-1.1800, 122.4700)
TANKS = ((-1.1710, 122.4910), (-1.1730, 122.4890), (-1.1750, 122.4860))


@pytest.fixture
def begun() -> datetime:
    """When the truck set out: three hours ago by the machine's clock, by which devices are judged."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3, minutes=40)


@pytest.fixture
def device(regency, begun):
    with clock.frozen(begun - timedelta(days=2)):
        world.ready()
        sari = staff(seat("sari", "KOMINFO", "coordinator"))
        draft = DeviceDraft(
            code="truk-01", name="Truk 01", kind="sludge_truck", agency=world.agency(), area_code=""
        )
        made, secret = device_create(actor=sari, draft=draft)
        unit = world.truck()
        device_bind(
            actor=sari,
            device=made,
            kind="unit",
            subject=unit.asset_number,
            since=clock.local_day(begun - timedelta(days=2)),
        )
    return made, secret


def play(port: int, code: str, secret: str, begun: datetime, *, bad: bool = False) -> int:
    """The whole day of the device over MQTT, in batches of its own making; how many readings were acknowledged."""
    client, runner = signed_in(port, code, secret)
    parts = simulate.dumping(world.GARAGE, TANKS, RIVER, world.PLANT)
    told = list(simulate.reported(world.GARAGE, parts))
    for one in told:
        at = begun.timestamp() + one.seconds
        message = {"t": at, "position": [one.lat, one.lng], "level": one.level}
        runner.run(client.publish(f"d/{code}", json.dumps(message).encode()))
    if bad:
        for wrong in (b'{"level": NaN}', b'{"level": 99999999}', b"\xff\x00", b'{"position": [999, 1]}'):
            runner.run(client.publish(f"d/{code}", wrong))
    client.close()
    return len(told)


def manifest_of(begun: datetime) -> Manifest:
    """The trip's manifest: 3,800 litres by the forms."""
    with clock.frozen(begun):
        day = clock.local_day(begun)
        return Manifest.objects.create(
            number="MLT-2026-001204",
            token="t",
            agency=world.agency(),
            unit=world.truck(),
            operator=world.operator().user,
            day=day,
            opened_at=begun,
        )


def watched() -> list[Case]:
    """What stands after the loops have gone round."""
    while rollups.follow_batch():
        pass
    watching.watch_trucks()
    return list(Case.objects.filter(kind=KIND))


def test_a_truck_that_empties_at_a_river_is_asked_about_once_with_its_manifest(mqtt, device, begun):  # noqa: F811
    made, secret = device
    manifest = manifest_of(begun)
    count = play(mqtt.port, made.code, secret, begun, bad=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemetry_observation")
        assert cursor.fetchone()[0] == 2 * count
    [case] = watched()
    found = case.sludge_difference
    assert (found.cause, found.unit, found.manifest) == ("outside", world.truck(), manifest)
    assert 630 <= found.fell_l <= 700
    assert found.asked == manifest.operator
    assert (round(case.lat, 3), round(case.lng, 3)) == (-1.18, 122.47)
    LevelLook.objects.all().delete()  # as where nothing was looked at yet
    assert watched() == [case]
    seen = last_seen([world.truck().id])[world.truck().id]
    assert (seen.source, round(seen.lat, 3)) == ("device", round(world.GARAGE[0], 3))
    assert seen.measured_at <= clock.now()


def test_a_short_reception_after_a_fall_stays_one_case(mqtt, device, begun):  # noqa: F811
    made, secret = device
    manifest = manifest_of(begun)
    _load(manifest, 3800, begun + timedelta(minutes=120))
    play(mqtt.port, made.code, secret, begun)
    [case] = watched()
    at = begun + timedelta(minutes=195)
    manifest = manifest_receive(
        actor=world.plant_officer(), manifest=manifest, litres=3105, at=at, why="Tes di luar jam buka"
    )
    assert manifest.carried_l == 3785
    assert list(Case.objects.filter(kind=KIND)) == [case]
    found = SludgeDifference.objects.get()
    assert (found.cause, found.pumped_l, found.carried_l, found.received_l) == ("outside", 3800, 3785, 3105)


def _load(manifest: Manifest, litres: int, at: datetime) -> None:
    """One load without its order's whole story: what is proved here is the device's side."""
    with clock.frozen(at - timedelta(days=1)):
        day = clock.local_day(at) + timedelta(days=7)
        while day.weekday() > 4:
            day += timedelta(days=1)
        world.shifts(unit=world.truck(), first=day, days=1)
        tank = world.tank("TS-9", volume_l=5000)
        order = world.order(
            actor=world.planner(), channel="desk", tank=tank.code, litres=litres, slot=world.at(day, 8)
        ).own
    manifest.loads.create(order=order, litres=litres, pumped_at=at)


def test_one_bad_telemetry_row_stops_nothing(plain_tables, device, begun):  # noqa: F811
    made, _secret = device
    with clock.frozen(begun - timedelta(days=2)):
        sari = staff(seat("sari", "KOMINFO", "coordinator"))
        draft = DeviceDraft(code="truk-00", name="Truk 00", kind="sludge_truck", agency=world.agency())
        bad, _other = device_create(actor=sari, draft=draft)
        unit = world.truck("Truk 00")
        since = clock.local_day(begun - timedelta(days=2))
        device_bind(actor=sari, device=bad, kind="unit", subject=unit.asset_number, since=since)
    for one, levels in ((bad, "NaN"), (made, "")):
        _written(one, told_of(), begun, level=levels)
    watching.watch_trucks()
    assert [found.unit.name for found in SludgeDifference.objects.all()] == ["Truk 01"]


def test_what_a_device_kept_for_two_days_is_looked_at_when_it_comes(plain_tables, device):  # noqa: F811
    """It speaks again first, then sends what it kept, in two parts between which the loop goes round."""
    made, _secret = device
    now = datetime.now(UTC).replace(microsecond=0)
    begun = now - timedelta(hours=50)
    manifest = manifest_of(begun)
    told = told_of()
    middle = len(told) // 3
    spoke = now - timedelta(minutes=9)
    _written(made, told[-1:], spoke - timedelta(seconds=told[-1].seconds), came=spoke)
    watching.watch_trucks()
    for minutes, part in ((-5, told[:middle]), (-4, told[middle:])):
        came = now + timedelta(minutes=minutes)
        _written(made, part, begun, came=came)
        _newest(made, came)
        assert not SludgeDifference.objects.exists()
        watching.watch_trucks()
    found = SludgeDifference.objects.get()
    assert (found.manifest, 630 <= found.fell_l <= 700) == (manifest, True)


def told_of() -> list[simulate.Told]:
    """What the device of the whole day says."""
    return list(simulate.reported(world.GARAGE, simulate.dumping(world.GARAGE, TANKS, RIVER, world.PLANT)))


def _written(made, told, begun: datetime, *, level: str = "", came: datetime | None = None) -> None:
    """Readings as the store has them, the last one as the newest."""
    came = came or datetime.now(UTC)
    filled, position = made.streams.get(code="level"), made.streams.get(code="position")
    rows = []
    for each in told:
        at = begun + timedelta(seconds=each.seconds)
        rows += [
            (at, came, filled.id, level or each.level, None),
            (at, came, position.id, each.lat, each.lng),
        ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO telemetry_observation (at, came, stream, value, value2) VALUES (%s, %s, %s, %s, %s)",
            rows,
        )
    _newest(made, came)


def _newest(made, came: datetime) -> None:
    for code, second in (("level", None), ("position", 500)):
        facts = {"at": came, "value": 0, "value2": second, "came_at": came}
        Latest.objects.update_or_create(stream=made.streams.get(code=code), defaults=facts)
